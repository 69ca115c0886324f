/** What really happened beside what clients say, moment by moment. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, bundleAt, charlie, den, everybody, request, step, witness } from '../testing.ts';
import { type Claims, claimsAfter, noClaims, settledIn, takenIn } from './claims.ts';
import { noHoldings } from './holdings.ts';
import { printOf } from './room-keys.ts';
import { type Rooms, roomsAfter } from './rooms.ts';

const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const rooms = everybody().moments.reduce<Rooms>((memory, moment) => roomsAfter(memory, moment), noHoldings);
const start = { ...noClaims, ...noHoldings, ...rooms };
const told = (moments: readonly Moment[], who = witness()) =>
  moments.reduce((memory, moment) => claimsAfter(memory, moment, who), start);
const claims = (...moments: readonly Moment[]): Claims => told(moments);
const stolen = witness({ stolen: [phone] });
const lost = (moment: Moment): Moment => ({ ...moment, lost: true }) as Moment;

describe('what was shared', () => {
  it('is remembered by device, room and user: what they were given last', () => {
    const one = t.shares(phone, charlie, ['a', 'b'], { withheld: { c: 'm.unverified' }, devices: ['PHONE', 'LAPTOP'] });
    const given = { sessions: 2, withheld: 1, url: bundleAt, devices: 2 };
    expect(claims(one).given).toEqual({ [phone]: { [den]: { [charlie]: given } } });
    const { given: all } = claims(one, t.shares(phone, bob, ['a']), t.shares(phone, charlie, []));
    expect(all[phone]?.[den]?.[bob]).toMatchObject({ sessions: 1, withheld: 0, devices: 1 });
    expect(all[phone]?.[den]?.[charlie]).toMatchObject({ sessions: 0 });
  });

  it('is claimed by accounts, and by nobody who never signed in', () => {
    expect(claims(t.shares(phone, charlie, []), t.shares('bob.phone', charlie, [])).sharers).toEqual({
      [bundleAt]: [alice, bob],
    });
    expect(claims(t.shares('oscar.ghost', charlie, [])).sharers).toEqual({});
    expect(claims(t.stores(phone, { patch: 'backup', backup: null }))).toBe(start);
  });
});

describe('history of which a person is told that it was shared', () => {
  const shown = (about: string, user: string, room = den): Moment => t.shown(phone, about, { room, user });
  const isDone = (room: string, type = 'bundle.pointed'): Moment => ({
    kind: 'heard',
    player: phone,
    chart: 'key-bundle-inviter',
    room,
    event: { type },
  });
  const sends = (user: string): Moment => t.sealsFor(phone, user, 'PHONE', 'curve');
  const waiting = (...moments: readonly Moment[]) => claims(...moments).promised[phone];
  const toCharlie = shown('history shared', charlie);

  it('waits for a letter to them, in each room for one at most', () => {
    expect(waiting(toCharlie)).toEqual([{ room: den, user: charlie, hasLeft: false }]);
    expect(waiting(toCharlie, shown('history shared', bob))).toEqual([{ room: den, user: bob, hasLeft: false }]);
    const both = [toCharlie, shown('history shared', bob, attic)];
    expect(waiting(...both)).toEqual([
      { room: den, user: charlie, hasLeft: false },
      { room: attic, user: bob, hasLeft: false },
    ]);
    expect(waiting(...both, sends(bob))).toEqual([
      { room: den, user: charlie, hasLeft: false },
      { room: attic, user: bob, hasLeft: true },
    ]);
    expect(waiting(shown('history withheld', charlie))).toEqual([{ room: den, user: charlie, hasLeft: true }]);
    expect(told([toCharlie], stolen).promised).toEqual({});
  });

  it('waits no more once its device is done in that room, or has stopped', () => {
    const then = (moment: Moment) => settledIn(told([toCharlie]), moment).memory.promised;
    expect(then(isDone(den))).toEqual({});
    expect(then(isDone(attic))).toEqual({ [phone]: [{ room: den, user: charlie, hasLeft: false }] });
    expect(then(isDone(den, 'bundle.listed'))).toEqual({ [phone]: [{ room: den, user: charlie, hasLeft: false }] });
    expect(claims(toCharlie, { kind: 'restarted', player: phone }).promised).toEqual({});
  });

  it('was not sent where its device is done before any letter', () => {
    const said = told([toCharlie]);
    const unsent = (memory: typeof said, moment: Moment) => settledIn(memory, moment).unsent;
    expect(unsent(said, isDone(den))).toEqual([
      { player: phone, promised: { room: den, user: charlie, hasLeft: false } },
    ]);
    expect(unsent(said, isDone(attic))).toEqual([]);
    expect(unsent(said, isDone(den, 'bundle.listed'))).toEqual([]);
    expect(unsent(said, toCharlie)).toEqual([]);
    expect(unsent(told([toCharlie, sends(charlie)]), isDone(den))).toEqual([]);
    expect(unsent(told([toCharlie, sends(bob)]), isDone(den))).toMatchObject([{ promised: { user: charlie } }]);
    expect(unsent(told([]), isDone(den))).toEqual([]);
  });

  it('was not sent either where its device has logged out, or was removed, before any letter', () => {
    const out = request(phone, { method: 'POST', path: paths.logout });
    const removed = request(laptop, { method: 'DELETE', path: paths.device('PHONE') });
    const settled = (moments: readonly Moment[], last: Moment) => settledIn(roomsAfter(told(moments), last), last);
    const both = [toCharlie, shown('history shared', bob, attic)];
    for (const last of [out, removed]) {
      expect(settled(both, last)).toMatchObject({
        memory: { promised: {} },
        unsent: [{ promised: { user: charlie } }, { promised: { user: bob } }],
      });
      expect(settled([toCharlie, sends(charlie)], last)).toMatchObject({ memory: { promised: {} }, unsent: [] });
    }
    const other = request(laptop, { method: 'POST', path: paths.logout });
    expect(settled([toCharlie], other).unsent).toEqual([]);
    expect(settled([toCharlie], { ...out, status: 500 } as Moment).unsent).toEqual([]);
  });
});

describe('requests', () => {
  const deletes = (status: number): Moment =>
    request(phone, { method: 'DELETE', path: paths.backupVersion('1'), status });

  it('that failed are remembered by what they asked for, until they succeed', () => {
    expect(claims(t.uploads(phone, 413)).failed).toEqual({ [phone]: ['upload file'] });
    expect(claims(t.uploads(phone, 413), deletes(502)).failed).toEqual({
      [phone]: ['delete backup version', 'upload file'],
    });
    expect(claims(t.uploads(phone, 413), deletes(502), t.uploads(phone)).failed).toEqual({
      [phone]: ['delete backup version'],
    });
    expect(claims(t.uploads(phone, 413), t.uploads(laptop)).failed).toEqual({ [phone]: ['upload file'] });
    expect(claims(lost(t.uploads(phone))).failed).toEqual({});
    expect(claims(lost(t.uploads(phone))).unanswered).toEqual({ [phone]: ['upload file'] });
    expect(claims(t.uploads(phone, 0)).unanswered).toEqual({ [phone]: ['upload file'] });
    expect(claims(t.uploads(phone, 0), t.uploads(phone, 413)).unanswered).toEqual({});
    expect(claims(t.uploads(phone)).failed).toEqual({});
  });

  it('of other kinds are not', () => {
    expect(claims({ ...t.syncs(phone, {}), status: 502 } as Moment).failed).toEqual({});
    expect(claims(request(phone, { method: 'GET', path: '/nowhere', status: 404 })).failed).toEqual({});
  });

  it('that tell nothing new leave what is remembered as it was', () => {
    for (const moment of [deletes(200), t.syncs(phone, {}), request(phone, { method: 'GET', path: '/nowhere' })])
      expect(claims(moment)).toBe(start);
    const failed = told([deletes(502)]);
    expect(claimsAfter(failed, deletes(502), witness())).toBe(failed);
  });
});

describe('files', () => {
  const uploads = (data: string): Moment =>
    request(phone, { method: 'POST', path: paths.mediaUpload, body: { data } }, { content_uri: bundleAt });

  it('are known by what was uploaded there', () => {
    expect(claims(uploads('AAAA')).files).toEqual({ [bundleAt]: printOf('AAAA') });
    expect(claims(t.uploads(phone, 413)).files).toEqual({});
  });

  it('are known by what each honest device got there last', () => {
    const last = (...moments: readonly Moment[]) => claims(t.downloads(phone), ...moments).got[phone]?.[bundleAt];
    expect(claims(t.downloads(phone)).got).toEqual({ [phone]: { [bundleAt]: { print: printOf('AAAA') } } });
    expect(last(t.downloads(phone, 404))).toBe('no file');
    const withData = { ...t.downloads(phone, 404), response: { data: 'AAAA' } } as Moment;
    expect(last(withData)).toBe('no file');
    expect(last(t.downloads(phone, 503))).toBe('no answer');
    expect(last({ ...t.downloads(phone), lost: true } as Moment)).toBe('no answer');
    const other = request(phone, { method: 'GET', path: paths.mediaDownload('a.example', 'media2') }, { data: 'BBBB' });
    expect(claims(t.downloads(phone), other).got[phone]).toEqual({
      [bundleAt]: { print: printOf('AAAA') },
      'mxc://a.example/media2': { print: printOf('BBBB') },
    });
    expect(told([t.downloads(phone)], stolen).got).toEqual({});
  });
});

describe('identities', () => {
  const publishes = (player: PlayerId, master: Json, status = 200): Moment =>
    request(player, {
      method: 'POST',
      path: paths.deviceSigningUpload,
      body: { master_key: { keys: { 'ed25519:m': master } } },
      status,
    });

  it('are those that honest people published, and the server took', () => {
    expect(claims(publishes(phone, 'm'), publishes(laptop, 'n'), publishes(phone, 'm')).masters[alice]).toEqual(
      [printOf('m'), printOf('n')].sort(),
    );
    expect(claims(publishes(phone, 'm', 401)).masters).toEqual({});
    // The server took it, though nobody at the device heard of that.
    expect(claims(lost(publishes(phone, 'm'))).masters).toEqual(claims(publishes(phone, 'm')).masters);
    expect(claims(publishes('oscar.ghost', 'm')).masters).toEqual({});
    expect(claims(publishes(phone, 5)).masters).toEqual({});
    expect(told([publishes(phone, 'm')], stolen).masters).toEqual({});
    expect(told([t.logsIn('mallory.burner', alice, 'BURNER'), publishes('mallory.burner', 'm')]).masters).toEqual({});
  });

  it('are published by no other request', () => {
    const body = { master_key: { keys: { 'ed25519:m': 'm' } } };
    expect(claims(request(phone, { method: 'POST', path: paths.signaturesUpload, body })).masters).toEqual({});
  });
});

describe('whose keys came', () => {
  const asks = (users: readonly string[], there: readonly string[], path: string = paths.keysQuery): Moment =>
    request(
      phone,
      { method: 'POST', path, body: { device_keys: Object.fromEntries(users.map((user) => [user, []])) } },
      { device_keys: Object.fromEntries(there.map((user) => [user, {}])) },
    );

  it('is known of each user when it was last asked', () => {
    expect(claims(asks([alice, bob], [alice])).unfetched).toEqual({ [phone]: [bob] });
    expect(claims(asks([alice, bob], []), asks([bob], [bob])).unfetched).toEqual({ [phone]: [alice] });
    expect(claims(asks([bob], [bob])).unfetched).toEqual({});
    expect(claims(lost(asks([bob], [bob]))).unfetched).toEqual({ [phone]: [bob] });
  });

  it('is asked by honest devices, by that request alone', () => {
    expect(told([asks([bob], [])], stolen).unfetched).toEqual({});
    expect(claims(asks([bob], [], paths.keysUpload)).unfetched).toEqual({});
    expect(claims(asks([bob], [bob]))).toBe(start);
  });
});

describe('what a device took since it fetched a file', () => {
  const imported = t.shown(phone, 'bundle imported', {});
  const keys = t.stores(phone, { patch: 'room keys', keys: { a: {}, b: {} } as never });
  const withheld = t.stores(phone, { patch: 'withheld', entries: { c: {} } as never });
  const taken = (...moments: readonly Moment[]) => [...takenIn(step(...moments)).values()];

  it('is told with the notice that follows', () => {
    expect(taken(t.downloads(phone), keys, withheld, imported)).toEqual([{ sessions: 2, withheld: 1 }]);
    expect(taken(withheld, keys, imported)).toEqual([{ sessions: 2, withheld: 1 }]);
    expect(taken(imported)).toEqual([{ sessions: 0, withheld: 0 }]);
    expect(takenIn(step(keys, imported)).get(imported)).toEqual({ sessions: 2, withheld: 0 });
  });

  it('is forgotten with the next file, with the notice, and by nothing else', () => {
    expect(taken(keys, t.downloads(phone), imported)).toEqual([{ sessions: 0, withheld: 0 }]);
    const again = { ...imported };
    expect(taken(keys, imported, again)).toEqual([
      { sessions: 2, withheld: 0 },
      { sessions: 0, withheld: 0 },
    ]);
    const beside = [t.syncs(phone, {}), t.downloads(laptop), t.shown(phone, 'user verified', {})];
    expect(taken(keys, ...beside, imported)).toEqual([{ sessions: 2, withheld: 0 }]);
    expect(taken(keys, t.shown(laptop, 'bundle imported', {}))).toEqual([{ sessions: 0, withheld: 0 }]);
  });
});

it('what clients say of another room is kept apart', () => {
  const there = t.stores(phone, {
    patch: 'history shared',
    room: attic,
    user: charlie,
    devices: [],
    sessions: [],
    withheld: {},
    url: 'mxc://a.example/other',
  });
  expect(Object.keys(claims(t.shares(phone, charlie, ['a']), there).given[phone] ?? {})).toEqual([attic, den]);
});
