/** Signing JSON (appendices, "Signing JSON"): which bytes a signature covers, and where it is filed. */
import { isObject, type JsonObject, objectAt } from '../../../machines/json.ts';
import { base64, fromBase64Sized } from './base64.ts';
import { utf8 } from './bytes.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Curves } from './curves.ts';

/** The bytes a signature over `object` covers: its canonical JSON without `signatures` and `unsigned`; `null` if it has none. */
export const signedBytes = (object: JsonObject): Uint8Array | null => {
  const { signatures: _signatures, unsigned: _unsigned, ...covered } = object;
  const text = canonicalJson(covered);
  return text === null ? null : utf8(text);
};

/** b64 signature of `object` by the Ed25519 seed `secret` (32 bytes); `null` when the object has no canonical form. */
export const signJson = (curves: Curves, secret: Uint8Array, object: JsonObject): string | null => {
  const bytes = signedBytes(object);
  return bytes === null ? null : base64(curves.sign(secret, bytes));
};

/** Whether `signature` (b64) over `object` is by `publicKey` (32 bytes). Malformed input is `false`. */
export const verifyJson = (curves: Curves, publicKey: Uint8Array, object: JsonObject, signature: string): boolean => {
  const bytes = signedBytes(object);
  const parsed = fromBase64Sized(signature, 64);
  return bytes !== null && parsed !== null && curves.verify(publicKey, bytes, parsed);
};

/** `object` with `signature` filed under `signatures[entity][keyId]`, all others kept. */
export const withSignature = (object: JsonObject, entity: string, keyId: string, signature: string): JsonObject => {
  const signatures = objectAt(object, 'signatures');
  const own = isObject(signatures[entity]) ? signatures[entity] : {};
  return { ...object, signatures: { ...signatures, [entity]: { ...own, [keyId]: signature } } };
};
