/** Whether a sentence concedes anything: it has to be said to the very device whose doing it excuses, when that does it. */
import type { ClauseId } from '../../machines/types.ts';
import type { PlayerId } from '../engine/types.ts';
import type { Witness } from './types.ts';

/**
 * The clause, where the text that a device goes by has it and the device goes by it; `null`: it concedes nothing there.
 *
 * A witness answers for the step it is asked in. What is judged later than it was done (`end`) has to be asked when it is done, and kept.
 */
export const concededBy = <C extends ClauseId>(witness: Witness, player: PlayerId, clause: C): C | null =>
  witness.isMeantBy(player, clause) && !witness.off(player, clause) ? clause : null;

/** The first of these that is one. */
export const firstConceded = (witness: Witness, player: PlayerId, clauses: readonly ClauseId[]): ClauseId | null =>
  clauses.find((clause) => concededBy(witness, player, clause) !== null) ?? null;
