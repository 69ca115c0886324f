/** Chance and time of a process, from a seed: what production reads besides what it is told. */
import { createHash } from 'node:crypto';

/** Where virtual time begins for whoever reads a clock: some day, the same in every run. */
export const beginMs = 1_767_225_600_000;

/** Replaces the chance and the clocks of this process. To be called before anything is imported that reads them. @returns what moves the clock */
export const replaceChance = (seed: string): ((atMs: number) => void) => {
  let drawn = 0;
  let rest = Buffer.alloc(0);
  const bytes = (count: number): Buffer => {
    while (rest.length < count) {
      rest = Buffer.concat([rest, createHash('sha256').update(`${seed}/${drawn}`).digest()]);
      drawn += 1;
    }
    const [given, left] = [rest.subarray(0, count), rest.subarray(count)];
    rest = left;
    return given;
  };
  const getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
    if (array !== null) new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes(array.byteLength));
    return array;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
  Math.random = () => bytes(6).readUIntBE(0, 6) / 2 ** 48;
  // Production waits a while for a key query that is under way. Here nothing is answered while it waits: it may as well give up at once.
  const later = globalThis.setTimeout;
  const atOnce = (what: () => void): ReturnType<typeof later> => later(what, 0);
  Object.defineProperty(globalThis, 'setTimeout', { value: atOnce, configurable: true, writable: true });
  let nowMs = beginMs;
  Date.now = () => nowMs;
  return (atMs) => {
    nowMs = beginMs + atMs;
  };
};
