/** The story as a list that is changed by clicking: every change is an edit of the text, and can be undone there. */
import type { Insertable } from '../../../sim/runs/insertable.ts';
import type { StorySteps } from '../../../sim/scenario/story-edits.ts';
import type { OfferAnswered, StoryChange } from '../../worker/answers/writing.ts';
import { make } from '../elements.ts';
import { latest } from '../latest.ts';
import { button, byId } from './elements.ts';

/** Whom the list asks and tells. */
export type Around = {
  readonly change: (change: StoryChange) => Promise<void>;
  /** `null`: it could not be worked out. */
  readonly offer: (nth: number, who: string | null) => Promise<OfferAnswered | null>;
  readonly goTo: (line: number, column: number) => void;
};

/** Which button is to have the focus once the list is drawn anew. */
type Wanted = { readonly nth: number; readonly act: string };
let wanted: Wanted | null = null;

const shortened = (text: string): string => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

const insertItem = (nth: number, count: number, around: Around): HTMLElement => {
  const name = nth === count ? 'Put a step in at the end' : `Put a step in before step ${nth + 1}`;
  return make(
    'li',
    { class: 'gap' },
    button(nth === count ? '+ at the end' : '+', () => void openOffers(nth, around), name, {
      'data-act': 'insert',
      'data-nth': String(nth),
    }),
  );
};

const stepItem = (
  { text, line }: Extract<StorySteps, { readonly ok: true }>['steps'][number],
  nth: number,
  count: number,
  around: Around,
): HTMLElement => {
  const act = (sign: string, name: string, change: StoryChange, after: Wanted): HTMLButtonElement =>
    button(
      sign,
      () => {
        wanted = after;
        void around.change(change);
      },
      `${name} step ${nth + 1}`,
      { 'data-act': after.act, 'data-nth': String(nth) },
    );
  const up = act('↑', 'Move up', { do: 'move', nth, to: nth - 1 }, { nth: Math.max(0, nth - 1), act: 'up' });
  const down = act(
    '↓',
    'Move down',
    { do: 'move', nth, to: nth + 2 },
    { nth: Math.min(count - 1, nth + 1), act: 'down' },
  );
  const drop = act('✕', 'Drop', { do: 'drop', nth }, { nth: Math.min(nth, count - 2), act: 'drop' });
  up.disabled = nth === 0;
  down.disabled = nth === count - 1;
  return make(
    'li',
    { class: 'step' },
    make('span', { class: 'nth', 'aria-hidden': 'true' }, `${nth + 1}`),
    button(shortened(text), () => around.goTo(line, 1), `Step ${nth + 1}, line ${line}: ${shortened(text)}`, {
      class: 'line',
    }),
    up,
    down,
    drop,
  );
};

/** Draws the list; where the story cannot be changed step by step, why. */
export const showStory = (story: StorySteps, around: Around): void => {
  const list = byId('story');
  byId('story-why').replaceChildren(story.ok ? '' : story.why);
  if (!story.ok) {
    list.replaceChildren();
    return;
  }
  const { steps } = story;
  const items = steps.flatMap((step, nth) => [
    insertItem(nth, steps.length, around),
    stepItem(step, nth, steps.length, around),
  ]);
  list.replaceChildren(...items, insertItem(steps.length, steps.length, around));
  if (wanted === null) return;
  const { nth, act } = wanted;
  wanted = null;
  const again = [...list.querySelectorAll<HTMLButtonElement>(`[data-nth="${nth}"]`)];
  const same = again.find((one) => one.dataset.act === act && !one.disabled);
  (same ?? again.find((one) => !one.disabled) ?? list.querySelector<HTMLButtonElement>('button'))?.focus();
};

// --- what can be put in -----------------------------------------------------------------------------

const dialog = (): HTMLDialogElement => byId<HTMLDialogElement>('offers');

/** Verbs with more ways than these open. */
const openMax = 4;

const offerList = (
  offers: readonly Insertable[],
  filter: string,
  take: (one: Insertable) => void,
): readonly HTMLElement[] => {
  const fitting = offers.filter(({ sentence }) => sentence.toLowerCase().includes(filter.trim().toLowerCase()));
  return [...Map.groupBy(fitting, ({ verb }) => verb)].map(([verb, ways]) => {
    const buttons = ways.map((one) =>
      make(
        'li',
        {},
        button(one.sentence, () => take(one)),
      ),
    );
    return ways.length <= openMax || filter.trim() !== ''
      ? make('li', {}, make('ul', {}, ...buttons))
      : make(
          'li',
          {},
          make('details', {}, make('summary', {}, `${verb}: ${ways.length} ways`), make('ul', {}, ...buttons)),
        );
  });
};

const openings = latest();
/** Opens what can happen before step `nth`, counted from 0. */
const openOffers = async (nth: number, around: Around, asked: string | null = null): Promise<void> => {
  const box = dialog();
  const who = byId<HTMLSelectElement>('offers-who');
  const filter = byId<HTMLInputElement>('offers-filter');
  const list = byId('offers-list');
  const note = byId('offers-note');
  list.replaceChildren();
  note.replaceChildren('Working out what can happen there …');
  if (!box.open) {
    filter.value = '';
    box.showModal();
  }
  const isLast = openings.asked();
  const answered = await around.offer(nth, asked);
  // What was asked of another place, or of somebody else, is not put in here.
  if (!box.open || !isLast()) return;
  if (answered === null || answered.who === null) {
    who.replaceChildren();
    note.replaceChildren(
      answered === null
        ? 'This could not be worked out in time.'
        : 'What can happen is worked out from a text that can be read: mend what is wrong first.',
    );
    return;
  }
  const { offers } = answered;
  who.replaceChildren(...answered.actors.map((name) => make('option', { value: name }, name)));
  who.value = answered.who;
  const take = ({ line }: Insertable): void => {
    wanted = { nth: nth + 1, act: 'insert' };
    box.close();
    void around.change({ do: 'insert', nth, line });
  };
  const draw = (): void => {
    list.replaceChildren(...offerList(offers, filter.value, take));
    note.replaceChildren(
      offers.length === 0
        ? `Nothing that ${answered.who} could do here would come to anything.`
        : `What ${answered.who} can do here, as the simulator has it:`,
    );
  };
  who.onchange = () => void openOffers(nth, around, who.value);
  filter.oninput = draw;
  draw();
};
