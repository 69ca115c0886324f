/**
 * Timers of a process in virtual time, and when nothing goes on in it any more. A whole client waits for many things of its own: a random
 * while before it backs keys up, a longer one after each failure. Here a timer goes off as soon as all else is done, in the order in which
 * it would have, so that nobody waits and the same client does the same twice.
 */
import { setImmediate as nextRound } from 'node:timers/promises';

/** What a client waits for within one turn, in virtual milliseconds: its retries and delays, and no request's time limit (60 s and more). */
const turnMs = 40_000;
/** A client that sets itself timers for ever is a fault of whoever drives it. */
const timersMax = 10_000;

type Timer = { readonly dueMs: number; readonly everyMs: number | null; readonly run: () => void };

export type Clock = {
  /** Virtual milliseconds since the story began; the clock goes forward only. */
  readonly tell: (atMs: number) => void;
  /**
   * Comes back when nothing goes on any more, or, with timers yet to go off, as soon as `isWaiting` for somebody outside. Throws where a
   * client never comes to rest.
   */
  readonly rest: (isWaiting: () => boolean) => Promise<void>;
};

/** Replaces the timers of this process; `setNow`: what moves its clock (`seat/chance.ts`). */
export const replaceTimers = (setNow: (atMs: number) => void): Clock => {
  const timers = new Map<number, Timer>();
  let made = 0;
  let nowMs = 0;
  let untilMs = turnMs;

  const set = (what: () => void, ms: number | undefined, isRepeated: boolean) => {
    made += 1;
    const wait = Math.max(1, Number(ms) || 0);
    timers.set(made, { dueMs: nowMs + wait, everyMs: isRepeated ? wait : null, run: what });
    const id = made;
    const handle = { [Symbol.toPrimitive]: () => id, ref: () => handle, unref: () => handle, hasRef: () => true };
    return handle;
  };
  const clear = (handle: unknown): void => {
    if (handle !== undefined && handle !== null) timers.delete(Number(handle));
  };
  const replaced = {
    setTimeout: (what: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
      set(() => what(...given), ms, false),
    setInterval: (what: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
      set(() => what(...given), ms, true),
    clearTimeout: clear,
    clearInterval: clear,
  };
  for (const [name, value] of Object.entries(replaced))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

  // `new Date()` reads the machine's clock by itself.
  class VirtualDate extends Date {
    constructor(...given: readonly number[]) {
      super(...((given.length === 0 ? [Date.now()] : given) as [number]));
    }
  }
  Object.defineProperty(globalThis, 'Date', { value: VirtualDate, configurable: true, writable: true });

  /** What the thread pool computes for it. */
  let computing = 0;
  const { subtle } = globalThis.crypto;
  const counted =
    (compute: (...given: unknown[]) => Promise<unknown>) =>
    async (...given: unknown[]): Promise<unknown> => {
      computing += 1;
      try {
        return await compute.apply(subtle, given);
      } finally {
        computing -= 1;
      }
    };
  for (const name of [
    'digest',
    'sign',
    'verify',
    'encrypt',
    'decrypt',
    'importKey',
    'deriveBits',
    'deriveKey',
  ] as const) {
    const compute = subtle[name] as unknown as (...given: unknown[]) => Promise<unknown>;
    Object.defineProperty(subtle, name, { value: counted(compute), configurable: true });
  }

  /** All promises that can go on have gone on. */
  const quiet = async (): Promise<void> => {
    do await nextRound();
    while (computing > 0);
    await nextRound();
  };
  /** Whether one went off. */
  const nextGoesOff = (): boolean => {
    const [next] = [...timers].sort(([id, one], [otherId, other]) => one.dueMs - other.dueMs || id - otherId);
    if (next === undefined || next[1].dueMs > untilMs) return false;
    const [id, { dueMs, everyMs, run }] = next;
    nowMs = Math.max(nowMs, dueMs);
    setNow(nowMs);
    if (everyMs === null) timers.delete(id);
    else timers.set(id, { dueMs: nowMs + everyMs, everyMs, run });
    run();
    return true;
  };

  return {
    tell: (atMs) => {
      nowMs = Math.max(nowMs, atMs);
      setNow(nowMs);
      untilMs = nowMs + turnMs;
    },
    rest: async (isWaiting) => {
      for (let count = 0; count < timersMax; count += 1) {
        await quiet();
        if (isWaiting() || !nextGoesOff()) return;
      }
      throw new Error(`after ${timersMax} timers it still has not come to rest`);
    },
  };
};
