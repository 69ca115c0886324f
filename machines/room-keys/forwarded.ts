/** `m.forwarded_room_key`: a held room key handed on ("m.forwarded_room_key"; the flag is MSC3061's). */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { JsonObject } from '../json.ts';
import type { ExportedRoomKey } from '../room-types.ts';

/** Its content. `flag`: what is said of whether it may be shared, under the names it goes by there. */
export const forwardedRoomKey = (key: ExportedRoomKey, flag: JsonObject): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  room_id: key.room,
  session_id: key.sessionId,
  session_key: key.sessionKey,
  sender_key: key.senderKey,
  sender_claimed_ed25519_key: key.senderEd25519,
  forwarding_curve25519_key_chain: [],
  ...flag,
});
