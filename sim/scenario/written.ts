/** Settings and refusals as they stand in a file: what is read back, and told of a run. */
import type { ExpectedRefusal, Turn } from '../engine/types.ts';

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
      return `${turn.option}: ${turn.value}`;
  }
};

export const turnsKey = (turns: readonly Turn[]): string => turns.map(turnKey).join(' + ');

/** What a line says of its own refusal. */
export const refusedText = ({ status, errcode }: ExpectedRefusal): string | number | true =>
  status === null ? (errcode ?? true) : errcode === null ? status : `${status} ${errcode}`;
