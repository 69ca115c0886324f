/** A setting of the panel: what it is made of, and how it says what it would change. */
import type { Turns } from '../../turned-state.ts';
import type { Effect } from '../../worker/answers/preview.ts';
import { element } from '../element.ts';

/** Turns something: `to` says what is turned afterwards. */
export type Turning = (to: (now: Turns) => Turns) => void;

/** Something that is shown anew whenever something is turned. */
export type Part = {
  readonly element: HTMLElement;
  /** All of its text, for the filter. */
  readonly text: string;
  readonly show: (turns: Turns, known: (next: Turns) => Effect | undefined) => void;
};

/** Words in which names of the wire stand between backticks. */
export const worded = (text: string): readonly (Node | string)[] =>
  text.split(/`([^`]*)`/).map((part, nth) => (nth % 2 === 1 ? element('code', '', part) : part));

const toneOf = { bad: 'bad', warn: 'warn', ok: 'ok', open: 'dim' } as const;
export const effectNodes = (lead: string, effect: Effect | undefined): readonly (Node | string)[] => {
  if (effect === undefined) return [];
  if (effect.is === 'refused') return [element('span', 'dim', `${lead}: cannot be played (${effect.why})`)];
  return [
    element('span', 'dim', `${lead}: `),
    ...effect.fates.flatMap(({ words, tone }, nth) => [
      ...(nth > 0 ? [', '] : []),
      element('span', `ends ${toneOf[tone]}`, words),
    ]),
  ];
};
export const changesNothing = (effect: Effect | undefined): boolean =>
  effect?.is === 'fates' && effect.fates.every(({ tone }) => tone === 'open');

let ids = 0;
export const newId = (): string => {
  ids += 1;
  return `turn-${ids}`;
};
