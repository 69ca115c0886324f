/** A command in one text, as people write it on a command line. */

/**
 * Its words: parted by spaces, but for what stands in quotes, single or double. Nothing else is special, a backslash least of all, which
 * parts folders on some machines.
 *
 * @returns `null` where a quote is not closed
 */
export const wordsIn = (command: string): readonly string[] | null => {
  const words: string[] = [];
  let quote: string | null = null;
  let word: string | null = null;
  for (const letter of command)
    if (quote !== null) {
      if (letter === quote) quote = null;
      else word = `${word ?? ''}${letter}`;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter !== ' ') word = `${word ?? ''}${letter}`;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
};
