/** A scenario with settings turned, played with bytes: what the command line prints of the same run. */
import type { Judgement, Scenario, Turn } from '../../../sim/engine/types.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { formatTrace } from '../../../sim/runs/trace.ts';
import { transcript } from '../../../sim/runs/transcript.ts';
import { played } from '../played.ts';

export type RunAsked = {
  readonly scenario: Scenario;
  /** As a line of a trace has them. */
  readonly turns: readonly Turn[];
};
export type RunAnswered = {
  /** The line that replays it. */
  readonly line: string;
  /** As `npx hearsay replay` prints it. */
  readonly transcript: string;
  /** Of the guarantees in question, as everywhere on the page of a scenario. */
  readonly judgements: readonly Judgement[];
};

export const run = ({ scenario, turns }: RunAsked): RunAnswered => {
  const made = played(scenario, turns);
  return {
    line: formatTrace(made.trace),
    transcript: transcript(made),
    judgements: inQuestion(made).judgements,
  };
};
