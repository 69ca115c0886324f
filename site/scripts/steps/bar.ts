/** The bar above a step: back, play, on, a slider with all steps as its scale, and help. */
import { element, signButton } from '../element.ts';
import { drawAll } from '../pieces.ts';
import { onChosen, shownStep, stepCount } from './chosen.ts';
import { onPlaying } from './playing.ts';
import { stepTold } from './words.ts';

export type BarActs = {
  readonly previous: () => void;
  readonly next: () => void;
  readonly toggle: () => void;
  readonly help: () => void;
  /** By the slider. */
  readonly scrub: (step: number) => void;
};

/** A mark for each step, in the colour that its tick has. */
const scaleOf = (): HTMLElement => {
  if (document.querySelector('.ticks > :empty') !== null) drawAll();
  const scale = element(
    'span',
    'scale',
    ...[...document.querySelectorAll('.ticks a')].map((tick) => element('span', tick.className.replace(/tick\d+/, ''))),
  );
  scale.setAttribute('aria-hidden', 'true');
  return scale;
};

const sliderOf = (scrub: (step: number) => void): HTMLInputElement => {
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.min = '1';
  slider.max = `${stepCount()}`;
  slider.setAttribute('aria-label', 'Step');
  slider.addEventListener('input', () => scrub(slider.valueAsNumber));
  return slider;
};

type Bar = { readonly bar: HTMLElement; readonly show: () => void; readonly showPlaying: (playing: boolean) => void };
const barOf = (acts: BarActs): Bar => {
  const previous = signButton('←', 'Previous step', acts.previous);
  const toggle = signButton('▶', 'Play', acts.toggle);
  toggle.dataset.play = '';
  const next = signButton('→', 'Next step', acts.next);
  const slider = sliderOf(acts.scrub);
  const help = signButton('?', 'Keys', acts.help);
  help.setAttribute('aria-haspopup', 'dialog');
  const bar = element('div', 'step-bar', previous, toggle, next, element('span', 'scrub', slider, scaleOf()), help);
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', 'Steps of the run');
  return {
    bar,
    show: () => {
      const step = shownStep();
      slider.value = `${step}`;
      slider.setAttribute('aria-valuetext', stepTold(step));
      // Disabled buttons would lose the focus just when the end is reached.
      previous.setAttribute('aria-disabled', `${step <= 1}`);
      next.setAttribute('aria-disabled', `${step >= stepCount()}`);
    },
    showPlaying: (playing) => {
      toggle.textContent = playing ? '❚❚' : '▶';
      toggle.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    },
  };
};

let shown: Bar | null = null;
onChosen(() => shown?.show());
onPlaying((playing) => shown?.showPlaying(playing));

/** Puts the bar into the inspector, anew where that was drawn anew. */
export const showBar = (acts: BarActs): void => {
  document.querySelector('.step-bar')?.remove();
  shown = stepCount() > 1 ? barOf(acts) : null;
  if (shown === null) return;
  document.querySelector('.inspector > .unfold')?.after(shown.bar);
  shown.show();
};
