/** `POST keys/query`: the question, and what its answer tells of devices and identities. What is believed of that charts say. */
import type { Out } from '../effects.ts';
import type { Answered, QueriedDevice, QueriedUser, Reply } from '../events.ts';
import { isObject, type JsonObject, objectAt, own, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { KnownDevice, KnownUser, Store } from '../store.ts';
import type { UserId } from '../types.ts';
import { answerNext, type CoreStep, type Env, isHeard, newsNext, request } from './env.ts';
import { crossSigningPublic, type OwnFacts, ownFacts, userOf } from './facts.ts';
import { verifiedMaster } from './verifying.ts';

/** Asks after the devices and identities of `users`. */
export const queryUsers = (users: readonly UserId[], then: Reply | null): Out => {
  const body = { device_keys: Object.fromEntries(users.map((user) => [user, []])) };
  return request('POST', paths.keysQuery, { task: 'queried', then }, { body });
};

/** The answer. What it tells is heard, and known, before whoever asked goes on. */
export const queried = (env: Env, store: Store, { status, body }: Answered, then: Reply | null): CoreStep => {
  const done = answerNext(then, 'query users', { status });
  if (status !== 200) return { store, outs: done };
  const answered = objectAt(body, 'device_keys');
  const users = Object.keys(answered)
    .sort()
    .map((user) => queriedUser(env, store, user, objectAt(answered, user), body));
  if (!isHeard(env, 'keys.queried')) {
    const kept = keepUsers(env, store, users);
    return { store: kept.store, outs: [...done, ...kept.outs] };
  }
  return { store, outs: [newsNext({ type: 'keys.queried', users }), ...done] };
};

const queriedUser = (env: Env, store: Store, user: UserId, answered: JsonObject, body: unknown): QueriedUser => {
  const master = identityKey(body, 'master_keys', user);
  return {
    user,
    identity: {
      master,
      selfSigning: identityKey(body, 'self_signing_keys', user),
      userSigning: identityKey(body, 'user_signing_keys', user),
    },
    devices: queriedDevices(env, store, user, answered, crossSigningPublic(master)),
  };
};

const identityKey = (body: unknown, part: string, user: UserId): JsonObject | null => {
  const key = own(objectAt(body, part), user);
  return isObject(key) && crossSigningPublic(key) !== null && stringAt(key, 'user_id') === user ? key : null;
};

/** What is no device keys object of that user under that id is none of their devices: no key in it could be found again. */
const queriedDevices = (
  env: Env,
  store: Store,
  user: UserId,
  answered: JsonObject,
  master: string | null,
): readonly QueriedDevice[] => {
  const before = userOf(store, user).devices;
  return Object.keys(answered)
    .sort()
    .flatMap((device): readonly QueriedDevice[] => {
      const keys = objectAt(answered, device);
      const facts = ownFacts(env.suite, user, keys);
      if (facts === null || facts.device !== device) return [];
      const known = own(before, device)?.keys;
      const isSame = known === keys || (known !== undefined && hasKeys(known, facts));
      return [
        {
          device,
          keys,
          selfSigned: facts.selfSigned,
          isNamedAsMaster: device === master,
          known: known === undefined || isSame ? null : known,
        },
      ];
    });
};

const hasKeys = (known: JsonObject, { device, ed25519, curve25519 }: OwnFacts): boolean => {
  const kept = objectAt(known, 'keys');
  return kept[`ed25519:${device}`] === ed25519 && kept[`curve25519:${device}`] === curve25519;
};

/** Whether these are the very keys that are known, so that nothing is to be written anew. */
const isListed = (known: KnownUser, devices: readonly QueriedDevice[]): boolean => {
  const ids = Object.keys(known.devices);
  return (
    ids.length === devices.length &&
    devices.every(({ device, keys }, nth) => ids[nth] === device && known.devices[device]?.keys === keys)
  );
};

/**
 * From now on that is what is known of these. An identity that is not the pinned one is news for the charts, before anything is
 * judged by it: who is met now may be whoever wrote what is to be read next.
 */
export const keepUsers = (env: Env, store: Store, queriedUsers: readonly QueriedUser[]): CoreStep => {
  let after = store;
  const outs: Out[] = [];
  for (const { user, identity, devices } of queriedUsers) {
    const before = userOf(store, user);
    const { pinned, master } = before.identity;
    const verified = verifiedMaster(env.suite, after, user);
    const known = { ...identity, pinned, ...(verified === null ? {} : { verified }) };
    const listed = isListed(before, devices)
      ? before.devices
      : Object.fromEntries(devices.map(({ device, keys }): [string, KnownDevice] => [device, { keys }]));
    after = { ...after, users: { ...after.users, [user]: { outdated: false, identity: known, devices: listed } } };
    const seen = crossSigningPublic(identity.master);
    const wasVerified = pinned !== null && verified === pinned ? ({ wasVerified: true } as const) : {};
    if (seen !== null && seen !== pinned && seen !== crossSigningPublic(master))
      outs.push(newsNext({ type: 'told.identity', news: { user, master: seen, pinned, ...wasVerified } }));
    const now = verifiedMaster(env.suite, after, user);
    if (now !== null && now !== verified) outs.push(newsNext({ type: 'told.identity verified', user, master: now }));
  }
  return { store: after, outs };
};
