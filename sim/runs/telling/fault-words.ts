/** What is said of faults that are turned: what goes otherwise than the file of a scenario has it. */
import type { FaultTurn } from '../../engine/types.ts';
import { usual } from '../../verbs/usual.ts';

const often = (times: number): string => (times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`);

/** `without the fault in line 3`, `with “restart” at alice.phone before line 3`, `with “restart” at most twice in free play`. */
export const faultTurned = (turn: FaultTurn): string => {
  switch (turn.turn) {
    case 'spared':
      return `without the fault in line ${turn.line}`;
    case 'struck':
      return `with “${turn.fault}” at ${turn.at} before line ${turn.line}`;
    case 'dealt':
      return turn.times === 0
        ? `without “${turn.fault}” in free play`
        : `with “${turn.fault}” at most ${often(turn.times)} in free play`;
  }
};

/** What happens then, in a sentence. */
export const ifFault = (turn: FaultTurn): string =>
  turn.turn === 'spared'
    ? 'What goes wrong in this line does not.'
    : (usual.faults.get(turn.fault) ?? 'Something goes wrong.');

export const isFaultTurn = (turn: { readonly turn: string }): turn is FaultTurn =>
  turn.turn === 'spared' || turn.turn === 'struck' || turn.turn === 'dealt';
