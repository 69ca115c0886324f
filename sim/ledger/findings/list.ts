/** The findings as a list: what is claimed, where the texts say what, what runs show of it, how far that goes, and how to see it again. */

import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { ClauseId, Expectation, PlayerId, Scenario, Verdict } from '../../engine/types.ts';
import type { Missed, Row } from '../../explorer/ablate.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import type { ToldClient } from '../clients/told.ts';
import { type Change, ledgerClauses, type Registered } from '../registry.ts';
import type { Comments, First, SectionName } from './comments.ts';
import type { Asked, Differing, Evidence, OnlyByMay, Reading, Revised } from './evidence.ts';
import { type Place, placeOfClause, placeOfQuestion, placeOfQuoted, specification, textAddress } from './sources.ts';

/** What the findings are made of: comments, what runs showed, and data that is checked in elsewhere. */
export type Given = {
  readonly comments: Comments;
  readonly evidence: Evidence;
  readonly stories: readonly Scenario[];
  /** Pairs of clauses that mask each other (`scenarios/ablation.json`). */
  readonly masks: readonly Row[];
  readonly interactions: ReadonlyMap<string, string>;
  /** What was measured of real clients, and may be told. */
  readonly clients: readonly ToldClient[];
};

/** What became of one guarantee in a run. */
export type Fate = {
  readonly guarantee: GuaranteeId;
  readonly verdict: Verdict;
  readonly at: PlayerId | null;
  /** The secret that is meant; `null`: whatever it is about. */
  readonly of: string | null;
  /** The clause that accepts it. */
  readonly by: ClauseId | null;
  /** Which of the runs that are compared: `A` of two readings, a revision, `without`; `null` where one run speaks for itself. */
  readonly under: string | null;
};

/** A scenario that shows it. */
export type Shown = {
  /** `key-bundle/a-swapped-identity-stops-the-sharing`. */
  readonly scenario: string;
  readonly title: string;
  /** The entry of its `without` that is turned; `null`: as it is written. */
  readonly turned: string | null;
  readonly fates: readonly Fate[];
};

/** What each finding has, whatever section it stands in. Texts are Markdown of one paragraph or more. */
export type Told = {
  /** A slug: its address on the site. */
  readonly id: string;
  readonly claim: string;
  /** What a person says of it; empty where nobody did. */
  readonly text: string;
  readonly where: readonly Place[];
  readonly shows: readonly Shown[];
  /** How far what was run goes. */
  readonly bounds: string;
  /** The line to type to see it again. */
  readonly replay: string;
  /** What production does; `null`: nobody has looked. */
  readonly production: string | null;
};

/** A finding, with what its section alone has of it. */
export type Finding = Told &
  (
    | { readonly kind: 'first' }
    | { readonly kind: 'unmissed'; readonly row: Registered; readonly beside: readonly ClauseId[] | null }
    | { readonly kind: 'masks'; readonly row: Row; readonly worst: Missed | null }
    | { readonly kind: 'may'; readonly clause: Registered['clause'] }
    | { readonly kind: 'readings'; readonly question: Reading['question'] }
    | { readonly kind: 'revised'; readonly revised: Revised }
    | { readonly kind: 'interactions'; readonly title: string }
  );
export type FindingKind = Finding['kind'];
export type FindingOf<K extends FindingKind> = Extract<Finding, { kind: K }>;

/** Heads of the sections, in the order in which they are read. */
export const findingHeads: Readonly<Record<FindingKind, string>> = {
  first: 'What to read first',
  unmissed: 'Sentences that nobody misses',
  masks: 'Sentences that mask each other',
  may: 'Guarantees that hold only by a MAY',
  readings: 'Questions whose readings differ in harm',
  revised: 'Revisions that changed a verdict',
  interactions: 'Where the proposals meet',
};

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
const shortId = (id: string): string => id.split('/').at(-1) ?? id;
const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const storyOf = (stories: readonly Scenario[], id: string): Scenario => {
  const found = stories.find((one) => one.id === id);
  if (found === undefined) throw new Error(`scenarios/findings.yml speaks of ${id}, which is no story here`);
  return found;
};

const fateOf = ({ guarantee, verdict, at, of, by }: Expectation): Fate => ({
  guarantee,
  verdict,
  at,
  of: of ?? null,
  by,
  under: null,
});
const barely = (guarantee: GuaranteeId, verdict: Verdict, under: string): Fate => ({
  guarantee,
  verdict,
  at: null,
  of: null,
  by: null,
  under,
});
const bothOf = (verdicts: readonly Differing[], [one, other]: readonly [string, string]): readonly Fate[] =>
  verdicts.flatMap((it) => [barely(it.guarantee, it.one, one), barely(it.guarantee, it.other, other)]);

/** What a story's file expects, and `hearsay run` confirms: as it is written, or with an entry of `without` turned. */
const expectedOf = ({ id, title, expect, without }: Scenario, turned: string | null): Shown => {
  if (turned === null) return { scenario: id, title, turned, fates: expect.map(fateOf) };
  const entry = without.find(({ key }) => key === turned);
  if (entry === undefined)
    throw new Error(`scenarios/findings.yml speaks of ${id} without “${turned}”, which it does not turn`);
  return { scenario: id, title, turned, fates: entry.expect.map(fateOf) };
};

/** The settings that change what becomes of a story, each with what it changes alone. */
const turnedOf = ({ id, title, expect, without }: Scenario): readonly Shown[] =>
  without.flatMap(({ key, expect: other }) => {
    const changed = other.filter(
      ({ guarantee, verdict }) => (expect.find((one) => one.guarantee === guarantee)?.verdict ?? 'holds') !== verdict,
    );
    return changed.length === 0 ? [] : [{ scenario: id, title, turned: key, fates: changed.map(fateOf) }];
  });

const oneOrder = (count: number): string =>
  `${count === 1 ? 'One run, in' : `${count} runs, each in`} the one order of events that its scenario tells; no other order was searched.`;

const firstOf = (
  { id, title, text, speaksOf, production, shows, command }: First,
  stories: readonly Scenario[],
): Finding => ({
  kind: 'first',
  id,
  claim: title,
  text,
  where: speaksOf.map(placeOfQuoted),
  shows: shows.map(({ scenario, without }) => expectedOf(storyOf(stories, scenario), without)),
  bounds: oneOrder(shows.length),
  replay: command,
  production: production === '' ? null : production,
});

const changeOf = ({ scenario, without, guarantee, from, to }: Change, stories: readonly Scenario[]): Shown => {
  const { id, title } = storyOf(stories, scenario);
  return {
    scenario: id,
    title,
    turned: without,
    fates: [barely(guarantee, from, 'with'), barely(guarantee, to, 'without')],
  };
};

const unmissedOf = (row: Registered, text: string, stories: readonly Scenario[]): Finding => {
  const { clause, changes, missedByNobody } = row;
  const [change] = changes;
  const beside = change === undefined ? null : (change.beside ?? []);
  const others = (beside ?? []).map((id) => `\`${id}\``).join(' and ');
  const bounds =
    beside === null
      ? `Missed by nobody: ${missedByNobody ?? ''}.`
      : `Missed only where ${others} ${beside.length > 1 ? 'are' : 'is'} off as well`;
  return {
    kind: 'unmissed',
    id: clause.id,
    claim: clause.statement,
    text,
    where: [placeOfClause(clause)],
    shows: change === undefined ? [] : [changeOf(change, stories)],
    bounds,
    replay: `npx hearsay clauses ${clause.id}`,
    production: null,
    row,
    beside,
  };
};

const maskOf = (row: Row, { stories, comments }: Given): Finding => {
  const { clauses, missed, who } = row;
  const [worst = null] = missed;
  const fates = missed.map(({ guarantee, verdict }) => barely(guarantee, verdict, 'without both'));
  const story = stories.find(({ id }) => id === worst?.scenario);
  const known = new Map(ledgerClauses.map((clause) => [clause.id, clause]));
  return {
    kind: 'masks',
    id: slug([...clauses, ...(who === 'everyone' ? [] : [who])].join(' with ')),
    claim: `${clauses.map((id) => `\`${id}\``).join(' and ')} stand in for each other`,
    text: comments.sections.masks.of[clauses.join(' + ')] ?? '',
    where: clauses.flatMap((id) => {
      const clause = known.get(id);
      return clause === undefined ? [] : [placeOfClause(clause)];
    }),
    shows:
      worst === null
        ? []
        : [{ scenario: worst.scenario, title: story?.title ?? worst.scenario, turned: clauses.join(' + '), fates }],
    bounds: `Both are off${who === 'everyone' ? '' : ` at ${who}`} in ${plural(row.arenas, 'arena')}; ${plural(row.worlds, 'world')} were seen.`,
    replay: worst === null ? 'npx hearsay ablate --pairs' : replayCommand(worst.line),
    production: null,
    row,
    worst,
  };
};

const mayOf = ({ clause, changes }: OnlyByMay, text: string, stories: readonly Scenario[]): Finding => ({
  kind: 'may',
  id: clause.id,
  claim: clause.statement,
  text,
  where: [placeOfClause(clause)],
  shows: changes.map((change) => changeOf(change, stories)),
  bounds: oneOrder(2 * new Set(changes.map(({ scenario }) => scenario)).size),
  replay: `npx hearsay clauses ${clause.id}`,
  production: null,
  clause,
});

/** A text as a whole. */
const wholeOf = (proposal: string): Place => ({
  of: proposal === 'SPEC' ? specification : proposal,
  section: '',
  sentence: null,
  words: null,
  href: textAddress(proposal),
});

const askedOf = ({ scenario: { id, title }, beside, verdicts }: Asked): Shown => ({
  scenario: id,
  title,
  turned: beside,
  fates: bothOf(verdicts, ['A', 'B']),
});

const readingOf = ({ question, asked }: Reading, text: string): Finding => {
  const { id } = question;
  return {
    kind: 'readings',
    id,
    claim: question.question,
    text,
    where: [placeOfQuestion(question)],
    shows: asked.map(askedOf),
    bounds: oneOrder(2 * asked.length),
    replay: `npx hearsay ask ${id}`,
    production: null,
    question,
  };
};

const revisedOf = (revised: Revised, text: string): Finding => {
  const { proposal, from, to, changed, compared } = revised;
  return {
    kind: 'revised',
    id: slug(`${proposal} ${from} to ${to}`),
    claim: `${proposal}: ${from} → ${to}`,
    text,
    where: [wholeOf(proposal)],
    shows: changed.map(({ scenario: { id, title }, verdicts }) => ({
      scenario: id,
      title,
      turned: null,
      fates: bothOf(verdicts, [from, to]),
    })),
    bounds: `of ${plural(compared, 'scenario')} about it ${changed.length} ${changed.length === 1 ? 'comes' : 'come'} to another verdict.`,
    replay: `npx hearsay diff ${proposal} --from ${from} --to ${to}`,
    production: null,
    revised,
  };
};

const interactionOf = (id: string, title: string, { stories, comments }: Given): Finding => {
  const acting = stories.filter(({ refs }) => refs?.includes(id));
  const shows = acting.flatMap((story) => [expectedOf(story, null), ...turnedOf(story)]);
  return {
    kind: 'interactions',
    id,
    claim: title,
    text: comments.sections.interactions.of[id] ?? '',
    where: [...new Set(acting.flatMap(({ about }) => about))].map(wholeOf),
    shows,
    bounds: oneOrder(shows.length),
    replay: `npx hearsay run ${acting.map((story) => shortId(story.id)).join(' ')}`,
    production: null,
    title,
  };
};

/**
 * Every finding, in the order of `findingHeads`. Questions and revisions are among them where they change a verdict.
 * Throws where a comment speaks of a story that is not there.
 */
export const findingsOf = (given: Given): readonly Finding[] => {
  const { comments, evidence, stories, masks, interactions } = given;
  const said = (section: SectionName, id: string): string => comments.sections[section].of[id] ?? '';
  return [
    ...comments.first.map((one) => firstOf(one, stories)),
    ...[...evidence.stoodInFor, ...evidence.unmissed].map((row) =>
      unmissedOf(row, said('unmissed', row.clause.id), stories),
    ),
    ...masks.map((row) => maskOf(row, given)),
    ...evidence.onlyByMay.map((may) => mayOf(may, said('may', may.clause.id), stories)),
    ...evidence.readings
      .filter(({ asked }) => asked.length > 0)
      .map((one) => readingOf(one, said('readings', one.question.id))),
    ...evidence.revised
      .filter(({ changed }) => changed.length > 0)
      .map((one) => revisedOf(one, said('revised', `${one.proposal} ${one.from} to ${one.to}`))),
    ...[...interactions].map(([id, title]) => interactionOf(id, title, given)),
  ];
};
