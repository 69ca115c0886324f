/** The page of a level: plays it. Without a script the page tells its story, its goal and the shortest way. */
import type { Scenario } from '../../sim/engine/types.ts';
import { fetched, make, whyOf } from './elements.ts';
import type { Game } from './game.ts';
import { startGame } from './game.ts';

const root = document.querySelector<HTMLElement>('#game');
const ground = document.querySelector<HTMLAnchorElement>('a[data-ground]');
const further = document.querySelector<HTMLAnchorElement>('a[data-next]');

const begin = async (into: HTMLElement, address: string): Promise<void> => {
  into.replaceChildren(make('p', { role: 'status' }, 'The level is being loaded …'));
  try {
    const scenario = (await fetched(address)) as Scenario;
    // Written by the page itself (`pages/play/[id].astro`).
    const level = JSON.parse(into.dataset.level ?? '{}') as Pick<Game, 'turns' | 'guarantees' | 'way' | 'says'>;
    const next =
      further === null
        ? null
        : () => make('a', { class: 'go', href: further.href }, `Next level: ${further.textContent ?? ''}`);
    startGame(into, { scenario, ...level, next });
  } catch (error) {
    into.replaceChildren(make('p', { role: 'status' }, `The level could not be loaded: ${whyOf(error)}.`));
  }
};
if (root !== null && ground !== null) void begin(root, ground.href);
