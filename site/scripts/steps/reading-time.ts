/** How long it takes to read a step. */

/** For how long a step of so many words stays, in ms: 220 words a minute, and time to see the picture move on. */
export const readingTime = (words: number): number => Math.min(20_000, 1300 + words * 270);
