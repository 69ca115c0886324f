/** Canonical JSON (appendices, "Canonical JSON"). */
import { isObject, type Json } from '../../../machines/json.ts';

/** Deeper nesting is refused rather than left to the engine's stack. */
const deepest = 1000;

/**
 * Orders texts by Unicode code point. JavaScript's own order is by UTF-16 unit, which differs as soon as one text has a
 * surrogate pair where the other has U+E000 to U+FFFF: shifting the units of that range below the surrogates mends it.
 */
export const byCodePoint = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
};
const rank = (unit: number): number => {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
};

const write = (value: unknown, depth: number): string | null => {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : null;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return enclosed('[', ']', value, (item) => write(item, depth + 1));
  if (!isObject(value)) return null;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return enclosed('{', '}', keys.sort(byCodePoint), (key) => {
    const member = key.isWellFormed() ? write(value[key], depth + 1) : null;
    return member === null ? null : `${JSON.stringify(key)}:${member}`;
  });
};

const enclosed = <T>(open: string, close: string, items: readonly T[], one: (item: T) => string | null) => {
  let text = open;
  for (const item of items) {
    const written = one(item);
    if (written === null) return null;
    text += text === open ? written : `,${written}`;
  }
  return text + close;
};

/**
 * The canonical text of `value`: no white space, keys sorted by code point, integers only. Members that are `undefined`
 * are left out. `null`: there is none (a fraction, a number beyond ±(2^53 - 1), a lone surrogate, nesting beyond 1000).
 */
export const canonicalJson = (value: Json): string | null => write(value, 0);
