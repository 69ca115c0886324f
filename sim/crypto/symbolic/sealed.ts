/** Things at rest, with terms: key backup, attachments, secret storage. */
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { Suite, Term } from '../../../machines/suite.ts';
import { base64, fromBase64 } from '../real/base64.ts';
import { textOf, utf8 } from '../real/bytes.ts';
import { type Draw, exchangePublic, isKey, isSecret, joined, parted, termOf } from './terms.ts';

/** A text under a lock that whoever has the key can name; `check` shows that neither was changed. */
const seal = (tag: string, lock: Term, plaintext: string): string =>
  joined(tag, termOf('h', 'check', lock, plaintext), plaintext);
const open = (tag: string, lock: Term, text: string): string | null => {
  const [check, plaintext] = parted(tag, 2, text) ?? [];
  return plaintext !== undefined && check === termOf('h', 'check', lock, plaintext) ? plaintext : null;
};

const jsonObject = (text: string): JsonObject | null => {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : null;
};

const backupLock = (ephemeral: Term, recipient: Term): Term => termOf('s', 'backup', ephemeral, recipient);
const backupMac = (lock: Term): Term => termOf('h', 'backup mac', lock);

export const backupPort = (draw: Draw): Pick<Suite, 'backupKey' | 'backupPublic' | 'backupSeal' | 'backupOpen'> => ({
  backupKey: (label) => {
    const secret = draw(label, 'curve25519');
    return { secret, public: exchangePublic(secret) };
  },
  backupPublic: (secret) => (isSecret(secret) ? exchangePublic(secret) : null),
  backupSeal: (publicKey, session, label) => {
    if (!isKey(publicKey)) return null;
    const ephemeral = exchangePublic(draw(label, 'backup'));
    const lock = backupLock(ephemeral, publicKey);
    return { ephemeral, ciphertext: seal('b', lock, JSON.stringify(session)), mac: backupMac(lock) };
  },
  backupOpen: (secret, data) => {
    if (!isSecret(secret)) return null;
    const lock = backupLock(stringAt(data, 'ephemeral') ?? '', exchangePublic(secret));
    const plaintext = open('b', lock, stringAt(data, 'ciphertext') ?? '');
    return plaintext !== null && stringAt(data, 'mac') === backupMac(lock) ? jsonObject(plaintext) : null;
  },
});

const attachmentLock = (key: Term, iv: Term): Term => termOf('s', 'attachment', key, iv);
const attachmentHash = (ciphertext: string): Term => termOf('h', 'attachment hash', ciphertext);

/** A sealed text, or one that was bent: whoever was wrong about what stood there has made nonsense of it. */
const openBent = (lock: Term, text: string): string | null => {
  const [at, from, to, inner] = parted('f', 4, text) ?? [];
  if (at === undefined || from === undefined || to === undefined || inner === undefined) return open('a', lock, text);
  const plaintext = openBent(lock, inner);
  const place = Number(at);
  return plaintext?.startsWith(from, place)
    ? plaintext.slice(0, place) + to + plaintext.slice(place + from.length)
    : null;
};

/** Ciphertexts are base64 here too: media are uploaded as that, and homeservers look. */
export const attachmentPort = (draw: Draw): Pick<Suite, 'attachmentSeal' | 'attachmentOpen' | 'attachmentBend'> => ({
  attachmentSeal: (text, label) => {
    const k = draw(label, 'attachment key');
    const iv = termOf('i', 'attachment iv', draw(label, 'attachment iv'));
    const ciphertext = base64(utf8(seal('a', attachmentLock(k, iv), text.toWellFormed())));
    return {
      ciphertext,
      info: {
        v: 'v2',
        key: { kty: 'oct', key_ops: ['encrypt', 'decrypt'], alg: 'A256CTR', k, ext: true },
        iv,
        hashes: { sha256: attachmentHash(ciphertext) },
      },
    };
  },
  attachmentOpen: (ciphertext, info, check) => {
    const key = objectAt(info, 'key');
    const isKnown = isObject(info) && info.v === 'v2' && key.kty === 'oct' && key.alg === 'A256CTR';
    const isSame = stringAt(objectAt(info, 'hashes'), 'sha256') === attachmentHash(ciphertext);
    if (!isKnown || (check === undefined && !isSame)) return null;
    const bytes = fromBase64(ciphertext);
    const text = bytes && textOf(bytes);
    return text === null ? null : openBent(attachmentLock(stringAt(key, 'k') ?? '', stringAt(info, 'iv') ?? ''), text);
  },
  attachmentBend: (ciphertext, at, from, to) => {
    const bytes = fromBase64(ciphertext);
    const text = bytes && textOf(bytes);
    return text === null || from.length !== to.length ? null : base64(utf8(joined('f', String(at), from, to, text)));
  },
});

const storageLock = (key: Term, name: string, iv: Term): Term => termOf('s', 'secret storage', key, name, iv);
const storageMac = (lock: Term, ciphertext: string): Term => termOf('h', 'secret storage mac', lock, ciphertext);

export const storagePort = (draw: Draw): Pick<Suite, 'secretStorageKey' | 'secretSeal' | 'secretOpen'> => ({
  secretStorageKey: (label) => draw(label, 'secret storage'),
  secretSeal: (key, name, secret, label) => {
    if (!isSecret(key))
      throw new Error('a secret storage key is no secret of this suite: was it made by the other one?');
    const iv = termOf('i', 'secret iv', draw(label, 'secret iv'));
    const lock = storageLock(key, name, iv);
    const ciphertext = seal('z', lock, secret.toWellFormed());
    return { iv, ciphertext, mac: storageMac(lock, ciphertext) };
  },
  secretOpen: (key, name, stored) => {
    const lock = storageLock(key, name, stringAt(stored, 'iv') ?? '');
    const ciphertext = stringAt(stored, 'ciphertext') ?? '';
    return isSecret(key) && stringAt(stored, 'mac') === storageMac(lock, ciphertext)
      ? open('z', lock, ciphertext)
      : null;
  },
});
