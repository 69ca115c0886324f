/**
 * Cross-signing keys and signatures ("Cross-signing", keys/device_signing and keys/signatures).
 *
 * The server looks at who claims to have signed what, but verifies no signature: devices trust none of its checks, and
 * the reducer knows no cryptography beside its identity server's (`identity-server.ts`).
 */
import { isObject, type JsonObject, objectAt, sameJson, stringAt } from '../../machines/json.ts';
import type { UserId } from '../../machines/types.ts';
import { deviceListChanged } from './device-lists.ts';
import { ok, type Route, refuse, type SignedInCall, signedIn, withBody } from './routing.ts';
import { publicKeyOf, shownDeviceKeys, shownMasterKey, signaturesBy } from './signatures.ts';
import { at, patchUser, put, tellOfChange, userOf } from './state.ts';
import type { CrossSigning, Homeserver, Signatures } from './types.ts';
import { authenticate } from './uia.ts';

// --- keys/device_signing/upload --------------------------------------------------------------------

const parts = [
  { field: 'master_key', part: 'master', usage: 'master' },
  { field: 'self_signing_key', part: 'selfSigning', usage: 'self_signing' },
  { field: 'user_signing_key', part: 'userSigning', usage: 'user_signing' },
] as const;

const uploadKeys = withBody((call: SignedInCall, body) => {
  const { crossSigning, devices } = userOf(call.server, call.userId);
  let next: CrossSigning = crossSigning;
  for (const { field, part, usage } of parts) {
    const key = body[field];
    if (key === undefined) continue;
    const publicKey = isObject(key) ? publicKeyOf(key) : undefined;
    const usages = isObject(key) ? key.usage : undefined;
    if (
      !isObject(key) ||
      publicKey === undefined ||
      stringAt(key, 'user_id') !== call.userId ||
      !Array.isArray(usages) ||
      !usages.includes(usage)
    ) {
      return refuse(call, 400, 'M_INVALID_PARAM', `${field} is not a ${usage} key of ${call.userId}`);
    }
    if (at(devices, publicKey) !== undefined) return refuse(call, 403, 'M_FORBIDDEN', 'Key ID in use');
    const master = next.master === null ? undefined : publicKeyOf(next.master);
    if (master === undefined && usage !== 'master')
      return refuse(call, 400, 'M_MISSING_PARAM', 'No master key is available');
    const signed = Object.hasOwn(objectAt(objectAt(key, 'signatures'), call.userId), `ed25519:${master}`);
    if (usage !== 'master' && !signed) {
      return refuse(call, 400, 'M_INVALID_SIGNATURE', `${field} is not signed by the master key`);
    }
    next = { ...next, [part]: key };
  }
  if (sameJson(identityOf(next), identityOf(crossSigning))) return ok(call.server);
  // Publishing a first identity needs no password; replacing one does.
  const checked = crossSigning.master === null ? { passed: call.server } : authenticate(call, body);
  if ('refusal' in checked) return checked.refusal;
  return ok(deviceListChanged(patchUser(checked.passed, call.userId, { crossSigning: next }), call.userId, null));
});

const identityOf = ({ master, selfSigning, userSigning }: CrossSigning): JsonObject => ({
  master,
  selfSigning,
  userSigning,
});

// --- keys/signatures/upload ------------------------------------------------------------------------

type Failure = { readonly errcode: string; readonly error: string };

/** The object without what may differ between two copies of one key. */
const bare = ({ signatures: _signatures, unsigned: _unsigned, ...rest }: JsonObject): JsonObject => rest;

const publicPart = (key: JsonObject | null): string | undefined => (key === null ? undefined : publicKeyOf(key));

/**
 * What is signed, and which of the uploader's keys may sign it: their self-signing key their devices, their devices
 * their master key, their user-signing key the master keys of others.
 */
const targetOf = (
  server: Homeserver,
  userId: UserId,
  target: UserId,
  keyId: string,
): { readonly stored: JsonObject | null; readonly maySign: (signingKeyId: string) => boolean } => {
  const user = userOf(server, userId);
  const theirMaster = shownMasterKey(server, target, userId);
  const isMaster = publicPart(theirMaster) === keyId;
  if (target !== userId) {
    const userSigning = publicPart(user.crossSigning.userSigning);
    return { stored: isMaster ? theirMaster : null, maySign: (id) => id === `ed25519:${userSigning}` };
  }
  if (isMaster) {
    const devices = Object.keys(user.devices).map((device) => `ed25519:${device}`);
    return { stored: theirMaster, maySign: (id) => devices.includes(id) };
  }
  const selfSigning = publicPart(user.crossSigning.selfSigning);
  return { stored: shownDeviceKeys(server, userId, keyId), maySign: (id) => id === `ed25519:${selfSigning}` };
};

/** The signatures to add from one uploaded object, or why there are none. */
const accept = (
  server: Homeserver,
  userId: UserId,
  target: UserId,
  keyId: string,
  signed: unknown,
): Signatures | Failure => {
  const { stored, maySign } = targetOf(server, userId, target, keyId);
  if (stored === null) return { errcode: 'M_NOT_FOUND', error: 'No such key' };
  if (!isObject(signed) || !sameJson(bare(signed), bare(stored))) {
    return { errcode: 'M_INVALID_PARAM', error: 'Key does not match the one that is stored' };
  }
  const offered = Object.entries(objectAt(objectAt(signed, 'signatures'), userId));
  const good = offered.filter(([id, signature]) => maySign(id) && typeof signature === 'string');
  if (good.length === 0) return { errcode: 'M_INVALID_SIGNATURE', error: 'Not signed by a key that may sign this' };
  return Object.fromEntries(good) as Signatures;
};

const isDevice = (server: Homeserver, userId: UserId, keyId: string): boolean =>
  at(userOf(server, userId).devices, keyId) !== undefined;

const isFailure = (result: Signatures | Failure): result is Failure => typeof result.errcode === 'string';

const uploadSignatures = withBody((call: SignedInCall, body) => {
  const { userId } = call;
  let server = call.server;
  let failures: Readonly<Record<string, JsonObject>> = {};
  for (const target of Object.keys(body)) {
    let signed: readonly string[] = [];
    for (const [keyId, object] of Object.entries(objectAt(body, target))) {
      const result = accept(server, userId, target, keyId, object);
      if (isFailure(result)) {
        failures = put(failures, target, { ...(at(failures, target) ?? {}), [keyId]: result });
        continue;
      }
      const { crossSigning } = userOf(server, userId);
      const before = signaturesBy(crossSigning, target, keyId);
      const after = { ...before, ...result };
      if (sameJson(before, after)) continue;
      const onTarget = put(at(crossSigning.made, target) ?? {}, keyId, after);
      server = patchUser(server, userId, {
        crossSigning: { ...crossSigning, made: put(crossSigning.made, target, onTarget) },
      });
      signed = [...signed, keyId];
    }
    if (target !== userId && signed.length > 0) server = tellOfChange(server, userId, target);
    // A device that is signed is told of as that device, a master key as the identity.
    const own = target === userId ? signed.map((keyId) => (isDevice(server, userId, keyId) ? keyId : null)) : [];
    for (const device of new Set(own)) server = deviceListChanged(server, userId, device);
  }
  return ok(server, { failures });
});

export const crossSigningRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/client/v3/keys/device_signing/upload', uploadKeys),
  signedIn('POST', '/_matrix/client/v3/keys/signatures/upload', uploadSignatures),
];
