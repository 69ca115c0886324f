/** What each further turn would change: asked of the worker while nobody waits for anything else, kept as long as the page is open. */

import type { Scenario } from '../../../sim/engine/types.ts';
import { turnsKey } from '../../../sim/scenario/written.ts';
import type { Turns } from '../../turned-state.ts';
import type { Effect } from '../../worker/answers/preview.ts';
import { ask } from '../asking.ts';

export type Effects = {
  /** What `next` would change where `now` is turned; `undefined`: it was not tried yet. */
  readonly known: (now: Turns, next: Turns) => Effect | undefined;
  readonly learn: (now: Turns, next: Turns, effect: Effect) => void;
  /** Tries those that are not known. A later call gives up an earlier one. */
  readonly tryAll: (scenario: Scenario, now: Turns, all: readonly Turns[]) => Promise<void>;
  readonly giveUp: () => void;
};

/** @param heard called after each that became known, with how many are still to be tried */
export const makeEffects = (heard: (left: number) => void): Effects => {
  const kept = new Map<string, Effect>();
  const keyOf = (now: Turns, next: Turns): string => `${turnsKey(now)} > ${turnsKey(next)}`;
  let giving = new AbortController();
  const giveUp = (): void => giving.abort(new Error('something else is tried'));
  return {
    known: (now, next) => kept.get(keyOf(now, next)),
    learn: (now, next, effect) => kept.set(keyOf(now, next), effect),
    giveUp,
    tryAll: async (scenario, now, all) => {
      giveUp();
      giving = new AbortController();
      const { signal } = giving;
      const each = all.filter((next) => !kept.has(keyOf(now, next)));
      if (each.length === 0) {
        heard(0);
        return;
      }
      try {
        await ask(
          'preview',
          { scenario, turns: now, each },
          {
            signal,
            onProgress: ({ nth, effect }) => {
              kept.set(keyOf(now, each[nth] ?? []), effect);
              heard(each.length - nth - 1);
            },
          },
        );
      } catch {
        // Given up, or the worker was stopped: what is not known is tried when it is wanted again.
      }
    },
  };
};
