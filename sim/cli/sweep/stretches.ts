/**
 * What waits to be taken, in stretches that lie together. Jobs that follow one another are much alike (one scenario under other seeds), and
 * whoever has done one does the next in less time: so each taker stays on a stretch of its own as long as there is something in it.
 */

/** From `next` on and before `end`; `by` whom it is being taken. */
type Stretch<T, B> = { readonly items: readonly T[]; next: number; end: number; by: B | null };

export type Stretches<T, B> = {
  readonly left: () => number;
  /** In as many stretches as there may be takers. */
  readonly add: (items: readonly T[], among: number) => void;
  /** Behind all others. */
  readonly addLast: (item: T) => void;
  /** The next of its own stretch; where it has none, of one that nobody takes from, or of the later half of the longest. */
  readonly take: (by: B) => T | undefined;
};

const lengthOf = ({ next, end }: Stretch<unknown, unknown>): number => end - next;

/** `B`: takers, told apart by identity. */
export const stretches = <T, B extends object>(): Stretches<T, B> => {
  const all = new Set<Stretch<T, B>>();
  const last: T[] = [];
  let waiting = 0;

  const longest = (): Stretch<T, B> | null =>
    [...all].reduce<Stretch<T, B> | null>(
      (most, one) => (most === null || lengthOf(one) > lengthOf(most) ? one : most),
      null,
    );
  const laterHalf = (by: B): Stretch<T, B> | null => {
    const from = longest();
    if (from === null) return null;
    const middle = from.next + Math.floor(lengthOf(from) / 2);
    const half = { items: from.items, next: middle, end: from.end, by };
    from.end = middle;
    if (lengthOf(from) === 0) all.delete(from);
    all.add(half);
    return half;
  };
  const stretchFor = (by: B): Stretch<T, B> | null => {
    const open = [...all];
    const one = open.find((stretch) => stretch.by === by) ?? open.find((stretch) => stretch.by === null);
    if (one === undefined) return laterHalf(by);
    one.by = by;
    return one;
  };
  return {
    left: () => waiting,
    add: (items, among) => {
      waiting += items.length;
      const each = Math.max(1, Math.ceil(items.length / among));
      for (let next = 0; next < items.length; next += each)
        all.add({ items, next, end: Math.min(items.length, next + each), by: null });
    },
    addLast: (item) => {
      waiting += 1;
      last.push(item);
    },
    take: (by) => {
      const from = stretchFor(by);
      if (waiting > 0) waiting -= 1;
      if (from === null) return last.shift();
      const item = from.items[from.next];
      from.next += 1;
      if (lengthOf(from) === 0) all.delete(from);
      return item;
    },
  };
};
