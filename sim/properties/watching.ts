/** How guarantees go through a step: moment by moment, the first break that no text accepts before those that one does. */
import type { Json } from '../../machines/json.ts';
import type { Moment, Step } from '../types.ts';
import type { Break, Seen } from './types.ts';

/** What one moment shows: what is remembered after it, and what broke or came about in it. */
export type Look<M> = { readonly memory: M; readonly broken?: Break | null; readonly shadow?: boolean };

/** The graver of two breaks: one that no text accepts, else the earlier. */
export const graver = (one: Break | null, other: Break | null): Break | null =>
  one === null || (other !== null && one.acceptedBy !== null && other.acceptedBy === null) ? other : one;

/** The gravest of several. */
export const gravest = (breaks: readonly Break[]): Break | null => breaks.reduce<Break | null>(graver, null);

/** What a step shows to whoever looks at each of its moments in order. */
export const throughout = <M extends Json>(
  begin: M,
  step: Step,
  look: (memory: M, moment: Moment) => Look<M>,
): Seen<M> => {
  let memory = begin;
  let broken: Break | null = null;
  let shadow = false;
  for (const moment of step.moments) {
    const seen = look(memory, moment);
    memory = seen.memory;
    broken = graver(broken, seen.broken ?? null);
    shadow = shadow || seen.shadow === true;
  }
  return { memory, broken, shadow };
};

/** Whether a step belongs to the story: what was before it is evidence, and shows nothing of what is promised in it. */
export const isStory = (step: Step): boolean => step.choice.id !== 'before';
