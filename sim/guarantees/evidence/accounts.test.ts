/** Who is signed in where, told from logins, logouts and removals. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, bob, mallory, witness } from '../testing.ts';
import {
  type Accounts,
  accountsAfter,
  among,
  deviceOf,
  filed,
  filedIn,
  filedOrNot,
  hasLeft,
  isGenuineDevice,
  isGone,
  loginOf,
  noAccounts,
  noted,
  notedIn,
  unnoted,
  userOf,
  withoutIn,
} from './accounts.ts';

const knownAfter = (...moments: readonly Moment[]): Accounts => moments.reduce(accountsAfter, noAccounts);
const [phone, laptop, bobs] = [
  t.logsIn('alice.phone', alice, 'PHONE'),
  t.logsIn('alice.laptop', alice, 'LAPTOP'),
  t.logsIn('bob.phone', bob, 'PHONE'),
];
const logsOut = (player: PlayerId, status = 200): Moment =>
  t.request(player, { method: 'POST', path: paths.logout, status });
const removes = (player: PlayerId, device: string): Moment =>
  t.request(player, { method: 'DELETE', path: paths.device(device) });
const own = { by: 'alice.phone', device: 'PHONE', isGone: false, user: alice };

describe('who is signed in', () => {
  it('is whoever a server says has logged in as whom', () => {
    expect(knownAfter(phone).logins).toEqual([own]);
    const refused = t.request('alice.phone', { method: 'POST', path: paths.login, status: 403 }, { user_id: alice });
    expect(knownAfter(refused)).toBe(noAccounts);
  });

  it('is told only where the answer names user and device', () => {
    for (const response of [{ user_id: alice }, { device_id: 'PHONE' }, {}])
      expect(knownAfter(t.request('alice.phone', { method: 'POST', path: paths.login }, response))).toBe(noAccounts);
  });

  it('tells people who log in to their own account from others who log in to it', () => {
    const thief = knownAfter(t.logsIn('mallory', alice, 'TABLET'));
    expect(thief.logins).toEqual([{ ...own, by: 'mallory', device: 'TABLET' }]);
    expect(isGenuineDevice(thief, alice, 'TABLET', witness())).toBe(false);
    expect(isGenuineDevice(knownAfter(phone), alice, 'PHONE', witness())).toBe(true);
    expect(isGenuineDevice(knownAfter(phone), alice, 'LAPTOP', witness())).toBe(false);
    expect(isGenuineDevice(knownAfter(phone), bob, 'PHONE', witness())).toBe(false);
  });

  it('is each device once, by whoever logged in as it last', () => {
    const taken = knownAfter(phone, t.logsIn('mallory', alice, 'PHONE'));
    expect(taken.logins).toEqual([{ ...own, by: 'mallory' }]);
  });

  it('is the same memory in whatever order they came', () => {
    const tablet = t.logsIn('bob.tablet', bob, 'ANOTHER');
    const ordered = [
      [alice, 'LAPTOP'],
      [alice, 'PHONE'],
      [bob, 'ANOTHER'],
      [bob, 'PHONE'],
    ];
    const orders = [
      [phone, laptop, bobs, tablet],
      [laptop, phone, tablet, bobs],
      [bobs, tablet, phone, laptop],
      [tablet, bobs, laptop, phone],
      [bobs, phone, tablet, laptop],
    ];
    for (const order of orders)
      expect(knownAfter(...order).logins.map(({ user, device }) => [user, device])).toEqual(ordered);
  });
});

describe('who is gone', () => {
  it('is the device that logs out, and no other', () => {
    const left = knownAfter(phone, laptop, bobs, logsOut('alice.phone'));
    expect(left.logins.filter((one) => one.isGone)).toEqual([{ ...own, isGone: true }]);
    expect([hasLeft(left, 'alice.phone'), hasLeft(left, 'alice.laptop')]).toEqual([true, false]);
    expect([isGone(left, alice, 'PHONE'), isGone(left, bob, 'PHONE')]).toEqual([true, false]);
    expect(knownAfter(phone, logsOut('alice.phone', 500)).logins).toEqual([own]);
  });

  it('is the device that another of the same account removes', () => {
    const left = knownAfter(phone, laptop, bobs, removes('alice.phone', 'LAPTOP'));
    expect(left.logins.filter((one) => one.isGone).map(({ by }) => by)).toEqual(['alice.laptop']);
    const foreign = knownAfter(phone, laptop, bobs);
    expect(accountsAfter(foreign, removes('bob.phone', 'LAPTOP'))).toBe(foreign);
  });

  it('is nobody where whoever asks, or what is removed, was never logged in', () => {
    const before = knownAfter(phone);
    for (const moment of [logsOut('bob.phone'), removes('bob.phone', 'PHONE'), removes('alice.phone', 'TABLET')])
      expect(accountsAfter(before, moment)).toBe(before);
    expect(hasLeft(before, 'bob.phone')).toBe(false);
    expect(isGone(before, bob, 'PHONE')).toBe(false);
  });

  it('is told once, and undone by logging in again', () => {
    const left = knownAfter(phone, laptop, removes('alice.laptop', 'PHONE'));
    expect(accountsAfter(left, removes('alice.laptop', 'PHONE'))).toBe(left);
    expect(accountsAfter(left, phone).logins).toContainEqual(own);
  });

  it('is not told by other requests, nor by other moments', () => {
    const before = knownAfter(phone);
    for (const moment of [t.syncs('alice.phone', {}), t.writes('alice.phone', 'hello')])
      expect(accountsAfter(before, moment)).toBe(before);
  });
});

describe('the account a player acts with', () => {
  it('is that of its own login', () => {
    const accounts = knownAfter(phone, bobs);
    expect(userOf(accounts, 'bob.phone')).toBe(bob);
    expect(deviceOf(accounts, 'alice.phone')).toEqual(own);
    expect([userOf(accounts, 'a.example'), userOf(accounts, 'alice.laptop'), userOf(accounts, 'nobody')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(loginOf(accounts, alice, 'LAPTOP')).toBeNull();
  });

  it('is what an attacker logged in to, for the device of that name that it runs', () => {
    const accounts = knownAfter(t.logsIn('mallory', alice, 'TABLET'), t.logsIn('mallory', mallory, 'PHONE'), bobs);
    expect(userOf(accounts, 'mallory.tablet')).toBe(alice);
    expect(userOf(accounts, 'mallory.phone')).toBe(mallory);
    expect(userOf(accounts, 'mallory.laptop')).toBeNull();
    expect(userOf(accounts, 'bob.tablet')).toBeNull();
    expect(userOf(accounts, 'eve.tablet')).toBeNull();
  });
});

describe('lists and records in memories', () => {
  it('hold each name once, in order', () => {
    expect(among(['b'], 'c', 'a', 'c')).toEqual(['a', 'b', 'c']);
    expect(among(['a'], 'a', 'b')).toEqual(['a', 'b']);
    expect(Object.keys(filed(filed({ b: 1 }, 'c', 2), 'a', 3))).toEqual(['a', 'b', 'c']);
    expect(filed({ a: 1 }, 'a', 2)).toEqual({ a: 2 });
  });

  it('stay what they are where nothing is new', () => {
    const [list, lists, records] = [['a', 'b'], { den: ['a', 'b'] }, { den: { alice: ['a'] } }];
    expect(among(list, 'b')).toBe(list);
    expect(among(list)).toBe(list);
    expect(noted(lists, 'den', 'a')).toBe(lists);
    expect(notedIn(records, 'den', 'alice', 'a')).toBe(records);
  });

  it('tell an empty list from none', () => {
    expect(noted({}, 'den')).toEqual({ den: [] });
    expect(notedIn({}, 'den', 'alice')).toEqual({ den: { alice: [] } });
    expect(noted({ den: ['a'] }, 'den', 'b')).toEqual({ den: ['a', 'b'] });
    expect(notedIn({ den: { alice: ['a'] } }, 'den', 'bob', 'b')).toEqual({ den: { alice: ['a'], bob: ['b'] } });
  });

  it('lose what is taken out, and stay what they are where it is not there', () => {
    const [lists, records] = [{ den: ['a', 'b'] }, { den: { alice: 1, bob: 2 } }];
    expect(unnoted(lists, 'den', 'a')).toEqual({ den: ['b'] });
    expect(unnoted(lists, 'den', 'c')).toBe(lists);
    expect(unnoted(lists, 'attic', 'a')).toBe(lists);
    expect(withoutIn(records, 'den', 'bob')).toEqual({ den: { alice: 1 } });
    expect(withoutIn(records, 'den', 'carol')).toBe(records);
    expect(withoutIn(records, 'attic', 'bob')).toBe(records);
  });

  it('hold an entry in the record of a name, or none where there is no value', () => {
    expect(filedIn({ den: { bob: 2 } }, 'den', 'alice', 1)).toEqual({ den: { alice: 1, bob: 2 } });
    expect(filedIn({}, 'den', 'alice', 1)).toEqual({ den: { alice: 1 } });
    expect(filedOrNot({ alice: 1 }, 'alice', 2)).toEqual({ alice: 2 });
    expect(filedOrNot({ alice: 1, bob: 2 }, 'alice', null)).toEqual({ bob: 2 });
  });
});
