/** The proposals: what each is about, which charts play it, and where its stories are. */
import { movesOf, movingCharts } from '../sim/figures/charts.ts';
import type { PlayerId } from '../sim/types.ts';
import { describeCharts } from './charts.ts';
import { proposals } from './ledger.ts';
import { type Entry, entries } from './runs.ts';
import { type Question, questions, type Sentence, sentences } from './texts.ts';

type Words = { readonly about: string; readonly charts: readonly string[] };

const words: Readonly<Record<string, Words>> = {
  MSC4385: {
    about:
      'A device that has made a new secret, a backup key above all, hands it to its siblings before they ask. The receiver has the signature on the sender and its own tests to go by.',
    charts: ['secret-push'],
  },
  MSC4268: {
    about:
      'Whoever invites somebody into a room hands over the keys of its past in one encrypted file, and points the newcomer’s devices to it. That past is read on the inviter’s word.',
    charts: ['key-bundle-inviter', 'key-bundle-invitee', 'room-keys'],
  },
  MSC4287: {
    about:
      'The user’s choice for or against key backup is kept in account data, where every client of theirs reads and writes it. The server that keeps it could have written it too.',
    charts: ['backup-preference'],
  },
  MSC1946: {
    about:
      'Devices of one user ask each other for secrets, and one that trusts the asker answers. It is the older way, which a push leans on and does not replace.',
    charts: ['secret-request'],
  },
  MSC1219: {
    about:
      'Room keys are kept on the server, sealed to a key of which only the user’s devices hold the private half. Whoever talks a device into another key gets all that it backs up from then on.',
    charts: ['key-backup'],
  },
  MSC4147: {
    about:
      'A message between devices carries the signed keys of the device it comes from. The receiver can tell who speaks without asking a server that may lie, and when the device is long gone.',
    charts: ['envelope'],
  },
  MSC4153: {
    about:
      'Clients leave out devices that their owner has not signed: they send them nothing and believe nothing of theirs. A changed identity is shown to whoever relied on the old one.',
    charts: [],
  },
  MSC1756: {
    about:
      'Users sign their own devices with one key and other people with a second, both under one master key. Whoever trusts the master key trusts the devices below it.',
    charts: ['identity'],
  },
};

export type Proposal = {
  /** `MSC4268`. */
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly about: string;
  readonly charts: readonly string[];
  readonly sentences: readonly Sentence[];
  readonly questions: readonly Question[];
  readonly stories: readonly Entry[];
};

/** The address of a proposal's page, from the root. */
export const proposalHref = (id: string): string => `/proposals/${id.toLowerCase()}/`;

/** All of the ledger, the three proposals first. */
export const allProposals: readonly Proposal[] = Object.entries(proposals).map(([id, name]) => ({
  id,
  name,
  href: proposalHref(id),
  about: words[id]?.about ?? '',
  charts: words[id]?.charts ?? [],
  sentences: sentences.filter(({ proposal }) => proposal === id),
  questions: questions.filter(({ proposal }) => proposal === id),
  stories: entries.filter(({ scenario }) => scenario.about.includes(id)),
}));

/** One chart on the way that one device takes through it in one story. */
export type Shown = { readonly entry: Entry; readonly player: PlayerId; readonly chart: string };

/**
 * Where a chart shows most of itself: the story, among those about the proposal if there are any, in which one device passes
 * through the most of its states. Of equals the shortest. Nothing where it moves in no story.
 */
export const showing = ({ stories }: Proposal, chart: string): Shown | undefined =>
  (stories.length === 0 ? entries : stories)
    .flatMap((entry) => {
      const { run } = entry.variants[0];
      return movingCharts(run)
        .filter((one) => one.chart === chart)
        .map(({ player }) => {
          const moves = movesOf(run, player, chart);
          return { entry, player, chart, seen: new Set(moves.flatMap(({ from, to }) => [from, to])).size, run };
        });
    })
    .toSorted((one, other) => other.seen - one.seen || one.run.steps.length - other.run.steps.length)[0];

/** The chart of what is shown, as plain data. */
export const descriptionOf = ({ entry: { scenario }, player, chart }: Shown) =>
  describeCharts(scenario.dials.byDevice[player] ?? scenario.dials.everyone).get(chart);
