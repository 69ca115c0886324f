/**
 * Runs a file of vectors against the real suite: what each vector is shows in its `kind` and its fields, never in the
 * name of its file.
 */
import { isObject, type Json } from '../../../machines/json.ts';
import type { Check, Handler, Vector } from './check.ts';
import {
  base64Vector,
  canonicalVector,
  capturedSignaturesVector,
  recoveryVector,
  signedObjectVector,
  signingVector,
} from './encodings.ts';
import { keysVector, messagesVector, sessionVector } from './megolm.ts';
import { olmCapturedVector, olmSessionVector } from './olm.ts';
import { cipherVector, exchangeVector, hkdfVector, macVector, signatureVector, stretchVector } from './primitives.ts';
import {
  attachmentVector,
  backupDecryptVector,
  backupTamperVector,
  backupVector,
  bundleVector,
  exportVector,
  keyCheckVector,
  secretVector,
} from './sealed.ts';

/** How one vector went, with all its checks: none when it is unknown. */
export type Outcome = {
  readonly id: string;
  readonly kind: string;
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly checks: readonly Check[];
};

/** Kinds that say by themselves what is to be done. */
const byKind: Readonly<Record<string, Handler>> = {
  'olm-session': olmSessionVector,
  'olm-decrypt-only': olmCapturedVector,
  'megolm-session': sessionVector,
  'megolm-import': messagesVector,
  'megolm-decrypt': messagesVector,
  'megolm-decrypt-only': messagesVector,
  'megolm-neg-messages': messagesVector,
  'megolm-neg-keys': keysVector,
  'backup-encrypt': backupVector,
  'backup-tamper': backupTamperVector,
  'backup-decrypt-only': backupDecryptVector,
  'backup-fail': backupDecryptVector,
  'backup-decrypt-fail': backupDecryptVector,
  'attachment-decrypt-only': attachmentVector,
  'keyexport-decrypt-only': exportVector,
  'bundle-decrypt-only': bundleVector,
  'key-check': keyCheckVector,
  'key-check-fail': keyCheckVector,
  x25519: exchangeVector,
  'x25519-fail': exchangeVector,
  ed25519: signatureVector,
  'ed25519-fail': signatureVector,
  'ed25519-verify-fail': signatureVector,
  'hkdf-sha256': hkdfVector,
  'hkdf-sha256-fail': hkdfVector,
  'hmac-sha256': macVector,
  'hmac-sha256-fail': macVector,
  'aes-256-cbc': cipherVector,
  'aes-256-cbc-fail': cipherVector,
  'pbkdf2-hmac-sha512': stretchVector,
};

/** What a vector with a general kind (or none) is about shows in its fields: the first line whose fields are all there. */
const byFields: readonly {
  readonly fields: readonly string[];
  readonly kinds: readonly string[];
  readonly run: Handler;
}[] = [
  { fields: ['signedObject', 'publicKey'], kinds: ['verify', 'verify-fail'], run: signedObjectVector },
  { fields: ['object', 'seedHex'], kinds: ['default', 'sign'], run: signingVector },
  { fields: ['body'], kinds: ['verify'], run: capturedSignaturesVector },
  { fields: ['inputJson'], kinds: ['default', 'fail'], run: canonicalVector },
  {
    fields: ['secretName', 'encrypted'],
    kinds: ['default', 'decrypt-only', 'fail', 'decrypt-fail'],
    run: secretVector,
  },
  {
    fields: ['info', 'ciphertextHex'],
    kinds: ['default', 'decrypt-only', 'fail', 'decrypt-fail'],
    run: attachmentVector,
  },
  { fields: ['file', 'passphrase'], kinds: ['default', 'decrypt-only', 'fail', 'decrypt-fail'], run: exportVector },
  { fields: ['privateKey', 'sessionData'], kinds: ['fail', 'decrypt-fail'], run: backupDecryptVector },
  { fields: ['encoded'], kinds: ['default', 'decode-only', 'fail'], run: recoveryVector },
  { fields: ['base64'], kinds: ['default', 'decode', 'url', 'decode-fail'], run: base64Vector },
  { fields: ['base64url'], kinds: ['default', 'decode', 'url', 'decode-fail'], run: base64Vector },
  { fields: ['description'], kinds: ['fail'], run: keyCheckVector },
];

const handlerOf = (vector: Vector, kind: string): Handler | undefined =>
  Object.hasOwn(byKind, kind)
    ? byKind[kind]
    : byFields.find(
        ({ fields, kinds }) => kinds.includes(kind) && fields.every((field) => Object.hasOwn(vector, field)),
      )?.run;

const crashed = (reason: unknown): Check => ({
  name: 'runs',
  ok: false,
  expected: 'an answer',
  got: reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
});

const checksOf = (handler: Handler, vector: Vector): readonly Check[] | null => {
  try {
    return handler(vector);
  } catch (reason) {
    return [crashed(reason)]; // a vector must never end the run of the others
  }
};

/** Runs one vector. One without `kind` is its file's ordinary positive case. */
export const runVector = (vector: unknown, position: number): Outcome => {
  const id = isObject(vector) && typeof vector.id === 'string' ? vector.id : `number ${position}`;
  if (!isObject(vector)) return { id, kind: 'none', result: 'unknown', checks: [] };
  const kind = vector.kind === undefined ? 'default' : String(vector.kind);
  const handler = handlerOf(vector, kind);
  const checks = (handler && checksOf(handler, vector)) ?? [];
  if (checks.length === 0) return { id, kind, result: 'unknown', checks };
  return { id, kind, result: checks.every(({ ok }) => ok) ? 'passed' : 'failed', checks };
};

/** Runs all vectors of a parsed file. `null`: it has no list of `vectors`, or an empty one. */
export const runFile = (file: Json): readonly Outcome[] | null => {
  const vectors = isObject(file) ? file.vectors : undefined;
  return Array.isArray(vectors) && vectors.length > 0 ? vectors.map(runVector) : null;
};
