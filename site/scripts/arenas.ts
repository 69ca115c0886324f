/**
 * Any scenario with a free part: every world of it is searched, or it is played without a goal. What is chosen stands in the address; what
 * breaks opens on the bench below.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { counted, large } from '../../sim/runs/figures/counted.ts';
import { readAddress, writeAddress } from '../address.ts';
import { endWords, holdsWords, triedOf } from '../play/search-words.ts';
import type { ExploreAnswered, ExploreFound, ExploreProgress } from '../play/searching.ts';
import { el } from '../views/view.ts';
import { ask, stop } from './asking.ts';
import { nodeOf } from './dom.ts';
import { button, fetched, make, whyOf } from './elements.ts';
import { startGame } from './game.ts';
import { latest } from './latest.ts';
import { showRun } from './showing.ts';

type Chosen = { readonly scenario: Scenario; readonly turns: readonly Turn[] };

const guaranteesOf = ({ expect }: Scenario): readonly GuaranteeId[] => [
  ...new Set(expect.map(({ guarantee }) => guarantee)),
];

const form = document.querySelector<HTMLFormElement>('form[data-search]');
const out = document.querySelector<HTMLElement>('#search');
const table = document.querySelector<HTMLElement>('#game');

const verdictWords = ({
  verdict,
  worlds,
  acceptedBy,
  shadow,
}: ExploreFound & { readonly worlds: number }): readonly [tone: string, words: string] => {
  switch (verdict) {
    case 'breaks':
      return ['bad', '✕ breaks'];
    case 'accepted':
      return ['warn', `breaks, and the text owns it (${acceptedBy ?? ''})`];
    case 'unsettled':
      return ['open', '? unsettled: not every world was seen, or not every world comes to rest'];
    default:
      return [shadow ? 'ok' : 'open', `✓ ${holdsWords({ shadow }, worlds)}`];
  }
};

/** What was found, guarantee by guarantee; a break opens below. */
const drawFound = (into: HTMLElement, { scenario, turns }: Chosen, answer: ExploreAnswered): void => {
  const shown = make('div', { class: 'shown' });
  const items = answer.found.map((found) => {
    const { guarantee, name, why, choices } = found;
    const [tone, words] = verdictWords({ ...found, worlds: answer.worlds });
    const link = nodeOf(el('a', { href: `/guarantees/#${guarantee}` }, name));
    const open = (): void => {
      showRun(shown, { scenario, turns, choices: choices ?? [], guarantee }).catch((error: unknown) =>
        shown.replaceChildren(make('p', { class: 'hint', role: 'status' }, `It could not be played: ${whyOf(error)}.`)),
      );
      shown.scrollIntoView({ block: 'start' });
    };
    return make(
      'li',
      { class: tone },
      make('p', {}, make('b', {}, words), ' ', link),
      why === null ? null : make('p', { class: 'sub' }, why),
      choices === null ? null : button('tool', `Show the shortest way (${counted(choices.length, 'step')})`, open),
    );
  });
  into.replaceChildren(
    make('h2', { class: 'small', tabindex: '-1' }, 'What was found'),
    make('p', { class: 'sub', role: 'status' }, endWords(answer)),
    make('ul', { class: 'found' }, ...items),
    ...triedOf(answer).map((words) => make('p', { class: 'sub' }, words)),
    shown,
  );
};

const progressLine = ({ worlds, depth, expected, broken }: ExploreProgress, sinceMs: number): string => {
  const rate = sinceMs > 300 ? `, ${large(Math.round((worlds * 1000) / sinceMs))} a second` : '';
  const of = expected === null ? '' : ` of about ${large(expected)}`;
  const breaks = broken.length === 0 ? '' : ` Breaks so far: ${broken.length}.`;
  return `${large(worlds)} worlds${of}, depth ${depth}${rate}.${breaks}`;
};

/** A number of a field; `null` where nothing, or nothing of use, stands there. */
const numberIn = (data: FormData, name: string): number | null => {
  const text = String(data.get(name) ?? '').trim();
  const number = Number(text);
  return text !== '' && Number.isInteger(number) && number > 0 ? number : null;
};

/** @param isLast whether nothing else was asked for meanwhile */
const search = async (into: HTMLElement, chosen: Chosen, data: FormData, isLast: () => boolean): Promise<void> => {
  const bar = make('progress', { 'aria-label': 'How far the search has come' });
  const line = make('p', { role: 'status', class: 'status' }, 'The search begins …');
  const began = performance.now();
  let last: ExploreProgress | null = null;
  const leave = (): void => stop('stopped');
  into.replaceChildren(line, bar, button('tool', 'Stop', leave, { 'data-stop': true }));
  try {
    const answer = await ask(
      'explore',
      { ...chosen, guarantees: null, depth: numberIn(data, 'depth'), worlds: numberIn(data, 'worlds') },
      {
        onProgress: (progress) => {
          last = progress;
          line.replaceChildren(progressLine(progress, performance.now() - began));
          if (progress.expected === null) bar.removeAttribute('value');
          else bar.value = Math.min(1, progress.worlds / progress.expected);
        },
      },
    );
    if (isLast()) drawFound(into, chosen, answer);
  } catch (error) {
    if (!isLast()) return;
    const how = whyOf(error);
    const far = last === null ? '' : ` after ${progressLine(last, performance.now() - began)}`;
    const said =
      how === 'stopped'
        ? `Stopped${far} Everything else is unsettled: not every world was seen.`
        : `The search ended: ${how}.`;
    into.replaceChildren(make('p', { role: 'status', class: 'status' }, said));
  }
};

const begin = (asked: HTMLFormElement, into: HTMLElement, board: HTMLElement): void => {
  const ground = asked.querySelector<HTMLSelectElement>('select[name="ground"]');
  const clause = asked.querySelector<HTMLSelectElement>('select[name="off"]');
  const said = asked.querySelector<HTMLElement>('[data-said]');
  if (ground === null || clause === null || said === null) return;
  let endGame: (() => void) | null = null;
  const asks = latest();
  /** What was followed last of the address, but for the moves of a game, which takes care of its own. */
  const placeNow = (): string => {
    const query = new URLSearchParams(location.search);
    query.delete('m');
    return query.toString();
  };
  let here = placeNow();

  /** Turns of the address, one of which the list of clauses can show; or why they cannot be read. */
  const turnsNow = (): readonly Turn[] | string => {
    const own = new URLSearchParams(location.search);
    for (const name of ['ground', 'm', 'do']) own.delete(name);
    const read = readAddress(`?${own.toString()}`);
    return read.ok ? read.address.turns : read.why;
  };
  const write = (turns: readonly Turn[], does: string): void => {
    const query = new URLSearchParams(writeAddress({ turns, isBeside: false, seen: null }).slice(1));
    query.set('ground', ground.value);
    query.set('do', does);
    history.pushState(null, '', `?${query.toString()}`);
    here = placeNow();
  };
  const chosen = async (turns: readonly Turn[], isLast: () => boolean): Promise<Chosen | null> => {
    const address = ground.selectedOptions[0]?.dataset.address;
    const link = document.querySelector<HTMLAnchorElement>('a[data-grounds]');
    if (address === undefined || link === null) return null;
    try {
      return { scenario: (await fetched(new URL(address, link.href).href)) as Scenario, turns };
    } catch (error) {
      if (isLast()) said.replaceChildren(`The scenario could not be loaded: ${whyOf(error)}.`);
      return null;
    }
  };
  const clear = (): void => {
    asks.asked();
    endGame?.();
    endGame = null;
    stop('another was asked for');
    into.replaceChildren();
    said.replaceChildren();
  };
  const run = async (does: string, turns: readonly Turn[]): Promise<void> => {
    const isLast = asks.asked();
    const one = await chosen(turns, isLast);
    if (one === null || !isLast()) return;
    // What there is not is not taken for what is as it is written: that would have another verdict.
    const why = turns.length === 0 ? null : await ask('turnable', one).catch(whyOf);
    if (!isLast()) return;
    if (why !== null) {
      said.replaceChildren(`This cannot be played: ${why}.`);
      return;
    }
    const others = turns.length > 1 || turns.some(({ turn }) => turn !== 'off') ? 'with what the link turns' : '';
    said.replaceChildren(others);
    if (does === 'play')
      endGame = startGame(board, { ...one, guarantees: guaranteesOf(one.scenario), way: null, says: null, next: null });
    else await search(into, one, new FormData(asked), isLast);
  };
  const turnsChosen = (): readonly Turn[] => (clause.value === '' ? [] : [{ turn: 'off', clause: clause.value }]);
  asked.addEventListener('submit', (event) => {
    event.preventDefault();
    const does = event.submitter instanceof HTMLButtonElement ? event.submitter.value : 'search';
    clear();
    write(turnsChosen(), does);
    void run(does, turnsChosen());
  });
  const has = (select: HTMLSelectElement, value: string): boolean =>
    [...select.options].some((one) => one.value === value);
  const follow = (): void => {
    const query = new URLSearchParams(location.search);
    const asksFor = query.get('ground');
    if (asksFor === null) return;
    if (!has(ground, asksFor)) {
      said.replaceChildren('The link names a scenario that is not here.');
      return;
    }
    ground.value = asksFor;
    const turns = turnsNow();
    if (typeof turns === 'string') {
      said.replaceChildren(`What is turned in the link is not read: ${turns}. Nothing is played.`);
      return;
    }
    const [first] = turns;
    clause.value = first?.turn === 'off' && has(clause, first.clause) ? first.clause : '';
    const does = query.get('do') ?? (query.has('m') ? 'play' : null);
    if (does === 'play' || does === 'search') void run(does, turns);
  };
  addEventListener('popstate', () => {
    const before = here;
    here = placeNow();
    if (before === here) return;
    clear();
    follow();
  });
  asked.hidden = false;
  follow();
};
if (form !== null && out !== null && table !== null) begin(form, out, table);
