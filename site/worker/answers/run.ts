/** A scenario with settings turned, played with bytes: what the command line prints of the same run, and how its page shows it. */
import type { Judgement, Run, Scenario, Turn } from '../../../sim/engine/types.ts';
import { guaranteeWords } from '../../../sim/runs/figures/words.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import { inQuotes } from '../../../sim/runs/telling/speech.ts';
import { formatTrace } from '../../../sim/runs/trace.ts';
import { transcript } from '../../../sim/runs/transcript.ts';
import { badgeOf } from '../../badges.ts';
import { type BenchViews, benchViews } from '../../views/bench.ts';
import { forkView } from '../../views/fork.ts';
import type { Element } from '../../views/view.ts';
import { played, type Refused } from '../played.ts';

export type RunAsked = {
  readonly scenario: Scenario;
  /** As a line of a trace has them. */
  readonly turns: readonly Turn[];
};
export type RunAnswered =
  | Refused
  | {
      readonly is: 'run';
      /** The line that replays it. */
      readonly line: string;
      /** As `npx hearsay replay` prints it. */
      readonly transcript: string;
      /** How many steps it has. */
      readonly steps: number;
      /** Of the guarantees in question, as everywhere on the page of a scenario. */
      readonly judgements: readonly Judgement[];
      /** What is turned, in words, one after the other. */
      readonly turned: readonly string[];
      /** What guarantees are called, in the order of `judgements`. */
      readonly guarantees: readonly string[];
      /** Of those that fare otherwise than in the run as written, how: `“Secrets are genuine” breaks`. */
      readonly changes: readonly string[];
      readonly views: BenchViews;
      /** Where it parts from the run as written; nothing where that is what it is. */
      readonly fork: readonly Element[];
    };

/** What a run is held against: the run as written, and those in which one of several settings is turned back. */
const besides = (scenario: Scenario, turns: readonly Turn[]): readonly Run[] => {
  const others = [
    ...(turns.length === 0 ? [] : [[]]),
    ...(turns.length < 2 ? [] : turns.map((one) => turns.filter((other) => other !== one))),
  ];
  return others
    .map((other) => played(scenario, other))
    .flatMap((made) => (made.is === 'run' ? [inQuestion(made.run)] : []));
};

const changesOf = (written: Run, turned: Run): readonly string[] =>
  turned.judgements.flatMap(({ guarantee, verdict }) =>
    written.judgements.find((one) => one.guarantee === guarantee)?.verdict === verdict
      ? []
      : [`${inQuotes(guaranteeWords(guarantee))} ${badgeOf(verdict)[1]}`],
  );

export const run = ({ scenario, turns }: RunAsked): RunAnswered => {
  const made = played(scenario, turns);
  if (made.is === 'refused') return made;
  const own = inQuestion(made.run);
  const [written, ...others] = besides(scenario, turns);
  return {
    is: 'run',
    line: formatTrace(own.trace),
    transcript: transcript(made.run),
    steps: own.steps.length,
    judgements: own.judgements,
    turned: turns.map(turnWords),
    guarantees: own.judgements.map(({ guarantee }) => guaranteeWords(guarantee)),
    changes: changesOf(written ?? own, own),
    views: benchViews(own, written === undefined ? [] : [written, ...others], null),
    fork: written === undefined ? [] : forkView(written, own, 'beside', 'h3'),
  };
};
