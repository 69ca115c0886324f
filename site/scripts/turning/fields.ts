/** Settings that are no choice between a few: a number, some of several names, an accident that is put before a line of the story. */

import type { Turn } from '../../../sim/engine/types.ts';
import { turnsKey } from '../../../sim/scenario/written.ts';
import type { Setting } from '../../setting-list.ts';
import { isTurned, namesNow, type Turns, toggled, valued, valueNow, withName } from '../../turned-state.ts';
import type { Effect } from '../../worker/answers/preview.ts';
import { element } from '../element.ts';
import { changesNothing, effectNodes, newId, type Part, type Turning } from './part.ts';

type Of<K extends Setting['is']> = Extract<Setting, { readonly is: K }>;
type Known = (next: Turns) => Effect | undefined;

const button = (words: string, act: () => void): HTMLElement => {
  const made = element('button', 'small', words);
  made.setAttribute('type', 'button');
  made.addEventListener('click', act);
  return made;
};
const effectLine = (): HTMLElement => {
  const line = element('p', 'effect');
  line.id = newId();
  line.setAttribute('role', 'status');
  return line;
};
const group = (name: string, ...within: readonly (Node | string)[]): HTMLElement =>
  element('li', 'field', element('fieldset', '', element('legend', '', name), ...within));

/** A number that is previewed while it is written, and turned by its button or Enter. */
export const countPart = (setting: Of<'count'>, turn: Turning, wonder: (next: Turns) => void): Part => {
  const { name, option, most, written } = setting;
  const input = document.createElement('input');
  input.type = 'number';
  input.min = '1';
  input.max = String(most);
  input.step = '1';
  input.inputMode = 'numeric';
  const effect = effectLine();
  input.setAttribute('aria-label', option);
  input.setAttribute('aria-describedby', effect.id);
  const value = (): number | null => {
    const number = /^[1-9]\d{0,8}$/.test(input.value) ? Number(input.value) : Number.NaN;
    return number <= most ? number : null;
  };
  let now: Turns = [];
  let known: Known = () => undefined;
  const next = (): Turns | null => {
    const number = value();
    return number === null ? null : valued(now, setting, number);
  };
  const set = (): void => {
    const number = value();
    if (number !== null) turn((turns) => valued(turns, setting, number));
  };
  const setter = button('Set', set);
  const back = button(written === null ? 'As usual' : 'As written', () =>
    turn((turns) => valued(turns, setting, written)),
  );
  const tell = (): void => {
    const wanted = next();
    const isNow = value() === valueNow(now, setting);
    input.toggleAttribute('aria-invalid', false);
    if (wanted === null && input.value !== '') {
      input.setAttribute('aria-invalid', 'true');
      effect.replaceChildren(`A whole number from 1 to ${most} can be set here.`);
    } else effect.replaceChildren(...(wanted === null || isNow ? [] : effectNodes('With it', known(wanted))));
  };
  input.addEventListener('input', () => {
    const wanted = next();
    tell();
    if (wanted !== null && known(wanted) === undefined) wonder(wanted);
  });
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') set();
  });
  let shown: unknown;
  const part = group(name, element('div', 'number', input, setter, back), effect);
  return {
    element: part,
    text: `${name} ${option}`,
    show: (turns, tried) => {
      [now, known] = [turns, tried];
      const stands = valueNow(turns, setting);
      // What somebody is writing stays until something else is so.
      if (stands !== shown) input.value = stands === null ? '' : String(stands);
      shown = stands;
      const isOther = stands !== written;
      back.hidden = !isOther;
      part.classList.toggle('is-turned', isOther);
      tell();
    },
  };
};

/** Names with a box each, and a way back to how it is written. */
export const namesPart = (setting: Of<'names'>, turn: Turning): Part => {
  const { name, option, written } = setting;
  const rows = setting.names.map((one) => {
    const input = document.createElement('input');
    input.type = 'checkbox';
    const effect = effectLine();
    effect.removeAttribute('role');
    input.setAttribute('aria-describedby', effect.id);
    input.addEventListener('change', () => turn((turns) => withName(turns, setting, one)));
    const row = element('div', 'choice', element('label', '', input, element('code', '', one)), effect);
    return { one, input, effect, row };
  });
  const back = button(written === null ? 'As usual' : 'As written', () =>
    turn((turns) => valued(turns, setting, written)),
  );
  const part = group(name, ...rows.map(({ row }) => row), back);
  return {
    element: part,
    text: [name, option, ...setting.names].join(' '),
    show: (turns, known) => {
      const now = namesNow(turns, setting);
      const effects = rows.map(({ one }) => known(withName(turns, setting, one)));
      for (const [nth, { one, input, effect }] of rows.entries()) {
        input.checked = now.includes(one);
        effect.replaceChildren(...effectNodes(input.checked ? 'Without it' : 'With it', effects[nth]));
      }
      const isOther = JSON.stringify(valueNow(turns, setting)) !== JSON.stringify(written);
      back.hidden = !isOther;
      part.classList.toggle('is-turned', isOther);
      part.classList.toggle('idle', effects.every(changesNothing));
    },
  };
};

const chooser = (
  label: string,
  options: readonly string[],
): { readonly field: HTMLElement; readonly at: () => number } => {
  const select = document.createElement('select');
  select.append(
    ...options.map((words, nth) => {
      const option = document.createElement('option');
      option.value = String(nth);
      option.textContent = words;
      return option;
    }),
  );
  return { field: element('label', '', element('span', '', label), select), at: () => Number(select.value) };
};

const shortened = (words: string): string => (words.length > 70 ? `${words.slice(0, 69)}…` : words);

/** What goes wrong, at whom, before which line: put in by a button, and each that is in taken out by one. */
export const accidentsPart = (setting: Of<'accidents'>, turn: Turning, wonder: (next: Turns) => void): Part => {
  const { name, lines, faults, devices } = setting;
  const fault = chooser(
    'What',
    faults.map((one) => one.name),
  );
  const device = chooser('At', devices);
  const line = chooser(
    'Before',
    lines.map((words, nth) => shortened(`${nth + 1}. ${words}`)),
  );
  const means = element('p', 'sub');
  const effect = effectLine();
  const standing = element('ul', 'standing');
  let now: Turns = [];
  let known: Known = () => undefined;
  const wanted = (): Turn => ({
    turn: 'struck',
    line: line.at() + 1,
    fault: faults[fault.at()]?.name ?? '',
    at: devices[device.at()] ?? '',
  });
  const tell = (): void => {
    means.textContent = faults[fault.at()]?.text ?? '';
    const isIn = isTurned(now, wanted());
    put.textContent = isIn ? 'Take it out' : 'Put it in';
    const would = known(toggled(now, wanted()));
    effect.replaceChildren(...effectNodes(isIn ? 'Without it' : 'With it', would));
    part.classList.toggle('idle', !isIn && (would === undefined || changesNothing(would)));
  };
  let shown = '';
  const put = button('Put it in', () => turn((turns) => toggled(turns, wanted())));
  put.setAttribute('aria-describedby', effect.id);
  const part = group(
    name,
    element('div', 'accident', fault.field, device.field, line.field),
    means,
    effect,
    put,
    standing,
  );
  part.addEventListener('change', () => {
    tell();
    const next = toggled(now, wanted());
    if (known(next) === undefined) wonder(next);
  });
  return {
    element: part,
    text: [name, ...faults.map((one) => `${one.name} ${one.text}`)].join(' '),
    show: (turns, tried) => {
      [now, known] = [turns, tried];
      const struck = turns.filter((one) => one.turn === 'struck');
      tell();
      part.classList.toggle('is-turned', struck.length > 0);
      const key = turnsKey(struck);
      if (key === shown) return;
      shown = key;
      const hadFocus = standing.contains(document.activeElement);
      standing.replaceChildren(
        ...struck.map((one) =>
          element(
            'li',
            '',
            `${one.fault} at ${one.at} before line ${one.line} `,
            button('Take it out', () => turn((all) => toggled(all, one))),
          ),
        ),
      );
      if (hadFocus) put.focus();
    },
  };
};
