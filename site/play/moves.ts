/** The moves of a game in an address: `?m=1.0.5`, the numbers of what was taken, each among all that was open there, in base 36. */

/** A game longer than this is no game; what is longer is not read. */
export const movesMost = 200;
const pattern = /^[0-9a-z]{1,3}(?:\.[0-9a-z]{1,3})*$/;

export type ReadMoves =
  | { readonly ok: true; readonly moves: readonly number[] }
  /** In words, for whoever followed such a link. */
  | { readonly ok: false; readonly why: string };

export const writeMoves = (moves: readonly number[]): string => moves.map((nth) => nth.toString(36)).join('.');

/** What stands in an address after `m=`; nothing there is no moves. Never throws. */
export const readMoves = (text: string | null): ReadMoves => {
  if (text === null || text === '') return { ok: true, moves: [] };
  if (text.length > 4 * movesMost) return { ok: false, why: `more than ${movesMost} moves` };
  if (!pattern.test(text)) return { ok: false, why: 'they are not numbers with dots between' };
  const moves = text.split('.').map((nth) => Number.parseInt(nth, 36));
  return moves.length > movesMost ? { ok: false, why: `more than ${movesMost} moves` } : { ok: true, moves };
};
