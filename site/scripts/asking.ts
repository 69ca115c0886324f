/** The page's side of its worker, which is started by the first question and never before. */
import type { Asks, Message, Name, Reply } from '../worker/protocol.ts';

type Waiting = {
  readonly at: Worker;
  readonly answer: (answered: unknown) => void;
  readonly fail: (why: Error) => void;
  readonly report: (progress: unknown) => void;
};

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, Waiting>();

const hear = ({ data }: MessageEvent<Reply>): void => {
  const one = waiting.get(data.id);
  if (one === undefined) return;
  if (data.is === 'progress') {
    one.report(data.progress);
    return;
  }
  waiting.delete(data.id);
  if (data.is === 'answer') one.answer(data.answered);
  else {
    // A part that could not be fetched is not asked for again by a worker that lacks it: another one does.
    if (one.at === worker) worker = null;
    one.fail(new Error(data.why));
  }
  endIfLeft(one.at);
};
/** A worker that was put aside goes once nobody waits for it. */
const endIfLeft = (at: Worker): void => {
  if (at !== worker && [...waiting.values()].every((one) => one.at !== at)) at.terminate();
};

const started = (): Worker => {
  if (worker !== null) return worker;
  worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', hear);
  worker.addEventListener('error', ({ message }) => stop(message || 'the simulator could not be loaded'));
  return worker;
};

/** Has the worker load what runs need while that is still being fetched which it will be asked about. */
export const start = (): void => {
  if (worker === null) ask('ready', null).catch(() => undefined);
};

/** Ends the worker, whatever it is doing. What was asked fails with `why`; the next question starts another worker. */
export const stop = (why = 'stopped'): void => {
  worker?.terminate();
  worker = null;
  const all = [...waiting.values()];
  waiting.clear();
  for (const { at, fail } of all) {
    at.terminate();
    fail(new Error(why));
  }
};

/** How a question is asked besides. */
export type Asking<N extends Name> = {
  readonly onProgress?: (progress: Asks[N]['progress']) => void;
  /** When it is given up: then the promise rejects with its reason, and long work ends. */
  readonly signal?: AbortSignal;
};

/**
 * Asks the worker.
 *
 * @returns what is answered. Rejects where the worker was stopped, could not be loaded, or met a bug, with why in a sentence; and with
 *   the reason of the signal where the question was given up.
 */
export const ask = <N extends Name>(
  name: N,
  question: Asks[N]['asked'],
  { onProgress, signal }: Asking<N> = {},
): Promise<Asks[N]['answered']> =>
  new Promise((answer, fail) => {
    if (signal?.aborted === true) return fail(signal.reason);
    asked += 1;
    const id = asked;
    const at = started();
    const say = (message: Message): void => at.postMessage(message);
    // What comes back to a question is of the kind that goes with its name.
    const heard = (answered: unknown): void => answer(answered as Asks[N]['answered']);
    waiting.set(id, { at, answer: heard, fail, report: (progress) => onProgress?.(progress as never) });
    signal?.addEventListener('abort', () => {
      if (!waiting.delete(id)) return;
      say({ id, name: 'never mind' });
      endIfLeft(at);
      fail(signal.reason);
    });
    say({ id, name, asked: question } as Message);
  });
