/** What a key query brings: device lists and identities, checked and merged into the store. */
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import type { DeviceId, KnownDevice, KnownUser, Out, Store, UserId } from '../types.ts';
import type { CoreStep, Env } from './env.ts';
import { crossSigningPublic, deviceFacts, userOf } from './facts.ts';

/** The answer to `POST keys/query`. An identity that is not the pinned one is news for the charts. */
export const queried = (env: Env, store: Store, body: unknown): CoreStep => {
  const answered = objectAt(body, 'device_keys');
  const users: Record<UserId, KnownUser> = { ...store.users };
  const news: Out[] = [];
  for (const user of Object.keys(answered).sort()) {
    const before = userOf(store, user);
    const master = identityKey(body, 'master_keys', user);
    const identity = {
      ...before.identity,
      master,
      selfSigning: identityKey(body, 'self_signing_keys', user),
      userSigning: identityKey(body, 'user_signing_keys', user),
    };
    users[user] = {
      outdated: false,
      identity,
      devices: devicesOf(env, store, user, objectAt(answered, user), before, crossSigningPublic(master)),
    };
    const seen = crossSigningPublic(master);
    if (seen !== null && seen !== before.identity.pinned && seen !== crossSigningPublic(before.identity.master))
      news.push({
        out: 'hear',
        event: { type: 'told.identity', news: { user, master: seen, pinned: before.identity.pinned } },
      });
  }
  return { store: { ...store, users }, outs: news };
};

const identityKey = (body: unknown, part: string, user: UserId): JsonObject | null => {
  const key = objectAt(body, part)[user];
  return isObject(key) && crossSigningPublic(key) !== null && stringAt(key, 'user_id') === user ? key : null;
};

/**
 * "POST /keys/query" and "Device keys": ids match, both keys there, self-signature valid; a known device does
 * not change its keys (the update is ignored); a device id is no cross-signing public key.
 */
const devicesOf = (
  env: Env,
  store: Store,
  user: UserId,
  answered: JsonObject,
  before: KnownUser,
  master: string | null,
): Readonly<Record<DeviceId, KnownDevice>> => {
  const devices: Record<DeviceId, KnownDevice> = {};
  for (const id of Object.keys(answered).sort()) {
    const keys = objectAt(answered, id);
    const facts = deviceFacts(env.suite, store, user, keys, 'listed');
    if (facts === null || facts.device !== id || !facts.selfSigned || id === master) continue;
    const known = before.devices[id];
    const kept = known === undefined ? null : objectAt(known.keys, 'keys');
    const changed =
      kept !== null && (kept[`ed25519:${id}`] !== facts.ed25519 || kept[`curve25519:${id}`] !== facts.curve25519);
    devices[id] = changed && known !== undefined ? known : { keys };
  }
  return devices;
};
