/** What is turned on a page, and how it changes: by a switch, by a choice among several, or by several at once. Pure. */
import type { OptionValue, Turn } from '../sim/engine/types.ts';
import { subjectOf, turnKey, turnsKey } from '../sim/scenario/written.ts';
import type { Choice, Setting, SettingList, Together } from './setting-list.ts';

export type Turns = readonly Turn[];

export const isTurned = (turns: Turns, turn: Turn): boolean => turns.some((one) => turnKey(one) === turnKey(turn));
const without = (turns: Turns, turn: Turn): Turns => turns.filter((one) => subjectOf(one) !== subjectOf(turn));

/** With a switch turned the other way. */
export const toggled = (turns: Turns, turn: Turn): Turns =>
  isTurned(turns, turn) ? without(turns, turn) : [...without(turns, turn), turn];

/** With one of several chosen; the others are no longer. */
export const chosen = (turns: Turns, choices: readonly Choice[], choice: Choice): Turns => {
  const left = choices.reduce<Turns>((rest, { turn }) => (turn === null ? rest : without(rest, turn)), turns);
  return choice.turn === null ? left : [...left, choice.turn];
};
/** Which of them is chosen now: the first where none is, which is as written. */
export const chosenAmong = (turns: Turns, choices: readonly Choice[]): Choice | undefined =>
  choices.find(({ turn }) => turn !== null && isTurned(turns, turn)) ?? choices.find(({ turn }) => turn === null);

export const areTogether = (turns: Turns, { turns: all }: Together): boolean =>
  all.every((one) => isTurned(turns, one));
/** With all of them turned, or all turned back. */
export const toggledTogether = (turns: Turns, together: Together): Turns =>
  areTogether(turns, together)
    ? together.turns.reduce(without, turns)
    : together.turns.reduce<Turns>((all, one) => (isTurned(all, one) ? all : [...without(all, one), one]), turns);

/** What can be done next to a setting, each with what would then be turned. */
export const nextOf = (turns: Turns, setting: Setting): readonly Turns[] => {
  switch (setting.is) {
    case 'clause':
    case 'fault':
      return [toggled(turns, setting.turn)];
    case 'choice':
      return setting.choices
        .filter((choice) => choice !== chosenAmong(turns, setting.choices))
        .map((choice) => chosen(turns, setting.choices, choice));
    case 'names':
      return setting.names.map((name) => withName(turns, setting, name));
    // Of these there are too many: those are tried that somebody has in mind.
    case 'count':
    case 'accidents':
      return [];
  }
};

type Of<K extends Setting['is']> = Extract<Setting, { readonly is: K }>;
type Field = Of<'count'> | Of<'names'>;

/** What an option is set to here; `null`: nothing, neither by the scenario nor by a turn. */
export const valueNow = (turns: Turns, { option, written }: Field): OptionValue | null =>
  turns.flatMap((turn) => (turn.turn === 'option' && turn.option === option ? [turn.value] : []))[0] ?? written;

/** With an option set, which is no turn where it is so written. */
export const valued = (turns: Turns, { option, written }: Field, value: OptionValue | null): Turns => {
  const left = turns.filter((turn) => turn.turn !== 'option' || turn.option !== option);
  return value === null || JSON.stringify(value) === JSON.stringify(written)
    ? left
    : [...left, { turn: 'option', option, value }];
};

/** The names that are in now: all, where nobody has said. */
export const namesNow = (turns: Turns, setting: Of<'names'>): readonly string[] => {
  const value = valueNow(turns, setting);
  return typeof value === 'object' && value !== null ? value : setting.names;
};
/** With one more name, or without it; in the order in which they are shown. */
export const withName = (turns: Turns, setting: Of<'names'>, name: string): Turns => {
  const now = namesNow(turns, setting);
  const next = setting.names.filter((one) => now.includes(one) !== (one === name));
  return valued(turns, setting, next);
};

/** The same of a whole list, those that decide first, each once. */
export const nextOfAll = (turns: Turns, { groups, together }: SettingList): readonly Turns[] => {
  const all = [
    ...(groups[0]?.settings ?? []).flatMap((setting) => nextOf(turns, setting)),
    ...together.map((one) => toggledTogether(turns, one)),
    ...groups.slice(1).flatMap(({ settings }) => settings.flatMap((setting) => nextOf(turns, setting))),
  ];
  const keys = all.map(turnsKey);
  return all.filter((_, nth) => keys.indexOf(keys[nth] ?? '') === nth);
};
