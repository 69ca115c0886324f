/** How guarantees go through a step: moment by moment, the first break that no text accepts before those that one does. */
import type { Json } from '../../machines/json.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, Step } from '../engine/types.ts';
import { forgetting } from './evidence/beginning.ts';
import type { Seen } from './types.ts';

/** What one moment shows: what is remembered after it, and what broke or came about in it. `shadow`: of which secrets, where it is of any. */
export type Look<M> = {
  readonly memory: M;
  readonly breaks?: readonly Break[];
  readonly shadow?: boolean | readonly string[];
};

/** Of those that are there. */
export const some = (...breaks: readonly (Break | null)[]): readonly Break[] =>
  breaks.flatMap((one) => (one === null ? [] : [one]));

/** The graver of two breaks: one that no text accepts, else the earlier. */
const graver = (one: Break | null, other: Break): Break =>
  one === null || (one.acceptedBy !== null && other.acceptedBy === null) ? other : one;

/** The gravest of several. */
export const gravest = (breaks: readonly Break[]): Break | null => breaks.reduce<Break | null>(graver, null);

/** What a step shows to whoever looks at each of its moments in order. What a device began anew in one of them had before is forgotten. */
export const throughout = <M extends Json>(
  begin: M,
  step: Step,
  look: (memory: M, moment: Moment) => Look<M>,
): Seen<M> => {
  let memory = begin;
  const breaks: Break[] = [];
  let shadow = false;
  let shadowOf: readonly string[] = [];
  for (const moment of step.moments) {
    const seen = look(forgetting(memory, moment), moment);
    memory = seen.memory;
    breaks.push(...(seen.breaks ?? []));
    if (seen.shadow === true) shadow = true;
    else if (seen.shadow !== undefined && seen.shadow !== false) shadowOf = [...shadowOf, ...seen.shadow];
  }
  return shadowOf.length === 0 ? { memory, breaks, shadow } : { memory, breaks, shadow: true, shadowOf };
};

/** Whether a step belongs to the story: what was before it is evidence, and shows nothing of what is promised in it. */
export const isStory = (step: Step): boolean => step.choice.id !== 'before';
