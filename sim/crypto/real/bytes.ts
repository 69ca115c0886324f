/** Small helpers over byte arrays. Nothing here mutates what it is given. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/** The UTF-8 bytes of `text`. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** The text of UTF-8 `bytes`; `null` where they are not UTF-8. A byte order mark is kept. */
export const textOf = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

/** The text whose character codes are `codes` (ASCII). */
export const asciiOf = (codes: Uint8Array): string => latin1.decode(codes);

/** A short text that stands for `bytes`, to file things under: each byte a character. Spreading them would take four times as long. */
export const nameOf = (bytes: Uint8Array): string => Reflect.apply(String.fromCharCode, null, bytes);

/** `parts` one after another, in one new array. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

/** Whether both hold the same bytes. Looks at every byte, so that time says nothing about where they differ. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
};

/** `value` (0 to 2^32 - 1) as four bytes, most significant first. */
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

/** The number in the four bytes from `at` on, most significant first. */
export const readU32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
