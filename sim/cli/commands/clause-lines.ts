/** One sentence in full: what it says, how strongly in which text, where it is, and every verdict that changes without it. */
import { guaranteeText } from '../../../machines/guarantee-texts.ts';
import type { Scenario } from '../../engine/types.ts';
import type { Change, Registered } from '../../ledger/registry.ts';
import { placeWords } from '../../ledger/registry.ts';
import { levelIn } from '../../ledger/revision-diff.ts';
import { proposals } from '../../scenario/ledger.ts';
import { bold, dim, plural, verdictWord } from '../terminal.ts';

/** The command that shows a changed verdict: a search where a scenario is free play, a told run where it is a story. */
export const showing = ({ id, explore }: Pick<Scenario, 'id' | 'explore'>, without: string): string =>
  explore === null
    ? `npx hearsay export ${id} --text --without '${without}'`
    : `npx hearsay explore ${id} --without '${without}'`;

/** The texts that have the sentence, oldest first, each with how strongly. */
export const levelsOf = ({
  clause,
}: Pick<Registered, 'clause'>): readonly { readonly revision: string; readonly level: string }[] => {
  const revisions = [...(proposals.get(clause.proposal)?.keys() ?? [])];
  return revisions
    .filter((revision) => clause.revisions.includes(revision))
    .map((revision) => ({ revision, level: levelIn(clause, revision, revisions) }));
};

/** The changes that one entry of one scenario makes, together. */
const entriesOf = (changes: readonly Change[]): readonly (readonly Change[])[] => {
  const entries = new Map<string, readonly Change[]>();
  for (const change of changes) {
    const key = `${change.scenario} ${change.without}`;
    entries.set(key, [...(entries.get(key) ?? []), change]);
  }
  return [...entries.values()];
};

const entryLines = (entry: readonly Change[], clause: string, library: readonly Scenario[]): readonly string[] => {
  const [first] = entry;
  const scenario = library.find(({ id }) => id === first?.scenario);
  if (first === undefined || scenario === undefined) return [];
  const width = Math.max(...entry.map(({ guarantee }) => guarantee.length));
  const forWhom = first.without === clause ? [] : [`    ${dim('off:')} ${first.without}`];
  const beside =
    first.beside === undefined ? [] : [`    ${dim('beside it off in this story:')} ${first.beside.join(', ')}`];
  return [
    `  ${scenario.title}  ${dim(scenario.id)}`,
    ...forWhom,
    ...beside,
    ...entry.map(
      ({ guarantee, from, to }) => `    ${guarantee.padEnd(width)}  ${verdictWord(from)} → ${verdictWord(to)}`,
    ),
    `    ${showing(scenario, first.without)}`,
  ];
};

/**
 * What `hearsay clauses <clause>` prints.
 *
 * @param library the scenarios that `row` was made of, for their titles
 */
export const clauseLines = (row: Registered, library: readonly Scenario[]): readonly string[] => {
  const { clause, place, changes, missedByNobody } = row;
  const levels = levelsOf(row).map(({ revision, level }) => `${level} in ${revision}`);
  const entries = entriesOf(changes);
  const scenarios = new Set(changes.map(({ scenario }) => scenario)).size;
  const count = `verdicts that change without it, in ${plural(scenarios, 'scenario')}:`;
  const why = missedByNobody === null ? '' : `: ${missedByNobody}`;
  return [
    `${clause.id}  ${clause.proposal}, “${clause.section}”`,
    `  ${bold(clause.name)}`,
    `  ${clause.statement}`,
    `  ${dim('without it:')} ${clause.when_skipped}`,
    `  ${dim('kind:')} ${clause.kind}, ${levels.join(', ')}`,
    `  ${dim('serves:')} ${clause.guarantee} (${guaranteeText(clause.guarantee).short})`,
    `  ${dim('where:')} ${placeWords(place)}`,
    '',
    ...(entries.length === 0
      ? [`no verdict changes without it${why}`]
      : [count, ...entries.flatMap((entry) => entryLines(entry, clause.id, library))]),
  ];
};
