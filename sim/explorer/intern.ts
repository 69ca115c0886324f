/**
 * Hash-consing of plain JSON: equal values become one object with one small number, so that worlds are compared,
 * stored and looked up by a few integers. Worlds share most of their structure with those before them, and what is
 * known by identity costs one look-up.
 *
 * Half of a search is spent here, so the inner loop is plain: names and strings are numbered once, an object's key is
 * the number of its shape and the numbers of its members.
 */

/**
 * Equal JSON, equal id, from 1 on: 0 stands for nothing at all. The object that stands for an id is made of the objects that
 * stand for its members, so that equal parts are kept once. Members that are `undefined` do not count.
 */
export type Interner = {
  readonly idOf: (value: unknown) => number;
  readonly valueOf: (id: number) => unknown;
  readonly isObject: (id: number) => boolean;
  readonly size: () => number;
};

/** A set of member names: its number, and where each name (in the order of names) stands in the object as it was written. */
type Shape = { readonly id: number; readonly order: readonly string[] };

/** A list of names as one text, whatever the names hold: each with its length in front. */
const listed = (names: readonly string[]): string => {
  let text = '';
  for (const name of names) text += `${name.length}:${name}`;
  return text;
};

/** @param stands the id of an object that is only a stand-in for a value */
export const makeInterner = (stands: (value: object) => number | undefined = () => undefined): Interner => {
  /** Of objects that stand for an id only: they stay, and a weak map of as many costs the garbage collector dearly. */
  const byObject = new Map<object, number>();
  const byKey = new Map<string, number>();
  const strings = new Map<string, number>();
  const shapes = new Map<string, Shape>();
  const shapeIds = new Map<string, number>();
  const values: unknown[] = [undefined];
  /** 1 for the ids of objects. */
  let objects = new Uint8Array(1 << 12);

  const add = (key: string, make: () => unknown): number => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const value = make();
    const id = values.push(value) - 1;
    if (id === objects.length) {
      const wider = new Uint8Array(objects.length * 2);
      wider.set(objects);
      objects = wider;
    }
    if (typeof value === 'object' && value !== null) objects[id] = 1;
    byKey.set(key, id);
    return id;
  };

  const stringId = (text: string): number => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };

  /** One member's part of a key: its kind and a number. */
  const part = (value: unknown): string => {
    switch (typeof value) {
      case 'string':
        return `s${stringId(value)}`;
      case 'number':
        return `n${value}`;
      case 'boolean':
        return value ? 't' : 'f';
      case 'object':
        return value === null ? '0' : `#${idOf(value)}`;
      default:
        throw new Error(`a world holds a ${typeof value}: only plain JSON can be compared`);
    }
  };

  /** Names in order: two ways of building the same object must not make two worlds. */
  const shapeOf = (value: Readonly<Record<string, unknown>>): Shape => {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    const written = listed(names);
    const known = shapes.get(written);
    if (known !== undefined) return known;
    const order = [...names].sort();
    const sorted = listed(order);
    const id = shapeIds.get(sorted) ?? shapeIds.size;
    shapeIds.set(sorted, id);
    const shape = { id, order };
    shapes.set(written, shape);
    return shape;
  };

  const keyOf = (value: object): string => {
    let key: string;
    if (Array.isArray(value)) {
      key = '[';
      for (const member of value) key += `${part(member)},`;
      return key;
    }
    if (value instanceof Map || value instanceof Set)
      throw new Error('a world holds a Map or a Set, which all look alike as JSON');
    const record = value as Readonly<Record<string, unknown>>;
    const shape = shapeOf(record);
    key = `{${shape.id}:`;
    for (const name of shape.order) key += `${part(record[name])},`;
    return key;
  };

  /** The value made of what stands for its members. */
  const member = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? values[idOf(value)] : value;
  const made = (value: object): unknown => {
    if (Array.isArray(value)) return value.map(member);
    const record: Record<string, unknown> = {};
    for (const [name, own] of Object.entries(value))
      if (own !== undefined) {
        if (name === '__proto__') Object.defineProperty(record, name, { value: member(own), enumerable: true });
        else record[name] = member(own);
      }
    return record;
  };

  const idOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return add(part(value), () => value);
    const known = byObject.get(value);
    if (known !== undefined) return known;
    const stood = stands(value);
    if (stood !== undefined) return stood;
    return add(keyOf(value), () => {
      const canonical = made(value);
      byObject.set(canonical as object, values.length);
      return canonical;
    });
  };

  return {
    idOf,
    valueOf: (id) => values[id],
    isObject: (id) => objects[id] === 1,
    size: () => values.length,
  };
};
