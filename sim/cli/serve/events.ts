/** Whether a room may have an event at all, whoever sends it: its size, its numbers, its power levels. Of whoever may send it the homeserver judges. */
import { isObject, type Json, type JsonObject } from '../../../machines/json.ts';
import type { ClientResponse } from '../../homeserver/types.ts';
import { refusal } from './request.ts';

export type Draft = {
  readonly type: string;
  readonly state_key?: string;
  readonly sender: string;
  readonly room_id: string;
  readonly content: JsonObject;
};

/** "Size limits", in bytes: of all of an event, and of its type or its state key. */
const eventBytesMax = 65_536;
const keyBytesMax = 255;

const badJson = (error: string): ClientResponse => refusal(400, 'M_BAD_JSON', error);
const tooLarge = (what: string, bytes: number, max: number): ClientResponse =>
  refusal(413, 'M_TOO_LARGE', `${what} is too large: ${bytes} bytes, at most ${max}`);

/**
 * What makes a value no canonical JSON, in words; `null`: nothing. Room versions from 6 on have servers refuse such events ("Canonical JSON").
 * That a number was written as 1.0 nobody can see any more here: it is 1.
 */
const notCanonical = (value: Json | undefined, where: string): string | null => {
  if (typeof value === 'number')
    return Number.isSafeInteger(value)
      ? null
      : `${where} is ${value}: whole numbers from -9007199254740991 to 9007199254740991 expected`;
  if (typeof value === 'string')
    return value.isWellFormed() ? null : `${where} has half a character (a lone surrogate)`;
  if (!Array.isArray(value) && !isObject(value)) return null;
  for (const [key, one] of Object.entries(value)) {
    if (!key.isWellFormed()) return `a key in ${where} has half a character (a lone surrogate)`;
    const why = notCanonical(one, `${where}.${key}`);
    if (why !== null) return why;
  }
  return null;
};

const levels = ['users_default', 'events_default', 'state_default', 'ban', 'redact', 'kick', 'invite'];
const levelTables = ['users', 'events', 'notifications'];
/** The first level that is no integer ("Authorization rules" of room version 10); `null`: each is one. */
const notLevels = (content: JsonObject): string | null => {
  const own = (name: string): Json | undefined => (Object.hasOwn(content, name) ? content[name] : undefined);
  for (const name of levels)
    if (own(name) !== undefined && !Number.isSafeInteger(own(name))) return `'${name}' must be an integer`;
  for (const name of levelTables) {
    const table = own(name);
    if (table === undefined) continue;
    if (!isObject(table)) return `'${name}' must be an object`;
    for (const [key, level] of Object.entries(table)) {
      if (!Number.isSafeInteger(level)) return `'${name}.${key}' must be an integer`;
      if (name === 'users' && !/^@[^:]*:.+$/s.test(key)) return `'users' has ${key}, which is no user id`;
    }
  }
  return null;
};

/**
 * Why no room has such an event; `null` where one may. Real servers add hashes and signatures, some hundred bytes, which count as well:
 * what is just small enough here is too large there.
 *
 * @returns 413 `M_TOO_LARGE` or 400 `M_BAD_JSON`
 */
export const eventRefusal = (draft: Draft): ClientResponse | null => {
  const { type, state_key = '', content } = draft;
  for (const [name, text] of [
    ['type', type],
    ['state_key', state_key],
  ] as const) {
    const bytes = Buffer.byteLength(text);
    if (bytes > keyBytesMax) return tooLarge(`'${name}'`, bytes, keyBytesMax);
  }
  const why = notCanonical(content, 'content');
  if (why !== null) return badJson(`The event is no canonical JSON: ${why}`);
  if (type === 'm.room.power_levels' && draft.state_key !== undefined) {
    const wrong = notLevels(content);
    if (wrong !== null) return badJson(wrong);
  }
  const bytes = Buffer.byteLength(JSON.stringify(draft));
  return bytes > eventBytesMax ? tooLarge('The event', bytes, eventBytesMax) : null;
};
