/** Vectors of things sealed at rest: attachments, key backup, key export files, secret storage, key bundles. */
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import { openAttachment, sealAttachment } from '../real/attachment.ts';
import { openBackup, sealBackup } from '../real/backup.ts';
import { base64, fromBase64 } from '../real/base64.ts';
import { textOf, utf8 } from '../real/bytes.ts';
import { exportFile, openExportFile } from '../real/key-export.ts';
import { readExported } from '../real/megolm.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
import { nobleStretch as stretch } from '../real/passphrase.ts';
import { fromRecoveryKey } from '../real/recovery-key.ts';
import { isDescribed, keyCheck, keyFromPassphrase, openSecret, sealSecret } from '../real/secret-storage.ts';
import {
  all,
  type Check,
  equal,
  equalHex,
  fromHex,
  type Handler,
  hexes,
  holds,
  numberAt,
  objects,
  refused,
  texts,
  toHex,
  when,
} from './check.ts';

const isNegative = (kind: unknown): boolean => kind === 'fail' || kind === 'decrypt-fail';

/** Encrypt byte for byte where key and IV are given, decrypt; `decrypt-fail`: refuse. */
export const attachmentVector: Handler = (vector) => {
  const ciphertext = hexes(vector, 'ciphertextHex')?.ciphertextHex;
  const { info } = vector;
  if (ciphertext === undefined || !isObject(info)) return null;
  const opened = openAttachment(ciphertext, info);
  if (isNegative(vector.kind)) return [refused('decrypt', opened)];
  const plaintext = hexes(vector, 'plaintextHex')?.plaintextHex;
  if (plaintext === undefined) return null;
  const given = hexes(vector, 'keyHex', 'ivHex');
  const sealed = given && sealAttachment(given.keyHex, given.ivHex, plaintext);
  return [
    equalHex('decrypt', toHex(plaintext), opened),
    ...when(sealed, (made) => equal('ciphertext', ciphertext, made.ciphertext)),
    ...when(sealed, (made) => equal('info', { ...info, url: null }, { ...made.info, url: null })),
  ];
};

/** Decrypt a key bundle, and read every session key in it under the session id it claims. */
export const bundleVector: Handler = (vector) => {
  const ciphertext = hexes(vector, 'ciphertextHex')?.ciphertextHex;
  const json = stringAt(vector, 'json');
  if (ciphertext === undefined || json === undefined) return null;
  const opened = openAttachment(ciphertext, vector.info);
  return [
    equal('decrypt', json, opened && textOf(opened)),
    ...sessionKeys(objects(JSON.parse(json), 'room_keys') ?? []),
  ];
};

/** That exported session keys can be read and are of the sessions they are listed under. */
const sessionKeys = (entries: readonly unknown[]): readonly Check[] =>
  entries.flatMap((entry) =>
    when(texts(entry, 'session_id', 'session_key'), ({ session_id, session_key }) => {
      const bytes = fromBase64(session_key);
      const holding = bytes && readExported(curves, bytes);
      return equal('session key', session_id, holding && base64(holding.signingKey));
    }),
  );

const opensBackup = (secret: Uint8Array, data: unknown): Uint8Array | null => {
  const given = texts(data, 'ephemeral', 'ciphertext', 'mac');
  return given && openBackup(curves, secret, given);
};

/** Reproduce `session_data` byte for byte, and open it again. */
export const backupVector: Handler = (vector) => {
  const given = hexes(vector, 'privateKey', 'ephemeralPrivate');
  const plaintext = stringAt(vector, 'plaintext');
  if (given === null || plaintext === undefined) return null;
  const publicKey = curves.exchangePublic(given.privateKey);
  const ephemeral = { secret: given.ephemeralPrivate, public: curves.exchangePublic(given.ephemeralPrivate) };
  const opened = opensBackup(given.privateKey, vector.sessionData);
  return [
    ...when(stringAt(vector, 'publicKey'), (text) => equal('public key', text, base64(publicKey))),
    equal('session data', vector.sessionData, sealBackup(curves, publicKey, ephemeral, utf8(plaintext))),
    equalHex('decrypt', toHex(utf8(plaintext)), opened),
    ...sessionInBackup(vector, plaintext),
  ];
};

const sessionInBackup = (vector: unknown, plaintext: string): readonly Check[] => {
  const written = plaintext.startsWith('{') ? stringAt(JSON.parse(plaintext), 'session_key') : undefined;
  if (written === undefined) return [];
  const key = fromBase64(written);
  const holding = key && readExported(curves, key);
  return [
    ...when(stringAt(vector, 'sessionId'), (id) => equal('session', id, holding && base64(holding.signingKey))),
    ...when(numberAt(vector, 'firstMessageIndex'), (index) => equal('first index', index, holding?.ratchet.index)),
  ];
};

/** Changed entries: refused, or (ciphertext is not authenticated) opened to what the vector says. */
export const backupTamperVector: Handler = (vector) => {
  const secret = hexes(vector, 'privateKey')?.privateKey;
  const cases = objects(vector, 'cases');
  if (secret === undefined || cases === null) return null;
  return all(
    cases.map(({ note, sessionData, expect, plaintextHex, plaintext }) => {
      const name = String(note ?? 'case');
      const opened = opensBackup(secret, sessionData);
      if (expect === 'fail') return [refused(name, opened)];
      if (expect !== 'ok' && expect !== 'decrypts-to-garbage') return null;
      if (typeof plaintextHex === 'string') return [equalHex(name, plaintextHex, opened)];
      return typeof plaintext === 'string' ? [equalHex(name, toHex(utf8(plaintext)), opened)] : null;
    }),
  );
};

/** Open one `session_data`, or a whole backup body with a plaintext for each room and session; `*-fail`: refuse. */
export const backupDecryptVector: Handler = (vector) => {
  const secret = hexes(vector, 'privateKey')?.privateKey;
  if (secret === undefined) return null;
  if (vector.sessionData !== undefined) {
    const opened = opensBackup(secret, vector.sessionData);
    if (vector.kind !== 'backup-decrypt-only') return [refused('decrypt', opened)];
    const plaintext = stringAt(vector, 'plaintext');
    return plaintext === undefined ? null : [equalHex('decrypt', toHex(utf8(plaintext)), opened)];
  }
  const plaintexts = vector.plaintexts;
  if (!isObject(plaintexts) || vector.kind !== 'backup-decrypt-only') return null;
  return Object.keys(plaintexts).flatMap((key) => {
    const [room = '', session = ''] = key.split('|');
    const sessions = objectAt(objectAt(objectAt(objectAt(vector, 'body'), 'rooms'), room), 'sessions');
    const entry = objectAt(sessions, session);
    const opened = opensBackup(secret, entry.session_data);
    const text = opened && textOf(opened);
    const firstMessageIndex = entry.first_message_index;
    return [
      equal(`decrypt ${key}`, plaintexts[key], text),
      ...sessionInBackup({ sessionId: session, firstMessageIndex }, text ?? ''),
    ];
  });
};

/** Write a key export file byte for byte where salt and IV are given, read it; `fail`: refuse. */
export const exportVector: Handler = (vector) => {
  const given = texts(vector, 'passphrase', 'file');
  if (given === null) return null;
  const opened = openExportFile(stretch, given.passphrase, given.file);
  if (isNegative(vector.kind)) return [refused('import', opened)];
  const json = stringAt(vector, 'json');
  if (json === undefined) return null;
  const random = hexes(vector, 'saltHex', 'ivHex');
  const rounds = numberAt(vector, 'rounds');
  const file =
    random && rounds !== undefined
      ? exportFile(stretch, given.passphrase, { salt: random.saltHex, iv: random.ivHex, rounds }, json)
      : null;
  return [
    equalHex('import', toHex(utf8(json)), opened),
    ...when(file, (text) => equal('file', given.file, text)),
    ...sessionKeys(objects({ list: JSON.parse(json) }, 'list') ?? []),
  ];
};

/** Seal a secret byte for byte and open it, not under another name; `fail`: refuse to open. */
export const secretVector: Handler = (vector) => {
  const key = hexes(vector, 'keyHex')?.keyHex;
  const name = stringAt(vector, 'secretName');
  const stored = texts(vector.encrypted, 'iv', 'ciphertext', 'mac');
  if (key === undefined || name === undefined || stored === null) return null;
  const opened = openSecret(key, name, stored);
  if (isNegative(vector.kind)) return [refused('open', opened)];
  const plaintext = hexes(vector, 'plaintextHex')?.plaintextHex;
  if (plaintext === undefined) return null;
  const iv = hexes(vector, 'ivHex')?.ivHex;
  const isKeyCheck = name === '' && plaintext.length === 32 && plaintext.every((byte) => byte === 0);
  return [
    equalHex('open', toHex(plaintext), opened),
    refused('open under another name', openSecret(key, `${name}.`, stored)),
    ...when(iv, (bytes) => equal('sealed', stored, sealSecret(key, name, bytes, plaintext))),
    ...when(isKeyCheck ? iv : null, (bytes) =>
      equal('key check', { iv: stored.iv, mac: stored.mac }, keyCheck(key, bytes)),
    ),
    ...when(isKeyCheck ? stored : null, (description) => holds('key accepted', isDescribed(key, description))),
  ];
};

/** A key from a passphrase, a recovery key or as it stands, against its description; `*-fail`: not accepted. */
export const keyCheckVector: Handler = (vector) => {
  const { description } = vector;
  const passphrase = stringAt(vector, 'passphrase');
  const encoded = stringAt(vector, 'encodedKey');
  const plain = stringAt(vector, 'keyHex');
  if (!isObject(description) || (passphrase ?? encoded ?? plain) === undefined) return null;
  const key =
    passphrase !== undefined
      ? keyFromPassphrase(stretch, passphrase, description)
      : encoded !== undefined
        ? fromRecoveryKey(encoded)
        : fromHex(plain ?? '');
  const accepted = key?.length === 32 && isDescribed(key, description);
  if (vector.kind !== 'key-check') return [refused('key accepted', accepted)];
  return [
    ...when(stringAt(vector, 'derivedKeyHex'), (hex) => equalHex('key', hex, key)),
    holds('key accepted', accepted),
    ...when(description.mac, () =>
      refused(
        'another key',
        key !== null &&
          isDescribed(
            key.map((byte) => byte ^ 1),
            description,
          ),
      ),
    ),
  ];
};
