/** Brings the row of a step into sight, in the picture as wide as it is shown. */
import { drawAll } from '../pieces.ts';

const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The rows of a step from the last to the first, each as it is seen: a fold that is closed shows its bar. */
const rowsOf = (step: number): readonly Element[] => {
  drawAll();
  const shown = [...document.querySelectorAll('.stage .seq')].find((picture) => picture.getClientRects().length > 0);
  return [...(shown?.querySelectorAll(`a[href="#s${step}"]`) ?? [])]
    .toReversed()
    .map((row) => row.closest('details:not([open])')?.querySelector('summary') ?? row);
};

/** @param how `glide` where a person watches, unless less motion is asked for; `jump` where many follow one another */
export const bringIntoSight = (step: number, how: 'glide' | 'jump'): void => {
  const stage = document.querySelector('.stage');
  // Whoever reads further down is not taken away from there.
  if (stage === null || stage.getBoundingClientRect().bottom < 0) return;
  const behavior = how === 'glide' && !isCalm() ? 'smooth' : 'instant';
  const rows = rowsOf(step);
  // All of the step where there is room for it, and its beginning where there is not.
  for (const row of behavior === 'smooth' ? rows.slice(-1) : rows) row.scrollIntoView({ block: 'nearest', behavior });
};
/** Brings a part of the page to the top of the window, and the focus there. */
export const goTo = (part: HTMLElement): void => {
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: 'start', behavior: isCalm() ? 'instant' : 'smooth' });
};
