/** What a job of a sweep comes to. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { PlayerId, Verdict } from '../../engine/types.ts';
import { runStory, wander } from '../../runs/run.ts';
import { formatTrace } from '../../runs/trace.ts';
import { load } from '../library.ts';
import { realSuite } from '../suite.ts';
import type { Job } from './plan.ts';

/** The verdicts of one run, and the line that replays it. The same on every machine. */
export type Done = {
  readonly name: string;
  readonly replay: string;
  readonly verdicts: readonly {
    readonly guarantee: GuaranteeId;
    readonly verdict: Verdict;
    readonly at: PlayerId | null;
  }[];
};

/** Does it. Throws only where the house itself fails, or the file is no scenario any more. */
export const doJob = ({ name, path, turns, seed, way }: Job): Done => {
  const { scenario } = load(path);
  // A maker of its own for each run: what it made is kept as long as the maker is.
  const options = { turns, seed, suite: (own: string) => realSuite(own) };
  const run =
    way.is === 'story' ? runStory(scenario, options) : wander(scenario, { ...options, stepsMax: way.stepsMax });
  return {
    name,
    replay: formatTrace(run.trace),
    verdicts: run.judgements.map(({ guarantee, verdict, at }) => ({ guarantee, verdict, at })),
  };
};
