/** A scenario with settings turned, played with bytes: its verdicts, and what a page shows of it at once. What is seen later is asked for later. */
import type { Judgement, Run, Scenario, Turn } from '../../../sim/engine/types.ts';
import { guaranteeWords } from '../../../sim/runs/figures/words.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { turnWords } from '../../../sim/runs/telling/setting-words.ts';
import { formatTrace } from '../../../sim/runs/trace.ts';
import { type Fared, faredWords } from '../../play/came-words.ts';
import { seenView } from '../../views/diagram.ts';
import { sightView } from '../../views/sight.ts';
import type { Element } from '../../views/view.ts';
import { played, playedInFull, type Refused } from '../played.ts';

export type RunAsked = {
  readonly scenario: Scenario;
  /** As a line of a trace has them. */
  readonly turns: readonly Turn[];
  /** In which form its picture is seen; `null`: nobody looks at one. */
  readonly form: 'wide' | 'narrow' | null;
  /** Whether those guarantees are judged as well that the scenario does not ask about. */
  readonly inFull?: boolean;
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
      /** Where all are judged: of the guarantees that are not in question, those that fare otherwise than in the run as written. */
      readonly besides: readonly Fared[];
      /** What stands in `.sight`, held against the run as written alone. */
      readonly sight: Element;
      /** The picture with its ticks, `.stage`. */
      readonly picture: Element | null;
    };

type Judged = Pick<Run, 'judgements'>;
const faredIn = (written: Judged, turned: Judged): readonly Fared[] =>
  turned.judgements.flatMap(({ guarantee, verdict }) =>
    written.judgements.find((one) => one.guarantee === guarantee)?.verdict === verdict
      ? []
      : [{ name: guaranteeWords(guarantee), verdict }],
  );
const exceptIn = ({ judgements }: Judged, own: Judged): Judged => ({
  judgements: judgements.filter(({ guarantee }) => own.judgements.every((one) => one.guarantee !== guarantee)),
});

export const run = async ({ scenario, turns, form, inFull = false }: RunAsked): Promise<RunAnswered> => {
  const playing = inFull ? playedInFull : played;
  const made = await playing(scenario, turns);
  if (made.is === 'refused') return made;
  const own = inQuestion(made.run);
  const asWritten = await playing(scenario, []);
  const whole = asWritten.is === 'run' ? asWritten.run : made.run;
  const written = inQuestion(whole);
  return {
    is: 'run',
    line: formatTrace(own.trace),
    steps: own.steps.length,
    judgements: own.judgements,
    turned: turns.map(turnWords),
    guarantees: own.judgements.map(({ guarantee }) => guaranteeWords(guarantee)),
    changes: faredIn(written, own).map(faredWords),
    besides: faredIn(whole, exceptIn(made.run, own)),
    sight: sightView(own, turns.length === 0 || asWritten.is === 'refused' ? [] : [written]),
    picture: form === null ? null : seenView(own, form, { prefix: 'd' }),
  };
};
