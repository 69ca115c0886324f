/** Which clause decides: what the runs of one scenario, held beside each other, show of it, and no more. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Reading } from '../../../machines/registration.ts';
import type {
  ClauseId,
  FaultTurn,
  Judgement,
  Moment,
  OptionValue,
  PlayerId,
  Run,
  Step,
  Turn,
} from '../../engine/types.ts';
import { subjectOf } from '../../scenario/written.ts';
import { type InForce, isTelling, outcomeOf } from '../figures/outcomes.ts';

/** A setting by which another run of the scenario differs from this one. `now`: as it is in this run. */
export type Difference =
  /** `at`: for which device alone. */
  | { readonly is: 'clause'; readonly clause: ClauseId; readonly at: PlayerId | null; readonly now: 'in force' | 'off' }
  | { readonly is: 'reading'; readonly question: string; readonly now: Reading; readonly there: Reading }
  | {
      readonly is: 'text';
      readonly proposal: string;
      readonly revision: string;
      readonly now: 'chosen' | 'as written';
    }
  | {
      readonly is: 'option';
      readonly option: string;
      readonly value: OptionValue;
      readonly now: 'chosen' | 'as written';
    }
  | { readonly is: 'fault'; readonly fault: FaultTurn; readonly now: 'chosen' | 'as written' };

/** What clauses did in a step (index). */
export type Spoken = { readonly step: number; readonly clauses: readonly ClauseId[]; readonly outcome: InForce };

export type StoppedBy =
  /** Here it holds, and in a run that differs in this alone it breaks. `spoke`: what one of these clauses did here. */
  | {
      readonly is: 'holds by';
      readonly by: readonly Difference[];
      readonly breaks: readonly GuaranteeId[];
      readonly spoke: Spoken | null;
      /** Further settings that break something, by what they break; none that has all of `by` in it. */
      readonly others: { readonly count: number; readonly breaks: readonly GuaranteeId[] };
    }
  /** Here it breaks, and in a run that differs in this alone it holds, though others may break there. */
  | {
      readonly is: 'mended by';
      readonly by: readonly Difference[];
      readonly holds: readonly GuaranteeId[];
      readonly breaks: readonly GuaranteeId[];
      /** What breaks here and there. */
      readonly still: readonly GuaranteeId[];
    }
  /** Here it breaks; clauses that are off here would have spoken against it. */
  | { readonly is: 'off here'; readonly clauses: readonly ClauseId[] }
  /** No two runs tell it, but a clause threw something away here. */
  | { readonly is: 'spoke'; readonly spoke: Spoken }
  /** The run breaks, and no other one mends it; `runs`: how many there are, `null` where one does that differs in more than can be told. `accepted`: the clause whose text owns that, where nothing else breaks. */
  | { readonly is: 'none'; readonly accepted: ClauseId | null; readonly runs: number | null }
  /** It holds, and no clause is seen to decide; `runs`: in how many, `null` where another breaks that differs in more than can be told. */
  | { readonly is: 'not seen'; readonly runs: number | null };

const isBroken = ({ verdict }: Judgement): boolean => verdict === 'breaks' || verdict === 'accepted';
export const brokenIn = (judgements: readonly Judgement[]): readonly Judgement[] => judgements.filter(isBroken);
const brokenIds = (judgements: readonly Judgement[]): ReadonlySet<GuaranteeId> =>
  new Set(brokenIn(judgements).map(({ guarantee }) => guarantee));

const differenceOf = (turn: Turn, isMine: boolean): Difference => {
  switch (turn.turn) {
    case 'off':
      return { is: 'clause', clause: turn.clause, at: turn.for ?? null, now: isMine ? 'off' : 'in force' };
    case 'reading': {
      const opposite: Reading = turn.reading === 'A' ? 'B' : 'A';
      const [now, there]: readonly [Reading, Reading] = isMine ? [turn.reading, opposite] : [opposite, turn.reading];
      return { is: 'reading', question: turn.question, now, there };
    }
    case 'revision':
      return { is: 'text', proposal: turn.proposal, revision: turn.revision, now: isMine ? 'chosen' : 'as written' };
    case 'option':
      return { is: 'option', option: turn.option, value: turn.value, now: isMine ? 'chosen' : 'as written' };
    case 'spared':
    case 'struck':
    case 'dealt':
      return { is: 'fault', fault: turn, now: isMine ? 'chosen' : 'as written' };
  }
};

/** What is otherwise in `other` than `here`, each setting once. */
export const differences = (here: Run, other: Run): readonly Difference[] => {
  const [mine, theirs] = [here.trace.turns, other.trace.turns];
  const has = (list: readonly Turn[], turn: Turn): boolean =>
    list.some((one) => JSON.stringify(one) === JSON.stringify(turn));
  const differing = [...mine.filter((turn) => !has(theirs, turn)), ...theirs.filter((turn) => !has(mine, turn))];
  return differing
    .filter((turn, nth) => differing.findIndex((one) => subjectOf(one) === subjectOf(turn)) === nth)
    .map((turn) => differenceOf(turn, has(mine, turn)));
};

type Clause = Extract<Moment, { kind: 'clause' }>;
/** What a clause did, where it was in force and did not merely let pass what it was asked about. */
const spokenIn = (
  run: Run,
  step: Step,
  moment: Moment,
): { readonly clause: ClauseId; readonly outcome: InForce } | null => {
  if (moment.kind !== 'clause' || !isRefusal(moment)) return null;
  const outcome = outcomeOf(run, step, moment);
  return outcome.is === 'off' || !isTelling(outcome) ? null : { clause: moment.clause, outcome };
};
const isRefusal = ({ says, off }: Clause): boolean => says === 'refuses' && !off;

/** The first step (index) in which one of these clauses did not let something pass, and what it did. */
const spokeAt = (run: Run, isMeant: (clause: ClauseId, outcome: InForce) => boolean): Spoken | null => {
  for (const [nth, step] of run.steps.entries()) {
    const said = step.moments
      .flatMap((moment) => spokenIn(run, step, moment) ?? [])
      .filter(({ clause, outcome }) => isMeant(clause, outcome));
    const [first] = said;
    if (first !== undefined)
      return { step: nth, outcome: first.outcome, clauses: [...new Set(said.map(({ clause }) => clause))] };
  }
  return null;
};

/** The clause that accepts all that broke. */
const acceptedIn = ({ judgements }: Run): ClauseId | null => {
  const broken = brokenIn(judgements);
  return broken.every(({ verdict }) => verdict === 'accepted') ? (broken[0]?.acceptedBy ?? null) : null;
};

/** A clause that is off for one device here and for another there: such runs say nothing of the clause. */
const isOnAndOff = (by: readonly Difference[]): boolean => new Set(clausesIn(by)).size < clausesIn(by).length;

const clausesIn = (by: readonly Difference[]): readonly ClauseId[] =>
  by.flatMap((one) => (one.is === 'clause' ? [one.clause] : []));

export const stoppedIn = (here: Run, others: readonly Run[]): StoppedBy => {
  const broken = brokenIds(here.judgements);
  const compared = others
    .map((other) => ({ other, by: differences(here, other), theirs: brokenIds(other.judgements) }))
    .filter(({ by }) => by.length > 0 && !isOnAndOff(by));
  const isAlike = others.every((other) => (brokenIds(other.judgements).size === 0) === (broken.size === 0));
  const runs = isAlike ? others.length + 1 : null;
  if (broken.size === 0) {
    const worse = compared
      .filter(({ theirs }) => theirs.size > 0)
      .map(({ by, theirs }) => ({
        by,
        breaks: [...theirs],
        spoke: spokeAt(here, (clause) => clausesIn(by).includes(clause)),
      }))
      // What is seen to speak here, and alone, says most.
      .toSorted((one, two) => Number(two.spoke !== null) - Number(one.spoke !== null) || one.by.length - two.by.length);
    const [first, ...rest] = worse;
    if (first !== undefined) {
      const has = (by: readonly Difference[], one: Difference): boolean =>
        by.some((other) => JSON.stringify(other) === JSON.stringify(one));
      const others = rest.filter(({ by }) => !first.by.every((one) => has(by, one)));
      const breaks = [...new Set(others.flatMap((one) => one.breaks))];
      return { is: 'holds by', ...first, others: { count: others.length, breaks } };
    }
    // Where nobody attacks what is thrown away decides nothing that anybody asks about.
    const isAttacked = here.players.some(({ kind }) => kind === 'attacker');
    const spoke = isAttacked ? spokeAt(here, (_, outcome) => outcome.is === 'thrown away') : null;
    return spoke === null ? { is: 'not seen', runs } : { is: 'spoke', spoke };
  }
  const better = compared
    .map(({ by, theirs }) => ({
      by,
      holds: [...broken].filter((id) => !theirs.has(id)),
      breaks: [...theirs].filter((id) => !broken.has(id)),
      still: [...broken].filter((id) => theirs.has(id)),
    }))
    .filter(({ holds }) => holds.length > 0)
    .toSorted(
      (one, two) =>
        two.holds.length - one.holds.length || one.breaks.length - two.breaks.length || one.by.length - two.by.length,
    );
  const [first] = better;
  if (first !== undefined) return { is: 'mended by', ...first };
  const missed = [...new Set(brokenIn(here.judgements).flatMap((one) => one.missed))];
  return missed.length > 0 ? { is: 'off here', clauses: missed } : { is: 'none', accepted: acceptedIn(here), runs };
};
