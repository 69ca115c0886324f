/** A scenario with settings turned, played with bytes: its verdicts, and what a page shows of it at once. What is seen later is asked for later. */
import type { Judgement, Run, Scenario, Turn } from '../../../sim/engine/types.ts';
import { guaranteeWords } from '../../../sim/runs/figures/words.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import { inQuotes } from '../../../sim/runs/telling/speech.ts';
import { formatTrace } from '../../../sim/runs/trace.ts';
import { badgeOf } from '../../badges.ts';
import { seenView } from '../../views/diagram.ts';
import { sightView } from '../../views/sight.ts';
import type { Element } from '../../views/view.ts';
import { played, type Refused } from '../played.ts';

export type RunAsked = {
  readonly scenario: Scenario;
  /** As a line of a trace has them. */
  readonly turns: readonly Turn[];
  /** In which form its picture is seen; `null`: nobody looks at one. */
  readonly form: 'wide' | 'narrow' | null;
};
export type RunAnswered =
  | Refused
  | {
      readonly is: 'run';
      /** The line that replays it. */
      readonly line: string;
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
      /** What stands in `.sight`, held against the run as written alone. */
      readonly sight: Element;
      /** The picture with its ticks, `.stage`. */
      readonly picture: Element | null;
    };

const changesOf = (written: Run, turned: Run): readonly string[] =>
  turned.judgements.flatMap(({ guarantee, verdict }) =>
    written.judgements.find((one) => one.guarantee === guarantee)?.verdict === verdict
      ? []
      : [`${inQuotes(guaranteeWords(guarantee))} ${badgeOf(verdict)[1]}`],
  );

export const run = async ({ scenario, turns, form }: RunAsked): Promise<RunAnswered> => {
  const made = await played(scenario, turns);
  if (made.is === 'refused') return made;
  const own = inQuestion(made.run);
  const asWritten = await played(scenario, []);
  const written = asWritten.is === 'run' ? inQuestion(asWritten.run) : own;
  return {
    is: 'run',
    line: formatTrace(own.trace),
    steps: own.steps.length,
    judgements: own.judgements,
    turned: turns.map(turnWords),
    guarantees: own.judgements.map(({ guarantee }) => guaranteeWords(guarantee)),
    changes: changesOf(written, own),
    sight: sightView(own, turns.length === 0 || asWritten.is === 'refused' ? [] : [written]),
    picture: form === null ? null : seenView(own, form, { prefix: 'd' }),
  };
};
