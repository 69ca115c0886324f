/** The specification's rules of which session a room key is, for whoever keeps some: here, and from files. */
import type { ReadRoomKey } from '../room-types.ts';

/** For a chart with a part that goes through `ReadRoomKey`s and asks of each. */
export const filingParts = {
  /** "m.room_key" and "Key exports": `session_id` is the id of the session in `session_key`. */
  'spec-session-id': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_context: unknown, item: unknown) => (item as ReadRoomKey).idMatches,
  },
  /** "m.megolm.v1.aes-sha2": what is held under an id is not replaced by another session that comes under it. */
  'spec-key-not-replaced': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_context: unknown, item: unknown) => (item as ReadRoomKey).held?.isSame !== false,
  },
} as const;
