/** Greys what devices hold and attackers know only after the chosen step, and says so. */
import { element } from '../element.ts';
import { chosenStep } from './chosen.ts';

/** From which step on it stands, and at which it is gone; steps count from 1. */
const spanOf = (part: HTMLElement): { readonly from: number; readonly until: number } => {
  const link = part.querySelector<HTMLAnchorElement>('a[href*="#s"]');
  return {
    from: Number(part.dataset.from ?? /#s(\d+)$/.exec(link?.hash ?? '')?.[1] ?? 0),
    until: Number(part.dataset.until ?? Number.POSITIVE_INFINITY),
  };
};

/** The line above a box that says what its grey means. It keeps its place while it says nothing. */
const noteOf = (box: Element): Element => {
  const known = box.querySelector(':scope > .later-note');
  if (known !== null) return known;
  const note = element('p', 'sub later-note');
  box.prepend(note);
  return note;
};

/** With no step chosen all stands as at the end. */
export const greyLater = (): void => {
  const step = chosenStep() ?? Number.POSITIVE_INFINITY;
  for (const box of document.querySelectorAll('.beliefs-box, .knowledge')) {
    for (const part of box.querySelectorAll<HTMLElement>('[data-from], .know-tree li')) {
      const { from, until } = spanOf(part);
      part.classList.toggle('later', from > step);
      if (part.dataset.until !== undefined) part.classList.toggle('gone', until <= step);
    }
    noteOf(box).textContent = box.querySelector('.later') === null ? '' : `Grey: only after step ${step}.`;
  }
};
