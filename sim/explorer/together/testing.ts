/** For tests: two workers in this thread, whose messages are copied as between threads and delivered in an order of one's choice. */
import type { Suite } from '../../../machines/suite.ts';
import type { Answer, Order, WorkerPort } from './protocol.ts';
import { workFor } from './worker.ts';

/** Which of the ways on which messages wait goes next, given how many wait on each: to the first worker, to the second, from them. */
export type Timing = (waiting: readonly number[]) => number;

/** The first way on which something waits. */
const firstOf = (waiting: readonly number[]): number => waiting.findIndex((many) => many > 0);

/** Some ways one might deliver: turn and turn about, one worker far ahead, the other, answers late. */
export const timings: Readonly<Record<string, () => Timing>> = {
  'turn and turn about': () => {
    let turn = 0;
    return (waiting) => {
      for (let tries = 0; tries < waiting.length; tries += 1) {
        turn = (turn + 1) % waiting.length;
        if ((waiting[turn] ?? 0) > 0) return turn;
      }
      return 0;
    };
  },
  'the first is faster': () => firstOf,
  'the second is faster': () => (waiting) => waiting.length - 1 - firstOf([...waiting].reverse()),
};

export const workersHere = (suiteOf: (seed: string) => Suite, timing: Timing): readonly [WorkerPort, WorkerPort] => {
  type Way = { readonly waiting: unknown[]; handler: (message: never) => void };
  const ways: readonly [Way, Way, Way, Way] = [
    { waiting: [], handler: () => {} },
    { waiting: [], handler: () => {} },
    { waiting: [], handler: () => {} },
    { waiting: [], handler: () => {} },
  ];
  let isRunning = false;
  const run = (): void => {
    const counts = ways.map(({ waiting }) => waiting.length);
    isRunning = counts.some((many) => many > 0);
    if (!isRunning) return;
    const chosen = timing(counts);
    // A way on which nothing waits is no choice: something has to go on.
    const way = ways[(counts[chosen] ?? 0) > 0 ? chosen : firstOf(counts)];
    way?.handler(way.waiting.shift() as never);
    queueMicrotask(run);
  };
  const post =
    (way: Way) =>
    (message: unknown, transfer: readonly ArrayBuffer[] = []): void => {
      way.waiting.push(structuredClone(message, { transfer: [...transfer] }));
      if (isRunning) return;
      isRunning = true;
      queueMicrotask(run);
    };
  const portOf = (to: Way, from: Way): WorkerPort => {
    workFor({ post: post(from) as (message: Answer) => void, onMessage: (handler) => (to.handler = handler) }, suiteOf);
    return { post: post(to) as (message: Order) => void, onMessage: (handler) => (from.handler = handler) };
  };
  return [portOf(ways[0], ways[2]), portOf(ways[1], ways[3])];
};
