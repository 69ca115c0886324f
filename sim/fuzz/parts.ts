/** All that is fuzzed, in the order in which it is. */
import { letterPart } from './letters.ts';
import type { Part, Setting } from './part.ts';
import { scenarioPart } from './play.ts';
import { requestPart } from './requests.ts';
import { textPart } from './texts.ts';
import { walkPart } from './walks.ts';

export const parts: readonly Part[] = [scenarioPart, letterPart, requestPart, textPart, walkPart];

/** Cases of one block share casts, worlds and suites: a block is small enough that nothing piles up. */
export const blockSize = 500;

/** The `nth` case of a part, begun anew where a block begins. */
export const casesOf = (
  part: Part,
  setting: Omit<Setting, 'block'>,
): ((nth: number) => ReturnType<ReturnType<Part['begin']>>) => {
  let begun: { readonly block: number; readonly run: ReturnType<Part['begin']> } | null = null;
  return (nth) => {
    const block = Math.floor(nth / blockSize);
    if (begun?.block !== block) begun = { block, run: part.begin({ ...setting, block }) };
    return begun.run(nth);
  };
};
