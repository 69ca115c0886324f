/** A device's own keys: what it uploads, the identity it makes, the devices it signs. */

import { CROSS_SIGNING_SECRETS, MEGOLM_ALGORITHM, OLM_ALGORITHM } from '../algorithms.ts';
import type { Out } from '../effects.ts';
import type { Reply } from '../events.ts';
import { hasCanonicalForm, type JsonObject, objectAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { Store } from '../store.ts';
import type { KeyPair } from '../suite.ts';
import { answer, type CoreStep, type Env, label, moment } from './env.ts';
import { userOf } from './facts.ts';

/** `object` with a signature of `entity` by `pair` added to those it has. */
export const withSignature = (
  env: Env,
  object: JsonObject,
  entity: string,
  keyId: string,
  secret: string,
): JsonObject => {
  const signatures = objectAt(object, 'signatures');
  return {
    ...object,
    signatures: {
      ...signatures,
      [entity]: { ...objectAt(signatures, entity), [keyId]: env.suite.sign(secret, object) },
    },
  };
};

const signOwn = (env: Env, store: Store, object: JsonObject): JsonObject =>
  withSignature(env, object, store.me.user, `ed25519:${store.me.device}`, store.account.ed25519.secret);

/** The device keys object of this device, signed by itself. */
export const ownDeviceKeys = (env: Env, store: Store): JsonObject => {
  const { user, device } = store.me;
  return signOwn(env, store, {
    user_id: user,
    device_id: device,
    algorithms: [OLM_ALGORITHM, MEGOLM_ALGORITHM],
    keys: {
      [`curve25519:${device}`]: store.account.curve25519.public,
      [`ed25519:${device}`]: store.account.ed25519.public,
    },
  });
};

/** Counts 1 where the last sync said that the fallback key is used up. */
export const FALLBACK_USED = 'fallback key used';

/**
 * `POST keys/upload`: the device keys once, one-time keys up to the number kept, a fallback key once and again when the last one was
 * used ("One-time and fallback keys"). `onServer`: unclaimed one-time keys there, as the last sync said.
 */
export const uploadKeys = (env: Env, store: Store, onServer: number): CoreStep => {
  const first = store.counts.uploads === undefined;
  const wanted = Math.max(0, env.oneTimeKeysMin - onServer);
  const isUsed = store.counts[FALLBACK_USED] === 1;
  if (!first && wanted === 0 && !isUsed) return { store, outs: [] };
  const before = store.account;
  const filled = wanted === 0 ? before : env.suite.makeOneTimeKeys(before, wanted, label(env, 'one-time-key'));
  const nth = first ? 0 : (store.counts['fallback keys'] ?? 0) + 1;
  const makesFallback = first || isUsed;
  const account = makesFallback
    ? env.suite.makeFallbackKey(filled, label(env, nth === 0 ? 'fallback-key' : `fallback-key/${nth}`))
    : filled;
  const oneTime: Record<string, JsonObject> = {};
  for (const [id, pair] of Object.entries(account.oneTime))
    if (!Object.hasOwn(before.oneTime, id))
      oneTime[`signed_curve25519:${id}`] = signOwn(env, store, { key: pair.public });
  const fallback = makesFallback ? account.fallback.current : null;
  const uploads = (store.counts.uploads ?? 0) + 1;
  const { [FALLBACK_USED]: _, ...counts } = store.counts;
  const after = {
    ...store,
    account,
    counts: { ...counts, uploads, ...(isUsed ? { 'fallback keys': nth } : {}) },
  };
  const body = {
    ...(first ? { device_keys: ownDeviceKeys(env, store) } : {}),
    one_time_keys: oneTime,
    ...(fallback === null
      ? {}
      : {
          fallback_keys: {
            [`signed_curve25519:${fallback.id}`]: signOwn(env, store, { key: fallback.public, fallback: true }),
          },
        }),
  };
  return { store: after, outs: [{ out: 'request', method: 'POST', path: paths.keysUpload, body, waiting: null }] };
};

const USAGES = ['master', 'self_signing', 'user_signing'] as const;

/**
 * A new cross-signing identity (MSC1756, "Uploading signing keys"): pinned by its maker, who keeps the private keys. With `auth` it
 * may replace the one there is.
 */
export const makeIdentity = (env: Env, store: Store, reply: Reply | null, auth?: JsonObject): CoreStep => {
  const { user, device } = store.me;
  const nth = store.counts.identities ?? 0;
  const pairs = USAGES.map((usage) => env.suite.signingKey(label(env, `cross-signing/${nth}/${usage}`))) as [
    KeyPair,
    KeyPair,
    KeyPair,
  ];
  const [master, selfSigning] = pairs;
  const bare = (nthKey: 0 | 1 | 2): JsonObject => ({
    user_id: user,
    usage: [USAGES[nthKey]],
    keys: { [`ed25519:${pairs[nthKey].public}`]: pairs[nthKey].public },
  });
  const byMaster = (object: JsonObject) => withSignature(env, object, user, `ed25519:${master.public}`, master.secret);
  const masterKey = signOwn(env, store, byMaster(bare(0)));
  const keys = {
    master_key: masterKey,
    self_signing_key: byMaster(bare(1)),
    user_signing_key: byMaster(bare(2)),
    ...(auth === undefined ? {} : { auth }),
  };
  const signed = withSignature(
    env,
    ownDeviceKeys(env, store),
    user,
    `ed25519:${selfSigning.public}`,
    selfSigning.secret,
  );
  const before = userOf(store, user);
  const secrets = { ...store.secrets };
  const outs: Out[] = [];
  CROSS_SIGNING_SECRETS.forEach((name, nthKey) => {
    const pair = pairs[nthKey as 0 | 1 | 2];
    const held = { secret: pair.secret, public: pair.public, origin: { how: 'made' } as const };
    secrets[name] = held;
    outs.push(moment({ kind: 'stored', patch: { patch: 'secret', name, held } }));
  });
  const after: Store = {
    ...store,
    secrets,
    counts: { ...store.counts, identities: nth + 1 },
    users: {
      ...store.users,
      [user]: {
        outdated: false,
        identity: {
          master: masterKey,
          selfSigning: keys.self_signing_key,
          userSigning: keys.user_signing_key,
          pinned: master.public,
        },
        devices: { ...before.devices, [device]: { keys: signed } },
      },
    },
  };
  return {
    store: after,
    outs: [...outs, ...answer(reply, 'identity', { keys, signatures: { [user]: { [device]: signed } } })],
  };
};

/**
 * Signs another device of one's own with the self-signing key. Without that key, or where what is served of the device cannot be
 * signed, there is no answer.
 */
export const signDevice = (env: Env, store: Store, device: string, keys: JsonObject, reply: Reply | null): CoreStep => {
  const secret = store.secrets['m.cross_signing.self_signing'];
  if (secret?.public == null || !hasCanonicalForm(keys)) return { store, outs: [] };
  const { user } = store.me;
  const signed = withSignature(env, keys, user, `ed25519:${secret.public}`, secret.secret);
  const before = userOf(store, user);
  const users = { ...store.users, [user]: { ...before, devices: { ...before.devices, [device]: { keys: signed } } } };
  return {
    store: { ...store, users },
    outs: answer(reply, 'sign device', { signatures: { [user]: { [device]: signed } } }),
  };
};
