/** JSON in which what occurs several times stands once: what a client sends, its server hands on, and a device is given is one value. */
import { isObject, type Json, type JsonObject } from '../machines/json.ts';

/**
 * `value` with `{ "": n }` wherever the n-th of `values` stands. Those may refer to earlier ones. An object that has a member without
 * a name is `{ "": [[name, value], …] }`.
 */
export type Packed = { readonly values: readonly Json[]; readonly value: Json };

/** Shorter than this, a value is written again. */
const lengthMin = 16;

const isAtom = (value: Json): value is null | boolean | number =>
  value === null || typeof value === 'boolean' || typeof value === 'number';

const membersOf = (value: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(value).map(([name, one]) => [name, one ?? null]);
const childrenOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : isObject(value) ? membersOf(value).map(([, one]) => one) : [];

/** How often each value is written, when what is within a repeated one is written once. */
const countsOf = (whole: Json): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const count = (value: Json): void => {
    if (isAtom(value)) return;
    const text = JSON.stringify(value);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    if (before === 0 || text.length < lengthMin) for (const child of childrenOf(value)) count(child);
  };
  count(whole);
  return counts;
};

/** `value`, with everything that occurs twice in it once. */
export const pack = (value: Json): Packed => {
  const counts = countsOf(value);
  const values: Json[] = [];
  const places = new Map<string, number>();
  const written = (one: Json): Json => {
    if (Array.isArray(one)) return one.map(packed);
    if (!isObject(one)) return one;
    const members = membersOf(one).map(([name, child]) => [name, packed(child)] as const);
    return Object.hasOwn(one, '') ? { '': members.map(([name, child]) => [name, child]) } : Object.fromEntries(members);
  };
  const packed = (one: Json): Json => {
    if (isAtom(one)) return one;
    const text = JSON.stringify(one);
    if (text.length < lengthMin || (counts.get(text) ?? 0) < 2) return written(one);
    const known = places.get(text);
    if (known !== undefined) return { '': known };
    const short = written(one);
    places.set(text, values.length);
    values.push(short);
    return { '': values.length - 1 };
  };
  return { value: packed(value), values };
};

/** What was packed. Throws where a reference leads nowhere: then it was not `pack` that wrote it. */
export const unpack = ({ values, value }: Packed): Json => {
  const open = (one: Json): Json => {
    if (Array.isArray(one)) return one.map(open);
    if (!isObject(one)) return one;
    const unnamed = one[''];
    if (typeof unnamed === 'number') {
      const meant = values[unnamed];
      if (meant === undefined)
        throw new Error(`there is no value ${unnamed} among ${values.length}: was the file cut?`);
      return open(meant);
    }
    if (Array.isArray(unnamed))
      return Object.fromEntries(
        unnamed.flatMap((member) => (Array.isArray(member) ? [[String(member[0]), open(member[1])]] : [])),
      );
    return Object.fromEntries(membersOf(one).map(([name, child]) => [name, open(child)]));
  };
  return open(value);
};
