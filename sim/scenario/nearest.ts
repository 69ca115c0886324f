/** The known name nearest to a mistyped one. */

/** Longer words are no typing mistakes, and comparing them would only cost time. */
const lengthMax = 80;

/** How many letters to insert, drop, replace or swap with their neighbour to make `one` into `other`. */
const editDistance = (one: string, other: string): number => {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, nth) => nth);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
};

const wordsIn = (name: string): readonly string[] => name.split(/[-. ]+/).filter((word) => word !== '');

/** The name in `known` nearest to `word`, or `null` where none is near: one letter in four may be wrong. */
export const nearest = (word: string, known: Iterable<string>): string | null => {
  if (word.length === 0 || word.length > lengthMax) return null;
  const wanted = word.toLowerCase();
  // A letter by itself is near to every other one.
  const allowed = word.length === 1 ? 0 : Math.max(1, Math.floor(word.length / 4));
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const name of known) {
    if (name.length > lengthMax || Math.abs(name.length - word.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  if (best !== null) return best;
  // A name half written: its beginning is enough when only one begins so.
  const begun = wanted.length < 3 ? [] : [...known].filter((name) => name.toLowerCase().startsWith(wanted));
  if (begun.length === 1) return begun[0] ?? null;
  // Or words of it, and of no other.
  const words = wordsIn(wanted);
  const within = words.every((one) => one.length < 3)
    ? []
    : [...known].filter((name) => words.every((one) => wordsIn(name.toLowerCase()).includes(one)));
  return within.length === 1 ? (within[0] ?? null) : null;
};

/**
 * What is expected where one of these names is: all of them where they are few.
 *
 * @param many what it is, in words, where they are too many to list, or none; one of them for an example where this is left out
 */
export const oneOfThese = (what: string, names: readonly string[], many?: string): string => {
  if (names.length > 0 && names.length <= 12) return `${what}: ${names.join(', ')}`;
  return many ?? (names.length === 0 ? what : `${what} such as ${names[0]}`);
};
