/** Defend: which attack is left with the clauses that are switched on. What is said was searched when the page was built. */
import { counted } from '../../sim/runs/figures/counted.ts';
import { type ConcededName, safeWords } from '../play/stand-words.ts';
import { make } from './elements.ts';

type Stand = {
  readonly on: readonly number[];
  readonly worlds: number;
  readonly why: string | null;
  readonly way: readonly string[];
  readonly conceded: readonly ConcededName[];
  readonly idle: readonly string[];
};

const begin = (quiz: HTMLElement): void => {
  const switches = quiz.querySelector<HTMLFieldSetElement>('[data-switches]');
  const said = quiz.querySelector<HTMLElement>('[data-said]');
  // Written by the page itself (`pages/play/defend.astro`).
  const stands = JSON.parse(quiz.dataset.stands ?? '[]') as readonly Stand[];
  const fewest = Number(quiz.dataset.fewest);
  if (switches === null || said === null) return;
  const show = (): void => {
    const on = [...switches.querySelectorAll('input')].flatMap(({ checked, value }) =>
      checked ? [Number(value)] : [],
    );
    const stand = stands.find((one) => one.on.length === on.length && on.every((nth) => one.on.includes(nth)));
    if (stand === undefined) return;
    const { worlds, why, way, conceded, idle } = stand;
    if (why === null) {
      const words = safeWords(worlds, { conceded, idle }, on.length - fewest, fewest);
      said.replaceChildren(make('p', { class: conceded.length === 0 ? 'ok ends' : 'warn ends' }, words));
    } else
      said.replaceChildren(
        make('p', { class: 'bad ends' }, `✕ “${why}” breaks. A shortest way, in ${counted(way.length, 'step')}:`),
        make('ol', { class: 'way' }, ...way.map((words) => make('li', {}, words))),
      );
  };
  switches.hidden = false;
  switches.addEventListener('change', show);
  show();
};
for (const quiz of document.querySelectorAll<HTMLElement>('.defend')) begin(quiz);
