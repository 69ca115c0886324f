/** A story of the library run in the worker with what a player chose: what comes of it, and where the whole run is. */
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { replayCommand } from '../../sim/runs/replay-command.ts';
import { writeAddress } from '../address.ts';
import { isBroken } from '../badges.ts';
import { el } from '../views/view.ts';
import type { RunAnswered } from '../worker/answers/run.ts';
import { ask } from './asking.ts';
import { nodeOf } from './dom.ts';
import { make } from './elements.ts';
import { lettersAt } from './folds.ts';

export type Ran = Extract<RunAnswered, { readonly is: 'run' }>;

/** The scenario whose file is at that address. Rejects with why in a sentence without a full stop. */
export const scenarioAt = async (address: string): Promise<Scenario> => {
  const file = await lettersAt(address);
  if (typeof file === 'string') throw new Error(`the story could not be fetched: ${file}`);
  return file.scenario;
};

/** What breaks in it, by the names of the guarantees. */
export const brokenIn = ({ judgements, guarantees }: Ran): readonly string[] =>
  judgements.flatMap((one, nth) => (isBroken(one) ? [guarantees[nth] ?? one.guarantee] : []));

/** That it was computed here, with the line that replays it and a link to its bench. */
const computedLine = (id: string, turns: readonly Turn[], { line }: Ran): HTMLElement => {
  const href = `/scenarios/${id}/${writeAddress({ turns, isBeside: false, seen: null })}`;
  return make(
    'p',
    { class: 'sub' },
    make('b', { class: 'computed' }, 'Computed in your browser'),
    ': ',
    nodeOf(el('a', { href }, 'the whole run')),
    ', or in a terminal ',
    make('code', {}, replayCommand(line)),
  );
};

/**
 * Its run with these settings turned, and the line that tells of it. Rejects with why it cannot be had.
 *
 * @param inFull whether those guarantees are judged as well that the story does not ask about
 */
export const runAt = async (
  address: string,
  turns: readonly Turn[],
  inFull = false,
): Promise<{ readonly run: Ran; readonly line: HTMLElement }> => {
  const scenario = await scenarioAt(address);
  const run = await ask('run', { scenario, turns, form: null, inFull });
  if (run.is === 'refused') throw new Error(run.why);
  return { run, line: computedLine(scenario.id, turns, run) };
};
