/** Olm sessions as JSON: the same fields, bytes as unpadded base64. */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { base64, fromBase64Sized } from './base64.ts';
import type { ReceivingChain, SkippedKey } from './olm-chain.ts';
import type { SendingChain, Session } from './olm-session.ts';

const keyText = (bytes: Uint8Array): string => base64(bytes);

const writeReceiving = (chain: ReceivingChain): JsonObject => ({
  ratchetKey: keyText(chain.ratchetKey),
  key: keyText(chain.key),
  index: chain.index,
  skipped: chain.skipped.map(({ index, key }) => ({ index, key: keyText(key) })),
});

const writeSending = ({ ratchet, key, index }: SendingChain): JsonObject => ({
  ratchetSecret: keyText(ratchet.secret),
  ratchetKey: keyText(ratchet.public),
  key: keyText(key),
  index,
});

/** The JSON of a session (without its `received`, which callers keep beside it). */
export const writeSession = (session: Session): JsonObject => ({
  identity: keyText(session.keys.identity),
  base: keyText(session.keys.base),
  oneTime: keyText(session.keys.oneTime),
  received: session.received,
  root: keyText(session.root),
  sending: session.sending && writeSending(session.sending),
  receiving: session.receiving.map(writeReceiving),
});

const bad = (what: string): Error =>
  new Error(`the state of an Olm session has no valid ${what}: it was not written by this suite`);

const readKey = (json: unknown, name: string): Uint8Array => {
  const bytes = fromBase64Sized(stringAt(json, name) ?? '', 32);
  if (bytes === null) throw bad(name);
  return bytes;
};
const readIndex = (json: JsonObject): number => {
  const index = json.index;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw bad('index');
  return index;
};
const listAt = (json: JsonObject, name: string): readonly JsonObject[] => {
  const list = json[name];
  if (!Array.isArray(list) || !list.every(isObject)) throw bad(name);
  return list;
};

const readSkipped = (json: JsonObject): SkippedKey => ({ index: readIndex(json), key: readKey(json, 'key') });
const readReceiving = (json: JsonObject): ReceivingChain => ({
  ratchetKey: readKey(json, 'ratchetKey'),
  key: readKey(json, 'key'),
  index: readIndex(json),
  skipped: listAt(json, 'skipped').map(readSkipped),
});
const readSending = (json: JsonObject): SendingChain => ({
  ratchet: { secret: readKey(json, 'ratchetSecret'), public: readKey(json, 'ratchetKey') },
  key: readKey(json, 'key'),
  index: readIndex(json),
});

/** The session that `json` was written from. Throws on anything else: states come from this suite alone. */
export const readSession = (json: Json): Session => {
  if (!isObject(json)) throw bad('object');
  return {
    keys: { identity: readKey(json, 'identity'), base: readKey(json, 'base'), oneTime: readKey(json, 'oneTime') },
    received: json.received === true,
    root: readKey(json, 'root'),
    sending: json.sending === null ? null : readSending(objectAt(json, 'sending')),
    receiving: listAt(json, 'receiving').map(readReceiving),
  };
};
