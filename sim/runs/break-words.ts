/** When and where guarantees broke, in words: the same in transcripts, on the terminal and beside pictures. */

import type { Break } from '../engine/breaks.ts';
import type { Judgement } from '../engine/types.ts';
import { oneLine } from './export/short.ts';

/** `in step 6`, or `in step 4, certain in step 6` where it was done before it was certain. Steps count from 1. */
export const whenText = (cause: number, certain: number): string =>
  cause === certain ? `in step ${certain + 1}` : `in step ${cause + 1}, certain in step ${certain + 1}`;

type Told = Pick<Break, 'at' | 'why' | 'acceptedBy'> & { readonly cause: number; readonly certain: number };

const isSame = (one: Told, other: Judgement): boolean =>
  one.cause === other.cause &&
  one.certain === other.certain &&
  one.at === other.at &&
  one.why === other.why &&
  one.acceptedBy === other.acceptedBy;

/** All that broke beside what a judgement names first, by cause. */
export const otherBreaks = (judgement: Judgement): readonly Told[] => {
  const all = judgement.breaks.flatMap(({ cause, certain, breaks }) =>
    breaks.map(({ at, why, acceptedBy }): Told => ({ at, why, acceptedBy, cause, certain })),
  );
  const first = all.findIndex((one) => isSame(one, judgement));
  return all.filter((_, nth) => nth !== first);
};

/** `at alice.phone in step 4, certain in step 6`. */
export const whereText = ({ at, cause, certain }: Pick<Judgement, 'at' | 'cause' | 'certain'>): string =>
  [
    ...(at === null ? [] : [`at ${at}`]),
    ...(cause === null || certain === null ? [] : [whenText(cause, certain)]),
  ].join(' ');

/** `also at alice.laptop in step 3, certain in step 8: …`, a line for each further break. */
export const otherLines = (judgement: Judgement): readonly string[] =>
  otherBreaks(judgement).map((one) => {
    const accepted = one.acceptedBy === null ? '' : ` (the text accepts it: ${one.acceptedBy})`;
    return `also ${whereText(one)}: ${oneLine(one.why)}${accepted}`;
  });
