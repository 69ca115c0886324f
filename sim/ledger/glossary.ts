/** The words of this project, each with its one meaning. `GLOSSARY.md` is written from it, and tests hold names and pages to it. */

export type Term = {
  readonly term: string;
  /** What it means, in one or two sentences of Markdown. */
  readonly means: string;
  /** Words for the same thing that are not used here. */
  readonly not?: readonly string[];
};
export type Topic = { readonly title: string; readonly terms: readonly Term[] };

/** Words of the flows that are played: whoever has not read the specification does not know them. They are glossed where they first stand. */
const ofMatrix: Topic = {
  title: 'From Matrix',
  terms: [
    {
      term: 'secret',
      means:
        'A private key that a user’s devices hand to one another: that of the backup, or one that signs devices or people.',
    },
    {
      term: 'push',
      means: 'A secret that a device sends to the user’s other devices without having been asked for it (MSC4385).',
    },
    { term: 'sibling', means: 'Another device of the same user.' },
    {
      term: 'room key',
      means:
        'The key under which one device writes in one room for a while. Whoever holds it reads what was written with it, from some message on.',
    },
    {
      term: 'session',
      means:
        'One room key in use, with its id; when its device begins another, the old one goes on opening what was written with it. Between two devices: what their letters are sealed with.',
    },
    {
      term: 'history flag',
      means: 'The mark on a room key that says whether those who come later may be given it (MSC4268).',
    },
    {
      term: 'bundle',
      means:
        'The file of room keys that an inviter leaves for the one who is invited, so that they can read the past (MSC4268).',
    },
    { term: 'pointer', means: 'The letter from device to device that says where a bundle is and how it is opened.' },
    {
      term: 'history visibility',
      means: 'What a room says of who may read what was written before they came.',
    },
    {
      term: 'identity',
      means: 'A user’s cross-signing keys, with the master key at their head. Another master key is another identity.',
    },
    {
      term: 'cross-signing',
      means:
        'A user’s own keys sign their devices, so that others have to trust one identity and not each device by itself.',
    },
    {
      term: 'one-time key',
      means:
        'A key that a device leaves with its server, for others to begin a session with it; each is given out once. When all are gone, the *fallback key* is given out instead.',
    },
    {
      term: 'key backup',
      means: 'Room keys on the server, sealed with a public key whose private half is one of the secrets.',
    },
    {
      term: 'wish for backup',
      means:
        'Whether a user wants a key backup, as it stands in their account data for all of their clients (MSC4287).',
    },
  ],
};

export const glossary: readonly Topic[] = [
  ofMatrix,
  {
    title: 'Who is there',
    terms: [
      {
        term: 'device',
        means:
          'One logged-in client of one user. Honest are devices, homeservers and people, unless a cast says otherwise.',
      },
      {
        term: 'player',
        means:
          'Whoever has a place in the world: a device, a homeserver, an attacker. It hears events and returns effects.',
      },
      {
        term: 'chart',
        means:
          'One XState state machine: one flow of one device, such as the push of a secret or the key bundle of one room.',
      },
      {
        term: 'store',
        means:
          'What a device keeps that more than one chart needs: keys, sessions, device lists, views of rooms, secrets, the backup.',
      },
      {
        term: 'attacker',
        means: 'A player who overhears, may lie, and knows what follows from all it has seen and made.',
      },
      {
        term: 'role',
        means:
          'What an attacker plays (`stolen-token`, `lying-server` …): what it has at the beginning, and which moves it has.',
      },
      { term: 'ghost', means: 'A device that a lying server lists for somebody and that nobody ever logged in.' },
    ],
  },
  {
    title: 'What happens',
    terms: [
      { term: 'world', means: 'Everything there is at one moment, as one immutable JSON value.' },
      {
        term: 'choice',
        means:
          'The one next thing that may happen: a person acts, a device syncs, servers exchange, an attacker moves, a fault strikes, time passes.',
      },
      {
        term: 'step',
        means: 'What one choice led to, run to quiet: who heard what, which effects came of it, which clauses spoke.',
      },
      {
        term: 'moment',
        means: 'One thing within a step, with its evidence in fields: a request, a letter opened, a notice shown.',
      },
      {
        term: 'quiet',
        means: 'Nothing is under way: whoever can come back is back, and all that was sent has come or is lost.',
      },
      {
        term: 'trace',
        means:
          'A scenario, its settings, a seed and the list of choices. All else is computed from it; one line holds it.',
      },
      { term: 'run', means: 'What one trace leads to, from the first step to the last, with the verdicts on it.' },
      {
        term: 'fault',
        means:
          'Trouble among honest players that a scenario asks for: a request fails, an answer is lost, a letter is late.',
      },
      {
        term: 'shown',
        means: 'What a device tells its person; an effect like others, so that a guarantee can hold it to the truth.',
      },
    ],
  },
  {
    title: 'The texts',
    terms: [
      {
        term: 'clause',
        means:
          'One normative sentence of a text, with a name to say it by and an id in the ledger. A *guard* permits, a *duty* is done, a *format* is how something is written.',
        not: ['sentence'],
      },
      { term: 'revision', means: 'One version of a text: the set of clauses in force.' },
      { term: 'question', means: 'A place where a text can be read in two ways, with *reading* A and *reading* B.' },
      { term: 'option', means: 'A MAY of a text that a device takes up or not.' },
      { term: 'admission', means: 'A clause by which a text says itself what it does not protect from.' },
      { term: 'ledger', means: 'The texts as data: clauses, questions, revisions, guarantees (`machines/ledger/`).' },
    ],
  },
  {
    title: 'What is asked and answered',
    terms: [
      {
        term: 'scenario',
        means:
          'A file: who is there (the *cast*), the settings, the *story* (its script, line by line), and the expected verdicts.',
      },
      {
        term: 'story',
        means: 'The script of a scenario and nothing else: the lines in which people, servers and attackers act.',
      },
      {
        term: 'setting',
        means:
          'What a reviewer can turn: a clause off, a revision, a reading, an option, a fault. Files have them under `dials:`, as they always had.',
        not: ['dial', 'knob'],
      },
      {
        term: 'variant',
        means: 'A scenario with one or more settings turned, under `without:`, with its own expected verdicts.',
      },
      { term: 'arena', means: 'A scenario whose acts may happen in any order: the explorer tries them all.' },
      {
        term: 'guarantee',
        means:
          'What a user relies on, as one full promise with a subject: “Each signed device of Alice’s ends with the key that works”.',
        not: ['property', 'invariant'],
      },
      {
        term: 'verdict',
        means:
          '`holds`, `breaks`, `accepted` (it breaks, and the text itself says so), `happens`, `never`, `unsettled` (a bound was reached).',
      },
      {
        term: 'break',
        means: 'A guarantee broken at somebody, about something, with the evidence for it.',
        not: ['violation'],
      },
      { term: 'cause', means: 'The step that did it, which may come long before the step in which it shows.' },
      { term: 'certain', means: 'The step from which on nothing that can still happen would mend it.' },
      {
        term: 'shadow',
        means:
          'What shows that a guarantee could have gone wrong in a run. Without it `holds` is said of a run in which nothing was at stake (elsewhere: a vacuity check).',
      },
      {
        term: 'evidence',
        means:
          'What a guarantee may go by: fields of moments, never what a device thinks and never the words of a message.',
      },
      { term: 'finding', means: 'What runs say of a text, told by a person, with the line that replays each claim.' },
      {
        term: 'ablation',
        means: 'Each clause off in turn, in every arena: which guarantee breaks then, against whom.',
      },
      {
        term: 'worlds seen',
        means:
          'How many different worlds a search went through; one that is reached in two ways counts once. *All there are*: within the bounds nothing is left to look at.',
      },
      {
        term: 'enough alone',
        means:
          'A device with which it is enough to break the guarantee that it alone goes without the clause, while all others keep it.',
      },
      {
        term: 'dagger (†)',
        means:
          'Beside a cell of the matrix: no search of an arena finds this break, but a scenario tells it. Two (‡): it breaks only where one device goes without the clause and others do not.',
      },
    ],
  },
];

/** Every word that is not used, with the term that is. */
export const unusedWords: ReadonlyMap<string, string> = new Map(
  glossary.flatMap(({ terms }) => terms.flatMap(({ term, not = [] }) => not.map((word) => [word, term] as const))),
);

/** Where a term stands on the page of the glossary: `one-time-key`. */
export const termId = (term: string): string =>
  term
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const byTerm: ReadonlyMap<string, Term> = new Map(
  glossary.flatMap(({ terms }) => terms.map((one) => [one.term, one] as const)),
);
/** What the glossary has of a word; a word that it does not have is a bug of whoever glosses it. */
export const termOf = (term: string): Term => {
  const found = byTerm.get(term);
  if (found === undefined) throw new Error(`sim/ledger/glossary.ts has no “${term}”: is it spelt otherwise there?`);
  return found;
};

/** What a term means, without the marks of Markdown: for a tooltip. */
export const plainMeaning = ({ means }: Term): string => means.replaceAll(/[*`]/g, '');

/** A piece of a text: plain, or a word that is glossed. */
export type Glossed = { readonly text: string; readonly term: Term | null };

/** Words that newcomers do not know, the longest first: `room key` is found before `key`. */
const newcomers = ofMatrix.terms.toSorted((one, other) => other.term.length - one.term.length);
const wordOf = (term: string): RegExp => new RegExp(`(?<![\\w-])${term}(?:s|es)?(?![\\w-])`, 'i');

/**
 * A text in pieces, with each word of the flows glossed where it first stands.
 *
 * @param text plain; what stands between backticks is left alone
 * @param known terms that were glossed before, further up on the page
 */
export const glossed = (text: string, known: ReadonlySet<string> = new Set()): readonly Glossed[] => {
  const found = newcomers
    .filter(({ term }) => !known.has(term))
    .flatMap((term) => {
      const at = wordOf(term.term).exec(text.replaceAll(/`[^`]*`/g, (code) => ' '.repeat(code.length)));
      return at === null ? [] : [{ term, from: at.index, to: at.index + at[0].length }];
    });
  // Of two that overlap the longer one stands: it came first.
  const kept = found
    .filter((one, nth) => !found.slice(0, nth).some(({ from, to }) => one.from < to && from < one.to))
    .toSorted((one, other) => one.from - other.from);
  const ends = [0, ...kept.map(({ to }) => to)];
  return [
    ...kept.flatMap(({ term, from, to }, nth) => [
      { text: text.slice(ends[nth], from), term: null },
      { text: text.slice(from, to), term },
    ]),
    { text: text.slice(ends.at(-1)), term: null },
  ].filter((piece) => piece.text !== '');
};
