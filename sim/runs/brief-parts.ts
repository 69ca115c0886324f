/** How the text of a scenario (`brief.ts`) is parted: first the run as it is written, then each run with a setting turned. */

/** What stands between parts, and nowhere in one. */
export const partBreak = '\n\n\n';

/** How the part of a turned run begins, which stands nowhere else; `nth` counts from 0. */
export const turnedMark = (nth: number): string => `Turned ${nth + 1}`;

/** Of the text of a scenario the run as it is written. */
export const writtenPart = (text: string): string => text.split(partBreak, 1)[0] ?? '';
