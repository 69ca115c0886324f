/**
 * Sentences of the ledger that no chart has a part for and that guarantees do not know either: where they are instead, or that
 * nothing here acts them out. What gets a part goes from this list, or from that of its folder.
 */
import { unbuilt as registered } from '../machines/parts.ts';
import type { Unbuilt } from '../machines/registration.ts';
import type { ClauseId } from '../machines/types.ts';

export const unbuilt: Readonly<Record<ClauseId, Unbuilt>> = {
  ...registered,
};
