/** From the picture to where the runs part, from each of these to the next, and from the last one back. */
import { goTo } from './sight.ts';

export const compareNext = (): void => {
  const forks = [...document.querySelectorAll<HTMLElement>('.fork')];
  const at = document.activeElement?.closest<HTMLElement>('.fork') ?? null;
  const next = forks[at === null ? 0 : forks.indexOf(at) + 1] ?? document.querySelector<HTMLElement>('.inspector');
  if (next !== null && forks.length > 0) goTo(next);
};
