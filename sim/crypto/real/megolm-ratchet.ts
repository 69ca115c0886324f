/** The Megolm ratchet: four parts of 32 bytes that turn like the wheels of a counter. */
import { type CipherKeys, cipherKeys, info, mac } from './kdf.ts';

/** Bytes of a ratchet: four parts one after another. */
export const ratchetLength = 128;
/** The last index a ratchet can stand at. */
export const lastIndex = 0xffffffff;

/** A ratchet at `index` (0 to 2^32 - 1); `parts` are its 128 bytes. */
export type Ratchet = { readonly index: number; readonly parts: Uint8Array };

const levels = [0, 1, 2, 3] as const;
const seeds = levels.map((level) => Uint8Array.of(level));
const seedOf = (level: number): Uint8Array => seeds[level] ?? Uint8Array.of(level);
const keysInfo = info('MEGOLM_KEYS');

/**
 * The ratchet turned forward to `target`: at most 1020 HMACs. `null`: `target` lies before it or beyond 2^32 - 1.
 */
export const advancedTo = (ratchet: Ratchet, target: number): Ratchet | null => {
  if (target < ratchet.index || target > lastIndex) return null;
  if (target === ratchet.index) return ratchet;
  const part = levels.map((level) => ratchet.parts.subarray(level * 32, level * 32 + 32));
  const at = (level: number): Uint8Array => part[level] ?? ratchet.parts;
  let index = ratchet.index;
  for (const level of levels) {
    const unit = 2 ** (8 * (3 - level));
    const steps = Math.floor(target / unit) - Math.floor(index / unit);
    if (steps === 0) continue;
    for (let step = 1; step < steps; step++) part[level] = mac(at(level), seedOf(level));
    // The last turn of this wheel also resets every finer one from it, itself last of all.
    const source = at(level);
    for (let finer = 3; finer >= level; finer--) part[finer] = mac(source, seedOf(finer));
    index = target - (target % unit);
  }
  const parts = new Uint8Array(ratchetLength);
  part.forEach((bytes, level) => {
    parts.set(bytes, level * 32);
  });
  return { index: target, parts };
};

/** AES, MAC and IV of the message at the ratchet's index. */
export const ratchetCipher = ({ parts }: Ratchet): CipherKeys => cipherKeys(parts, keysInfo);
