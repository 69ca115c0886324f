/** What the runs say of sabotage, defence and bets. */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { ClauseId, Judgement, PlayerId, Run, Scenario, Turn } from '../../sim/engine/types.ts';
import { type End, endOf, explore } from '../../sim/explorer/explore.ts';
import { replay, runStory } from '../../sim/runs/run.ts';
import { inQuestion } from '../../sim/runs/telling/first-screen.ts';
import { formatTrace } from '../../sim/runs/trace.ts';
import { isBroken } from '../badges.ts';
import { toldIn } from './gains.ts';
import { idleIn } from './pars.ts';
import { after, openIn, opening, tableOf } from './position.ts';
import type { Bet, Defence, Sabotage } from './puzzles.ts';

const off = (clause: ClauseId): Turn => ({ turn: 'off', clause });

/** A clause that is forgotten, and the run without it, judged in full. */
export type Forgotten = {
  readonly clause: ClauseId;
  readonly run: Run;
  /** What becomes of the guarantees that the story asks about. */
  readonly asked: readonly Judgement[];
  /** Those of them that break. */
  readonly broken: readonly Judgement[];
  /** Those that it does not ask about, and that do not hold. */
  readonly besides: readonly Judgement[];
};

/** The story with each of the clauses forgotten, on real bytes. */
export const forgotten = ({ clauses }: Sabotage, scenario: Scenario): readonly Forgotten[] =>
  clauses.map((clause) => {
    const run = runStory(scenario, { turns: [off(clause)] });
    const asked = inQuestion(run).judgements;
    const besides = run.judgements.filter(
      (one) => (isBroken(one) || one.verdict === 'accepted') && !asked.includes(one),
    );
    return { clause, run, asked, broken: asked.filter(isBroken), besides };
  });

/** An attack that is left: a shortest one. */
export type Attack = {
  readonly guarantee: GuaranteeId;
  readonly at: PlayerId | null;
  readonly why: string;
  /** What was done, as sentences. */
  readonly way: readonly string[];
  /** The line that replays it. */
  readonly line: string;
};
/** A break that the text concedes, and by which clause. */
export type Conceded = { readonly guarantee: GuaranteeId; readonly by: ClauseId };
/** What a search came to with some of the clauses on. */
export type Stand = {
  readonly on: readonly ClauseId[];
  readonly worlds: number;
  readonly end: Exclude<End, 'cut short'>;
  /** `null` where every world was seen, and none breaks in a way that the text does not concede. */
  readonly attack: Attack | null;
  /** What breaks all the same, where there is no attack, and for which guarantees nothing was at stake. */
  readonly conceded: readonly Conceded[];
  readonly idle: readonly GuaranteeId[];
};
export type Stands = readonly Stand[];

const sentencesOf = (
  scenario: Scenario,
  turns: readonly Turn[],
  guarantees: readonly GuaranteeId[],
  ids: readonly string[],
): readonly string[] => {
  const table = tableOf({ scenario, turns, guarantees });
  let position = opening(table);
  for (const id of ids.slice(position.steps.length)) {
    const choice = openIn(table, position).find((one) => one.id === id);
    if (choice === undefined) throw new Error(`${scenario.id}: "${id}" is not open`);
    position = after(table, position, choice);
  }
  return toldIn(table, position).map(({ words }) => words);
};

/** Searches an arena with these clauses on and the others of the defence off. Throws where a bound cut the search short. */
export const standOf = ({ clauses, guarantees }: Defence, scenario: Scenario, on: readonly ClauseId[]): Stand => {
  const turns = clauses.filter((clause) => !on.includes(clause)).map(off);
  const searched = explore(scenario, { suite: makeSymbolicSuite('1'), turns, guarantees });
  const { found, worlds, limit } = searched;
  const end = endOf(searched);
  if (end === 'cut short') throw new Error(`${scenario.id}: the search was cut short (${limit}), so nothing is known`);
  const broken = found
    .flatMap((one) => (one.verdict === 'breaks' && one.trace !== null ? [{ ...one, trace: one.trace }] : []))
    .toSorted((one, other) => one.trace.choices.length - other.trace.choices.length)[0];
  if (broken === undefined) {
    const conceded = found.flatMap(({ verdict, guarantee, acceptedBy }) =>
      verdict === 'accepted' && acceptedBy !== null ? [{ guarantee, by: acceptedBy }] : [],
    );
    return { on, worlds, end, attack: null, conceded, idle: idleIn(found) };
  }
  const { guarantee, at, trace } = broken;
  const real = replay(scenario, trace).judgements.find((one) => one.guarantee === guarantee);
  if (real?.verdict !== 'breaks')
    throw new Error(`${scenario.id}: ${guarantee} breaks with terms and not with real bytes`);
  const way = sentencesOf(scenario, turns, guarantees, trace.choices);
  const attack = { guarantee, at, why: real.why ?? '', way, line: formatTrace(trace) };
  return { on, worlds, end, attack, conceded: [], idle: [] };
};

/** The smallest sets that leave no attack but what the text concedes. */
export const leastOf = (stands: Stands): readonly (readonly ClauseId[])[] => {
  const safe = stands.filter(({ attack }) => attack === null).map(({ on }) => on);
  const fewest = Math.min(...safe.map(({ length }) => length));
  return safe.filter(({ length }) => length === fewest);
};

/** What is bet on: the run, and for each lane whether it breaks, and the steps (counted from 1) that count as right. */
export type Lane = { readonly judgement: Judgement; readonly steps: readonly number[] };
export const lanesOf = ({ turns }: Bet, scenario: Scenario): { readonly run: Run; readonly lanes: readonly Lane[] } => {
  const run = inQuestion(runStory(scenario, { turns }));
  const lanes = run.judgements.map((judgement): Lane => {
    const { cause, certain } = judgement;
    const steps = isBroken(judgement) && cause !== null && certain !== null ? [cause + 1, certain + 1] : [];
    return { judgement, steps: [...new Set(steps)] };
  });
  return { run, lanes };
};
