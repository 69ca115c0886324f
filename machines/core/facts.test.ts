import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import {
  backupFacts,
  crossSigningPublic,
  deviceByCurve25519,
  deviceFacts,
  listedDevice,
  publishedPublic,
  secretPublic,
  siblings,
  userOf,
} from './facts.ts';
import { ownDeviceKeys, signDevice, withSignature } from './own-keys.ts';
import { listingOf, meets, type Person, person, sure, withIdentity } from './testing.ts';

const suite = makeSymbolicSuite('facts');
const alice = withIdentity(person(suite, '@alice:x', 'PHONE'));
const bob = withIdentity(person(suite, '@bob:x', 'PHONE'));
const bobsLaptop = person(suite, '@bob:x', 'LAPTOP');

const factsAt = (who: Person, keys: JsonObject, user = '@bob:x') =>
  deviceFacts(suite, who.store, user, structuredClone(keys), 'listed');
/** `who` with Bob's identity changed. */
const changed = (who: Person, change: Partial<Store['users'][string]['identity']>): Person => {
  const known = userOf(who.store, '@bob:x');
  const users = { ...who.store.users, '@bob:x': { ...known, identity: { ...known.identity, ...change } } };
  return { ...who, store: { ...who.store, users } };
};

describe('device facts', () => {
  const signed = listingOf(bob);
  const met = meets(alice, [bob]);
  const master = sure(userOf(bob.store, '@bob:x').identity.pinned);

  it('say who signed a device: itself, and the pinned identity of its user by an unbroken chain', () => {
    expect(factsAt(met, signed)).toEqual({
      user: '@bob:x',
      device: 'PHONE',
      curve25519: bob.store.account.curve25519.public,
      ed25519: bob.store.account.ed25519.public,
      selfSigned: true,
      crossSignedBy: master,
      byPinnedIdentity: true,
      source: 'listed',
    });
    expect(factsAt(meets(alice, [bob], false), signed)).toMatchObject({
      crossSignedBy: master,
      byPinnedIdentity: false,
    });
    expect(factsAt(changed(met, { pinned: 'another' }), signed)).toMatchObject({
      crossSignedBy: master,
      byPinnedIdentity: false,
    });
    const unsigned = ownDeviceKeys(bob.env, bob.store);
    const bare = factsAt(met, unsigned);
    expect(bare).toMatchObject({ selfSigned: true, crossSignedBy: null, byPinnedIdentity: false });
    expect(bare).not.toHaveProperty('claimsCrossSigning');
    expect(factsAt(alice, signed)).toMatchObject({ crossSignedBy: null, byPinnedIdentity: false });
  });

  it('break with any link of the chain: a self-signing key the master has not signed, another user’s, none', () => {
    const { selfSigning } = userOf(bob.store, '@bob:x').identity;
    const { signatures: _gone, ...stripped } = sure(selfSigning);
    const none = { crossSignedBy: null, byPinnedIdentity: false };
    expect(factsAt(changed(met, { selfSigning: stripped }), signed)).toMatchObject(none);
    expect(factsAt(changed(met, { selfSigning: null }), signed)).toMatchObject(none);
    expect(factsAt(changed(met, { master: null }), signed)).toMatchObject(none);
    const alices = userOf(alice.store, '@alice:x').identity;
    expect(factsAt(changed(met, { selfSigning: alices.selfSigning }), signed)).toMatchObject(none);
    expect(factsAt(changed(met, { master: alices.master }), signed)).toMatchObject(none);
  });

  it('tell a signature of the self-signing key that does not hold from none at all', () => {
    const { signatures: _gone, ...bare } = signed;
    const key = sure(crossSigningPublic(userOf(bob.store, '@bob:x').identity.selfSigning));
    const claims = { ...bare, signatures: { '@bob:x': { [`ed25519:${key}`]: 'no signature' } } };
    expect(factsAt(met, claims)).toMatchObject({ crossSignedBy: null, claimsCrossSigning: true, selfSigned: false });
    // Of nobody whose chain is broken can be said that a device claims to be signed by it.
    expect(factsAt(changed(met, { selfSigning: null }), claims)).not.toHaveProperty('claimsCrossSigning');
  });

  it('see that a device has not signed its keys, or that they were changed since', () => {
    const { signatures: _gone, ...bare } = signed;
    expect(factsAt(met, bare)).toMatchObject({ selfSigned: false, crossSignedBy: null });
    expect(factsAt(met, { ...signed, algorithms: [] })).toMatchObject({ selfSigned: false, crossSignedBy: null });
    const byAnother = withSignature(bob.env, bare, '@bob:x', 'ed25519:PHONE', alice.store.account.ed25519.secret);
    expect(factsAt(met, byAnother)).toMatchObject({ selfSigned: false });
    const asAnother = withSignature(bob.env, bare, '@eve:x', 'ed25519:PHONE', bob.store.account.ed25519.secret);
    expect(factsAt(met, asAnother)).toMatchObject({ selfSigned: false });
  });

  it('are of nothing that is no device keys object of that user', () => {
    const { keys: _keys, ...withoutKeys } = signed;
    const { device_id: _id, ...withoutId } = signed;
    const curve = { 'curve25519:PHONE': 'c' };
    const ed = { 'ed25519:PHONE': 'e' };
    for (const nonsense of [{}, withoutKeys, withoutId, { ...signed, keys: curve }, { ...signed, keys: ed }])
      expect(factsAt(met, nonsense)).toBeNull();
    expect(factsAt(met, { ...signed, keys: 'text' })).toBeNull();
    expect(factsAt(met, { ...signed, keys: { ...curve, ...ed, 'ed25519:PHONE': 1 } })).toBeNull();
    expect(factsAt(met, { ...signed, user_id: '@eve:x' })).toBeNull();
    expect(factsAt(met, signed, '@alice:x')).toBeNull();
    expect(factsAt(met, { ...signed, keys: { ...curve, ...ed } })).toMatchObject({ curve25519: 'c', ed25519: 'e' });
  });

  it('are worked out anew when the identity they go by is another, for the very same object', () => {
    const keys = structuredClone(signed);
    const of = (who: Person, from: Person = met) => deviceFacts(from.env.suite, who.store, '@bob:x', keys, 'listed');
    expect(of(met)).toMatchObject({ byPinnedIdentity: true });
    expect(of(changed(met, { pinned: null }))).toMatchObject({ crossSignedBy: master, byPinnedIdentity: false });
    expect(of(met)).toMatchObject({ byPinnedIdentity: true });
    expect(of(changed(met, { master: null }))).toMatchObject({ crossSignedBy: null });
    expect(of(met)).toMatchObject({ crossSignedBy: master });
    expect(of(changed(met, { selfSigning: null }))).toMatchObject({ crossSignedBy: null });
    expect(deviceFacts(suite, met.store, '@alice:x', keys, 'listed')).toBeNull();
    expect(of(met)).not.toBeNull();
    const other = { ...suite, verify: () => false };
    expect(deviceFacts(other, met.store, '@bob:x', keys, 'listed')).toMatchObject({ selfSigned: false });
    expect(deviceFacts(suite, met.store, '@bob:x', keys, 'embedded')).toMatchObject({ source: 'embedded' });
    expect(deviceFacts(suite, met.store, '@bob:x', keys, 'listed')).toMatchObject({ source: 'listed' });
  });
});

describe('the device list', () => {
  const met = meets(alice, [bob, bobsLaptop]);

  it('finds a device by its id and by its Curve25519 key, each under its own user only', () => {
    expect(listedDevice(suite, met.store, '@bob:x', 'LAPTOP')).toMatchObject({ device: 'LAPTOP', source: 'listed' });
    expect(listedDevice(suite, met.store, '@bob:x', 'TABLET')).toBeNull();
    for (const name of ['constructor', '__proto__']) {
      expect(listedDevice(suite, met.store, '@bob:x', name)).toBeNull();
      expect(listedDevice(suite, met.store, name, 'PHONE')).toBeNull();
      expect(userOf(met.store, name)).toMatchObject({ outdated: true, devices: {} });
    }
    const curve = bobsLaptop.store.account.curve25519.public;
    expect(deviceByCurve25519(suite, met.store, '@bob:x', curve)).toMatchObject({ device: 'LAPTOP' });
    expect(deviceByCurve25519(suite, met.store, '@alice:x', curve)).toBeNull();
    expect(deviceByCurve25519(suite, met.store, '@bob:x', bobsLaptop.store.account.ed25519.public)).toBeNull();
    expect(deviceByCurve25519(suite, met.store, '@bob:x', 'nobody’s')).toBeNull();
  });

  it('has one’s other devices in the order of their ids, and not oneself', () => {
    const more = ['TABLET', 'ATTIC'].map((id) => person(suite, '@alice:x', id));
    const at = meets(alice, [...more, bob]);
    expect(siblings(suite, at.store).map(({ device }) => device)).toEqual(['ATTIC', 'TABLET']);
    expect(siblings(suite, alice.store)).toEqual([]);
  });

  it('has one public key for a cross-signing key object, or none', () => {
    expect(crossSigningPublic({ keys: { 'ed25519:K': 'K' } })).toBe('K');
    for (const keys of [{}, { a: 'A', b: 'B' }, { a: 1 }, 'text']) expect(crossSigningPublic({ keys })).toBeNull();
    expect(crossSigningPublic(null)).toBeNull();
  });
});

describe('public halves of secrets', () => {
  const backup = suite.backupKey('backup');

  it('are Curve25519 for the backup key and Ed25519 for cross-signing keys, and of nothing else', () => {
    const { secret } = suite.signingKey('signing');
    expect(secretPublic(suite, 'm.megolm_backup.v1', backup.secret)).toBe(backup.public);
    for (const name of ['master', 'self_signing', 'user_signing'])
      expect(secretPublic(suite, `m.cross_signing.${name}`, secret)).toBe(suite.signingPublic(secret));
    expect(secretPublic(suite, 'm.cross_signing.other', secret)).toBeNull();
    expect(secretPublic(suite, 'constructor', secret)).toBeNull();
    expect(secretPublic(suite, undefined, secret)).toBeNull();
    expect(secretPublic(suite, 'm.megolm_backup.v1', undefined)).toBeNull();
    expect(secretPublic(suite, 'm.megolm_backup.v1', 'no secret')).toBeNull();
  });

  const [MASTER, SELF, USER] = [
    'm.cross_signing.master',
    'm.cross_signing.self_signing',
    'm.cross_signing.user_signing',
  ];
  /** Alice with her identity changed. */
  const aliceWith = (change: Partial<Store['users'][string]['identity']>): Store => {
    const known = userOf(alice.store, '@alice:x');
    return {
      ...alice.store,
      users: { '@alice:x': { ...known, identity: { ...known.identity, ...change } } },
    };
  };

  it('are published by one’s own pinned identity for its three keys', () => {
    const published = (store: Store, name: string | undefined) => publishedPublic(suite, store, name);
    for (const name of [MASTER, SELF, USER])
      expect(published(alice.store, name)).toBe(sure(alice.store.secrets[sure(name)]).public);
    expect(published(alice.store, 'm.megolm_backup.v1')).toBeNull();
    expect(published(alice.store, undefined)).toBeNull();
    const { signatures: _gone, ...unsigned } = sure(userOf(alice.store, '@alice:x').identity.userSigning);
    expect(published(aliceWith({ userSigning: unsigned }), USER)).toBeNull();
    expect(published(aliceWith({ userSigning: null }), USER)).toBeNull();
    // A self-signing key object of two keys is none, though the master key has signed it.
    const { signatures: _theirs, ...self } = sure(userOf(alice.store, '@alice:x').identity.selfSigning);
    const { secret, public: by } = sure(alice.store.secrets['m.cross_signing.master']);
    const two = withSignature(alice.env, { ...self, keys: { a: 'A', b: 'B' } }, '@alice:x', `ed25519:${by}`, secret);
    expect(published(aliceWith({ selfSigning: two }), MASTER)).toBeNull();
    for (const name of [MASTER, SELF, USER]) {
      expect(published(aliceWith({ pinned: null }), name)).toBeNull();
      expect(published(aliceWith({ selfSigning: null }), name)).toBeNull();
      expect(published(bob.store, name)).not.toBe(published(alice.store, name));
    }
  });
});

describe('facts of a backup version', () => {
  const pair = suite.backupKey('version');
  const { store, env } = alice;
  const tablet = person(suite, '@alice:x', 'TABLET');
  const ghost = person(suite, '@alice:x', 'GHOST');
  const signed = signDevice(env, store, 'TABLET', ownDeviceKeys(tablet.env, tablet.store), null).store;
  const at = meets({ env, store: signed }, [ghost]).store;
  const bare: JsonObject = { public_key: pair.public };
  const by = (data: JsonObject, keyId: string, secret: string, user = '@alice:x') =>
    withSignature(env, data, user, `ed25519:${keyId}`, secret);
  const of = (authData: JsonObject, from: Store = at) =>
    backupFacts(suite, from, { version: '7', algorithm: 'a', auth_data: authData });
  const master = sure(store.secrets['m.cross_signing.master']);

  it('are none where no version is described', () => {
    for (const body of [null, 'text', [], {}, { version: 7, auth_data: bare }])
      expect(backupFacts(suite, at, body)).toBeNull();
    expect(backupFacts(suite, at, { version: '7' })).toEqual({
      version: '7',
      publicKey: null,
      signedByPinnedMaster: false,
      signedByDevices: [],
      matchesHeldSecret: false,
      heldFrom: null,
    });
  });

  it('name own devices that signed it, in order, if the pinned identity has signed them', () => {
    const device = (who: Person, data: JsonObject) => by(data, who.store.me.device, who.store.account.ed25519.secret);
    expect(of(device(alice, device(tablet, device(ghost, bare))))?.signedByDevices).toEqual(['PHONE', 'TABLET']);
    expect(of(device(tablet, bare))?.signedByDevices).toEqual(['TABLET']);
    expect(of(device(ghost, bare))?.signedByDevices).toEqual([]);
    expect(of(by(bare, 'PHONE', tablet.store.account.ed25519.secret))?.signedByDevices).toEqual([]);
    expect(of(by(bare, 'PHONE', store.account.ed25519.secret, '@eve:x'))?.signedByDevices).toEqual([]);
    expect(of(device(alice, bare), tablet.store)?.signedByDevices).toEqual([]);
  });

  it('say whether the pinned master key has signed it, and no other', () => {
    expect(of(by(bare, sure(master.public), master.secret))?.signedByPinnedMaster).toBe(true);
    expect(of(bare)?.signedByPinnedMaster).toBe(false);
    expect(of(by(bare, sure(master.public), store.account.ed25519.secret))?.signedByPinnedMaster).toBe(false);
    const eves = suite.signingKey('eve');
    expect(of(by(bare, eves.public, eves.secret))?.signedByPinnedMaster).toBe(false);
    expect(of(by(bare, sure(master.public), master.secret), tablet.store)?.signedByPinnedMaster).toBe(false);
  });

  it('say whether the held secret is its key’s private half, and where that came from', () => {
    const held = { secret: pair.secret, public: pair.public, origin: { how: 'entered' } as const };
    const holding = { ...at, secrets: { 'm.megolm_backup.v1': held } };
    expect(of(bare, holding)).toMatchObject({
      publicKey: pair.public,
      matchesHeldSecret: true,
      heldFrom: { how: 'entered' },
    });
    expect(of({ public_key: 'another' }, holding)).toMatchObject({ matchesHeldSecret: false, heldFrom: null });
    expect(of(bare)).toMatchObject({ matchesHeldSecret: false, heldFrom: null });
    const nonsense = { ...at, secrets: { 'm.megolm_backup.v1': { ...held, public: null } } };
    expect(of({}, nonsense)).toMatchObject({ publicKey: null, matchesHeldSecret: false, heldFrom: null });
  });
});
