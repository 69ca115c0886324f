/**
 * A game on a page: what was done, what may happen next and what that would bring, and every line that was tried. The moves stand in the
 * address, so that going back takes one back, and a link leads to where one stands.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { counted } from '../../sim/runs/figures/counted.ts';
import type { Offered, Side } from '../play/gains.ts';
import { readMoves, writeMoves } from '../play/moves.ts';
import type { WayMove } from '../play/pars.ts';
import type { Played, Won } from '../play/playing.ts';
import { grown, isForked, type Tried } from '../play/tree.ts';
import { ask } from './asking.ts';
import { button, make, whyOf } from './elements.ts';
import { gainLine, isVain } from './gains.ts';
import { showRun } from './showing.ts';

export type Game = {
  readonly scenario: Scenario;
  readonly turns: readonly Turn[];
  readonly guarantees: readonly GuaranteeId[];
  /** The explorer's shortest way; `null`: there is none, or nobody has looked. */
  readonly way: readonly WayMove[] | null;
  /** What is said once no attacker has a move left; `null`: nothing. */
  readonly says: string | null;
  /** Where to go from here when it is won, from the root; `null`: nowhere. */
  readonly next: (() => Node) | null;
};

const heads: Readonly<Record<Side, string>> = {
  attacker: 'What the attacker may do',
  people: 'What people may do',
  others: 'Let others catch up',
  accident: 'What may go wrong',
};
const sides: readonly Side[] = ['attacker', 'people', 'others', 'accident'];

/** The address with these moves, and all else that stands there. */
const addressWith = (moves: readonly number[]): string => {
  const query = new URLSearchParams(location.search);
  if (moves.length === 0) query.delete('m');
  else query.set('m', writeMoves(moves));
  const text = query.toString();
  return `${location.pathname}${text === '' ? '' : `?${text}`}`;
};

/** Plays in `root` what the address says. Returns what ends it. */
export const startGame = (root: HTMLElement, game: Game): (() => void) => {
  const { scenario, turns, guarantees, way } = game;
  let moves: readonly number[] = [];
  let tried: Tried = [];
  let asking: AbortController | null = null;
  /** The moves that were asked for last, drawn or not; `null`: they could not be had. */
  let wanted: readonly number[] | null = null;

  const status = make('p', { class: 'status', role: 'status' });
  const done = make('section', { class: 'panel done', 'aria-label': 'What was done' });
  const next = make('section', { class: 'next', 'aria-label': 'What may happen next' });
  const tree = make('section', { class: 'panel tree', 'aria-label': 'What was tried' });
  const end = make('div', { class: 'end' });
  root.replaceChildren(
    status,
    make('div', { class: 'table' }, next, make('div', { class: 'so-far' }, done, tree)),
    end,
  );

  const go = (to: readonly number[], { isNew = true } = {}): void => {
    // Twice on the same one is once.
    if (wanted !== null && writeMoves(to) === writeMoves(wanted)) return;
    const address = addressWith(to);
    if (isNew && address !== `${location.pathname}${location.search}`) history.pushState(null, '', address);
    void play(to, isNew);
  };

  const moveItem = (offered: Offered): HTMLElement => {
    const { nth, words, gains } = offered;
    const id = `gain-${nth}`;
    const list = gains.length === 0 ? null : make('ul', { id }, ...gains.map(gainLine));
    const take = button('move', words, () => go([...moves, nth]), {
      'data-nth': String(nth),
      'aria-describedby': list === null ? null : id,
    });
    return make('li', { class: isVain(gains) ? 'vain' : null }, take, list);
  };

  const drawNext = ({ offered, left }: Played): HTMLElement => {
    const head = make('h2', { class: 'small', tabindex: '-1' }, 'What may happen next');
    const groups = sides.flatMap((side) => {
      const own = offered.filter((one) => one.side === side);
      return own.length === 0
        ? []
        : [make('h3', { class: side }, heads[side]), make('ul', { class: 'moves' }, ...own.map(moveItem))];
    });
    const isSpent = left.every(({ moves: own }) => own === 0);
    next.replaceChildren(
      head,
      ...groups,
      offered.length === 0 ? make('p', {}, 'Nothing more can happen. Take back a move, or start again.') : '',
      isSpent && game.says !== null ? make('p', { class: 'says' }, game.says) : '',
    );
    end.replaceChildren();
    return head;
  };

  const drawDone = ({ before, line }: Played): void => {
    const told = line.map(({ words, side }, at) => {
      const isLast = at === line.length - 1;
      return make(
        'li',
        { class: side },
        make('span', {}, words),
        isLast
          ? null
          : button('back', 'back to here', () => go(moves.slice(0, at + 1)), {
              'aria-label': `back to here, after move ${at + 1}`,
            }),
      );
    });
    done.replaceChildren(
      make('h2', { class: 'small' }, 'What was done'),
      before.length === 0 ? '' : make('ol', { class: 'before' }, ...before.map(({ words }) => make('li', {}, words))),
      line.length === 0 ? make('p', { class: 'sub' }, 'Nothing yet.') : make('ol', { class: 'line' }, ...told),
      make(
        'p',
        { class: 'wrap' },
        button('tool', 'Take back a move', () => go(moves.slice(0, -1)), { disabled: line.length === 0 }),
        button('tool', 'Start again', () => go([]), { disabled: line.length === 0 }),
      ),
    );
  };

  const branches = (some: Tried, path: readonly number[]): HTMLElement =>
    make(
      'ul',
      {},
      ...some.map(({ nth, words, won, next: further }) => {
        const own = [...path, nth];
        const isHere = own.length <= moves.length && own.every((one, at) => moves[at] === one);
        const isEnd = isHere && own.length === moves.length;
        return make(
          'li',
          { class: isHere ? 'here' : null },
          button('branch', `${words}${won ? ' (won)' : ''}`, () => go(own), { 'aria-current': isEnd ? 'step' : null }),
          further.length === 0 ? null : branches(further, own),
        );
      }),
    );
  const drawTree = (): void => {
    tree.hidden = !isForked(tried);
    tree.replaceChildren(make('h2', { class: 'small' }, 'What was tried'), branches(tried, []));
  };

  const column = (head: string, items: readonly string[]): HTMLElement =>
    make(
      'div',
      { class: 'panel' },
      make('h3', {}, head),
      make('ol', {}, ...items.map((words) => make('li', {}, words))),
    );
  const drawWon = (won: Won, line: Played['line']): HTMLElement => {
    const isPar = way !== null && line.length <= way.length;
    const head = make('h2', { tabindex: '-1' }, isPar ? 'Done, and no way is shorter' : 'Done');
    const ways = [
      column(
        `Yours: ${counted(line.length, 'move')}`,
        line.map(({ words }) => words),
      ),
      ...(way === null
        ? []
        : [
            column(
              `The shortest: ${counted(way.length, 'move')}`,
              way.map(({ words }) => words),
            ),
          ]),
    ];
    next.replaceChildren(
      head,
      make('p', { class: 'bad why' }, make('b', {}, '✕ '), won.words),
      make('div', { class: 'ways' }, ...ways),
      game.next === null ? '' : make('p', {}, game.next()),
    );
    const { choices, guarantee } = won;
    showRun(end, { scenario, turns, choices, guarantee });
    return head;
  };

  const draw = (played: Played, isNew: boolean): void => {
    const { line, left, won, wrong } = played;
    // A line that could not be followed to its end is shown as far as it went, and so is its address.
    moves = line.map(({ nth }) => nth);
    wanted = moves;
    tried = grown(
      tried,
      line.map(({ nth, words }, at) => ({ nth, words, won: won !== null && at === line.length - 1 })),
    );
    const spent = left
      .map(({ name, moves: own }) => `${name} has ${own === 0 ? 'no move' : counted(own, 'move')} left`)
      .join('; ');
    const said =
      won !== null
        ? `Won in ${counted(line.length, 'move')}.`
        : `${counted(line.length, 'move')} so far.${spent === '' ? '' : ` ${spent}.`}`;
    status.replaceChildren(
      ...(wrong === null ? [] : [make('b', {}, `The link could not be followed to its end: ${wrong}. `)]),
      said,
    );
    drawDone(played);
    drawTree();
    const head = won === null ? drawNext(played) : drawWon(won, line);
    if (isNew) head.focus({ preventScroll: won === null });
  };

  const play = async (to: readonly number[], isNew: boolean): Promise<void> => {
    asking?.abort(new Error('asked anew'));
    wanted = to;
    const own = new AbortController();
    asking = own;
    root.setAttribute('aria-busy', 'true');
    try {
      const played = await ask('play', { scenario, turns, guarantees, moves: to }, { signal: own.signal });
      draw(played, isNew);
      root.removeAttribute('aria-busy');
    } catch (error) {
      if (own.signal.aborted) return;
      root.removeAttribute('aria-busy');
      wanted = null;
      status.replaceChildren(
        `The simulator does not answer: ${whyOf(error)}. `,
        button('tool', 'Ask again', () => void play(to, isNew)),
      );
    }
  };

  const follow = (): void => {
    const read = readMoves(new URLSearchParams(location.search).get('m'));
    if (read.ok && wanted !== null && writeMoves(read.moves) === writeMoves(wanted)) return;
    void play(read.ok ? read.moves : [], false).then(() => {
      if (!read.ok) status.prepend(make('b', {}, `The moves in the link are not read: ${read.why}. `));
    });
  };
  status.replaceChildren('The simulator is being loaded …');
  addEventListener('popstate', follow);
  follow();
  return () => {
    asking?.abort(new Error('ended'));
    removeEventListener('popstate', follow);
    root.replaceChildren();
  };
};
