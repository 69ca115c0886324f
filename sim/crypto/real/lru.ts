/**
 * A bounded memory of results. It only ever holds what the same question would be answered again, so it changes how
 * long an answer takes and never what it is.
 */
export type Memory<V> = {
  /** The remembered answer to `key`, or the one `find` gives, which is then remembered. */
  readonly get: (key: string, find: () => V) => V;
};

/** A memory of at most `size` answers; the one unused for longest goes first, or one unused since it was half full. */
export const memory = <V>(size: number): Memory<V> => {
  const held = new Map<string, V>();
  return {
    get: (key, find) => {
      const known = held.get(key);
      if (known !== undefined) {
        // As long as nothing is near to being dropped its place in the row does not matter.
        if (held.size * 2 > size) {
          held.delete(key);
          held.set(key, known);
        }
        return known;
      }
      const found = find();
      held.set(key, found);
      if (held.size > size) {
        const oldest = held.keys().next();
        if (!oldest.done) held.delete(oldest.value);
      }
      return found;
    },
  };
};
