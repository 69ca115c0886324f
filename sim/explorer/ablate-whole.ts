/** All that an ablation searches, in three rounds: every arena as it is, each clause off in turn, then pairs. */
import { ledgerClauses } from '../../machines/ledger.ts';
import type { Suite } from '../../machines/suite.ts';
import type { ClauseId } from '../../machines/types.ts';
import {
  asItIs,
  type Outcome,
  type Row,
  rowOf,
  spokenIn,
  switchableIn,
  type Task,
  taskFor,
  taskForPair,
  tryClause,
  tryOut,
  type Who,
} from './ablate.ts';
import type { Arena, Arenas } from './arena.ts';

/** One thing to do for a thread. */
export type Job = {
  readonly task: Task;
  /** Who spoke with every clause in force, for a clause that is to be tried for each device as well. */
  readonly spoke?: ReadonlySet<string>;
};
export const doJob = (suite: Suite, arenas: Arenas, { task, spoke }: Job): readonly Outcome[] =>
  spoke === undefined ? [tryOut(suite, arenas, task)] : tryClause(suite, arenas, { spoke }, task);

/** Does all jobs, here or elsewhere, and answers in their order. @param round what they are for, in a few words */
export type DoAll = (round: string, jobs: readonly Job[]) => Promise<readonly (readonly Outcome[])[]>;

export type Wanted = {
  /** All there are. */
  readonly all: Arenas;
  /** Those to be searched. */
  readonly arenas: readonly Arena[];
  readonly clauses: readonly ClauseId[];
  /** Whether pairs are tried of which one is among those clauses. */
  readonly pairs: boolean;
};
export type Whole = {
  /** Every arena with every clause in force. */
  readonly before: ReadonlyMap<string, Outcome>;
  /** Each clause wanted, off for everyone; then for each device for which something breaks. */
  readonly rows: readonly Row[];
  /** Pairs that break in some arena what neither breaks alone there. */
  readonly masks: readonly Row[];
  readonly pairsTried: number;
  /** Worlds seen in all searches together. */
  readonly worlds: number;
};

const kindOf = new Map<string, string>(ledgerClauses.map(({ id, kind }) => [id, kind]));
/** Names and shapes of messages stand in for nothing; what only guarantees know is not in a device's hands. */
const canMask = (clause: ClauseId): boolean => ['guard', 'duty', 'ui'].includes(kindOf.get(clause) ?? '');

/** Searched with these clauses off for everyone. */
type Alone = (arena: string, clause: ClauseId) => Outcome | undefined;

/**
 * Pairs to try, by arena: both are guards, duties or ui; with one off, the other refused or did something in the very step in which
 * the one would have; and one of the two at least is missed by nobody in any arena.
 */
export const pairsIn = (
  arena: string,
  switchable: readonly ClauseId[],
  alone: Alone,
  isIdle: (clause: ClauseId) => boolean,
): readonly (readonly [ClauseId, ClauseId])[] => {
  const beside = (one: ClauseId, other: ClauseId): boolean => alone(arena, one)?.beside.has(other) === true;
  const here = switchable.filter((clause) => canMask(clause));
  return here.flatMap((one, nth) =>
    here
      .slice(nth + 1)
      .filter((other) => (isIdle(one) || isIdle(other)) && (beside(one, other) || beside(other, one)))
      .map((other) => [one, other] as const),
  );
};

const inOrder = <T>(names: readonly T[], of: Iterable<T>): readonly T[] => {
  const all = [...of];
  return names.filter((name) => all.includes(name));
};

/** Tries all that is wanted. */
export const ablateWhole = async ({ all, arenas, clauses, pairs }: Wanted, doAll: DoAll): Promise<Whole> => {
  const switchable = switchableIn(all);
  const first = await doAll(
    'every clause in force',
    arenas.map((arena) => ({ task: asItIs(arena) })),
  );
  const before = new Map(first.flat().map((outcome) => [outcome.arena, outcome]));
  const known = (arena: string): Outcome => {
    const outcome = before.get(arena);
    if (outcome === undefined) throw new Error(`${arena} was not searched with every clause in force`);
    return outcome;
  };

  const jobs = arenas.flatMap((arena): readonly Job[] => {
    const { spoke } = known(arena.id);
    return inOrder(pairs ? switchable : clauses, spokenIn({ spoke })).flatMap((clause) => {
      const task = taskFor(arena, known(arena.id), clause);
      return task === null ? [] : [{ task, spoke }];
    });
  });
  const outcomes = (await doAll('each clause off', jobs)).flat();
  const by = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.clauses.join()} ${outcome.who}`;
    by.set(key, [...(by.get(key) ?? []), outcome]);
  }
  const rowFor = (clause: ClauseId, who: Who): Row =>
    rowOf(all, [clause], who, by.get(`${clause} ${who}`) ?? [], (arena) => [known(arena)]);
  const everyone = new Map(switchable.map((clause) => [clause, rowFor(clause, 'everyone')]));
  const devices = [...new Set(outcomes.map(({ who }) => who))].filter((who) => who !== 'everyone').sort();
  const rows = clauses.flatMap((clause) => [
    everyone.get(clause) ?? rowFor(clause, 'everyone'),
    ...devices.map((who) => rowFor(clause, who)).filter(({ missed }) => missed.length > 0),
  ]);

  const alone: Alone = (arena, clause) => by.get(`${clause} everyone`)?.find((one) => one.arena === arena);
  const isIdle = (clause: ClauseId): boolean => everyone.get(clause)?.missed.length === 0;
  const tried = pairs
    ? arenas.flatMap((arena) =>
        pairsIn(arena.id, switchable, alone, isIdle)
          .filter((pair) => pair.some((clause) => clauses.includes(clause)))
          .flatMap((pair) => {
            const { id } = arena;
            const task = taskForPair(arena, known(id), pair, (clause) => alone(id, clause));
            return task === null ? [] : [{ task }];
          }),
      )
    : [];
  const together = (await doAll('pairs off', tried)).flat();
  const names = [...new Set(together.map((one) => one.clauses.join()))];
  const order = switchable.flatMap((one) => switchable.map((other) => `${one},${other}`));
  const masks = inOrder(order, names)
    .map((name) => {
      const pair = name.split(',');
      const searched = together.filter((one) => one.clauses.join() === name);
      return rowOf(all, pair, 'everyone', searched, (arena) => [
        known(arena),
        ...pair.map((clause) => alone(arena, clause) ?? known(arena)),
      ]);
    })
    .filter(({ missed }) => missed.length > 0);
  return {
    before,
    rows,
    masks,
    pairsTried: names.length,
    worlds: [...before.values(), ...outcomes, ...together].reduce((sum, one) => sum + one.worlds, 0),
  };
};

/** The arena a job searches, its clauses, and for whom they are off: for whoever watches. */
export const jobWords = ({ task: { arena, clauses, who } }: Job): string =>
  `${arena}${clauses.length === 0 ? '' : `, ${clauses.join(' + ')} off for ${who}`}`;
