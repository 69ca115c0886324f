/** A growing list of numbers: slots waiting to be expanded, or their depths. */
import { allocated } from './store.ts';

export type Slots = {
  /** `false`: there is no memory for it. */
  readonly push: (slot: number) => boolean;
  readonly pop: () => number;
  readonly length: () => number;
  readonly bytes: () => number;
};

export const makeSlots = (): Slots => {
  let items: Int32Array = new Int32Array(64);
  let length = 0;
  const longer = (): boolean => {
    const wider = allocated(items.length * 2);
    if (wider === null) return false;
    wider.set(items);
    items = wider;
    return true;
  };
  return {
    push: (slot) => {
      if (length === items.length && !longer()) return false;
      items[length++] = slot;
      return true;
    },
    pop: () => items[--length] as number,
    length: () => length,
    bytes: () => items.byteLength,
  };
};
