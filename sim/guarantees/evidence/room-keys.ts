/** How guarantees tell room keys apart: by session id and a print of the key, never by the key itself. */
import type { HeldRoomKey, RoomId } from '../../../machines/room-types.ts';
import { base64, fromBase64 } from '../../crypto/real/base64.ts';
import { parted } from '../../crypto/symbolic/terms.ts';

/** The byte at which the public signing key stands in either form of a Megolm session key ("Session export format"). */
const signingKeyAt = 133;
const signingKeyLength = 32;

/** The bytes of a key text in either form; `null` where it is neither. */
const keyBytesIn = (key: string): Uint8Array | null => {
  const bytes = fromBase64(key);
  const isKey = bytes !== null && bytes.length >= signingKeyAt + signingKeyLength && (bytes[0] === 1 || bytes[0] === 2);
  return isKey ? bytes : null;
};

/**
 * The session that a key text is of: the signed or the exported form, of bytes or of terms.
 *
 * @returns its session id; `null` where the text is no Megolm key
 */
export const sessionIdIn = (key: string): string | null => {
  const parts = parted('k', 4, key) ?? parted('x', 4, key);
  if (parts !== null) return parts[0] ?? null;
  const bytes = keyBytesIn(key);
  return bytes === null ? null : base64(bytes.subarray(signingKeyAt, signingKeyAt + signingKeyLength));
};

/** The index from which on a key text opens its session (`sessionIdIn`); `null` where it is no Megolm key. */
export const indexIn = (key: string): number | null => {
  const parts = parted('k', 4, key) ?? parted('x', 4, key);
  if (parts !== null) return Number(parts[1]);
  const bytes = keyBytesIn(key);
  return bytes === null ? null : bytes.subarray(1, 5).reduce((index, byte) => index * 256 + byte, 0);
};

/** Eight letters that stand for `text` (FNV-1a): enough to see that two keys of one scenario differ. */
export const printOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let nth = 0; nth < text.length; nth += 1) hash = Math.imul(hash ^ text.charCodeAt(nth), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
};

/** What can be said of a held key: its owners' prints, and that of its material at its first known index. */
export const printsOf = ({ session, senderKey, senderEd25519 }: HeldRoomKey) => ({
  owner: printOf(`${senderKey} ${senderEd25519}`),
  index: session.firstKnownIndex,
  key: printOf(typeof session.state === 'string' ? session.state : JSON.stringify(session.state)),
});

/** The session id under which a room key is filed (`roomKeyName`). */
export const filedUnder = (name: string): string => name.slice(name.indexOf(' ') + 1);

/** Room and session of the name a room key is filed under (`roomKeyName`). */
export const partsOf = (name: string): { readonly room: RoomId; readonly sessionId: string } => ({
  room: name.slice(0, name.indexOf(' ')),
  sessionId: filedUnder(name),
});

/** A session id as people read it. */
export const shortened = (sessionId: string): string => sessionId.slice(0, 6);
