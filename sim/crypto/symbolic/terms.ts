/**
 * Terms: what stands for keys, signatures and sealed texts where no bytes are needed.
 *
 * A term is either a kind and a digest (`s.4Jx…`, always 18 letters, so that worlds made of them compare fast) or a
 * list of parts with their lengths (`o1:0,5:hello`), so that no part can be mistaken for another whatever it holds.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64Url } from '../real/base64.ts';
import { utf8 } from '../real/bytes.ts';

/** `s` a secret, `c` and `e` its Curve25519 and Ed25519 public halves, `g` a signature, `h` a hash, `i` an initial value. */
export type Kind = 's' | 'c' | 'e' | 'g' | 'h' | 'i';

/** `parts` as one text, each with its length (UTF-16 units) before it: equal texts come from equal parts. */
export const joined = (tag: string, ...parts: readonly string[]): string =>
  tag + parts.map((part) => `${part.length}:${part}`).join(',');

/** The `count` parts of a text that `joined` made under `tag`; `null` when it is none such, to the letter. */
export const parted = (tag: string, count: number, text: string): readonly string[] | null => {
  if (!text.startsWith(tag)) return null;
  const parts: string[] = [];
  let at = tag.length;
  for (let i = 0; i < count; i++) {
    const colon = text.indexOf(':', at);
    const length = colon < 0 ? null : wholeNumber(text.slice(at, colon));
    if (length === null || colon + 1 + length > text.length) return null;
    parts.push(text.slice(colon + 1, colon + 1 + length));
    at = colon + 1 + length;
    if (i + 1 < count && text[at++] !== ',') return null;
  }
  return at === text.length ? parts : null;
};

/** The number a text spells without leading zeros, below 2^53; `null` when it spells none. */
export const wholeNumber = (text: string): number | null => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 && String(value) === text ? value : null;
};

/** 16 letters that stand for `parts`: 96 bits of SHA-256, enough that no two lists ever meet. `use` tells uses apart. */
const digest = (use: string, ...parts: readonly string[]): string =>
  base64Url(sha256(utf8(joined(use, ...parts))).subarray(0, 12));

/** The term of `kind` that stands for `parts` under `use`. */
export const termOf = (kind: Kind, use: string, ...parts: readonly string[]): string =>
  `${kind}.${digest(use, ...parts)}`;

const shape = /^[a-z]\.[A-Za-z0-9_-]{16}$/;
const isTerm = (text: string): boolean => text.length === 18 && shape.test(text);

export const isSecret = (text: string): boolean => text.startsWith('s.') && isTerm(text);
/** Whether `text` could be used as a key at all, as any 32 bytes can: what it opens or proves is another question. */
export const isKey = (text: string): boolean => /^[sce]/.test(text) && isTerm(text);

/** The Curve25519 public half of a secret. */
export const exchangePublic = (secret: string): string => termOf('c', 'exchange', secret);
/** The Ed25519 public half of a secret. */
export const signingPublic = (secret: string): string => termOf('e', 'signing', secret);

/** The secret a label names; `use` tells apart several under one label. */
export type Draw = (label: string, use: string) => string;
export const drawsOf =
  (seed: string): Draw =>
  (label, use) =>
    termOf('s', 'draw', seed, use, label);
