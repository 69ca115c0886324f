/**
 * JSON that somebody else wrote: bounded in depth, each key once, and what is wrong with it told by line and column. `JSON.parse` would
 * keep the last of two keys without a word.
 */
import type { Json } from '../../machines/json.ts';
import { oneLine, quoted } from './showing.ts';

export type JsonFault = {
  /** 1-based, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
};
export type ReadJson = { readonly ok: true; readonly value: Json } | ({ readonly ok: false } & JsonFault);

/** Lists and objects within each other: nobody writes more, and what walks through it has only so much stack. */
const depthMax = 100;
/** Keys and values: what is of use has fewer, and each takes time and memory. */
const valuesMax = 1_000_000;
/** Keys of one object. */
const keysMax = 100_000;

type Fault = { readonly at: number; readonly message: string; readonly expected: string };
type Frame = { readonly is: 'list' } | { readonly is: 'object'; readonly keys: Set<string> };

const blanks = /[ \t\n\r]*/y;
const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const endOf = (pattern: RegExp, all: string, at: number): number | null => {
  pattern.lastIndex = at;
  return pattern.test(all) ? pattern.lastIndex : null;
};

const hexes = /^[0-9a-fA-F]{4}$/;
/** Where a text in double quotes ends; `null` where it does not, or has a character that has to be escaped. Letter by letter: it may be long. */
const endOfText = (all: string, from: number): number | null => {
  if (all[from] !== '"') return null;
  for (let at = from + 1; at < all.length; at += 1) {
    const code = all.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return null;
    if (code !== 0x5c) continue;
    at += 1;
    if (all[at] === 'u') {
      if (!hexes.test(all.slice(at + 1, at + 5))) return null;
      at += 4;
    } else if (!'"\\/bfnrt'.includes(all[at] ?? ' ')) return null;
  }
  return null;
};

/** What stands at a place, as people know it. */
const standing = (all: string, at: number): string =>
  at >= all.length
    ? 'the file ends here'
    : `${quoted(oneLine(String.fromCodePoint(all.codePointAt(at) ?? 0)))} stands here`;

/** The first thing wrong with a text that should be JSON; `null` where nothing is. Iterative, so that depth costs no stack. */
const faultIn = (all: string): Fault | null => {
  const open: Frame[] = [];
  const skip = (from: number): number => endOf(blanks, all, from) ?? from;
  const wrong = (at: number, expected: string): Fault => {
    const isText = all[at] === '"' && expected.includes('text');
    return {
      at,
      message: isText ? 'a text that is not ended or has a character it may not have' : standing(all, at),
      expected,
    };
  };
  let at = skip(0);
  // What is due: a value, or a key of the innermost object, or what follows a value.
  let due: 'value' | 'key' | 'next' = 'value';
  let values = 0;
  for (;;) {
    if (due === 'value') {
      values += 1;
      if (values > valuesMax) return { at, message: 'more values than are read', expected: `at most ${valuesMax}` };
    }
    if (due === 'key') {
      const end = endOfText(all, at);
      if (end === null) return wrong(at, 'a key, which is a text in double quotes');
      const frame = open.at(-1);
      const key = JSON.parse(all.slice(at, end)) as string;
      if (frame?.is === 'object') {
        if (frame.keys.has(key))
          return { at, message: `the key ${quoted(key)} stands here twice`, expected: 'each key once' };
        if (frame.keys.size >= keysMax)
          return { at, message: 'more keys in one object than are read', expected: `at most ${keysMax}` };
        frame.keys.add(key);
      }
      const colon = skip(end);
      if (all[colon] !== ':') return wrong(colon, '“:” behind a key');
      at = skip(colon + 1);
      due = 'value';
    } else if (due === 'value') {
      const first = all[at];
      if (first === '{' || first === '[') {
        if (open.length >= depthMax)
          return {
            at,
            message: 'nested too deep',
            expected: `at most ${depthMax} lists and objects within each other`,
          };
        open.push(first === '[' ? { is: 'list' } : { is: 'object', keys: new Set() });
        at = skip(at + 1);
        if (all[at] === (first === '[' ? ']' : '}')) {
          open.pop();
          at = skip(at + 1);
          due = 'next';
        } else due = first === '[' ? 'value' : 'key';
      } else {
        const end = first === '"' ? endOfText(all, at) : endOf(word, all, at);
        if (end === null) return wrong(at, 'a value: a text, a number, true, false, null, a list or an object');
        at = skip(end);
        due = 'next';
      }
    } else {
      const frame = open.at(-1);
      if (frame === undefined) return at >= all.length ? null : wrong(at, 'nothing behind the value');
      const end = frame.is === 'list' ? ']' : '}';
      if (all[at] === end) {
        open.pop();
        at = skip(at + 1);
      } else if (all[at] === ',') {
        at = skip(at + 1);
        due = frame.is === 'list' ? 'value' : 'key';
      } else return wrong(at, `“,” or “${end}”`);
    }
  }
};

/** Reads `all`. Never throws. */
export const readJson = (all: string): ReadJson => {
  const fault = faultIn(all);
  if (fault === null) return { ok: true, value: JSON.parse(all) as Json };
  const before = all.slice(0, fault.at);
  const line = before.split('\n').length;
  return {
    ok: false,
    line,
    column: fault.at - before.lastIndexOf('\n'),
    message: fault.message,
    expected: fault.expected,
  };
};

/** A fault as people read it: `3:7 “}” stands here; expected a value`. */
export const faultLine = ({ line, column, message, expected }: JsonFault): string =>
  `${line}:${column} ${message}; expected ${expected}`;
