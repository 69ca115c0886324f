/** Vectors of Megolm: sessions byte for byte, imports in the middle, bad messages and bad keys. */
import { stringAt } from '../../../machines/json.ts';
import { base64, fromBase64, fromBase64Unpadded } from '../real/base64.ts';
import { textOf } from '../real/bytes.ts';
import { drawsOf } from '../real/draw.ts';
import {
  decryptWith,
  encryptAt,
  exportedForm,
  type Holding,
  holdingAt,
  readExported,
  readMessage,
  readSharing,
  sharingForm,
} from '../real/megolm.ts';
import { ratchetCipher } from '../real/megolm-ratchet.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
import { megolmPort } from '../real/suite-megolm.ts';
import {
  all,
  type Check,
  equal,
  equalHex,
  type Handler,
  hexes,
  holds,
  numberAt,
  objects,
  refused,
  texts,
  type Vector,
  when,
} from './check.ts';

/** No vector draws: their randomness is written in them. */
const port = megolmPort({ curves, draw: drawsOf('vectors') });

const open = (holding: Holding, body: string) => {
  const bytes = fromBase64(body);
  return bytes && decryptWith(curves, holding, bytes);
};

const readKey = (key: string, form: 'signed' | 'exported'): Holding | null => {
  const bytes = fromBase64Unpadded(key);
  return bytes && (form === 'signed' ? readSharing : readExported)(curves, bytes);
};

/** The keys, messages and exports of an outbound session whose whole randomness is given, and reading them back. */
export const sessionVector: Handler = (vector) => {
  const given = hexes(vector, 'ratchetInit', 'ed25519Seed');
  if (given?.ratchetInit.length !== 128 || given.ed25519Seed.length !== 32) return null;
  const seed = given.ed25519Seed;
  const start: Holding = {
    ratchet: { index: 0, parts: given.ratchetInit },
    signingKey: curves.signingPublic(seed),
  };
  const parts = all([
    each(vector, 'sessionKeys', ['sessionKey'], (index, { sessionKey }) =>
      sessionKeyChecks(start, seed, index, sessionKey),
    ),
    each(vector, 'messages', ['plaintextHex', 'body'], (index, { plaintextHex, body }, entry) =>
      messageChecks(start, seed, index, { plaintextHex, body }, hexes(entry, 'plaintextHex')?.plaintextHex),
    ),
    each(vector, 'exports', ['exportedKey'], (index, { exportedKey }, entry) =>
      exportChecks(start, index, exportedKey, entry),
    ),
  ]);
  return (
    parts && [
      ...when(stringAt(vector, 'sessionId'), (id) => equal('session id', id, base64(start.signingKey))),
      ...parts,
    ]
  );
};

/** The checks of every entry of a list (none where there is no list), or `null` where an entry lacks a field. */
const each = <K extends string>(
  vector: Vector,
  list: string,
  names: readonly K[],
  checks: (index: number, given: Readonly<Record<K, string>>, entry: Vector) => readonly Check[],
): readonly Check[] | null => {
  if (vector[list] === undefined) return [];
  const entries = objects(vector, list);
  return (
    entries &&
    all(
      entries.map((entry) => {
        const given = texts(entry, ...names);
        const index = numberAt(entry, 'index');
        return given && index !== undefined ? checks(index, given, entry) : null;
      }),
    )
  );
};

const sessionKeyChecks = (start: Holding, seed: Uint8Array, index: number, key: string): readonly Check[] => {
  const at = holdingAt(start, index);
  const inbound = port.megolmInbound(key, 'signed');
  return [
    equal(`session key at ${index}`, key, at && base64(sharingForm(curves, at, seed))),
    equal(`session key at ${index} is read`, index, inbound?.firstKnownIndex),
    refused(`session key at ${index} as an export`, port.megolmInbound(key, 'exported')),
    ...(inbound && index > 0 ? [refused(`nothing before ${index}`, port.megolmExport(inbound, index - 1))] : []),
  ];
};

const messageChecks = (
  start: Holding,
  seed: Uint8Array,
  index: number,
  { plaintextHex, body }: { readonly plaintextHex: string; readonly body: string },
  plaintext: Uint8Array | undefined,
): readonly Check[] => {
  const at = holdingAt(start, index);
  const opened = open(start, body);
  const late = holdingAt(start, index + 1);
  return [
    equal(`message ${index}`, body, at && plaintext && base64(encryptAt(curves, at.ratchet, seed, plaintext))),
    equalHex(`message ${index} opens`, plaintextHex, opened?.plaintext),
    equal(`message ${index} tells its index`, index, opened?.index),
    ...when(late, (holding) => refused(`message ${index} is closed to a later holding`, open(holding, body))),
  ];
};

const exportChecks = (start: Holding, index: number, key: string, entry: Vector): readonly Check[] => {
  const at = holdingAt(start, index);
  const keys = at && ratchetCipher(at.ratchet);
  const inbound = port.megolmInbound(key, 'exported');
  return [
    equal(`export at ${index}`, key, at && base64(exportedForm(at))),
    equal(`export at ${index} is read`, index, inbound?.firstKnownIndex),
    refused(`export at ${index} as a signed key`, port.megolmInbound(key, 'signed')),
    ...when(stringAt(entry, 'aesKey'), (hex) => equalHex(`AES key at ${index}`, hex, keys?.aes)),
    ...when(stringAt(entry, 'macKey'), (hex) => equalHex(`MAC key at ${index}`, hex, keys?.mac)),
    ...when(stringAt(entry, 'iv'), (hex) => equalHex(`IV at ${index}`, hex, keys?.iv)),
  ];
};

/**
 * Messages against one session key (signed or exported form): opened or refused as each case says, on plain bytes and
 * through the port, whose memory of the last message must not change any answer. All good ones open a second time, after
 * the bad ones.
 */
export const messagesVector: Handler = (vector) => {
  const signed = stringAt(vector, 'sessionKey');
  const key = signed ?? stringAt(vector, 'exportedKey');
  const cases = objects(vector, 'cases') ?? objects(vector, 'messages');
  if (key === undefined || cases === null) return null;
  const form = signed === undefined ? 'exported' : 'signed';
  const holding = readKey(key, form);
  const inbound = port.megolmInbound(key, form);
  if (holding === null || inbound === null) return [holds('the session key is read', false)];
  const once = all(cases.map((entry) => caseChecks(holding, entry, (body) => port.megolmDecrypt(inbound, body))));
  const good = cases.filter(({ expect }) => expect !== 'fail');
  const again = all(good.map((entry) => caseChecks(holding, entry, (body) => port.megolmDecrypt(inbound, body))));
  return (
    once &&
    again && [
      ...when(numberAt(vector, 'firstKnownIndex'), (index) => equal('first index', index, inbound.firstKnownIndex)),
      ...once,
      ...again.map((check) => ({ ...check, name: `${check.name}, again` })),
      equal(
        'the session is as before',
        port.megolmExport(inbound, inbound.firstKnownIndex),
        base64(exportedForm(holding)),
      ),
    ]
  );
};

type PortAnswer = { readonly plaintext: string; readonly index: number } | null;

const caseChecks = (
  holding: Holding,
  entry: Vector,
  portOpen: (body: string) => PortAnswer,
): readonly Check[] | null => {
  const { content } = entry;
  const body = stringAt(entry, 'body') ?? stringAt(content, 'ciphertext');
  const index = numberAt(entry, 'index');
  const name = [entry.note, index].filter((part) => part !== undefined).join(' ') || 'message';
  if (body === undefined) return null;
  const opened = open(holding, body);
  const byPort = portOpen(body);
  if (entry.expect === 'fail') {
    const told = readMessage(fromBase64(body) ?? new Uint8Array())?.index;
    return [
      refused(name, opened),
      refused(`${name}, by the port`, byPort),
      ...(told === undefined ? [] : when(index, (expected) => equal(`${name}: index`, expected, told))),
    ];
  }
  if (entry.expect !== undefined && entry.expect !== 'ok') return null;
  const hex = stringAt(entry, 'plaintextHex');
  const text = stringAt(entry, 'plaintext');
  if (hex === undefined && text === undefined) return null;
  const utf8Text = opened && textOf(opened.plaintext);
  return [
    ...when(hex, (expected) => equalHex(name, expected, opened?.plaintext)),
    ...when(text, (expected) => equal(name, expected, utf8Text)),
    ...when(index, (expected) => equal(`${name}: index`, expected, opened?.index)),
    ...when(utf8Text, (expected) => equal(`${name}, by the port`, expected, byPort?.plaintext)),
    ...when(stringAt(content, 'session_id'), (id) => equal(`${name}: session`, id, base64(holding.signingKey))),
  ];
};

/** Session keys that must be refused (or read, where a case says so) in the form a case names. */
export const keysVector: Handler = (vector) => {
  const cases = objects(vector, 'cases');
  return (
    cases &&
    all(
      cases.map((entry) => {
        const given = texts(entry, 'key', 'format', 'expect');
        const form = given?.format === 'sharing' ? 'signed' : given?.format === 'export' ? 'exported' : null;
        if (given === null || form === null) return null;
        const name = String(entry.note ?? 'key');
        const read = port.megolmInbound(given.key, form);
        if (given.expect === 'fail') return [refused(name, read)];
        return given.expect === 'ok' ? [holds(name, read !== null)] : null;
      }),
    )
  );
};
