/** What keys open: messages to a device, entries of a backup, secrets in account data. Nothing is changed by looking. */
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { BACKUP_SECRET } from '../../machines/paths.ts';
import type { OlmMessage, Suite, Term } from '../../machines/suite.ts';
import type { Known, OlmKeys, Recorded, Sealed } from './types.ts';

/** What people call things that have no name of their own on the wire. */
export const ownBackupKey = 'a backup key of its own';
export const unnamedSecret = 'a secret';
export const storageKey = 'a secret storage key';
export const roomKeyOf = (room: string): string => `room key of ${room}`;

/** The kinds of things that a term called `what` may open. */
export const opens = (what: string): Sealed['sealed'] | null => {
  if (what === BACKUP_SECRET || what === ownBackupKey || what === unnamedSecret) return 'backup entry';
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
  }
};

/** How a derivation speaks of something sealed. */
export const sealedName = (sealed: Sealed): string =>
  sealed.sealed === 'backup entry'
    ? `the backup entry of session ${sealed.session.slice(0, 6)}`
    : `${sealed.name} in account data`;

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
