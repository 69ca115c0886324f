/** Greys what devices hold and attackers know only after the chosen step. */
import { chosenStep } from './chosen.ts';

/** From which step on it stands, and at which it is gone; steps count from 1. */
const spanOf = (part: HTMLElement): { readonly from: number; readonly until: number } => {
  const link = part.querySelector<HTMLAnchorElement>('a[href*="#s"]');
  return {
    from: Number(part.dataset.from ?? /#s(\d+)$/.exec(link?.hash ?? '')?.[1] ?? 0),
    until: Number(part.dataset.until ?? Number.POSITIVE_INFINITY),
  };
};

/** With no step chosen all stands as at the end. */
export const greyLater = (): void => {
  const step = chosenStep() ?? Number.POSITIVE_INFINITY;
  for (const part of document.querySelectorAll<HTMLElement>('.beliefs [data-from], .know-tree li')) {
    const { from, until } = spanOf(part);
    part.classList.toggle('later', from > step);
    if (part.dataset.until !== undefined) part.classList.toggle('gone', until <= step);
  }
};
