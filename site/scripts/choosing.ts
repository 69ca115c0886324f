/** A story of the library run in the worker with what a player chose: what comes of it, and where the whole run is. */
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { replayCommand } from '../../sim/runs/replay-command.ts';
import { writeAddress } from '../address.ts';
import { el } from '../views/view.ts';
import type { RunAnswered } from '../worker/answers/run.ts';
import { ask } from './asking.ts';
import { nodeOf } from './dom.ts';
import { make } from './elements.ts';
import { lettersFrom } from './folds.ts';

export type Ran = Extract<RunAnswered, { readonly is: 'run' }>;

const known = new Map<string, Promise<Scenario>>();
/** The scenario whose file is at that address. Rejects with why in a sentence without a full stop. */
export const scenarioAt = (address: string): Promise<Scenario> => {
  const asked =
    known.get(address) ??
    lettersFrom(address).then((file) => {
      if (typeof file !== 'string') return file.scenario;
      known.delete(address);
      throw new Error(`the story could not be fetched: ${file.replace(/\.$/, '')}`);
    });
  known.set(address, asked);
  return asked;
};

/** Its run with these settings turned. Rejects with why it cannot be had. */
export const runAt = async (address: string, turns: readonly Turn[]): Promise<Ran> => {
  const run = await ask('run', { scenario: await scenarioAt(address), turns, form: null });
  if (run.is === 'refused') throw new Error(run.why);
  return run;
};

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const isBroken = ({ verdict }: Ran['judgements'][number]): boolean =>
  verdict === 'breaks' || verdict === 'never';
/** What breaks in it, by the names of the guarantees. */
export const brokenIn = ({ judgements, guarantees }: Ran): readonly string[] =>
  judgements.flatMap((one, nth) => (isBroken(one) ? [guarantees[nth] ?? one.guarantee] : []));

/** That it was computed here, with the line that replays it and a link to its bench. */
export const computedLine = (id: string, turns: readonly Turn[], { line }: Ran): HTMLElement => {
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
