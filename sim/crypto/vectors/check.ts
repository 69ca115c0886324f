/** What running a vector comes to: checks with what was expected and what was got. */
import { isObject, type Json } from '../../../machines/json.ts';

/** One comparison. `expected` and `got` are for people to read. */
export type Check = { readonly name: string; readonly ok: boolean; readonly expected: string; readonly got: string };
/** A vector as it stands in its file: any JSON object. */
export type Vector = Readonly<Record<string, Json | undefined>>;
/**
 * Runs the checks a vector has data for. `null`: the vector is not of a shape this handler knows, which is counted as
 * unknown and never as passed.
 */
export type Handler = (vector: Vector) => readonly Check[] | null;

const show = (value: unknown): string => {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
};

/** JSON text with keys in order, so that two values are equal exactly when their texts are. Takes any number. */
export const ordered = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(ordered).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${ordered(value[key])}`).join(',')}}`;
};

const comparable = (value: unknown): string => (value instanceof Uint8Array ? toHex(value) : ordered(value));

/** `got` must be `expected`: bytes as bytes, JSON whatever the order of keys. */
export const equal = (name: string, expected: unknown, got: unknown): Check => ({
  name,
  ok: comparable(expected) === comparable(got),
  expected: show(expected),
  got: show(got),
});

/** `got` must be bytes written as hex in `expected`. */
export const equalHex = (name: string, expected: string, got: Uint8Array | null | undefined): Check =>
  equal(name, expected.toLowerCase(), got ? toHex(got) : 'refused');

/** `got` must be `null` or `false`: the input was bad and had to be refused. */
export const refused = (name: string, got: unknown): Check => ({
  name,
  ok: got === null || got === false,
  expected: 'refused',
  got: got === null || got === false ? 'refused' : show(got),
});

/** `got` must be `true`. */
export const holds = (name: string, got: boolean): Check => equal(name, true, got);

/** One check for an optional field of the vector: none where it is absent. */
export const when = <T>(value: T | null | undefined, check: (value: T) => Check): readonly Check[] =>
  value === undefined || value === null ? [] : [check(value)];

/** Lower-case hex of `bytes`. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes of hex `text`, or `null` where it is none. */
export const fromHex = (text: string): Uint8Array | null =>
  /^([0-9a-f]{2})*$/i.test(text)
    ? Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
    : null;

/** The strings at `names`, or `null` when one is missing or no string. */
export const texts = <K extends string>(
  source: unknown,
  ...names: readonly K[]
): Readonly<Record<K, string>> | null => {
  const found: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = isObject(source) ? source[name] : undefined;
    if (typeof value !== 'string') return null;
    found[name] = value;
  }
  return found as Record<K, string>;
};

/** The bytes at `names`, each written as hex, or `null` when one is missing or malformed. */
export const hexes = <K extends string>(
  source: unknown,
  ...names: readonly K[]
): Readonly<Record<K, Uint8Array>> | null => {
  const written = texts(source, ...names);
  if (written === null) return null;
  const found: Partial<Record<K, Uint8Array>> = {};
  for (const name of names) {
    const bytes = fromHex(written[name]);
    if (bytes === null) return null;
    found[name] = bytes;
  }
  return found as Record<K, Uint8Array>;
};

/** The objects of the list at `name`, or `null` when it is no list of objects. */
export const objects = (source: unknown, name: string): readonly Vector[] | null => {
  const list = isObject(source) ? source[name] : undefined;
  return Array.isArray(list) && list.every(isObject) ? list : null;
};

/** The number at `name`, or `undefined`. */
export const numberAt = (source: unknown, name: string): number | undefined => {
  const value = isObject(source) ? source[name] : undefined;
  return typeof value === 'number' ? value : undefined;
};

/** All checks of all parts, or `null` as soon as one part is of unknown shape. */
export const all = (parts: readonly (readonly Check[] | null)[]): readonly Check[] | null => {
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? known.flat() : null;
};
