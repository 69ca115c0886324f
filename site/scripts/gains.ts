/** What a move would bring, as a line that people read. */
import type { Gain } from '../play/gains.ts';
import { el } from '../views/view.ts';
import { nodeOf } from './dom.ts';
import { make } from './elements.ts';

/** A clause by its name, with its page behind it. */
export const clauseLink = (clause: string, name: string): Node =>
  nodeOf(el('a', { href: `/clauses/${clause}/` }, `“${name}”`));

const line = (tone: string, ...parts: readonly (Node | string)[]): HTMLElement => make('li', { class: tone }, ...parts);

export const gainLine = (gain: Gain): HTMLElement => {
  switch (gain.is) {
    case 'breaks':
      return gain.acceptedBy === null
        ? line('bad', make('b', {}, '✕ Breaks '), gain.words)
        : line('warn', make('b', {}, 'Conceded '), `${gain.words}. The text owns that, so it does not count.`);
    case 'learns':
      return line('learns', make('b', {}, 'Learns '), gain.words);
    case 'refused':
      return line(
        'shut',
        make('b', {}, gain.by === null ? 'Thrown away ' : `Thrown away by ${gain.by} `),
        'by the clause ',
        clauseLink(gain.clause, gain.name),
      );
    case 'left':
      return line('shut', `${gain.words}: `, clauseLink(gain.clause, gain.name));
    case 'impossible':
      return line('shut', make('b', {}, 'Impossible '), gain.words);
    case 'comes':
      return line('comes', gain.words);
  }
};

/** Whether nothing would come of it but that it is thrown away, left or impossible. */
export const isVain = (gains: readonly Gain[]): boolean =>
  gains.length > 0 && gains.every(({ is }) => is === 'refused' || is === 'left' || is === 'impossible');
