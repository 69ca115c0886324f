/** Which form of a picture there is room for, and how the narrow one comes to whoever has no room for the wide one. */
import type { Letters } from '../letters-file.ts';
import { nodeOf } from './dom.ts';

/** As in `diagram.css`: drawn smaller than this (px), the wide form has texts that are too small. */
const widthMin = 784;
export type Form = 'wide' | 'narrow';

export type Room = {
  /** The form there was room for when it was last looked at. */
  readonly form: () => Form;
  /** Looks after this one from now on. */
  readonly watch: (stage: Element) => void;
};

/** @param changed is told the form there is room for, once it is known and whenever it is another */
export const roomOf = (changed: (form: Form) => void): Room => {
  let form: Form | null = null;
  const watcher = new ResizeObserver(([seen]) => {
    // One that was taken off the page has no width.
    if (seen === undefined || seen.contentRect.width === 0) return;
    const next = seen.contentRect.width < widthMin ? 'narrow' : 'wide';
    if (next === form) return;
    form = next;
    changed(next);
  });
  return {
    form: () => form ?? 'wide',
    watch: (stage) => {
      watcher.disconnect();
      watcher.observe(stage);
    },
  };
};

/**
 * Looks after the picture in `stage`: once it is narrower than the wide form needs, and for as long as it has no narrow one, that is
 * fetched. Where it cannot be, the wide one stays, and can be moved sideways.
 */
export const bringNarrow = (stage: Element, got: () => Promise<Letters | string>): void => {
  const bring = async (): Promise<void> => {
    const letters = await got();
    const wide = stage.querySelector(':scope > .seq-wide');
    if (typeof letters === 'string' || wide === null || stage.querySelector('.seq-narrow') !== null) return;
    wide.after(nodeOf(letters.narrow));
  };
  roomOf((form) => {
    if (form === 'narrow') void bring();
  }).watch(stage);
};
