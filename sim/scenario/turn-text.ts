/**
 * Options and faults as a line of a trace and an address have them, with nothing encoded: `share with:signed`, `accept:[m.megolm_backup.v1]`;
 * `3:none` (what goes wrong by the third line does not), `3:restart:alice.phone` (before it), `restart:2` (in free play).
 *
 * Whether there are such options, faults and lines is for whoever has the scenario to say.
 */
import type { FaultTurn, OptionValue, Turn } from '../engine/types.ts';
import { valueText } from './written.ts';

type OptionTurn = Extract<Turn, { readonly turn: 'option' }>;

const wordPattern = /^[a-z][a-z -]{0,59}$/;
/** A value may be a name with a version. */
const valuePattern = /^[a-z][a-z0-9. -]{0,59}$/;
const namePattern = /^[A-Za-z0-9._-]{1,80}$/;
export const playerPattern = /^[a-z][a-z0-9.-]{0,119}$/;
const countPattern = /^(?:0|[1-9]\d{0,8})$/;
const linePattern = /^[1-9]\d{0,4}$/;
const namesMax = 16;

/** A whole number from 0; `null` for what is none. */
export const countIn = (text: string): number | null => (countPattern.test(text) ? Number(text) : null);

/** The names of a list; `null` for what is none. */
export const namesIn = (text: string): readonly string[] | null => {
  const inside = /^\[(.*)\]$/.exec(text)?.[1];
  if (inside === undefined) return null;
  const names = inside.trim() === '' ? [] : inside.split(',').map((name) => name.trim());
  return names.length <= namesMax && names.every((name) => namePattern.test(name)) ? names : null;
};

const valueIn = (text: string): OptionValue | null => {
  if (text === 'true' || text === 'false') return text === 'true';
  return countIn(text) ?? (valuePattern.test(text) ? text : namesIn(text));
};

export const optionText = ({ option, value }: OptionTurn): string => `${option}:${valueText(value, ',')}`;

/** `null` for what can be no option with a value. Costs no more than its length. */
export const optionIn = (text: string): OptionTurn | null => {
  const [option = '', given = '', more] = text.split(':');
  const value = valueIn(given);
  return more !== undefined || value === null || !wordPattern.test(option) ? null : { turn: 'option', option, value };
};

export const faultText = (turn: FaultTurn): string => {
  switch (turn.turn) {
    case 'spared':
      return `${turn.line}:none`;
    case 'struck':
      return `${turn.line}:${turn.fault}:${turn.at}`;
    case 'dealt':
      return `${turn.fault}:${turn.times}`;
  }
};

/** `null` for what can be no fault. Costs no more than its length. */
export const faultIn = (text: string): FaultTurn | null => {
  const [first = '', second = '', at, more] = text.split(':');
  if (more !== undefined) return null;
  if (!linePattern.test(first)) {
    const times = countIn(second);
    return at === undefined && wordPattern.test(first) && times !== null
      ? { turn: 'dealt', fault: first, times }
      : null;
  }
  const line = Number(first);
  if (at === undefined) return second === 'none' ? { turn: 'spared', line } : null;
  return second !== 'none' && wordPattern.test(second) && playerPattern.test(at)
    ? { turn: 'struck', line, fault: second, at }
    : null;
};
