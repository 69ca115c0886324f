/** What keys open: messages to a device, entries of a backup, secrets in account data. Nothing is changed by looking. */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import type { OlmMessage, Suite, Term } from '../../machines/suite.ts';
import type { Known, OlmKeys, Recorded, Sealed } from '../engine/attacker.ts';

/** What people call things that have no name of their own on the wire. */
export const ownBackupKey = 'a backup key of its own';
export const unnamedSecret = 'a secret';
export const storageKey = 'a secret storage key';
const roomKeyPrefix = 'room key of ';
export const roomKeyOf = (room: string): string => `${roomKeyPrefix}${room}`;
export const fileKeyOf = (url: string): string => `the key of the file ${url}`;

/** A message that was read. The term has the event too: what was said twice was read twice. */
export const messageOf = (room: string, event: string, text: string): Known => ({
  what: `the message "${text}" in ${room}`,
  term: `${event} ${text}`,
});

/** A room key as it is known, from its first index on, in whichever form it came: exported. Anything else stays as it is. */
export const roomKeyTerm = (suite: Suite, key: string): Term => {
  const session = suite.megolmInbound(key, 'signed');
  return (session === null ? null : suite.megolmExport(session, session.firstKnownIndex)) ?? key;
};

/** The kinds of things that a term called `what` may open. */
export const opens = (what: string): Sealed['sealed'] | null => {
  if (what === BACKUP_SECRET || what === ownBackupKey || what === unnamedSecret) return 'backup entry';
  if (what.startsWith(roomKeyPrefix)) return 'room event';
  return what === storageKey ? 'stored secret' : null;
};

/** What is inside something sealed; `null` when `key` does not open it. */
export const openSealed = (suite: Suite, key: Term, sealed: Sealed): Known | null => {
  switch (sealed.sealed) {
    case 'backup entry': {
      const term = stringAt(suite.backupOpen(key, sealed.data), 'session_key');
      return term === undefined ? null : { what: roomKeyOf(sealed.room), term };
    }
    case 'stored secret': {
      const term = suite.secretOpen(key, sealed.name, sealed.data);
      return term === null ? null : { what: sealed.name, term };
    }
    case 'room event': {
      const session = suite.megolmInbound(key, 'exported') ?? suite.megolmInbound(key, 'signed');
      if (session?.sessionId !== sealed.session) return null;
      const text = textIn(suite.megolmDecrypt(session, sealed.ciphertext)?.plaintext);
      return text === null ? null : messageOf(sealed.room, sealed.event, text);
    }
  }
};

/** How a derivation speaks of something sealed. */
export const sealedName = (sealed: Sealed): string => {
  switch (sealed.sealed) {
    case 'backup entry':
      return `the backup entry of session ${sealed.session.slice(0, 6)}`;
    case 'stored secret':
      return `${sealed.name} in account data`;
    case 'room event':
      return `the event ${sealed.event}`;
  }
};

/** What somebody said, in the plaintext of a room event; `null` where it is no message. */
const textIn = (plaintext: string | undefined): string | null => {
  const event = plaintext === undefined ? null : eventIn(plaintext);
  return event?.type === 'm.room.message' ? (stringAt(event.content, 'body') ?? null) : null;
};

/** The room keys in the text of a key bundle, with their rooms; none where it is no bundle. */
export const keysInBundle = (text: string | null): readonly { readonly room: string; readonly key: string }[] => {
  if (text === null) return [];
  try {
    const keys: unknown = objectAt({ bundle: JSON.parse(text) }, 'bundle').room_keys;
    return (Array.isArray(keys) ? keys : []).flatMap((entry: unknown) => {
      const key = stringAt(entry, 'session_key');
      return key === undefined ? [] : [{ room: stringAt(entry, 'room_id') ?? 'a room', key }];
    });
  } catch {
    return []; // a file like any other
  }
};

/**
 * A recorded Olm event with the keys of the device it went to: what is inside, or `null`. The keys stay as they are, so that
 * messages open in any order, and again.
 */
export const openRecorded = (
  suite: Suite,
  { account, olm }: OlmKeys,
  event: Recorded,
): { readonly type: string; readonly content: JsonObject } | null => {
  const content = objectAt(event, 'content');
  const sender = stringAt(content, 'sender_key');
  const message = messageIn(objectAt(content, 'ciphertext')[account.curve25519.public]);
  if (sender === undefined || message === null) return null;
  const sessions = olm[sender] ?? [];
  const wanted = message.type === 0 ? suite.olmSessionIdOf(message) : null;
  const fitting = message.type === 0 ? sessions.filter(({ id }) => id === wanted) : sessions;
  for (const session of fitting) {
    const opened = suite.olmDecrypt(session, message);
    if (opened !== null) return eventIn(opened.plaintext);
  }
  const begun = message.type === 0 && fitting.length === 0 ? suite.olmInbound(account, sender, message) : null;
  return begun === null ? null : eventIn(begun.plaintext);
};

const messageIn = (entry: unknown): OlmMessage | null => {
  if (!isObject(entry)) return null;
  const { type, body } = entry;
  return (type === 0 || type === 1) && typeof body === 'string' ? { type, body } : null;
};

const eventIn = (plaintext: string): { readonly type: string; readonly content: JsonObject } | null => {
  try {
    const event: unknown = JSON.parse(plaintext);
    const type = stringAt(event, 'type');
    return type === undefined ? null : { type, content: objectAt(event, 'content') };
  } catch {
    return null; // whoever wrote it sealed no event
  }
};
