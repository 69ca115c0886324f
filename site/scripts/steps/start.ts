/** Ways through the steps of a run: a bar, keys, and playing. */
import { type BarActs, showBar } from './bar.ts';
import { choose, onChosen, shownStep, stepCount } from './chosen.ts';
import { compareNext } from './compare.ts';
import type { Deed } from './deeds.ts';
import { showHelp } from './help.ts';
import { listenForKeys } from './keys.ts';
import { greyLater } from './later.ts';
import { breaks, learned, nextOf } from './marks.ts';
import { isPlaying, onPlaying, pause, play } from './playing.ts';
import { bringIntoSight } from './sight.ts';
import { startTelling, tellStep } from './telling.ts';

/** Goes to a step, if there is one, and tells of it. */
const go = (step: number | null): void => {
  pause();
  if (step === null || step < 1 || step > stepCount()) return;
  choose(step);
  bringIntoSight(step, 'jump');
  tellStep();
};
const toggle = (): void => {
  if (isPlaying()) pause();
  else play((step) => bringIntoSight(step, 'glide'));
};

const deeds: Readonly<Record<Deed, () => void>> = {
  previous: () => go(shownStep() - 1),
  next: () => go(shownStep() + 1),
  first: () => go(1),
  last: () => go(stepCount()),
  break: () => go(nextOf(breaks(), shownStep())),
  learned: () => go(nextOf(learned(), shownStep())),
  compare: () => {
    pause();
    compareNext();
  },
  play: toggle,
  help: () => {
    pause();
    showHelp();
  },
};
const acts: BarActs = {
  previous: deeds.previous,
  next: deeds.next,
  toggle,
  help: deeds.help,
  // The slider tells its step by itself.
  scrub: (step) => {
    choose(step);
    bringIntoSight(step, 'jump');
  },
};

export const startSteps = (): void => {
  if (document.querySelector('.inspector') === null) return;
  const redrawn = (): void => {
    pause();
    showBar(acts);
    greyLater();
  };
  startTelling();
  redrawn();
  document.addEventListener('redrawn', redrawn);
  onChosen(greyLater);
  onPlaying((playing) => {
    if (!playing) tellStep('Paused. ');
  });
  listenForKeys((deed) => deeds[deed]());
};
