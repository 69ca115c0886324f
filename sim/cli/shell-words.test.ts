import { expect, it } from 'vitest';
import { wordsIn } from './shell-words.ts';

it('parts words at spaces, and leaves together what stands in quotes', () => {
  expect(wordsIn("  node  'a b.mjs' --x=\"c d\"e ''")).toEqual(['node', 'a b.mjs', '--x=c de', '']);
  expect(wordsIn(String.raw`C:\\node "it's"`)).toEqual([String.raw`C:\\node`, "it's"]);
  expect(wordsIn('')).toEqual([]);
});

it('takes no quote that is not closed', () => {
  expect(wordsIn("node 'a b")).toBe(null);
});
