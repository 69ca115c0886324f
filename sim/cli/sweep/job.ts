/** What a job of a sweep comes to. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import type { PlayerId, Verdict } from '../../engine/types.ts';
import { runStory, wander } from '../../runs/run.ts';
import { formatTrace } from '../../runs/trace.ts';
import { load } from '../library.ts';
import { faultLines } from '../outcome.ts';
import { Mistake } from '../terminal.ts';
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

/** How it went. `failed`: why it cannot be done, here or anywhere. */
export type Came = { readonly done: Done } | { readonly failed: string };

const does = ({ name, path, turns, seed, way }: Job): Done => {
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

/** Does it. What cannot be done is set aside by whoever asked: a file that is no scenario any more, a fault of the house. */
export const doJob = (job: Job): Came => {
  try {
    return { done: does(job) };
  } catch (error) {
    return { failed: error instanceof Mistake ? error.message : faultLines(error).join('\n') };
  }
};
