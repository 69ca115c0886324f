/** What the stories that are checked in say of clauses that are off: evidence where no arena finds any. */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Run, Scenario, Turn } from '../engine/types.ts';
import { type RunOptions, replay, runStory } from '../runs/run.ts';
import { formatTrace, parseTrace } from '../runs/trace.ts';
import { isTelling, type Missed, type Row, type Who } from './ablate.ts';
import { strengthOf, strongestIn } from './arena.ts';

/** What a story tells of clauses that are off together. */
export type Told = { readonly clauses: readonly ClauseId[]; readonly who: Who; readonly missed: Missed };

/** Clauses and for whom they are off, where nothing else is turned and all are off for the same. */
const offOnly = (turns: readonly Turn[]): Pick<Told, 'clauses' | 'who'> | null => {
  const whos = new Set(turns.map((turn) => (turn.turn === 'off' ? (turn.for ?? 'everyone') : null)));
  const [who] = whos;
  return whos.size !== 1 || who === null || who === undefined
    ? null
    : { clauses: turns.flatMap((turn) => (turn.turn === 'off' ? [turn.clause] : [])), who };
};

const worse = { holds: 0, accepted: 1, breaks: 2 } as const;
const badness = (verdict: string | undefined): number => worse[verdict as keyof typeof worse] ?? 0;

/**
 * What stories claim in `without` of one clause or two, run again: guarantees that stand worse with the clauses off than in the story
 * as it is written. Free play is left out: it is what arenas are for.
 */
export const toldBy = (stories: readonly Scenario[], suite: RunOptions['suite']): readonly Told[] =>
  stories
    .filter(({ explore }) => explore === null)
    .flatMap((story) =>
      story.without.flatMap(({ turns, expect }) => {
        const off = offOnly(turns);
        if (off === null || off.clauses.length > 2) return [];
        // Of two clauses that are off together only what neither of them breaks alone.
        const others =
          turns.length === 1 ? [] : turns.map((turn) => runStory(story, { turns: [turn], suite }).judgements);
        const bases = [story.expect, ...others];
        const claimed = expect.filter(({ guarantee, verdict }) =>
          bases.every((base) => badness(verdict) > badness(base.find((one) => one.guarantee === guarantee)?.verdict)),
        );
        return claimed.length === 0
          ? []
          : toldIn(
              runStory(story, { turns, suite }),
              off,
              claimed.map(({ guarantee }) => guarantee),
            );
      }),
    );

const toldIn = (run: Run, off: Pick<Told, 'clauses' | 'who'>, guarantees: readonly GuaranteeId[]): readonly Told[] =>
  run.judgements.flatMap(({ guarantee, verdict, at }) =>
    guarantees.includes(guarantee) && (verdict === 'breaks' || verdict === 'accepted')
      ? [
          {
            ...off,
            missed: {
              guarantee,
              verdict,
              by: 'story',
              scenario: run.scenario.id,
              attacker: strongestIn(run.scenario),
              strength: strengthOf(run.scenario),
              steps: run.trace.choices.length,
              at,
              line: formatTrace(run.trace),
            },
          },
        ]
      : [],
  );

/**
 * Rows with what stories tell beside what arenas found: of a guarantee that no arena breaks so badly with these clauses off. Rows that
 * only stories have come behind those of the same clauses.
 */
export const withStories = (rows: readonly Row[], told: readonly Told[]): readonly Row[] => {
  const nameOf = ({ clauses, who }: Pick<Row, 'clauses' | 'who'>): string => `${clauses.toSorted().join()} ${who}`;
  const names = new Set(rows.map(nameOf));
  const further = told
    .filter((one, nth) => !names.has(nameOf(one)) && told.findIndex((other) => nameOf(other) === nameOf(one)) === nth)
    .map(({ clauses, who }): Row => ({ clauses, who, missed: [], arenas: 0, worlds: 0, unsettled: [] }));
  const placed = rows.flatMap((row, nth) => {
    const isLast = rows[nth + 1]?.clauses.join() !== row.clauses.join();
    return isLast ? [row, ...further.filter(({ clauses }) => clauses.join() === row.clauses.join())] : [row];
  });
  const others = further.filter((row) => !placed.includes(row) && row.clauses.length === 2);
  return [...placed, ...others].map((row) => {
    const stories = told.filter((one) => nameOf(one) === nameOf(row)).map(({ missed }) => missed);
    const all = [...row.missed, ...stories];
    const guarantees = [...new Set(all.map(({ guarantee }) => guarantee))];
    return {
      ...row,
      missed: guarantees.flatMap((guarantee) => {
        const [best] = all.filter((one) => one.guarantee === guarantee).toSorted(isMoreTelling);
        return best === undefined ? [] : [best];
      }),
    };
  });
};

/** What was found by looking at everything comes before what somebody told, unless that is worse. */
const isMoreTelling = (one: Missed, other: Missed): number =>
  one.by === other.by || one.verdict !== other.verdict ? isTelling(one, other) : one.by === 'arena' ? -1 : 1;

/**
 * The run behind a finding, with real bytes unless another suite is named. Throws for a line that is none of an arena's or a story's.
 *
 * @param scenarioOf the arena or the story of that id
 */
export const runOf = (
  { line }: Pick<Missed, 'line'>,
  scenarioOf: (id: string) => Scenario | undefined,
  suite?: RunOptions['suite'],
): Run => {
  const parsed = parseTrace(line);
  const scenario = parsed.ok ? scenarioOf(parsed.trace.scenario) : undefined;
  if (!parsed.ok || scenario === undefined)
    throw new Error(`${line}: no arena and no story tells this; was it renamed?`);
  return replay(scenario, parsed.trace, suite);
};

/** What of a row does not come out again when it is replayed, as sentences; none when all of it does. */
export const unconfirmed = (
  { missed }: Pick<Row, 'missed'>,
  scenarioOf: (id: string) => Scenario | undefined,
  suite?: RunOptions['suite'],
): readonly string[] =>
  missed.flatMap((one) => {
    const judged = runOf(one, scenarioOf, suite).judgements.find(({ guarantee }) => guarantee === one.guarantee);
    return judged?.verdict === one.verdict && judged.at === one.at
      ? []
      : [
          `${one.guarantee} ${one.verdict} at ${one.at}, and replayed it ${judged?.verdict} at ${judged?.at}: ${one.line}`,
        ];
  });
