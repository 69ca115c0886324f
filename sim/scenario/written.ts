/** Settings and refusals as they stand in a file: what is read back, and told of a run. */
import type { ExpectedRefusal, OptionValue, Turn } from '../engine/types.ts';

/** What an option is set to, as text. `joint` stands between the names of a list. */
export const valueText = (value: OptionValue, joint = ', '): string =>
  typeof value === 'object' ? `[${value.join(joint)}]` : String(value);

/** A turned setting as a `without` key has it. */
export const turnKey = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return turn.for === undefined ? turn.clause : `${turn.clause} for ${turn.for}`;
    case 'reading':
      return `${turn.question}: ${turn.reading}`;
    case 'revision':
      return `${turn.proposal}: ${turn.revision}`;
    case 'option':
      return `${turn.option}: ${valueText(turn.value)}`;
    case 'spared':
      return `line ${turn.line}: no fault`;
    case 'struck':
      return `line ${turn.line}: ${turn.fault} at ${turn.at}`;
    case 'dealt':
      return `${turn.fault}: ${turn.times}`;
  }
};

/** What it turns: of one of those there is only one turn at a time. */
export const subjectOf = (turn: Turn): string => {
  switch (turn.turn) {
    case 'reading':
      return turn.question;
    case 'revision':
      return turn.proposal;
    case 'option':
      return turn.option;
    case 'dealt':
      return turn.fault;
    case 'off':
    case 'spared':
    case 'struck':
      return turnKey(turn);
  }
};

export const turnsKey = (turns: readonly Turn[]): string => turns.map(turnKey).join(' + ');

/** What a line says of its own refusal. */
export const refusedText = ({ status, errcode }: ExpectedRefusal): string | number | true =>
  status === null ? (errcode ?? true) : errcode === null ? status : `${status} ${errcode}`;
