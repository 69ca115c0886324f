/** The crypto port on real bytes: what travels opens in the production Matrix crypto library, and the reverse. */
import { sha256 } from '@noble/hashes/sha2.js';
import { isObject, type JsonObject } from '../../../machines/json.ts';
import type { Suite } from '../../../machines/suite.ts';
import { type Bulk, bendAttachment, nobleBulk, openAttachment, sealAttachment } from './attachment.ts';
import { openBackup, sealBackup } from './backup.ts';
import { base64, fromBase64, fromBase64Sized } from './base64.ts';
import { textOf, utf8 } from './bytes.ts';
import type { Curves } from './curves.ts';
import { drawsOf } from './draw.ts';
import { nobleCurves } from './noble-curves.ts';
import { rememberingSuite } from './remembering.ts';
import { openSecret, sealSecret } from './secret-storage.ts';
import { signJson, verifyJson } from './signing-json.ts';
import { megolmPort } from './suite-megolm.ts';
import { olmPort } from './suite-olm.ts';
import { exchangePair, ownKey, signingPair, type Tools } from './suite-tools.ts';

const signingPort = ({ curves, draw }: Tools): Pick<Suite, 'signingKey' | 'signingPublic' | 'sign' | 'verify'> => ({
  signingKey: (label) => signingPair(curves, draw(label, 'ed25519', 32)),
  signingPublic: (secret) => {
    const seed = fromBase64Sized(secret, 32);
    return seed && base64(curves.signingPublic(seed));
  },
  sign: (secret, object) => {
    const signature = signJson(curves, ownKey(secret, 'a signing secret'), object);
    if (signature === null)
      throw new Error(
        'an object to be signed has no canonical JSON: a fraction, a huge number or half a character in it?',
      );
    return signature;
  },
  verify: (publicKey, object, signature) => {
    const key = fromBase64Sized(publicKey, 32);
    return key !== null && verifyJson(curves, key, object, signature);
  },
});

const jsonObject = (text: string | null): JsonObject | null => {
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // an unauthenticated backup entry may decrypt to anything
  }
};

const backupPort = ({
  curves,
  draw,
}: Tools): Pick<Suite, 'backupKey' | 'backupPublic' | 'backupSeal' | 'backupOpen'> => ({
  backupKey: (label) => exchangePair(curves, draw(label, 'curve25519', 32)),
  backupPublic: (secret) => {
    const bytes = fromBase64Sized(secret, 32);
    return bytes && base64(curves.exchangePublic(bytes));
  },
  backupSeal: (publicKey, session, label) => {
    const key = fromBase64Sized(publicKey, 32);
    if (key === null) return null;
    const secret = draw(label, 'backup', 32);
    const ephemeral = { secret, public: curves.exchangePublic(secret) };
    return sealBackup(curves, key, ephemeral, utf8(JSON.stringify(session)));
  },
  backupOpen: (secret, data) => {
    const key = fromBase64Sized(secret, 32);
    const plaintext = key && openBackup(curves, key, data);
    return plaintext && jsonObject(textOf(plaintext));
  },
});

const storagePort = ({
  draw,
  bulk,
}: Tools): Pick<
  Suite,
  'attachmentSeal' | 'attachmentOpen' | 'attachmentBend' | 'secretStorageKey' | 'secretSeal' | 'secretOpen' | 'hash'
> => ({
  attachmentSeal: (plaintext, label) => {
    const iv = new Uint8Array(16);
    iv.set(draw(label, 'attachment iv', 8));
    const { ciphertext, info } = sealAttachment(draw(label, 'attachment key', 32), iv, utf8(plaintext), bulk);
    return { ciphertext: base64(ciphertext), info };
  },
  attachmentOpen: (ciphertext, info, check) => {
    const bytes = fromBase64(ciphertext);
    const plaintext = bytes && openAttachment(bytes, info, check === undefined, bulk);
    return plaintext && textOf(plaintext);
  },
  attachmentBend: (ciphertext, at, from, to) => {
    const bytes = fromBase64(ciphertext);
    const bent = bytes && bendAttachment(bytes, at, utf8(from), utf8(to));
    return bent && base64(bent);
  },
  secretStorageKey: (label) => base64(draw(label, 'secret storage', 32)),
  secretSeal: (key, name, secret, label) =>
    sealSecret(ownKey(key, 'a secret storage key'), name, draw(label, 'secret iv', 16), utf8(secret)),
  secretOpen: (key, name, stored) => {
    const bytes = fromBase64Sized(key, 32);
    const plaintext = bytes && openSecret(bytes, name, stored);
    return plaintext && textOf(plaintext);
  },
  hash: (text) => base64(sha256(utf8(text))),
});

/**
 * The real suite. `seed` (any text) and a label together name every random value, so equal seeds give equal bytes on
 * every machine. `curves` and `bulk` may be faster ones that give the same results.
 */
export const makeRealSuite = (seed: string, curves: Curves = nobleCurves, bulk: Bulk = nobleBulk): Suite => {
  const tools: Tools = { curves, bulk, draw: drawsOf(seed) };
  return rememberingSuite({
    name: 'real',
    ...signingPort(tools),
    ...olmPort(tools),
    ...megolmPort(tools),
    ...backupPort(tools),
    ...storagePort(tools),
  });
};
