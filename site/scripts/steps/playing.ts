/** Playing the steps at reading speed, until the last one or until somebody does something. */
import { choose, shownStep, stepCount } from './chosen.ts';
import { readingTime } from './reading-time.ts';
import { wordsOf } from './words.ts';

let timer: ReturnType<typeof setTimeout> | null = null;
export const isPlaying = (): boolean => timer !== null;

const listeners: ((playing: boolean) => void)[] = [];
/** Is told when it starts and when it stops. */
export const onPlaying = (listener: (playing: boolean) => void): void => {
  listeners.push(listener);
};
const tell = (): void => {
  for (const listener of listeners) listener(isPlaying());
};

export const pause = (): void => {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  tell();
};

const wait = (arrived: (step: number) => void): void => {
  timer = setTimeout(
    () => {
      const step = shownStep();
      if (step >= stepCount()) return pause();
      choose(step + 1);
      arrived(step + 1);
      wait(arrived);
    },
    readingTime(wordsOf(shownStep())),
  );
};

/** Starts from the step that is shown, or anew where that is the last; `arrived` is called at each next one. */
export const play = (arrived: (step: number) => void): void => {
  if (timer !== null || stepCount() < 2) return;
  if (shownStep() >= stepCount()) {
    choose(1);
    arrived(1);
  }
  wait(arrived);
  tell();
};

/** Whether its own button is pressed: that stops it by itself, and would start it again at once. */
const isOwn = (event: Event): boolean =>
  event.target instanceof Element &&
  event.target.closest('[data-play]') !== null &&
  (event instanceof KeyboardEvent ? event.key === ' ' || event.key === 'Enter' : event.type === 'pointerdown');

// What stops it, besides what says so: scrolling, touching, typing, leaving. Keys that do something here say so themselves.
for (const name of ['wheel', 'pointerdown', 'keydown'] as const)
  window.addEventListener(
    name,
    (event) => {
      if (!isOwn(event) && !(name === 'keydown' && event.defaultPrevented)) pause();
    },
    { passive: true },
  );
document.addEventListener('visibilitychange', () => {
  if (document.hidden) pause();
});
