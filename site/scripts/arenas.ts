/**
 * Any scenario with a free part: every world of it is searched, or it is played without a goal. What is chosen stands in the address; what
 * breaks opens on the bench below.
 */
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Scenario, Turn } from '../../sim/engine/types.ts';
import { counted, large } from '../../sim/runs/figures/counted.ts';
import { type Does, groundQuery, type OwnBounds, readGround } from '../play/ground-address.ts';
import { endWords, holdsWords, triedOf } from '../play/search-words.ts';
import type { ExploreAnswered, ExploreFound, ExploreProgress } from '../play/searching.ts';
import { el } from '../views/view.ts';
import { ask, stop } from './asking.ts';
import { ofTurned } from './choosing.ts';
import { nodeOf } from './dom.ts';
import { button, fetched, make, whyOf } from './elements.ts';
import { startGame } from './game.ts';
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
  const shown = make('div');
  const items = answer.found.map((found) => {
    const { guarantee, name, why, choices } = found;
    const [tone, words] = verdictWords({ ...found, worlds: answer.worlds });
    const link = nodeOf(el('a', { href: `/guarantees/#${guarantee}` }, name));
    const open = (): void => {
      showRun(shown, { scenario, turns, choices: choices ?? [], guarantee });
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

/** @param signal whose end puts it aside for something else */
const search = async (into: HTMLElement, chosen: Chosen, bounds: OwnBounds, signal: AbortSignal): Promise<void> => {
  const bar = make('progress', { 'aria-label': 'How far the search has come' });
  const line = make('p', { role: 'status', class: 'status' }, 'The search begins …');
  const began = performance.now();
  let last: ExploreProgress | null = null;
  const leave = (): void => stop('stopped');
  into.replaceChildren(line, bar, button('tool', 'Stop', leave, { 'data-stop': true }));
  try {
    const answer = await ask(
      'explore',
      { ...chosen, guarantees: null, ...bounds },
      {
        signal,
        onProgress: (progress) => {
          last = progress;
          line.replaceChildren(progressLine(progress, performance.now() - began));
          if (progress.expected === null) bar.removeAttribute('value');
          else bar.value = Math.min(1, progress.worlds / progress.expected);
        },
      },
    );
    drawFound(into, chosen, answer);
  } catch (error) {
    if (signal.aborted) return;
    const how = whyOf(error);
    const far = last === null ? '' : ` after ${progressLine(last, performance.now() - began)}`;
    const said =
      how === 'stopped'
        ? `Stopped${far} Everything else is unsettled: not every world was seen.`
        : `The search ended: ${how}.`;
    into.replaceChildren(make('p', { role: 'status', class: 'status' }, said));
  }
};

/** `“A stolen token”, without “Only take pushes from cross-signed devices”`: what a search or a game is of. */
const ofWhat = async ({ scenario, turns }: Chosen, signal: AbortSignal): Promise<string> => {
  // What there is not is not taken for what is as it is written: that would have another verdict.
  const can = turns.length === 0 ? null : await ask('turnable', { scenario, turns }, { signal });
  if (can?.is === 'refused') throw new Error(can.why);
  return `“${scenario.title}”, ${ofTurned(can?.turned ?? [])}`;
};

const begin = (asked: HTMLFormElement, into: HTMLElement, board: HTMLElement): void => {
  const ground = asked.querySelector<HTMLSelectElement>('select[name="ground"]');
  const clause = asked.querySelector<HTMLSelectElement>('select[name="off"]');
  const said = asked.querySelector<HTMLElement>('[data-said]');
  const title = document.querySelector<HTMLElement>('[data-of]');
  const link = document.querySelector<HTMLAnchorElement>('a[data-grounds]');
  if (ground === null || clause === null || said === null || title === null || link === null) return;
  /** What is under way, or stands there, until something else is chosen. */
  let own = new AbortController();
  let endGame: (() => void) | null = null;
  /** What was followed last of the address, but for the moves of a game, which takes care of its own. */
  const placeNow = (): string => {
    const query = new URLSearchParams(location.search);
    query.delete('m');
    return query.toString();
  };
  let here = placeNow();

  const chosenNow = (): { readonly turns: readonly Turn[]; readonly bounds: OwnBounds } => {
    const data = new FormData(asked);
    return {
      turns: clause.value === '' ? [] : [{ turn: 'off', clause: clause.value }],
      bounds: { depth: numberIn(data, 'depth'), worlds: numberIn(data, 'worlds') },
    };
  };
  /** Nothing is under way, and nothing stands there, of what was chosen before. */
  const clear = (): void => {
    own.abort(new Error('another was asked for'));
    own = new AbortController();
    endGame?.();
    endGame = null;
    title.hidden = true;
    for (const part of [title, into, said]) part.replaceChildren();
  };
  const run = async (does: Does, turns: readonly Turn[], bounds: OwnBounds): Promise<void> => {
    const { signal } = own;
    const address = ground.selectedOptions[0]?.dataset.address ?? '';
    try {
      const one = { scenario: (await fetched(new URL(address, link.href).href)) as Scenario, turns };
      if (signal.aborted) return;
      const words = await ofWhat(one, signal);
      title.replaceChildren(words);
      title.hidden = false;
      if (does === 'search') return await search(into, one, bounds, signal);
      const { scenario } = one;
      endGame = startGame(board, { ...one, guarantees: guaranteesOf(scenario), way: null, says: null, next: null });
    } catch (error) {
      if (!signal.aborted) said.replaceChildren(`This cannot be played: ${whyOf(error)}.`);
    }
  };
  const write = (does: Does | null, how: 'pushState' | 'replaceState'): void => {
    const { turns, bounds } = chosenNow();
    history[how](null, '', groundQuery(ground.value, turns, does, bounds));
    here = placeNow();
  };
  asked.addEventListener('submit', (event) => {
    event.preventDefault();
    const does: Does =
      event.submitter instanceof HTMLButtonElement && event.submitter.value === 'play' ? 'play' : 'search';
    const { turns, bounds } = chosenNow();
    clear();
    write(does, 'pushState');
    void run(does, turns, bounds);
  });
  // What stands there is of what was chosen before. Whoever wants it back goes back.
  asked.addEventListener('change', () => {
    clear();
    const query = new URLSearchParams(location.search);
    if (query.has('do') || query.has('m')) write(null, 'pushState');
    else if (query.has('ground')) write(null, 'replaceState');
  });
  const follow = (): void => {
    const read = readGround(
      location.search,
      [...ground.options].map(({ value }) => value),
    );
    asked.reset();
    if (!read.ok) said.replaceChildren(read.why);
    if (!read.ok || read.asked === null) return;
    const { turns, does, bounds } = read.asked;
    ground.value = read.asked.ground;
    const [first] = turns;
    const clauses = [...clause.options].map(({ value }) => value);
    clause.value = first?.turn === 'off' && clauses.includes(first.clause) ? first.clause : '';
    for (const name of ['depth', 'worlds'] as const) {
      const field = asked.querySelector<HTMLInputElement>(`input[name="${name}"]`);
      if (field !== null) field.value = String(bounds[name] ?? '');
    }
    if (does !== null) void run(does, turns, bounds);
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
