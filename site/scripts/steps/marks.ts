/** What there is to go to among the steps, as the page shows it. Steps count from 1. */
import { articles } from './chosen.ts';

const stepsWith = (selector: string): readonly number[] =>
  articles().flatMap((article, nth) => (article.querySelector(selector) === null ? [] : [nth + 1]));

/** Steps in which a guarantee breaks, or in which something is done that breaks one later. */
export const breaks = (): readonly number[] => stepsWith('.why.bad');
/** Steps in which an attacker learns something. */
export const learned = (): readonly number[] => stepsWith('.g-learned');

/** The next of those steps after `step`; after the last the first comes again, and `null` where there are none. */
export const nextOf = (steps: readonly number[], step: number): number | null =>
  steps.find((one) => one > step) ?? steps[0] ?? null;
