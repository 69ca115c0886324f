import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import { crossSigningPublic, userOf } from './facts.ts';
import { keepUsers, queried, queryUsers } from './key-query.ts';
import { ownDeviceKeys, withSignature } from './own-keys.ts';
import {
  answersIn,
  listingOf,
  meets,
  newsIn,
  noting,
  type Person,
  person,
  replyFor,
  sure,
  withIdentity,
} from './testing.ts';

const suite = makeSymbolicSuite('key query');
const charts = [noting('identity', 'keys.queried')];
const bare = person(suite, '@alice:x', 'PHONE');
const alice = person(suite, '@alice:x', 'PHONE', charts);
const bob = withIdentity(person(suite, '@bob:x', 'PHONE'));
const laptop = person(suite, '@bob:x', 'LAPTOP');
const reply = replyFor('test.queried', 'remembered');

const identityOf = ({ store }: Person) => userOf(store, store.me.user).identity;
/** The body of an answer about Bob with these devices, and his identity changed. */
const bodyOf = (devices: JsonObject, change: JsonObject = {}, who: Person = bob): JsonObject => {
  const { user } = who.store.me;
  const { master, selfSigning, userSigning } = identityOf(who);
  return {
    device_keys: { [user]: devices },
    master_keys: { [user]: master },
    self_signing_keys: { [user]: selfSigning },
    user_signing_keys: { [user]: userSigning },
    ...change,
  };
};
const both = { PHONE: listingOf(bob), LAPTOP: listingOf(laptop) };
const ask = (body: Json, store: Store = alice.store, who: Person = alice) =>
  queried(who.env, store, { status: 200, body }, reply);
/** What is told of the only user asked for. */
const told = (body: Json, store?: Store) => sure(newsIn(ask(body, store).outs, 'keys.queried')[0]?.users[0]);
const keep = (body: Json, store?: Store) => keepUsers(alice.env, store ?? alice.store, [told(body, store)]);

describe('a key query', () => {
  it('asks after all devices of its users, whatever they are called', () => {
    const then = reply;
    const out = queryUsers(['@bob:x', 'constructor', '__proto__'], then);
    expect(out).toMatchObject({
      method: 'POST',
      path: '/_matrix/client/v3/keys/query',
      waiting: { core: { task: 'queried', then } },
    });
    expect(JSON.stringify(out.out === 'request' ? out.body : null)).toBe(
      '{"device_keys":{"@bob:x":[],"constructor":[],"__proto__":[]}}',
    );
  });

  it('that fails changes nothing, and whoever asked hears of it', () => {
    const step = queried(alice.env, alice.store, { status: 503, body: bodyOf(both) }, reply);
    expect(step.store).toBe(alice.store);
    expect(step.outs).toEqual([
      expect.objectContaining({
        incoming: {
          from: 'answer',
          to: reply.to,
          event: { type: 'test.queried', answers: 'query users', status: 503, with: 'remembered' },
        },
      }),
    ]);
  });

  it('is told before whoever asked goes on, and known to nobody until a chart says so', () => {
    const step = ask(bodyOf(both));
    expect(step.store).toBe(alice.store);
    expect(
      step.outs.map((one) => [one.out, one.out.startsWith('hear') && 'incoming' in one && one.incoming.from]),
    ).toEqual([
      ['hear next', 'core'],
      ['hear next', 'answer'],
    ]);
    expect(answersIn(step.outs)).toMatchObject([{ status: 200 }]);
  });

  it('is kept whole where no chart looks at it', () => {
    const step = ask(bodyOf({ ...both, LAPTOP: { ...listingOf(laptop), signatures: {} } }), bare.store, bare);
    expect(Object.keys(userOf(step.store, '@bob:x').devices).sort()).toEqual(['LAPTOP', 'PHONE']);
    expect(newsIn(step.outs, 'told.identity')).toHaveLength(1);
    expect(answersIn(step.outs)).toHaveLength(1);
  });

  it('tells users and devices in the order of their ids', () => {
    const users = newsIn(ask({ device_keys: { '@c:x': {}, '@bob:x': both, '@a:x': {} } }).outs, 'keys.queried')[0]
      ?.users;
    expect(users?.map(({ user, devices }) => [user, devices.map(({ device }) => device)])).toEqual([
      ['@a:x', []],
      ['@bob:x', ['LAPTOP', 'PHONE']],
      ['@c:x', []],
    ]);
    for (const nonsense of [null, 'text', {}, { device_keys: [] }, { device_keys: null }])
      expect(newsIn(ask(nonsense).outs, 'keys.queried')).toEqual([{ type: 'keys.queried', users: [] }]);
  });
});

describe('what a key query tells of a device', () => {
  const met = meets(alice, [bob, laptop]).store;
  const device = (keys: JsonObject, store = met) => sure(told(bodyOf({ LAPTOP: keys }), store).devices[0]);

  it('is whether it has signed its keys', () => {
    const keys = listingOf(laptop);
    expect(device(keys)).toEqual({ device: 'LAPTOP', keys, selfSigned: true, isNamedAsMaster: false, known: null });
    expect(device({ ...keys, signatures: {} }).selfSigned).toBe(false);
    const byBob = withSignature(
      bob.env,
      { ...keys, signatures: {} },
      '@bob:x',
      'ed25519:LAPTOP',
      bob.store.account.ed25519.secret,
    );
    expect(device(byBob).selfSigned).toBe(false);
  });

  it('is what was known before, where either of its identity keys is another', () => {
    const keys = listingOf(laptop);
    const own = keys.keys as JsonObject;
    const kept = userOf(met, '@bob:x').devices.LAPTOP?.keys;
    expect(device({ ...keys, signatures: {} }).known).toBeNull();
    expect(device({ ...keys, keys: { ...own, 'ed25519:LAPTOP': 'another' } }).known).toEqual(kept);
    expect(device({ ...keys, keys: { ...own, 'curve25519:LAPTOP': 'another' } }).known).toEqual(kept);
    expect(device({ ...keys, keys: { ...own, 'ed25519:LAPTOP': 'another' } }, alice.store).known).toBeNull();
  });

  it('is that it is called as the master key of its user', () => {
    const master = sure(identityOf(bob).pinned);
    const named = person(suite, '@bob:x', master);
    const found = told(bodyOf({ [master]: ownDeviceKeys(named.env, named.store), PHONE: listingOf(bob) })).devices;
    expect(Object.fromEntries(found.map((one) => [one.device, one.isNamedAsMaster]))).toEqual({
      [master]: true,
      PHONE: false,
    });
    expect(told(bodyOf({ LAPTOP: listingOf(laptop) }, { master_keys: {} })).devices[0]?.isNamedAsMaster).toBe(false);
  });

  it('is nothing where there are no device keys of that user under that id', () => {
    const keys = listingOf(laptop);
    const nonsense = { A: keys, B: {}, C: 'text', D: null, E: { ...keys, device_id: 'E' } };
    expect(told(bodyOf(nonsense)).devices).toEqual([]);
    const ofBob = bodyOf({}, { device_keys: { '@eve:x': both } });
    expect(told(ofBob).devices).toEqual([]);
  });

  it('is of any name', () => {
    for (const name of ['constructor', '__proto__']) {
      const odd = person(suite, name, name);
      const body = JSON.parse(`{"device_keys":{"${name}":{"${name}":${JSON.stringify(listingOf(odd))}}}}`);
      expect(told(body)).toMatchObject({ user: name, devices: [{ device: name, selfSigned: true, known: null }] });
      const { store } = keepUsers(alice.env, alice.store, [told(body)]);
      expect(Object.keys(userOf(store, name).devices)).toEqual([name]);
      expect(Object.keys(store.users)).toEqual([name]);
      expect(told(body, store).devices[0]?.known).toBeNull();
    }
  });
});

describe('what a key query tells of an identity', () => {
  it('is its three keys as served', () => {
    const { pinned: _mine, ...identity } = identityOf(bob);
    expect(told(bodyOf(both)).identity).toEqual(identity);
  });

  it('is nothing where they are another user’s, hold no or many keys, or are none', () => {
    const { master } = identityOf(bob);
    const alices = identityOf(withIdentity(alice)).master;
    for (const one of [
      alices,
      { ...sure(master), keys: {} },
      { ...sure(master), keys: { a: 'A', b: 'B' } },
      'text',
      null,
    ]) {
      const { identity } = told(bodyOf(both, { master_keys: { '@bob:x': one } }));
      expect([identity.master, identity.selfSigning]).toEqual([null, identityOf(bob).selfSigning]);
    }
    expect(told({ device_keys: { '@bob:x': {} } }).identity).toEqual({
      master: null,
      selfSigning: null,
      userSigning: null,
    });
  });

  const other = (() => {
    const { env, store } = person({ ...suite, ...makeSymbolicSuite('other') }, '@bob:x', 'PHONE');
    return withIdentity({ env, store });
  })();
  const seen = (who: Person) => sure(crossSigningPublic(identityOf(who).master));

  it('is news the first time, and again only when it is another that is not the pinned one', () => {
    const first = keep(bodyOf(both));
    expect(first.outs).toMatchObject([
      {
        out: 'hear next',
        incoming: {
          from: 'core',
          event: { type: 'told.identity', news: { user: '@bob:x', master: seen(bob), pinned: null } },
        },
      },
    ]);
    expect(keep(bodyOf(both), first.store).outs).toEqual([]);
    const pinned = meets(alice, [bob]).store;
    expect(keep(bodyOf(both), pinned).outs).toEqual([]);
    const changed = keep(bodyOf({}, {}, other), pinned);
    expect(newsIn(changed.outs, 'told.identity')).toMatchObject([
      { news: { user: '@bob:x', master: seen(other), pinned: seen(bob) } },
    ]);
    expect(keep(bodyOf({}, {}, other), changed.store).outs).toEqual([]);
    // Back to the pinned one: nothing to say; and one that is gone is no news either.
    expect(keep(bodyOf(both), changed.store).outs).toEqual([]);
    expect(keep(bodyOf(both, { master_keys: {} }), pinned).outs).toEqual([]);
  });

  it('does not touch what is pinned', () => {
    const pinned = meets(alice, [bob]).store;
    const { identity, outdated } = userOf(keep(bodyOf({}, {}, other), pinned).store, '@bob:x');
    expect(identity).toEqual({ ...identityOf(other), pinned: seen(bob) });
    expect(outdated).toBe(false);
  });
});

describe('what is kept of a key query', () => {
  it('takes the place of what was known of these users: devices that are gone are gone, others stay', () => {
    const before = meets(alice, [bob, laptop, withIdentity(person(suite, '@carol:x', 'PHONE'))]).store;
    const stale = { ...before, users: { ...before.users, '@bob:x': { ...userOf(before, '@bob:x'), outdated: true } } };
    const { store } = keep(bodyOf({ LAPTOP: listingOf(laptop) }), stale);
    expect(userOf(store, '@bob:x')).toMatchObject({
      outdated: false,
      devices: { LAPTOP: { keys: listingOf(laptop) } },
    });
    expect(Object.keys(userOf(store, '@bob:x').devices)).toEqual(['LAPTOP']);
    expect(userOf(store, '@carol:x')).toBe(userOf(before, '@carol:x'));
  });
});
