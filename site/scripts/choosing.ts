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

/** What is turned, one after the other, or that nothing is. */
export const ofTurned = (turned: readonly string[]): string =>
  turned.length === 0 ? 'as it is written' : turned.join(', ');

/** What breaks in it, by the names of the guarantees. */
export const brokenIn = ({ judgements, guarantees }: Ran): readonly string[] =>
  judgements.flatMap((one, nth) => (isBroken(one) ? [guarantees[nth] ?? one.guarantee] : []));

/** That it was computed here, and of what: the story, what is turned in it, and the line that replays it. */
const computedLine = ({ id, title }: Scenario, turns: readonly Turn[], { line, turned }: Ran): HTMLElement => {
  const href = `/scenarios/${id}/${writeAddress({ turns, isBeside: false, seen: null })}`;
  return make(
    'p',
    { class: 'sub' },
    make('b', { class: 'computed' }, 'Computed in your browser'),
    ': ',
    nodeOf(el('a', { href }, title)),
    `, ${ofTurned(turned)}. In a terminal: `,
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
  return { run, line: computedLine(scenario, turns, run) };
};
