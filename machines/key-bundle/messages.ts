/** `m.room_key_bundle` and the bundle it points at (MSC4268, "Room key bundle format"), as they are written and read. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import { isObject, type JsonObject, objectAt, objectIn, stringAt } from '../json.ts';
import { writtenName } from '../names.ts';
import type { ExportedRoomKey } from '../room-types.ts';
import type { AttachmentInfo } from '../suite.ts';
import type { DeviceSettings } from '../types.ts';
import { hasClause } from '../wording.ts';

/** Whoever knows both names sends the stable one: two would be two bundles. */
export const POINTER = writtenName('pointer', 'stable');

export const HISTORY_NOT_SHARED = writtenName('history not shared', 'stable');

/** Whether the text a device implements has a bundle at all: the first draft has the flag only. */
export const hasBundles = (me: Pick<DeviceSettings, 'implements'>): boolean =>
  hasClause(me, '4268-share-to-each-device');

export type Bundle = { readonly room_keys: readonly JsonObject[]; readonly withheld: readonly JsonObject[] };

/** An entry of `room_keys`: `ExportedSessionData` without what a bundle leaves out. */
export const roomKeyEntry = (key: ExportedRoomKey): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  room_id: key.room,
  sender_claimed_keys: { ed25519: key.senderEd25519 },
  sender_key: key.senderKey,
  session_id: key.sessionId,
  session_key: key.sessionKey,
});

/** Whether an entry of `room_keys` has all its fields, each of its type. */
export const isRoomKeyEntry = (entry: unknown): boolean =>
  stringAt(entry, 'algorithm') === MEGOLM_ALGORITHM &&
  ['room_id', 'sender_key', 'session_id', 'session_key'].every((field) => (stringAt(entry, field) ?? '') !== '') &&
  (stringAt(objectAt(entry, 'sender_claimed_keys'), 'ed25519') ?? '') !== '';

/** Reads a bundle's text. `null`: it is none. Entries that are no objects are left out; nothing else is judged. */
export const readBundle = (text: string | null): Bundle | null => {
  const parsed = text === null ? null : objectIn(text);
  if (parsed === null) return null;
  const keys = listAt(parsed, 'room_keys');
  const withheld = listAt(parsed, 'withheld');
  return keys === null || withheld === null ? null : { room_keys: keys, withheld };
};

/** The objects of a list that may be absent; `null` where something else stands in its place. */
const listAt = (object: JsonObject, key: string): readonly JsonObject[] | null => {
  const found = Object.hasOwn(object, key) ? object[key] : [];
  return Array.isArray(found) ? found.filter(isObject) : null;
};

/** The server and the id that an `mxc:` URI names; `null` when it is none. */
export const mediaOf = (url: string): { readonly server: string; readonly id: string } | null => {
  const found = /^mxc:\/\/([^/]+)\/([A-Za-z0-9_-]+)$/.exec(url);
  return found?.[1] === undefined || found[2] === undefined ? null : { server: found[1], id: found[2] };
};

/** `@bob:b.example` → `b.example`. */
export const serverOf = (user: string): string => user.slice(user.indexOf(':') + 1);

/** What opens an encrypted file ("Encrypted attachments", v2): key, IV and hash; `null` when one of them is missing. */
export const attachmentOf = (file: JsonObject): AttachmentInfo | null => {
  const key = objectAt(file, 'key');
  const isWhole =
    stringAt(file, 'v') === 'v2' &&
    stringAt(key, 'alg') === 'A256CTR' &&
    stringAt(key, 'k') !== undefined &&
    stringAt(file, 'iv') !== undefined &&
    stringAt(objectAt(file, 'hashes'), 'sha256') !== undefined;
  return isWhole ? (file as unknown as AttachmentInfo) : null;
};

// A bundle in the clear is uploaded as any file is: as bytes, which stand in JSON as base64.
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Unpadded base64 of a JSON text; what is not ASCII is escaped within it first. */
export const inBase64 = (json: string): string => {
  const text = json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const written: string[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const bytes = [0, 1, 2].map((nth) => text.charCodeAt(at + nth) || 0);
    const bits = ((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
    const left = Math.min(3, text.length - at);
    for (let nth = 0; nth <= left; nth++) written.push(digits[(bits >> (18 - 6 * nth)) & 63] ?? '');
  }
  return written.join('');
};

/** The text that base64 of ASCII bytes stands for; `null` when it is no base64. */
export const fromBase64 = (base64: string): string | null => {
  const text = base64.replace(/={1,2}$/, '');
  const written: string[] = [];
  for (let at = 0; at < text.length; at += 4) {
    const values = [...text.slice(at, at + 4)].map((digit) => digits.indexOf(digit));
    if (values.includes(-1) || values.length === 1) return null;
    const bits = values.reduce((sum, value, nth) => sum | (value << (18 - 6 * nth)), 0);
    for (let nth = 0; nth < values.length - 1; nth++) written.push(String.fromCharCode((bits >> (16 - 8 * nth)) & 255));
  }
  return written.join('');
};
