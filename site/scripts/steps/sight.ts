/** Brings the row of a step into sight, in the picture as wide as it is shown. */

const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The row of a step, or the bar of the fold that it lies in. */
const rowOf = (step: number): Element | null => {
  const shown = [...document.querySelectorAll('.stage .seq')].find((picture) => picture.getClientRects().length > 0);
  const row = shown?.querySelector(`a[href="#s${step}"]`) ?? null;
  const fold = row?.closest('details:not([open])') ?? null;
  return fold?.querySelector('summary') ?? row;
};

/** @param how `glide` where a person watches, unless less motion is asked for; `jump` where many follow one another */
export const bringIntoSight = (step: number, how: 'glide' | 'jump'): void => {
  const stage = document.querySelector('.stage');
  // Whoever reads further down is not taken away from there.
  if (stage === null || stage.getBoundingClientRect().bottom < 0) return;
  rowOf(step)?.scrollIntoView({ block: 'nearest', behavior: how === 'glide' && !isCalm() ? 'smooth' : 'instant' });
};
/** Brings a part of the page to the top of the window, and the focus there. */
export const goTo = (part: HTMLElement): void => {
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: 'start', behavior: isCalm() ? 'instant' : 'smooth' });
};
