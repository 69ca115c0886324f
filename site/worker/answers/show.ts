/** A run by its choices, with real bytes: as a bench shows it. What terms broke breaks here too, or it is not shown as broken. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Scenario, Trace, Verdict } from '../../../sim/engine/types.ts';
import { replay } from '../../../sim/runs/run.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { formatTrace } from '../../../sim/runs/trace.ts';
import { type BenchViews, benchViews } from '../../views/bench.ts';

export type ShowAsked = {
  readonly scenario: Scenario;
  readonly turns: Trace['turns'];
  /** Ids, as `Trace` has them. */
  readonly choices: readonly string[];
  readonly guarantee: GuaranteeId;
};
export type ShowAnswered = {
  readonly verdict: Verdict;
  /** `npx hearsay replay '…'` runs it. */
  readonly line: string;
  readonly views: BenchViews;
};

/** Throws where a choice is not offered: then the scenario is not what was played. */
export const show = ({ scenario, turns, choices, guarantee }: ShowAsked): ShowAnswered => {
  const run = replay(scenario, { scenario: scenario.id, turns, seed: '1', choices }, 'real');
  return {
    verdict: run.judgements.find((one) => one.guarantee === guarantee)?.verdict ?? 'unsettled',
    line: formatTrace(run.trace),
    views: benchViews(inQuestion(run), null, null),
  };
};
