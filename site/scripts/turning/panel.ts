/** The settings of a run as switches in sentences, and as choices among several, each with what it would change. */
import { turnsKey } from '../../../sim/scenario/written.ts';
import type { Setting, SettingGroup, SettingList, Together } from '../../setting-list.ts';
import {
  areTogether,
  chosen,
  chosenAmong,
  isTurned,
  nextOf,
  type Turns,
  toggled,
  toggledTogether,
} from '../../turned-state.ts';
import type { Effect } from '../../worker/answers/preview.ts';
import { element } from '../element.ts';
import { accidentsPart, countPart, namesPart } from './fields.ts';
import { changesNothing, effectNodes, newId, type Part, type Turning, worded } from './part.ts';

export type Panel = {
  /** The few that decide. */
  readonly element: HTMLElement;
  /** All others, folded. */
  readonly fold: HTMLElement;
  /** Shows what is turned, and what is known of what each further turn would change. */
  readonly show: (turns: Turns, known: (next: Turns) => Effect | undefined) => void;
  /** How many are still to be tried. */
  readonly trying: (left: number) => void;
  /** Why the rest of the settings cannot be had. */
  readonly lacking: (why: string) => void;
  /** Puts the rest of the settings into the fold. */
  readonly fill: (groups: readonly SettingGroup[]) => void;
};

/** Stand beside the run at once; the rest is in the fold. */
const ownMost = 3;

/** Shows a part anew where what it says is another than before: most of many settings say the same after each turn. */
const whereOther = (part: Part, told: (turns: Turns) => readonly Turns[], stateOf: (turns: Turns) => string): Part => {
  let last = '';
  return {
    ...part,
    show: (turns, known) => {
      const next = JSON.stringify([stateOf(turns), told(turns).map((one) => known(one) ?? null)]);
      if (next === last) return;
      last = next;
      part.show(turns, known);
    },
  };
};

/** What a switch says: of what is so, of what is not, and before what it would change. */
const switchWords = {
  clause: { on: 'in force', off: 'off' },
  fault: { on: 'goes wrong', off: 'goes well' },
} as const;

const switchPart = (setting: Extract<Setting, { is: 'clause' | 'fault' }>, turn: Turning): Part => {
  const words = switchWords[setting.is];
  const id = newId();
  const state = element('b', 'state');
  const button = element('button', 'switch', element('span', 'name', ...worded(setting.name)), ' ', state);
  const effect = element('p', 'effect');
  effect.id = id;
  button.setAttribute('type', 'button');
  button.setAttribute('role', 'switch');
  button.setAttribute('aria-describedby', id);
  button.addEventListener('click', () => turn((now) => toggled(now, setting.turn)));
  return {
    element: element('li', '', button, element('small', '', ...worded(setting.ifTurned)), effect),
    text: `${setting.name} ${setting.ifTurned}`,
    show: (turns, known) => {
      const off = isTurned(turns, setting.turn);
      button.setAttribute('aria-checked', String(!off));
      state.textContent = off ? words.off : words.on;
      const next = known(toggled(turns, setting.turn));
      effect.replaceChildren(...effectNodes(off ? 'With it again' : 'Without it', next));
      effect.parentElement?.classList.toggle('idle', changesNothing(next));
      effect.parentElement?.classList.toggle('is-turned', off);
    },
  };
};

const choicePart = (setting: Extract<Setting, { is: 'choice' }>, turn: Turning): Part => {
  const name = newId();
  const rows = setting.choices.map((choice) => {
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = name;
    const effect = element('p', 'effect');
    effect.id = newId();
    input.setAttribute('aria-describedby', effect.id);
    input.addEventListener('change', () => turn((now) => chosen(now, setting.choices, choice)));
    const said = element('span', '', choice.words);
    if (choice.turn === null) said.append(element('small', '', ' as written'));
    return { choice, input, effect, row: element('div', 'choice', element('label', '', input, said), effect) };
  });
  const group = element('fieldset', '', element('legend', '', setting.name), ...rows.map(({ row }) => row));
  return {
    element: element('li', '', group),
    text: [setting.name, ...setting.choices.map(({ words }) => words)].join(' '),
    show: (turns, known) => {
      const now = chosenAmong(turns, setting.choices);
      let isIdle = true;
      for (const { choice, input, effect } of rows) {
        input.checked = choice === now;
        const next = choice === now ? undefined : known(chosen(turns, setting.choices, choice));
        effect.replaceChildren(...(choice === now ? [] : effectNodes('With it', next)));
        if (choice !== now && !changesNothing(next)) isIdle = false;
      }
      group.parentElement?.classList.toggle('idle', isIdle);
      group.parentElement?.classList.toggle('is-turned', now?.turn !== null);
    },
  };
};

const togetherPart = (together: Together, turn: Turning): Part => {
  const button = element(
    'button',
    'together',
    `${together.turns.length === 2 ? 'Both' : 'All'} at once: ${together.words}`,
  );
  const effect = element('p', 'effect');
  effect.id = newId();
  button.setAttribute('type', 'button');
  button.setAttribute('aria-describedby', effect.id);
  button.addEventListener('click', () => turn((now) => toggledTogether(now, together)));
  return {
    element: element('li', '', button, effect),
    text: together.words,
    show: (turns, known) => {
      const all = areTogether(turns, together);
      button.setAttribute('aria-pressed', String(all));
      effect.replaceChildren(...effectNodes(all ? 'Turned back' : 'Turned', known(toggledTogether(turns, together))));
    },
  };
};

/** A field that leaves of the parts those that have all its words: `apply` does so again, for parts that have come since. */
const filterField = (
  parts: () => readonly Part[],
): { readonly fields: readonly HTMLElement[]; readonly apply: () => void } => {
  const input = document.createElement('input');
  input.type = 'search';
  input.autocomplete = 'off';
  const only = document.createElement('input');
  only.type = 'checkbox';
  const list = (): HTMLElement | null => input.closest('.all-settings');
  const apply = (): void => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { element: row, text } of parts())
      row.hidden = !words.every((word) => text.toLowerCase().includes(word));
    for (const group of list()?.querySelectorAll<HTMLElement>('.group') ?? [])
      group.hidden = group.querySelector('li:not([hidden])') === null;
  };
  input.addEventListener('input', apply);
  only.addEventListener('change', () => list()?.classList.toggle('only-telling', only.checked));
  return {
    fields: [
      element('label', 'field', element('span', '', 'Find a setting'), input),
      element('label', 'tick', only, element('span', '', 'Only those that change a verdict')),
    ],
    apply,
  };
};

/**
 * @param first what is known of the settings before the rest is fetched
 * @param turn called when something is turned, with what becomes of what is turned now
 * @param wonder called when somebody has something in mind that is not among all that is tried
 * @param opened called when somebody wants the rest
 */
export const makePanel = (
  first: SettingList,
  turn: Turning,
  wonder: (next: Turns) => void,
  opened: () => void,
): Panel => {
  const partOf = (setting: Setting): Part => {
    switch (setting.is) {
      case 'clause':
      case 'fault':
        return whereOther(
          switchPart(setting, turn),
          (turns) => nextOf(turns, setting),
          (turns) => String(isTurned(turns, setting.turn)),
        );
      case 'choice':
        return whereOther(
          choicePart(setting, turn),
          (turns) => nextOf(turns, setting),
          (turns) => chosenAmong(turns, setting.choices)?.words ?? '',
        );
      case 'count':
        return countPart(setting, turn, wonder);
      case 'names':
        return namesPart(setting, turn);
      case 'accidents':
        return accidentsPart(setting, turn, wonder);
    }
  };
  const deciding = first.groups[0]?.settings ?? [];
  const all = [...deciding.map(partOf), ...first.together.map((together) => togetherPart(together, turn))];
  const own = all.slice(0, ownMost);
  const others = all.slice(ownMost);
  let rest = others;
  let shown: Parameters<Panel['show']> = [[], () => undefined];
  const status = element('p', 'sub trying');
  status.setAttribute('role', 'status');
  const groupOf = (name: string, parts: readonly Part[]): HTMLElement =>
    element('div', 'group', element('h3', '', name), element('ul', '', ...parts.map((part) => part.element)));
  const groups = element('div', 'groups', ...(others.length === 0 ? [] : [groupOf('These decide as well', others)]));
  groups.tabIndex = 0;
  groups.setAttribute('role', 'region');
  groups.setAttribute('aria-label', 'All other settings');
  const filter = filterField(() => rest);
  const fold = element(
    'details',
    'panel turning all-settings',
    element('summary', '', 'All settings: every clause that spoke, readings, texts, options, faults'),
    element('div', 'find-setting', ...filter.fields, status),
    groups,
  );
  fold.addEventListener('toggle', () => {
    if (fold.hasAttribute('open')) opened();
  });
  const panel = element('section', 'turning', element('h2', 'vh', 'Settings'));
  panel.setAttribute('aria-label', 'Settings of this run');
  panel.hidden = own.length === 0;
  panel.append(element('ul', 'own', ...own.map((part) => part.element)));
  const show: Panel['show'] = (turns, known) => {
    shown = [turns, known];
    for (const part of [...own, ...rest]) part.show(turns, known);
    panel.dataset.turned = turnsKey(turns);
  };
  return {
    element: panel,
    fold,
    show,
    trying: (left) => {
      status.textContent = left === 0 ? '' : `Trying what each would change: ${left} to go`;
    },
    lacking: (why) => {
      status.textContent = why;
    },
    fill: (all) => {
      if (rest.length > others.length) return;
      const made = all.map(({ name, settings }) => ({ name, parts: settings.map(partOf) }));
      rest = [...others, ...made.flatMap(({ parts }) => parts)];
      groups.append(...made.map(({ name, parts }) => groupOf(name, parts)));
      filter.apply();
      show(...shown);
    },
  };
};
