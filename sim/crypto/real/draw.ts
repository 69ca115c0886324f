/** Named randomness: the bytes a seed gives to a label. */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from './bytes.ts';

/** `length` bytes (at most 8160) for the draw `label`, `use` telling apart several values drawn under one label. */
export type Draw = (label: string, use: string, length: number) => Uint8Array;

/**
 * The draws of `seed`: HKDF-SHA-256 with the seed as key material and use and label as info. Equal arguments give
 * equal bytes on every machine; nothing can be learnt about one draw from another.
 */
export const drawsOf = (seed: string): Draw => {
  const key = extract(sha256, utf8(seed), utf8('hearsay draws'));
  // `use` is ours and holds no NUL, so that two pairs never run together to the same text.
  return (label, use, length) => expand(sha256, key, utf8(`${use}\u0000${label}`), length);
};
