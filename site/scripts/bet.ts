/** Bet: the story is run when the bet is placed; says whether lane and step were right, and opens what came of it. */
import type { Turn } from '../../sim/engine/types.ts';
import { isBroken } from '../badges.ts';
import { type Ran, runAt } from './choosing.ts';
import { whyOf } from './elements.ts';
import { answersAt } from './latest.ts';

/** The lane that breaks, and the steps (counted from 1) that count as right: what did it, and where it was certain. */
const rightIn = ({ judgements }: Ran): { readonly lane: number; readonly steps: readonly number[] } => {
  const lane = judgements.findIndex(isBroken);
  const { cause = null, certain = null } = judgements[lane] ?? {};
  return { lane, steps: [cause, certain].flatMap((step) => (step === null ? [] : [step + 1])) };
};

const verdict = (right: ReturnType<typeof rightIn>, lane: number, step: number | null): string => {
  if (right.lane < 0) return lane < 0 ? 'Right: none of them breaks.' : 'Wrong: none of them breaks.';
  if (lane !== right.lane) return lane < 0 ? 'Wrong: one of them does break.' : 'Wrong: it is another guarantee.';
  if (step === null) return 'The guarantee is right. You did not say in which step.';
  return right.steps.includes(step) ? 'Right, guarantee and step.' : 'The guarantee is right, the step is another.';
};

const begin = (quiz: HTMLElement): void => {
  const place = quiz.querySelector<HTMLElement>('[data-place]');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  const fold = quiz.querySelector<HTMLDetailsElement>('details');
  const address = quiz.querySelector<HTMLAnchorElement>('[data-letters]')?.href;
  // Written by the page itself (`pages/play/bet.astro`).
  const turns = JSON.parse(quiz.dataset.turns ?? '[]') as readonly Turn[];
  if (place === null || said === null || fold === null || address === undefined) return;
  const chosen = (which: 'lane' | 'step'): number | null => {
    const one = quiz.querySelector<HTMLInputElement>(`input[name$="-${which}"]:checked`);
    return one === null ? null : Number(one.value);
  };
  const bets = answersAt(said);
  const settle = async (lane: number, step: number | null): Promise<void> => {
    const tell = bets.asked('It runs …');
    try {
      const { run, line } = await runAt(address, turns);
      if (!tell(verdict(rightIn(run), lane, step))) return;
      fold.querySelector('[data-computed]')?.remove();
      line.dataset.computed = '';
      fold.querySelector('.came')?.prepend(line);
    } catch (error) {
      if (!tell(`The bet cannot be settled here: ${whyOf(error)}. What came of it stands below.`)) return;
    }
    fold.open = true;
  };
  place.hidden = false;
  // Of another bet nothing is known yet.
  quiz.addEventListener('change', () => bets.drop());
  place.querySelector('button')?.addEventListener('click', () => {
    const lane = chosen('lane');
    if (lane === null) bets.drop('Choose a guarantee first, or none of them.');
    else void settle(lane, chosen('step'));
  });
};
for (const quiz of document.querySelectorAll<HTMLElement>('.bet')) begin(quiz);
