/** Tells a step aloud, where somebody asked for it: not while steps play or a slider tells them itself. */
import { element } from '../element.ts';
import { shownStep } from './chosen.ts';
import { stepTold } from './words.ts';

// A key that is held down asks for the step that it ends at.
const quiet = 500;
const told = element('p', 'vh');
told.setAttribute('role', 'status');
let timer: ReturnType<typeof setTimeout> | null = null;

export const startTelling = (): void => {
  document.body.append(told);
};

/** @param why what stands before it, as in `Paused. ` */
export const tellStep = (why = ''): void => {
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(() => told.replaceChildren(`${why}${stepTold(shownStep())}`), quiet);
};
