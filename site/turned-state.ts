/** What is turned on a page, and how it changes: by a switch, by a choice among several, or by several at once. Pure. */
import type { Turn } from '../sim/engine/types.ts';
import type { Choice, Setting, SettingList, Together } from './setting-list.ts';

export type Turns = readonly Turn[];

/** A turn as a text, by which it is found again. */
export const keyOfTurn = (turn: Turn): string =>
  turn.turn === 'off'
    ? `off ${turn.clause} ${turn.for ?? ''}`.trim()
    : turn.turn === 'reading'
      ? `${turn.question} ${turn.reading}`
      : turn.turn === 'revision'
        ? `${turn.proposal} ${turn.revision}`
        : `option ${turn.option}: ${turn.value}`;
export const keyOfTurns = (turns: Turns): string => turns.map(keyOfTurn).join('+');

/** What it turns: of one of those there is only one turn at a time. */
const subjectOf = (turn: Turn): string =>
  turn.turn === 'off'
    ? keyOfTurn(turn)
    : turn.turn === 'reading'
      ? turn.question
      : turn.turn === 'revision'
        ? turn.proposal
        : `option ${turn.option}`;

export const isTurned = (turns: Turns, turn: Turn): boolean => turns.some((one) => keyOfTurn(one) === keyOfTurn(turn));
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
export const nextOf = (turns: Turns, setting: Setting): readonly Turns[] =>
  setting.is === 'clause'
    ? [toggled(turns, setting.turn)]
    : setting.choices
        .filter((choice) => choice !== chosenAmong(turns, setting.choices))
        .map((choice) => chosen(turns, setting.choices, choice));

/** The same of a whole list, those that decide first, each once. */
export const nextOfAll = (turns: Turns, { groups, together }: SettingList): readonly Turns[] => {
  const all = [
    ...(groups[0]?.settings ?? []).flatMap((setting) => nextOf(turns, setting)),
    ...together.map((one) => toggledTogether(turns, one)),
    ...groups.slice(1).flatMap(({ settings }) => settings.flatMap((setting) => nextOf(turns, setting))),
  ];
  const keys = all.map(keyOfTurns);
  return all.filter((_, nth) => keys.indexOf(keys[nth] ?? '') === nth);
};
