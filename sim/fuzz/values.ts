/** JSON bent in one place: what somebody sends who follows the format but for one thing. */
import { isObject, type Json, type JsonObject } from '../../machines/json.ts';
import { type Luck, oddWords } from './luck.ts';

/** A member of that name, whatever the name: `{ "__proto__": … }` has one too. */
export const member = (name: string, value: Json): JsonObject =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as JsonObject;

const deep = (levels: number): Json => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as Json;

/** Values of every kind, none of which belongs where it is put. */
const oddValues: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\ud800',
  '\u0000',
  '\u202e',
  'x'.repeat(5000),
  [],
  [null],
  [[]],
  {},
  { '': '' },
  { length: -1 },
  { toString: null, constructor: 0 },
  member('__proto__', { polluted: true }),
  member('__proto__', null),
  deep(60),
  ['m.room.encrypted', 7, null, {}],
];

export const oddValue = (luck: Luck): Json => (luck.oneIn(4) ? luck.one(oddWords) : luck.one(oddValues));

/** Where something stands: member names and places in lists, from the outside in. */
type Path = readonly (string | number)[];

/** Every place of a value, itself first; the first hundred members of each. */
const placesOf = (value: Json, at: Path = []): readonly Path[] => {
  if (Array.isArray(value)) return [at, ...value.slice(0, 100).flatMap((one, nth) => placesOf(one, [...at, nth]))];
  if (!isObject(value)) return [at];
  return [
    at,
    ...Object.entries(value)
      .slice(0, 100)
      .flatMap(([name, one]) => placesOf(one ?? null, [...at, name])),
  ];
};

/** What becomes of what stands at a place: `undefined` leaves it out. */
type Change = (value: Json) => Json | undefined;

const changedAt = (value: Json, [first, ...rest]: Path, change: Change): Json | undefined => {
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((one, nth) => {
      const now = nth === first ? changedAt(one ?? null, rest, change) : one;
      return now === undefined ? [] : [now];
    });
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, one]) => {
    const now = name === first ? changedAt(one ?? null, rest, change) : one;
    return now === undefined ? [] : [[name, now] as const];
  });
  return Object.fromEntries(entries);
};

const renamed = (luck: Luck, value: Json): Json => {
  if (!isObject(value)) return oddValue(luck);
  const entries = Object.entries(value);
  const nth = luck.below(entries.length);
  const name = luck.one(oddWords);
  return Object.fromEntries(entries.map(([key, one], at) => [at === nth ? name : key, one]));
};

const changes: readonly ((luck: Luck, whole: Json) => Change)[] = [
  (luck) => () => oddValue(luck),
  (luck) => () => oddValue(luck),
  () => () => undefined,
  () => (value) => [value],
  () => (value) => ({ value }),
  () => (value) => (Array.isArray(value) ? [...value, ...value] : value),
  (luck) => (value) => renamed(luck, value),
  (luck) => (value) => (isObject(value) ? { ...value, ...member(luck.one(oddWords), oddValue(luck)) } : oddValue(luck)),
  // Something that stands elsewhere in it.
  (luck, whole) => () => {
    const from = luck.one(placesOf(whole));
    return from.reduce<Json>(
      (value, step) =>
        Array.isArray(value) ? (value[Number(step)] ?? null) : isObject(value) ? (value[step] ?? null) : null,
      whole,
    );
  },
  (luck) => (value) =>
    typeof value === 'string' ? bentText(luck, value) : typeof value === 'number' ? -value : oddValue(luck),
];

/** A text with one character gone, doubled or changed, or cut off. */
export const bentText = (luck: Luck, text: string): string => {
  const at = luck.below(text.length + 1);
  const drawn = luck.one([...'A0/%=: \n\t\u0000\ud83dé"\'{}[],-#&*!|>']);
  switch (luck.below(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + drawn + text.slice(at);
    case 2:
      return text.slice(0, at) + drawn + text.slice(at + 1);
    case 3:
      return text.slice(0, at);
    default:
      return text.slice(at) + text.slice(0, at);
  }
};

/** A value with one thing changed. */
export const bent = (luck: Luck, value: Json): Json =>
  changedAt(value, luck.one(placesOf(value)), luck.one(changes)(luck, value)) ?? null;

/** The same, where an object is needed. */
export const bentObject = (luck: Luck, value: JsonObject): JsonObject => {
  const now = bent(luck, value);
  return isObject(now) ? now : { value: now };
};
