import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import { type JsonObject, objectAt } from '../json.ts';
import { crossSigningPublic, listedDevice, publishedPublic, userOf } from './facts.ts';
import { FALLBACK_USED, makeIdentity, ownDeviceKeys, signDevice, uploadKeys, withSignature } from './own-keys.ts';
import { answersIn, listingOf, momentsIn, person, replyFor, requestsIn, sure, withIdentity } from './testing.ts';

const suite = makeSymbolicSuite('own keys');
const { env, store } = person(suite, '@alice:x', 'PHONE');
const ed = store.account.ed25519.public;
/** Whether the object bears a signature of Alice's by that key under that id. */
const isSigned = (object: JsonObject, keyId: string, key: string): boolean =>
  suite.verify(key, object, String(objectAt(objectAt(object, 'signatures'), '@alice:x')[keyId]));
const bodyOf = (step: ReturnType<typeof uploadKeys>) =>
  sure(requestsIn(step.outs)[0]).body as Record<string, JsonObject>;

describe('the keys a device uploads', () => {
  const first = uploadKeys(env, store, 0);

  it('are its device keys, one-time keys and a fallback key, each signed by it', () => {
    expect(requestsIn(first.outs)).toMatchObject([
      { method: 'POST', path: '/_matrix/client/v3/keys/upload', waiting: null },
    ]);
    const body = bodyOf(first);
    expect(body.device_keys).toEqual(ownDeviceKeys(env, store));
    const oneTime = Object.entries(sure(body.one_time_keys));
    const { account } = first.store;
    expect(oneTime.map(([id, key]) => [id, (key as JsonObject).key])).toEqual(
      Object.entries(account.oneTime).map(([id, pair]) => [`signed_curve25519:${id}`, pair.public]),
    );
    expect(oneTime).toHaveLength(6);
    const fallback = sure(account.fallback.current);
    const shown = objectAt(body.fallback_keys, `signed_curve25519:${fallback.id}`);
    expect(shown).toMatchObject({ key: fallback.public, fallback: true });
    expect(Object.keys(sure(body.fallback_keys))).toHaveLength(1);
    for (const key of [...oneTime.map(([, one]) => one as JsonObject), shown, sure(body.device_keys)])
      expect(isSigned(key, 'ed25519:PHONE', ed)).toBe(true);
  });

  it('name their owner, and both identity keys', () => {
    expect(ownDeviceKeys(env, store)).toMatchObject({
      user_id: '@alice:x',
      device_id: 'PHONE',
      algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
      keys: { 'curve25519:PHONE': store.account.curve25519.public, 'ed25519:PHONE': ed },
    });
  });

  it('are later one-time keys alone, new ones, as many as the server lacks', () => {
    const second = uploadKeys(env, first.store, 2);
    const body = bodyOf(second);
    expect(Object.keys(body)).toEqual(['one_time_keys']);
    const before = Object.keys(first.store.account.oneTime).map((id) => `signed_curve25519:${id}`);
    const added = Object.keys(sure(body.one_time_keys));
    expect(added).toHaveLength(4);
    expect(added.filter((id) => before.includes(id))).toEqual([]);
    expect(Object.keys(second.store.account.oneTime)).toHaveLength(10);
    expect(second.store.account.fallback).toEqual(first.store.account.fallback);
    const publics = new Set(Object.values(second.store.account.oneTime).map((pair) => pair.public));
    expect(publics.size).toBe(10);
  });

  it('are none when the server lacks none, but the first time the device keys go all the same', () => {
    for (const onServer of [6, 9]) {
      expect(uploadKeys(env, first.store, onServer)).toEqual({ store: first.store, outs: [] });
      const body = bodyOf(uploadKeys(env, store, onServer));
      expect(Object.keys(body)).toEqual(['device_keys', 'one_time_keys', 'fallback_keys']);
      expect(body.one_time_keys).toEqual({});
    }
    expect(uploadKeys(env, first.store, 5).store.counts.uploads).toBe(2);
  });

  it('are a fallback key that no fallback key was before, whenever the last one was used', () => {
    const whenUsed = (before: typeof store) =>
      uploadKeys(env, { ...before, counts: { ...before.counts, [FALLBACK_USED]: 1 } }, 6);
    const second = whenUsed(first.store);
    const body = bodyOf(second);
    expect([Object.keys(sure(body.one_time_keys)), Object.keys(sure(body.fallback_keys))]).toEqual([
      [],
      [`signed_curve25519:${sure(second.store.account.fallback.current).id}`],
    ]);
    expect(second.store.counts).not.toHaveProperty([FALLBACK_USED]);
    const third = whenUsed(second.store).store;
    const fourth = whenUsed(third).store;
    const all = [first.store, second.store, third, fourth].map(({ account }) => sure(account.fallback.current).public);
    expect(new Set(all).size).toBe(4);
  });
});

describe('a signature', () => {
  it('is added to those there are, under its user and key', () => {
    const { secret } = suite.signingKey('another');
    const once = withSignature(env, { a: 1 }, '@alice:x', 'ed25519:PHONE', store.account.ed25519.secret);
    const twice = withSignature(env, withSignature(env, once, '@alice:x', 'ed25519:B', secret), '@bob:x', 'k', secret);
    expect(isSigned(twice, 'ed25519:PHONE', ed)).toBe(true);
    expect(isSigned(twice, 'ed25519:B', sure(suite.signingPublic(secret)))).toBe(true);
    expect(Object.keys(objectAt(twice, 'signatures'))).toEqual(['@alice:x', '@bob:x']);
  });
});

describe('an identity', () => {
  const made = makeIdentity(env, store, replyFor('test.made'));
  const answer = sure(answersIn(made.outs)[0]) as Record<string, Record<string, JsonObject>>;
  const keys = sure(answer.keys);
  const master = sure(crossSigningPublic(sure(keys.master_key)));

  it('has three keys of its own, the master key signed by the device and the others by it', () => {
    expect(Object.keys(keys)).toEqual(['master_key', 'self_signing_key', 'user_signing_key']);
    for (const usage of ['master', 'self_signing', 'user_signing']) {
      const key = sure(keys[`${usage}_key`]);
      const publicKey = sure(crossSigningPublic(key));
      expect(key).toMatchObject({ user_id: '@alice:x', usage: [usage], keys: { [`ed25519:${publicKey}`]: publicKey } });
      expect(isSigned(key, `ed25519:${master}`, master)).toBe(true);
    }
    expect(isSigned(sure(keys.master_key), 'ed25519:PHONE', ed)).toBe(true);
    expect(objectAt(objectAt(keys.self_signing_key, 'signatures'), '@alice:x')).not.toHaveProperty('ed25519:PHONE');
    expect(new Set(Object.values(keys).map(crossSigningPublic)).size).toBe(3);
  });

  it('is pinned by its maker, who keeps its secrets and is signed by it', () => {
    const { identity, outdated } = userOf(made.store, '@alice:x');
    expect(outdated).toBe(false);
    expect(identity).toEqual({
      master: keys.master_key,
      selfSigning: keys.self_signing_key,
      userSigning: keys.user_signing_key,
      pinned: master,
    });
    for (const name of ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing']) {
      const held = sure(made.store.secrets[name]);
      expect(held.origin).toEqual({ how: 'made' });
      expect(held.public).toBe(suite.signingPublic(held.secret));
      expect(publishedPublic(suite, made.store, name)).toBe(held.public);
    }
    expect(momentsIn(made.outs, 'stored').map(({ patch }) => patch)).toEqual(
      Object.entries(made.store.secrets).map(([name, held]) => ({ patch: 'secret', name, held })),
    );
    expect(listedDevice(suite, made.store, '@alice:x', 'PHONE')).toMatchObject({
      selfSigned: true,
      crossSignedBy: master,
      byPinnedIdentity: true,
    });
    expect(answer.signatures).toEqual({ '@alice:x': { PHONE: listingOf({ env, store: made.store }) } });
  });

  it('made again is another, leaves other devices and secrets as they were, and goes with what the server asks for', () => {
    const auth = { type: 'm.login.password' };
    const secrets = {
      ...made.store.secrets,
      other: { secret: 's', public: null, origin: { how: 'entered' as const } },
    };
    const ours = userOf(made.store, '@alice:x');
    const devices = { ...ours.devices, LAPTOP: { keys: {} } };
    const before = { ...made.store, secrets, users: { ...made.store.users, '@alice:x': { ...ours, devices } } };
    const again = makeIdentity(env, before, replyFor('test.made'), auth);
    const body = sure(answersIn(again.outs)[0]).keys as JsonObject;
    expect(body.auth).toEqual(auth);
    expect(keys).not.toHaveProperty('auth');
    expect(userOf(again.store, '@alice:x').identity.pinned).not.toBe(master);
    expect(Object.keys(userOf(again.store, '@alice:x').devices)).toEqual(['PHONE', 'LAPTOP']);
    expect(again.store.secrets.other).toBe(secrets.other);
    expect(again.store.counts.identities).toBe(2);
  });
});

describe('signing another device of one’s own', () => {
  const phone = withIdentity({ env, store });
  const laptop = person(suite, '@alice:x', 'LAPTOP');
  const keys = listingOf(laptop);

  it('is done with the self-signing key, kept, and answered with what is to be uploaded', () => {
    const step = signDevice(phone.env, phone.store, 'LAPTOP', keys, replyFor('test.signed'));
    const signed = sure(userOf(step.store, '@alice:x').devices.LAPTOP).keys;
    expect(answersIn(step.outs)).toEqual([
      { type: 'test.signed', answers: 'sign device', signatures: { '@alice:x': { LAPTOP: signed } } },
    ]);
    expect(listedDevice(suite, step.store, '@alice:x', 'LAPTOP')).toMatchObject({
      selfSigned: true,
      byPinnedIdentity: true,
    });
    expect(Object.keys(userOf(step.store, '@alice:x').devices)).toEqual(['PHONE', 'LAPTOP']);
  });

  it('is not done, nor answered, without that key or with one that is none', () => {
    expect(signDevice(env, store, 'LAPTOP', keys, replyFor('test.signed'))).toEqual({ store, outs: [] });
    const held = { secret: 'no secret', public: null, origin: { how: 'entered' as const } };
    const nonsense = { ...store, secrets: { 'm.cross_signing.self_signing': held } };
    expect(signDevice(env, nonsense, 'LAPTOP', keys, replyFor('test.signed'))).toEqual({ store: nonsense, outs: [] });
  });

  it.each([0.5, 2 ** 60, '\ud800', [{ deep: 0.5 }], { '\ud800': 1 }])(
    'is not done of what has no canonical form: %j',
    (odd) => {
      const step = signDevice(phone.env, phone.store, 'LAPTOP', { ...keys, odd }, replyFor('test.signed'));
      expect(step).toEqual({ store: phone.store, outs: [] });
    },
  );
});
