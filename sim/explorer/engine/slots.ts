/** A growing list of numbers: slots waiting to be expanded, or their depths. */
import { allocated } from './table.ts';

export type Slots = {
  /** `false`: there is no memory for it. */
  readonly push: (slot: number) => boolean;
  readonly pop: () => number;
  readonly at: (nth: number) => number;
  readonly clear: () => void;
  /** Replaces every slot number by where it went. */
  readonly follow: (moved: Uint32Array) => void;
  readonly length: () => number;
  readonly bytes: () => number;
};

export const makeSlots = (): Slots => {
  let items: Uint32Array = new Uint32Array(1 << 10);
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
    at: (nth) => items[nth] as number,
    clear: () => {
      length = 0;
    },
    follow: (moved) => {
      for (let i = 0; i < length; i++) items[i] = moved[items[i] as number] as number;
    },
    length: () => length,
    bytes: () => items.byteLength,
  };
};
