/**
 * Answers that are kept: each is only ever what the same question would be answered again, so that a memo changes how long an answer
 * takes and never what it is. This is the one place where anything outlives a call; a test switches all of it off and has the same runs.
 */

/** By a text, at most so many; or by an object, for as long as that lives. */
type Bound = number | 'while it lives';
export type Memo<K, V> = (key: K, find: () => V) => V;

let isOn = true;

/** What `use` comes to with nothing kept, and nothing that was kept before looked at. */
export const withoutMemos = <T>(use: () => T): T => {
  const before = isOn;
  isOn = false;
  try {
    return use();
  } finally {
    isOn = before;
  }
};

const byText = <V>(most: number): Memo<string, V> => {
  const kept = new Map<string, V>();
  return (key, find) => {
    const known = kept.get(key);
    if (known !== undefined) {
      // The one unused for longest goes first. As long as nothing is near to being dropped its place in the row does not matter.
      if (kept.size * 2 > most) {
        kept.delete(key);
        kept.set(key, known);
      }
      return known;
    }
    const found = find();
    kept.set(key, found);
    if (kept.size > most) {
      const oldest = kept.keys().next();
      if (!oldest.done) kept.delete(oldest.value);
    }
    return found;
  };
};

const byObject = <K extends object, V>(): Memo<K, V> => {
  const kept = new WeakMap<K, V>();
  return (key, find) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = find();
    kept.set(key, found);
    return found;
  };
};

/**
 * A memo: called with what is asked by, and how the answer is found, which is never `undefined`. A comment beside each says what it buys, as
 * it was measured.
 *
 * @param bound how many answers by a text, or for how long by an object
 */
export function memo<V>(bound: number): Memo<string, V>;
export function memo<K extends object, V>(bound: 'while it lives'): Memo<K, V>;
export function memo<V>(bound: Bound): Memo<never, V> {
  const kept: Memo<never, V> = bound === 'while it lives' ? byObject<never, V>() : byText<V>(bound);
  return (key, find) => (isOn ? kept(key, find) : find());
}

/** A memo of memos: by an object for as long as it lives, and by a text beside it, at most so many. */
export const memoBeside = <K extends object, V>(bound: number): ((of: K, key: string, find: () => V) => V) => {
  const ofEach = memo<K, Memo<string, V>>('while it lives');
  return (of, key, find) => ofEach(of, () => byText<V>(bound))(key, find);
};
