/** Brings the narrow form of a picture to whoever has no room for the wide one. */
import type { Letters } from '../letters-file.ts';
import { nodeOf } from './dom.ts';

/** As in `diagram.css`: drawn smaller than this (px), the wide form has texts that are too small. */
const widthMin = 784;

/**
 * Looks after the picture in `stage`: once it is narrower than the wide form needs, and for as long as it has no narrow one, that is
 * fetched. Where it cannot be, the wide one stays, and can be moved sideways.
 */
export const bringNarrow = (stage: Element, got: () => Promise<Letters | string>): void => {
  const watcher = new ResizeObserver(([seen]) => {
    if (seen === undefined || seen.contentRect.width >= widthMin) return;
    watcher.disconnect();
    void got().then((letters) => {
      const wide = stage.querySelector(':scope > .seq-wide');
      if (typeof letters === 'string' || wide === null || stage.querySelector('.seq-narrow') !== null) return;
      wide.after(nodeOf(letters.narrow));
    });
  });
  watcher.observe(stage);
};
