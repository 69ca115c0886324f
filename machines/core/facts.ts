/** Facts: what is true of keys, envelopes and backups, whoever reads it. No judgement is made here. */

import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../algorithms.ts';
import { isObject, type JsonObject, objectAt, own, stringAt } from '../json.ts';
import { type Memo, memo } from '../memo.ts';
import type { KnownUser, Store } from '../store.ts';
import type { Suite, Term } from '../suite.ts';
import type { BackupFacts, DeviceFacts, DeviceId, UserId } from '../types.ts';

export const nobody: KnownUser = {
  outdated: true,
  devices: {},
  identity: { master: null, selfSigning: null, userSigning: null, pinned: null },
};
export const userOf = (store: Store, user: UserId): KnownUser => own(store.users, user) ?? nobody;

/** The one public key of a cross-signing key object. */
export const crossSigningPublic = (key: JsonObject | null): Term | null => {
  const keys = Object.values(objectAt(key, 'keys'));
  return keys.length === 1 && typeof keys[0] === 'string' ? keys[0] : null;
};

const signatureOf = (object: JsonObject, entity: string, keyId: string): string | undefined =>
  stringAt(objectAt(objectAt(object, 'signatures'), entity), keyId);

/** Whether `object` bears a valid signature of `entity` by the Ed25519 key `publicKey`, filed under `keyId`. */
export const signedBy = (suite: Suite, object: JsonObject, entity: string, keyId: string, publicKey: Term): boolean => {
  const signature = signatureOf(object, entity, keyId);
  return signature !== undefined && suite.verify(publicKey, object, signature);
};

type Chain = { readonly master: Term; readonly selfSigning: Term };

// Devices look at the same keys again with every letter: a twelfth of a run, and what many devices ask is no cube.
const checked = memo<Suite, Memo<JsonObject, Map<string, boolean>>>('while it lives');

/** The same of keys that are looked at again and again: asked once of each object. */
const keysSignedBy = (suite: Suite, keys: JsonObject, entity: string, keyId: string, publicKey: Term): boolean => {
  const ofSuite = checked(suite, () => memo('while it lives'));
  const known = ofSuite(keys, () => new Map());
  const by = JSON.stringify([entity, keyId, publicKey]);
  const is = known.get(by) ?? signedBy(suite, keys, entity, keyId, publicKey);
  known.set(by, is);
  return is;
};

/** The chain master → self-signing of a user as served now (MSC1756); `null` when it is broken. */
const chainOf = (suite: Suite, user: UserId, { identity }: KnownUser): Chain | null => {
  const key = identity.selfSigning;
  const master = crossSigningPublic(identity.master);
  if (master === null || key === null) return null;
  const selfSigning = crossSigningPublic(key);
  const isLinked = selfSigning !== null && keysSignedBy(suite, key, user, `ed25519:${master}`, master);
  return isLinked ? { master, selfSigning } : null;
};

/** What a device keys object says by itself, and whether the device it is of has signed it. */
export type OwnFacts = Pick<DeviceFacts, 'user' | 'device' | 'curve25519' | 'ed25519' | 'selfSigned'>;
/** What is true of some device keys object by itself, said to be of `user`. `null`: not a device keys object of that user. */
export const ownFacts = (suite: Suite, user: UserId, keys: JsonObject): OwnFacts | null => {
  const device = stringAt(keys, 'device_id');
  if (device === undefined || stringAt(keys, 'user_id') !== user) return null;
  const curve25519 = stringAt(objectAt(keys, 'keys'), `curve25519:${device}`);
  const ed25519 = stringAt(objectAt(keys, 'keys'), `ed25519:${device}`);
  if (curve25519 === undefined || ed25519 === undefined) return null;
  return {
    user,
    device,
    curve25519,
    ed25519,
    selfSigned: keysSignedBy(suite, keys, user, `ed25519:${device}`, ed25519),
  };
};

/** The same, with who else has signed it. */
export const deviceFacts = (
  suite: Suite,
  store: Store,
  user: UserId,
  keys: JsonObject,
  source: DeviceFacts['source'],
): DeviceFacts | null => {
  const own = ownFacts(suite, user, keys);
  if (own === null) return null;
  const known = userOf(store, user);
  const chain = chainOf(suite, user, known);
  const by = `ed25519:${chain?.selfSigning}`;
  const crossSigned = chain !== null && keysSignedBy(suite, keys, user, by, chain.selfSigning);
  return {
    ...own,
    crossSignedBy: crossSigned ? chain.master : null,
    ...(crossSigned || chain === null || signatureOf(keys, user, by) === undefined
      ? {}
      : { claimsCrossSigning: true as const }),
    byPinnedIdentity: crossSigned && chain.master === known.identity.pinned,
    source,
  };
};

/** Facts of a listed device; `null` if it is not in the list. */
export const listedDevice = (suite: Suite, store: Store, user: UserId, device: DeviceId): DeviceFacts | null => {
  const known = own(userOf(store, user).devices, device);
  return known === undefined ? null : deviceFacts(suite, store, user, known.keys, 'listed');
};

/** The listed device with that Curve25519 key. */
export const deviceByCurve25519 = (suite: Suite, store: Store, user: UserId, curve25519: Term): DeviceFacts | null => {
  for (const { keys } of Object.values(userOf(store, user).devices)) {
    if (ownFacts(suite, user, keys)?.curve25519 === curve25519) return deviceFacts(suite, store, user, keys, 'listed');
  }
  return null;
};

/** One's other devices as listed, in the order of their ids. */
export const siblings = (suite: Suite, store: Store): readonly DeviceFacts[] =>
  Object.keys(userOf(store, store.me.user).devices)
    .filter((device) => device !== store.me.device)
    .sort()
    .flatMap((device) => listedDevice(suite, store, store.me.user, device) ?? []);

/** The public half of a secret of that name: Curve25519 for the backup key, Ed25519 for cross-signing keys. */
export const secretPublic = (suite: Suite, name: string | undefined, secret: string | undefined): Term | null => {
  if (secret === undefined) return null;
  if (name === BACKUP_SECRET) return suite.backupPublic(secret);
  return CROSS_SIGNING_SECRETS.some((known) => known === name) ? suite.signingPublic(secret) : null;
};

/** The public half that one's own, pinned identity publishes for a cross-signing secret. */
export const publishedPublic = (suite: Suite, store: Store, name: string | undefined): Term | null => {
  const known = userOf(store, store.me.user);
  const chain = chainOf(suite, store.me.user, known);
  if (chain === null || chain.master !== known.identity.pinned) return null;
  if (name === 'm.cross_signing.master') return chain.master;
  if (name === 'm.cross_signing.self_signing') return chain.selfSigning;
  const userSigning = known.identity.userSigning;
  if (name !== 'm.cross_signing.user_signing' || userSigning === null) return null;
  return signedBy(suite, userSigning, store.me.user, `ed25519:${chain.master}`, chain.master)
    ? crossSigningPublic(userSigning)
    : null;
};

/** What is true of a backup version as described by `GET room_keys/version`. `null`: no version, or nonsense. */
export const backupFacts = (suite: Suite, store: Store, body: unknown): BackupFacts | null => {
  const version = stringAt(body, 'version');
  if (version === undefined || !isObject(body)) return null;
  const authData = objectAt(body, 'auth_data');
  const publicKey = stringAt(authData, 'public_key') ?? null;
  const me = store.me.user;
  const pinned = userOf(store, me).identity.pinned;
  const held = store.secrets[BACKUP_SECRET];
  const matching = publicKey !== null && held?.public === publicKey ? held : undefined;
  const own = [
    ...siblings(suite, store),
    ...(listedDevice(suite, store, me, store.me.device) === null
      ? []
      : [listedDevice(suite, store, me, store.me.device)]),
  ];
  return {
    version,
    publicKey,
    signedByPinnedMaster: pinned !== null && signedBy(suite, authData, me, `ed25519:${pinned}`, pinned),
    signedByDevices: own
      .flatMap((facts) =>
        facts?.byPinnedIdentity && signedBy(suite, authData, me, `ed25519:${facts.device}`, facts.ed25519)
          ? [facts.device]
          : [],
      )
      .sort(),
    matchesHeldSecret: matching !== undefined,
    heldFrom: matching?.origin ?? null,
  };
};
