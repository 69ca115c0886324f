/** Vectors of encodings: base64, canonical JSON, recovery keys, and signatures over JSON. */
import { isObject, type Json, objectAt, stringAt } from '../../../machines/json.ts';
import { base64, base64Url, fromBase64, fromBase64Sized, fromBase64Url } from '../real/base64.ts';
import { utf8 } from '../real/bytes.ts';
import { canonicalJson } from '../real/canonical-json.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
import { fromRecoveryKey, recoveryKey } from '../real/recovery-key.ts';
import { signedBytes, signJson, verifyJson, withSignature } from '../real/signing-json.ts';
import { type Check, equal, equalHex, type Handler, hexes, holds, refused, texts, toHex, when } from './check.ts';

/** Positive: encode and decode, as far as fields are there. `decode`: only decode (the text is padded). */
export const base64Vector: Handler = (vector) => {
  const { kind } = vector;
  const standard = stringAt(vector, 'base64');
  const url = stringAt(vector, 'base64url');
  if (kind === 'decode-fail')
    return [
      ...when(standard, (text) => refused('decode', fromBase64(text))),
      ...when(url, (text) => refused('decode url-safe', fromBase64Url(text))),
    ];
  const bytes = hexes(vector, 'hex')?.hex;
  if (bytes === undefined) return null;
  const encodes = kind !== 'decode';
  return [
    ...when(standard, (text) => equalHex('decode', toHex(bytes), fromBase64(text))),
    ...when(url, (text) => equalHex('decode url-safe', toHex(bytes), fromBase64Url(text))),
    ...when(encodes ? standard : null, (text) => equal('encode', text, base64(bytes))),
    ...when(encodes ? url : null, (text) => equal('encode url-safe', text, base64Url(bytes))),
  ];
};

const parsed = (text: string): { readonly value: Json } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};

/** Parse, write canonically, compare as text and as bytes; `fail`: refuse. */
export const canonicalVector: Handler = (vector) => {
  const input = stringAt(vector, 'inputJson');
  if (input === undefined) return null;
  const json = parsed(input);
  const canonical = json === null ? null : canonicalJson(json.value);
  if (vector.kind === 'fail') return [refused('canonical form', canonical)];
  return [
    ...when(stringAt(vector, 'canonical'), (text) => equal('canonical form', text, canonical)),
    ...when(stringAt(vector, 'canonicalUtf8Hex'), (hex) =>
      equalHex('bytes', hex, canonical === null ? null : utf8(canonical)),
    ),
  ];
};

/** Encode and decode a recovery key; `decode-only` (odd white space); `fail`: refuse. */
export const recoveryVector: Handler = (vector) => {
  const encoded = stringAt(vector, 'encoded');
  if (encoded === undefined) return null;
  if (vector.kind === 'fail') return [refused('decode', fromRecoveryKey(encoded))];
  const key = hexes(vector, 'keyHex')?.keyHex;
  if (key === undefined) return null;
  return [
    equalHex('decode', toHex(key), fromRecoveryKey(encoded)),
    ...when(vector.kind === 'decode-only' ? null : encoded, (text) => equal('encode', text, recoveryKey(key))),
    ...when(stringAt(vector, 'publicCurve25519'), (text) =>
      equal('public key', text, base64(curves.exchangePublic(key))),
    ),
  ];
};

const signatureIn = (object: unknown, entity: string, keyId: string): string =>
  stringAt(objectAt(objectAt(object, 'signatures'), entity), keyId) ?? '';

/** Sign an object and file the signature, then verify it; the signed bytes on the way. */
export const signingVector: Handler = (vector) => {
  const given = texts(vector, 'entity', 'keyId');
  const seed = hexes(vector, 'seedHex')?.seedHex;
  const { object } = vector;
  if (given === null || seed?.length !== 32 || !isObject(object)) return null;
  const covered = signedBytes(object);
  const signature = signJson(curves, seed, object) ?? '';
  const publicKey = curves.signingPublic(seed);
  const filed = withSignature(object, given.entity, given.keyId, signature);
  return [
    ...when(stringAt(vector, 'publicKey'), (text) => equal('public key', text, base64(publicKey))),
    ...when(stringAt(vector, 'signedBytesUtf8'), (text) => equalHex('signed bytes', toHex(utf8(text)), covered)),
    ...when(stringAt(vector, 'signature'), (text) => equal('signature', text, signature)),
    ...when(vector.signedObject, (signed) => equal('signed object', signed, filed)),
    holds('its own signature verifies', verifyJson(curves, publicKey, filed, signature)),
  ];
};

/** Verify the signature filed in `signedObject`; `verify-fail`: it must not hold. */
export const signedObjectVector: Handler = (vector) => {
  const given = texts(vector, 'entity', 'keyId', 'publicKey');
  const { signedObject } = vector;
  if (given === null || !isObject(signedObject)) return null;
  const key = fromBase64Sized(given.publicKey, 32);
  const signature = signatureIn(signedObject, given.entity, given.keyId);
  const verified = key !== null && verifyJson(curves, key, signedObject, signature);
  return [vector.kind === 'verify-fail' ? refused('signature', verified) : holds('signature', verified)];
};

/** All objects inside `value` that carry signatures, itself included. */
const signedObjects = (value: unknown): readonly Record<string, Json | undefined>[] => {
  if (Array.isArray(value)) return value.flatMap(signedObjects);
  if (!isObject(value)) return [];
  const inner = Object.values(value).flatMap(signedObjects);
  return isObject(value.signatures) ? [value, ...inner] : inner;
};

/**
 * One check for every signature inside `captured` JSON. A key id names a cross-signing key by the key itself, a device's
 * by the device id; the latter's key is found in the device keys that are part of the same JSON.
 */
export const signatureChecks = (captured: unknown): readonly Check[] => {
  const signed = signedObjects(captured);
  const keys = new Map(
    signed.flatMap((object) => Object.entries(objectAt(object, 'keys'))).filter(([id]) => id.startsWith('ed25519:')),
  );
  return signed.flatMap((object) =>
    Object.keys(objectAt(object, 'signatures')).flatMap((user) =>
      Object.keys(objectAt(objectAt(object, 'signatures'), user)).map((keyId) => {
        const own = keys.get(keyId);
        const key = fromBase64Sized(typeof own === 'string' ? own : keyId.slice('ed25519:'.length), 32);
        const signature = signatureIn(object, user, keyId);
        return holds(`${keyId} of ${user}`, key !== null && verifyJson(curves, key, object, signature));
      }),
    ),
  );
};

/** Verify every signature in captured request bodies. */
export const capturedSignaturesVector: Handler = (vector) => signatureChecks([vector.body, vector.signaturesUpload]);
