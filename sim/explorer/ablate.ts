/**
 * Every clause off in turn: which guarantee breaks, by which shortest way, and what the weakest attacker has to have for it.
 *
 * Searches are independent of one another (`tryOut`), so that several threads can take them; rows are put together from what they
 * found (`rowsOf`). What is not searched would come out as it does with every clause in force: nobody there spoke of it.
 */

import { elsewhere } from '../../machines/elsewhere.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { implementedClauses } from '../../machines/parts.ts';
import { notIn } from '../../machines/revisions.ts';
import type { Suite } from '../../machines/suite.ts';
import type { ClauseId } from '../../machines/types.ts';
import { turned } from '../engine/set-stage.ts';
import type { PlayerId, Step, Turn, Verdict } from '../engine/types.ts';
import { formatTrace } from '../runs/trace.ts';
import { type Arena, type Arenas, knownArena, strengthOf, strongestIn } from './arena.ts';
import { type Exploration, explore } from './explore.ts';

/** For whom clauses are off: everybody, or one device among careful ones. */
export type Who = 'everyone' | PlayerId;

/** One way in which a guarantee breaks once these clauses are off. */
export type Missed = {
  readonly guarantee: GuaranteeId;
  /** `accepted`: it breaks, and the text itself says so. */
  readonly verdict: 'breaks' | 'accepted';
  /** Whether a search of an arena found it, or a story that is checked in tells it. */
  readonly by: 'arena' | 'story';
  /** The arena or the story. */
  readonly scenario: string;
  /** What the attacker plays there; `null` when nobody attacks. */
  readonly attacker: string | null;
  /** What it takes, as a number: 0 nobody, 1 faults or a careless client, more by attacker (`strengthOf`). */
  readonly strength: number;
  /** Choices on the way there: in an arena a shortest one, in a story all of it. */
  readonly steps: number;
  readonly at: PlayerId | null;
  /** The line that replays it. */
  readonly line: string;
};
export type Row = {
  /** Clauses that are off together: one, or a pair that mask each other. */
  readonly clauses: readonly ClauseId[];
  readonly who: Who;
  /** By guarantee: what the weakest attacker needs the fewest steps for. */
  readonly missed: readonly Missed[];
  /** Arenas in which somebody spoke of these clauses, and worlds seen there with them off. */
  readonly arenas: number;
  readonly worlds: number;
  /** Of those arenas the ones whose worlds were not all seen. */
  readonly unsettled: readonly string[];
};

/** Clauses that no device in an arena can speak of, as none implements a text that says them. */
export const silentIn = ({ scenario, turns }: Arena): ReadonlySet<ClauseId> => {
  const { everyone, byDevice } = turned(scenario.settings, turns);
  const silences = [everyone, ...Object.values(byDevice)].map(({ implements: texts }) => {
    const { absent, foreign } = notIn(texts);
    return new Set([...absent, ...foreign]);
  });
  return new Set([...(silences[0] ?? [])].filter((clause) => silences.every((one) => one.has(clause))));
};

/** Clauses that can be switched off in these arenas: those of the charts in their order, then those that only guarantees know. */
export const switchableIn = (arenas: Arenas): readonly ClauseId[] => {
  const silences = [...arenas.values()].map(silentIn);
  return [...new Set([...implementedClauses.map(({ clause }) => clause), ...Object.keys(elsewhere)])].filter((clause) =>
    silences.some((silent) => !silent.has(clause)),
  );
};

/** A search with some clauses off, to be made. Plain data: it can be handed to another thread. */
export type Task = {
  readonly arena: string;
  readonly clauses: readonly ClauseId[];
  readonly who: Who;
  /** The guarantees to watch. */
  readonly guarantees: readonly GuaranteeId[];
};
type Finding = Pick<Missed, 'guarantee' | 'at' | 'steps' | 'line'> & { readonly verdict: Verdict };
/** What came of it. Plain data as well. */
export type Outcome = Task & {
  readonly worlds: number;
  readonly settled: boolean;
  readonly found: readonly Finding[];
  /**
   * `alice.phone 4385-push-encrypted`: whose clause refused or did something, be it off or not, and of whose a guarantee asked.
   * All others make no difference: a guard that refuses nothing, a duty that never comes up, a text that is not implemented.
   */
  readonly spoke: ReadonlySet<string>;
  /** Clauses in force that refused or did something in a step in which one that was off would have: whoever could mask it. */
  readonly beside: ReadonlySet<ClauseId>;
};

/** `4385-push-encrypted` of `alice.phone 4385-push-encrypted`. */
const clauseIn = (one: string): ClauseId => one.slice(one.indexOf(' ') + 1);
/** Whose clause spoke. */
export const speakersOf = ({ spoke }: Pick<Outcome, 'spoke'>, clause: ClauseId): readonly PlayerId[] =>
  [...spoke].flatMap((one) => (clauseIn(one) === clause ? [one.slice(0, one.indexOf(' '))] : []));
/** Every clause that spoke, by whomever. */
export const spokenIn = ({ spoke }: Pick<Outcome, 'spoke'>): ReadonlySet<ClauseId> => new Set([...spoke].map(clauseIn));

export const turnsOf = (clauses: readonly ClauseId[], who: Who): readonly Turn[] =>
  clauses.map((clause) => (who === 'everyone' ? { turn: 'off', clause } : { turn: 'off', clause, for: who }));

/** Searches an arena. */
export const tryOut = (suite: Suite, arenas: Arenas, task: Task): Outcome => {
  const { clauses, who, guarantees } = task;
  const { scenario, turns } = knownArena(arenas, task.arena);
  const spoke = new Set<string>();
  const beside = new Set<ClauseId>();
  const onStep = ({ moments }: Step): void => {
    const heard = moments.flatMap((moment) => (moment.kind === 'clause' && moment.says !== 'permits' ? [moment] : []));
    const isUnmasked = heard.some(({ off, clause }) => off && clauses.includes(clause));
    for (const { player, clause, off } of heard) {
      spoke.add(`${player} ${clause}`);
      if (isUnmasked && !off) beside.add(clause);
    }
  };
  const onAsk = (player: PlayerId, clause: ClauseId): void => {
    spoke.add(`${player} ${clause}`);
  };
  const { found, worlds, limit }: Exploration = explore(scenario, {
    suite,
    turns: [...turns, ...turnsOf(clauses, who)],
    guarantees,
    onStep,
    onAsk,
  });
  return {
    ...task,
    worlds,
    settled: limit === null,
    found: found.flatMap(({ guarantee, verdict, at, trace }) =>
      verdict === 'holds'
        ? []
        : [
            {
              guarantee,
              verdict,
              at,
              steps: trace?.choices.length ?? 0,
              line: trace === null ? '' : formatTrace(trace),
            },
          ],
    ),
    spoke,
    beside,
  };
};

/** The search of an arena with every clause in force. */
export const asItIs = ({ id, guarantees }: Arena): Task => ({
  arena: id,
  clauses: [],
  who: 'everyone',
  guarantees,
});

/** How bad a verdict is: 0 nothing breaks, as far as anybody has found, 1 it breaks as the text accepts, 2 it breaks. */
export const severity: Readonly<Record<Verdict, number>> = {
  holds: 0,
  happens: 0,
  unsettled: 0,
  accepted: 1,
  breaks: 2,
  never: 2,
};
/** How badly a guarantee stands: 0 holds, or nobody has found otherwise, 1 breaks as the text accepts, 2 breaks. */
export const standing = ({ found }: Pick<Outcome, 'found'>, guarantee: GuaranteeId): number =>
  severity[found.find((one) => one.guarantee === guarantee)?.verdict ?? 'holds'];

/** The people's devices among players, also those that are logged in later. */
const honest = ({ scenario: { cast } }: Arena, players: readonly PlayerId[]): readonly PlayerId[] =>
  players.filter((player) => cast.users.some(({ name }) => player.startsWith(`${name}.`)));

/** What is left to break in an arena. */
const unbroken = ({ guarantees }: Arena, before: readonly Outcome[]): readonly GuaranteeId[] =>
  guarantees.filter((guarantee) => before.every((outcome) => standing(outcome, guarantee) < 2));

/** The search with a clause off for everyone; `null` where that can make no difference. */
export const taskFor = (arena: Arena, before: Outcome, clause: ClauseId): Task | null => {
  const guarantees = unbroken(arena, [before]);
  return guarantees.length === 0 || speakersOf(before, clause).length === 0
    ? null
    : { arena: before.arena, clauses: [clause], who: 'everyone', guarantees };
};

/** The same outcome for one device, where no other had anything to do with it. */
const forOnly = (outcome: Outcome, who: PlayerId): Outcome => ({
  ...outcome,
  who,
  found: outcome.found.map((one) => ({
    ...one,
    line: outcome.clauses.reduce((line, clause) => line.replace(`off=${clause}&`, `off=${clause}:${who}&`), one.line),
  })),
});

const formats = new Set(implementedClauses.flatMap(({ clause, kind }) => (kind === 'format' ? [clause] : [])));

/**
 * A clause off for everyone, then for each device that has it, where something breaks or the clause is a format: names and shapes
 * that all leave out alike are missed by nobody, and one that leaves them out is not understood. Where one device alone ever spoke of
 * it, before and after, the one is the other, and is not searched again.
 */
export const tryClause = (
  suite: Suite,
  arenas: Arenas,
  before: Pick<Outcome, 'spoke'>,
  task: Task,
): readonly Outcome[] => {
  const all = tryOut(suite, arenas, task);
  const [clause = ''] = task.clauses;
  const speakers = new Set([...speakersOf(before, clause), ...speakersOf(all, clause)]);
  if (all.found.length === 0 && !formats.has(clause)) return [all];
  const each = honest(knownArena(arenas, task.arena), speakersOf(before, clause)).map((who) =>
    speakers.size === 1 ? forOnly(all, who) : tryOut(suite, arenas, { ...task, who }),
  );
  return [all, ...each];
};

/** What a search found that is worse than it was. */
const missedIn = (arenas: Arenas, outcome: Outcome, before: readonly Outcome[]): readonly Missed[] => {
  const { id, scenario } = knownArena(arenas, outcome.arena);
  return outcome.found.flatMap(({ guarantee, verdict, at, steps, line }) => {
    const worst = Math.max(0, ...before.map((one) => standing(one, guarantee)));
    if ((verdict !== 'breaks' && verdict !== 'accepted') || severity[verdict] <= worst) return [];
    const attacker = strongestIn(scenario);
    const strength = strengthOf(scenario);
    return [{ guarantee, verdict, by: 'arena', scenario: id, attacker, strength, steps, at, line }];
  });
};

/** A break before what is accepted, then the weakest attacker, then the fewest steps; otherwise as they come. */
export const isTelling = (one: Missed, other: Missed): number =>
  severity[other.verdict] - severity[one.verdict] || one.strength - other.strength || one.steps - other.steps;

/** A row from all searches with these clauses off for whom. @param beforeOf what there was to compare with in an arena */
export const rowOf = (
  arenas: Arenas,
  clauses: readonly ClauseId[],
  who: Who,
  outcomes: readonly Outcome[],
  beforeOf: (arena: string) => readonly Outcome[],
): Row => {
  const all = outcomes.flatMap((outcome) => missedIn(arenas, outcome, beforeOf(outcome.arena)));
  const names = [...new Set([...arenas.values()].flatMap(({ guarantees }) => guarantees))];
  return {
    clauses,
    who,
    missed: names.flatMap((name) =>
      all
        .filter(({ guarantee }) => guarantee === name)
        .toSorted(isTelling)
        .slice(0, 1),
    ),
    arenas: outcomes.length,
    worlds: outcomes.reduce((sum, { worlds }) => sum + worlds, 0),
    unsettled: outcomes.flatMap(({ settled, arena }) => (settled ? [] : [arena])),
  };
};

/** What is left to break with two clauses off in an arena; `null` where one makes no difference while the other is off. */
export const taskForPair = (
  arena: Arena,
  before: Outcome,
  pair: readonly [ClauseId, ClauseId],
  alone: (clause: ClauseId) => Outcome | undefined,
): Task | null => {
  // An arena that was not searched with a clause off is as it was with every clause in force.
  const [first, second] = [alone(pair[0]) ?? before, alone(pair[1]) ?? before];
  const guarantees = unbroken(arena, [before, first, second]);
  return guarantees.length === 0 || speakersOf(second, pair[0]).length === 0 || speakersOf(first, pair[1]).length === 0
    ? null
    : { arena: before.arena, clauses: pair, who: 'everyone', guarantees };
};
