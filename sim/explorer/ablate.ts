/** Every clause off in turn: which promise breaks, by which shortest way, and what the weakest attacker has to have for it. */
import { ledgerClauses } from '../../machines/ledger.ts';
import { elsewhere, implementedClauses } from '../../machines/parts.ts';
import { notIn } from '../../machines/revisions.ts';
import type { Suite } from '../../machines/suite.ts';
import type { ClauseId } from '../../machines/types.ts';
import { judgedBy } from '../properties/index.ts';
import { type RunOptions, replay } from '../run.ts';
import { implementedByDefault } from '../scenario/options.ts';
import { formatTrace, parseTrace } from '../trace.ts';
import type { PlayerId, Run, Step, Turn, Verdict } from '../types.ts';
import { type Arena, arenaOf, arenas } from './arenas.ts';
import { type Exploration, explore } from './explore.ts';

/** For whom clauses are off: everybody, or one device among careful ones. */
export type Who = 'everyone' | PlayerId;

/** One way in which a promise breaks once these clauses are off. */
export type Missed = {
  readonly guarantee: string;
  /** `accepted`: it breaks, and the text itself says so. */
  readonly verdict: 'breaks' | 'accepted';
  /** The first arena (weakest attacker) in which it breaks. */
  readonly arena: string;
  /** What the attacker plays there; `null` when nobody attacks. */
  readonly attacker: string | null;
  /** Choices on a shortest way there. */
  readonly steps: number;
  readonly at: PlayerId | null;
  /** The line that replays it. */
  readonly line: string;
};
export type Row = {
  /** Clauses that are off together: one, or a pair that mask each other. */
  readonly clauses: readonly ClauseId[];
  readonly who: Who;
  /** By guarantee, in the order of the arenas that break them. */
  readonly missed: readonly Missed[];
  /** Arenas whose worlds were not all seen. */
  readonly unsettled: readonly string[];
};

/** Of proposals that nobody in the arenas implements. */
const { foreign } = notIn(implementedByDefault);

/**
 * Clauses that can be switched off in these arenas: those of the charts in their order, then those that only guarantees know. What
 * is about rooms, or about a choice that no client there knows, has nothing to say.
 */
export const switchable: readonly ClauseId[] = [
  ...new Set([...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)]),
].filter((clause) => !foreign.includes(clause));

/** A search of an arena, and what mattered in it: `alice.phone 4385-push-encrypted`, where a clause refused or did something. */
type Searched = Exploration & { readonly mattered: ReadonlySet<string> };
/** What is found in an arena with every clause in force, by its id. */
export type Baseline = ReadonlyMap<string, Searched>;

const turnsOf = (clauses: readonly ClauseId[], who: Who): readonly Turn[] =>
  clauses.map((clause) => (who === 'everyone' ? { turn: 'off', clause } : { turn: 'off', clause, for: who }));

const search = (
  { scenario }: Pick<Arena, 'scenario'>,
  suite: Suite,
  turns: readonly Turn[],
  guarantees: readonly string[],
): Searched => {
  const mattered = new Set<string>();
  const onStep = ({ moments }: Step): void => {
    for (const moment of moments)
      if (moment.kind === 'clause' && moment.says !== 'permits') mattered.add(`${moment.player} ${moment.clause}`);
  };
  return { ...explore(scenario, { suite, turns, guarantees, onStep }), mattered };
};

export const baseline = (suite: Suite): Baseline =>
  new Map(arenas.map((arena) => [arena.scenario.id, search(arena, suite, [], arena.guarantees)]));

/**
 * Whether switching a clause off can make a difference: a guard that refuses nothing and a duty that never comes up are
 * not missed. Clauses that guarantees themselves go by always can.
 */
const canMatter = (clause: ClauseId, who: Who, mattered: ReadonlySet<string>): boolean =>
  judgedBy.includes(clause) ||
  (who === 'everyone' ? [...mattered].some((one) => one.endsWith(` ${clause}`)) : mattered.has(`${who} ${clause}`));

/** How badly each guarantee stands in each arena: 0 holds, 1 breaks as the text accepts, 2 breaks, or nobody knows. */
export type Standing = ReadonlyMap<string, ReadonlyMap<string, number>>;

const severity: Readonly<Record<Verdict, number>> = {
  holds: 0,
  happens: 0,
  accepted: 1,
  breaks: 2,
  never: 2,
  unsettled: 2,
};
const standingIn = ({ found }: Exploration): ReadonlyMap<string, number> =>
  new Map(found.map(({ guarantee, verdict }) => [guarantee, severity[verdict]]));
/** Where things stand with every clause in force: what breaks there already can teach nothing more. */
export const standingOf = (before: Baseline): Standing =>
  new Map([...before].map(([id, exploration]) => [id, standingIn(exploration)]));
/** The worse of two, everywhere. */
const worse = (one: Standing, other: Standing): Standing =>
  new Map(
    [...one].map(([id, stands]) => [
      id,
      new Map([...stands].map(([guarantee, how]) => [guarantee, Math.max(how, other.get(id)?.get(guarantee) ?? 0)])),
    ]),
  );

export const playersIn = ({ scenario }: Pick<Arena, 'scenario'>): readonly PlayerId[] =>
  scenario.cast.users.flatMap(({ name, devices }) => devices.map((device) => `${name}.${device.name}`));

/** Every device that is in some arena. */
export const devices: readonly PlayerId[] = [...new Set(arenas.flatMap(playersIn))];

type Asked = {
  readonly suite: Suite;
  /** Only what stands better here is asked about. */
  readonly before: Standing;
  /** What mattered in an arena before each clause was switched off; without it every arena is searched. */
  readonly mattered?: (arena: string, clause: ClauseId) => ReadonlySet<string> | undefined;
  readonly clauses: readonly ClauseId[];
  readonly who: Who;
};
/** A row, how things stand with its clauses off, and how many worlds were seen in all arenas together. */
export type Ablated = {
  readonly row: Row;
  readonly after: Standing;
  readonly worlds: number;
  /** What mattered in the arenas that were searched. */
  readonly mattered: ReadonlyMap<string, ReadonlySet<string>>;
};

/** What breaks with these clauses off that does not, or is only accepted, as things stand. */
export const ablate = ({ suite, before, clauses, who, mattered }: Asked): Ablated => {
  const turns = turnsOf(clauses, who);
  const missed = new Map<string, Missed>();
  const unsettled: string[] = [];
  const after = new Map<string, ReadonlyMap<string, number>>();
  const matteredNow = new Map<string, ReadonlySet<string>>();
  let worlds = 0;
  for (const arena of arenas) {
    const { id, cast } = arena.scenario;
    const isIdle = (clause: ClauseId): boolean => {
      const known = mattered?.(id, clause);
      return known !== undefined && !canMatter(clause, who, known);
    };
    if (clauses.some(isIdle)) continue;
    const stands = before.get(id) ?? new Map<string, number>();
    const guarantees = arena.guarantees.filter((guarantee) => (stands.get(guarantee) ?? 2) < 2);
    if (guarantees.length === 0 || (who !== 'everyone' && !playersIn(arena).includes(who))) continue;
    const result = search(arena, suite, turns, guarantees);
    matteredNow.set(id, result.mattered);
    after.set(id, standingIn(result));
    worlds += result.worlds;
    if (result.limit !== null) unsettled.push(id);
    for (const { guarantee, verdict, trace, at } of result.found) {
      if (trace === null || (verdict !== 'breaks' && verdict !== 'accepted')) continue;
      const known = missed.get(guarantee)?.verdict;
      if (severity[verdict] <= Math.max(stands.get(guarantee) ?? 2, known === undefined ? 0 : severity[known]))
        continue;
      const attacker = cast.attackers[0]?.plays ?? null;
      const steps = trace.choices.length;
      missed.set(guarantee, { guarantee, verdict, arena: id, attacker, steps, at, line: formatTrace(trace) });
    }
  }
  return {
    row: { clauses, who, missed: [...missed.values()], unsettled },
    after: worse(before, after),
    worlds,
    mattered: matteredNow,
  };
};

/** The run behind a finding, with real bytes unless another suite is named. Throws for a line that is none of an arena's. */
export const runOf = ({ line }: Pick<Missed, 'line'>, suite?: RunOptions['suite']): Run => {
  const parsed = parseTrace(line);
  const arena = parsed.ok ? arenaOf(parsed.trace.scenario) : undefined;
  if (!parsed.ok || arena === undefined) throw new Error(`${line}: no arena tells this; was it renamed?`);
  return replay(arena.scenario, parsed.trace, suite);
};

/** What of a row does not come out again when it is replayed, as sentences; none when all of it does. */
export const unconfirmed = ({ missed }: Row, suite?: RunOptions['suite']): readonly string[] =>
  missed.flatMap((one) => {
    const judged = runOf(one, suite).judgements.find(({ guarantee }) => guarantee === one.guarantee);
    return judged?.verdict === one.verdict && judged.at === one.at
      ? []
      : [
          `${one.guarantee} ${one.verdict} at ${one.at}, and replayed it ${judged?.verdict} at ${judged?.at}: ${one.line}`,
        ];
  });

const about = new Map(ledgerClauses.map(({ id, property }) => [id, property]));
const chartsOf = (clause: ClauseId): readonly string[] =>
  implementedClauses.filter((one) => one.clause === clause).map(({ chart }) => chart);
/** Whether one could stand in for the other: both speak in one chart, or are about one guarantee. */
const related = (one: ClauseId, other: ClauseId): boolean =>
  about.get(one) === about.get(other) || chartsOf(one).some((chart) => chartsOf(other).includes(chart));

/** How things stand with each clause alone off for everyone. */
export type Alone = ReadonlyMap<ClauseId, Ablated>;

/**
 * Pairs in which one clause may mask another, in the order of the charts: those that are about the same, and of which at
 * least one is missed by nobody alone.
 */
export const pairsToTry = (
  alone: ReadonlyMap<ClauseId, { readonly row: Row }>,
): readonly (readonly [ClauseId, ClauseId])[] => {
  const idle = (clause: ClauseId): boolean => alone.get(clause)?.row.missed.length === 0;
  return switchable.flatMap((one, nth) =>
    switchable
      .slice(nth + 1)
      .filter((other) => related(one, other) && (idle(one) || idle(other)))
      .map((other) => [one, other] as const),
  );
};

/**
 * A pair off for everyone: what it breaks in an arena where neither of the two breaks it alone. One of the two that makes no
 * difference while the other is off makes none to what the other breaks.
 */
export const ablatePair = (
  suite: Suite,
  [one, other]: readonly [ClauseId, ClauseId],
  alone: Alone,
  before: Baseline,
): Ablated => {
  const [first, second] = [alone.get(one), alone.get(other)];
  if (first === undefined || second === undefined)
    throw new Error(`${one} + ${other}: each has to be switched off alone before both are`);
  return ablate({
    suite,
    before: worse(first.after, second.after),
    clauses: [one, other],
    who: 'everyone',
    // An arena that was not searched with a clause off is as it was with every clause in force.
    mattered: (arena, clause) => (clause === one ? second : first).mattered.get(arena) ?? before.get(arena)?.mattered,
  });
};
