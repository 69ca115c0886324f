/**
 * Hash-consing of plain JSON: equal values become one object with one small number, so that worlds are compared,
 * stored and looked up by a few integers. Worlds share most of their structure with those before them, and what is
 * known by identity costs one look-up.
 */

/** Equal JSON, equal id; the object that stands for it is the first one seen. Members that are `undefined` do not count. */
export type Interner = {
  readonly idOf: (value: unknown) => number;
  readonly valueOf: (id: number) => unknown;
  readonly size: () => number;
};

export const makeInterner = (): Interner => {
  const byObject = new WeakMap<object, number>();
  const byKey = new Map<string, number>();
  const values: unknown[] = [];

  const add = (key: string, value: unknown): number => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const id = values.length;
    byKey.set(key, id);
    values.push(value);
    return id;
  };

  /** One member's part of a key: short for what is atomic, a number for what is interned. */
  const part = (value: unknown): string => {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'number':
      case 'boolean':
        return String(value);
      case 'object':
        return value === null ? 'null' : `#${idOf(value)}`;
      default:
        throw new Error(`a world holds a ${typeof value}: only plain JSON can be compared`);
    }
  };

  const keyOf = (value: object): string => {
    if (Array.isArray(value)) return `[${value.map(part).join(',')}]`;
    if (value instanceof Map || value instanceof Set)
      throw new Error('a world holds a Map or a Set, which all look alike as JSON');
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${JSON.stringify(name)}:${part(member)}`);
    // Names in order: two ways of building the same object must not make two worlds.
    return `{${members.sort().join(',')}}`;
  };

  const idOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return add(part(value), value);
    const known = byObject.get(value);
    if (known !== undefined) return known;
    const id = add(keyOf(value), value);
    byObject.set(value, id);
    return id;
  };

  return { idOf, valueOf: (id) => values[id], size: () => values.length };
};
