/** All lines that were tried, as a tree: going back loses nothing. */

export type Branch = {
  /** The number of the move among what was open. */
  readonly nth: number;
  readonly words: string;
  /** Whether the goal was reached with it. */
  readonly won: boolean;
  readonly next: readonly Branch[];
};
export type Tried = readonly Branch[];

/** The tree with a line in it; what is there already stays where it is. */
export const grown = (tried: Tried, line: readonly Omit<Branch, 'next'>[]): Tried => {
  const [first, ...rest] = line;
  if (first === undefined) return tried;
  const known = tried.find(({ nth }) => nth === first.nth);
  const branch: Branch = { ...first, next: grown(known?.next ?? [], rest) };
  return known === undefined ? [...tried, branch] : tried.map((one) => (one === known ? branch : one));
};

/** How many ends it has: lines that lead no further. */
export const endsOf = (tried: Tried): number =>
  tried.reduce((sum, { next }) => sum + (next.length === 0 ? 1 : endsOf(next)), 0);

/** Whether it parts anywhere: only then is there something to go back to. */
export const isForked = (tried: Tried): boolean => endsOf(tried) > 1;
