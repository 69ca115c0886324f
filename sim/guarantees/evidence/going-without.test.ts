/** What excuses somebody for sharing or taking nothing, and for how long. Verdicts by it are told in `../going-without.test.ts`. */
import { describe, expect, it } from 'vitest';
import type { ClauseId, EnvelopeFacts } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, charlie, den, everybody, witness } from '../testing.ts';
import { type Excuse, excuseOf, isChanged, isClosed, lateIn, noExcuses, withoutDevice } from './going-without.ts';
import { type Newcomers, newcomersAfter, noNewcomers } from './newcomers.ts';
import { printOf } from './room-keys.ts';

const [phone, laptop, bobs, guest] = ['alice.phone', 'alice.laptop', 'bob.phone', 'charlie.phone'];
const dora = '@dora:a.example';
const next = (before: Newcomers, moments: readonly Moment[], who = t.ofAllTexts()): Newcomers => {
  const step = t.step(moments);
  const late = lateIn(step);
  return moments.reduce((memory, moment) => newcomersAfter(memory, moment, step, who, late), before);
};
const start = next(noNewcomers, everybody('shared', bobs).moments);
const known = (moments: readonly Moment[], who = t.ofAllTexts()): Newcomers => next(start, moments, who);

const pins = (player: PlayerId, user: string, master: string): Moment =>
  t.stores(player, { patch: 'pin', user, master });
const declines = (why: string, player = phone, user = charlie, room = den): Moment =>
  t.shown(player, 'history not shared', { room, user, why });
const misses = (why: string, user = bob, player = guest): Moment =>
  t.shown(player, 'history unavailable', { user, why });
const asks = (player = phone, user = charlie, room = den): Moment => ({
  kind: 'acted',
  player,
  what: 'invite',
  detail: { room, user },
});
const points = (sender: string, url = t.bundleAt, player = guest): Moment => ({
  kind: 'delivery',
  from: t.server,
  to: player,
  event: { type: 'm.room.encrypted' },
  opened: { type: 'm.room_key_bundle', content: { room_id: den, file: { url } } },
  facts: { claimedSender: sender } as EnvelopeFacts,
});
const excuse = (clause: ClauseId, more: Partial<Excuse> = {}): Excuse => ({
  room: den,
  user: charlie,
  by: alice,
  device: null,
  clause,
  ...more,
});
const [closing, limit, pinning] = [
  '4268-decline-when-currently-closed',
  '4268-bundle-exceeds-limit',
  '4268-identity-pinning',
] as const;
const [expired, tooLarge, window] = ['4268-media-may-expire', '4268-dos-large-file', '4268-recent-24h'] as const;

describe('an identity', () => {
  it('has changed to a device that is served another one than it has pinned', () => {
    const changed = (...moments: readonly Moment[]) => isChanged(known(moments), phone, bob);
    expect(changed()).toBe(false);
    expect(changed(pins(phone, bob, 'one'))).toBe(false);
    expect(changed(pins(phone, bob, 'one'), t.isServed(phone, bob, 'other'))).toBe(true);
    expect(changed(pins(phone, bob, 'one'), t.isServed(phone, bob, 'other'), t.isServed(phone, bob, 'one'))).toBe(
      false,
    );
    expect(changed(t.isServed(phone, bob, 'other'))).toBe(true);
  });

  it('is remembered for each device and user, pinned also before there is any room', () => {
    const memory = known([pins(phone, bob, 'b'), pins(phone, charlie, 'c'), pins(laptop, bob, 'd')]);
    expect(memory.pinned).toEqual({
      [phone]: { [bob]: printOf('b'), [charlie]: printOf('c') },
      [laptop]: { [bob]: printOf('d') },
    });
    const served = next(memory, [t.isServed(phone, bob, 'x'), t.isServed(phone, charlie, 'y')]);
    expect(served.served).toEqual({ [phone]: { [bob]: printOf('x'), [charlie]: printOf('y') } });
    expect(next(noNewcomers, [pins(phone, bob, 'b')]).pinned).toEqual({ [phone]: { [bob]: printOf('b') } });
  });

  it('is no news where it is served as it is pinned, served again, or served without a key', () => {
    const memory = known([pins(phone, bob, 'b'), t.isServed(phone, charlie, 'c')]);
    const answer = (master_keys: object): Moment =>
      t.request(
        phone,
        { method: 'POST', path: '/_matrix/client/v3/keys/query' },
        { master_keys: master_keys as never },
      );
    const old = [t.isServed(phone, bob, 'b'), t.isServed(phone, charlie, 'c'), pins(phone, bob, 'b')];
    for (const moment of [...old, answer({ [bob]: { keys: {} } }), answer({ [bob]: null })])
      expect(next(memory, [moment])).toBe(memory);
    const elsewhere = t.request(
      phone,
      { method: 'GET', path: '/_matrix/client/v3/sync' },
      {
        master_keys: { [bob]: { keys: { k: 'x' } } },
      },
    );
    expect(next(memory, [elsewhere])).toBe(memory);
  });
});

describe('an inviter who shares nothing', () => {
  const closed = t.sets(phone, 'joined');

  it('is excused by what they say, where it is so', () => {
    expect(known([closed, declines('closed')]).excuses).toEqual([excuse(closing)]);
    expect(known([t.uploads(phone, 413), declines('upload refused')]).excuses).toEqual([excuse(limit)]);
    const other = [pins(phone, charlie, 'one'), t.isServed(phone, charlie, 'other'), declines('identity changed')];
    expect(known(other).excuses).toEqual([excuse(pinning)]);
    for (const why of ['closed', 'upload refused', 'identity changed', 'something else']) {
      const memory = known([]);
      expect(next(memory, [declines(why)])).toBe(memory);
    }
    expect(known([closed, declines('something else')]).excuses).toEqual([]);
  });

  it('is one of us, with an account, who says it', () => {
    const memory = known([closed]);
    const stolen = witness({ stolen: [phone] });
    expect(next(memory, [declines('closed')], stolen)).toBe(memory);
    expect(next(memory, [declines('closed', 'alice.tablet')])).toBe(memory);
    expect(next(memory, [t.shown(phone, 'history visible', { user: charlie, why: 'closed' })]).excuses).toEqual([]);
  });

  it('is not excused by a room that a server told them is another than it ever was', () => {
    const told = (visibility: string) => t.syncs(phone, { visibility });
    expect(isClosed(known([closed]), phone, den)).toBe(true);
    expect(isClosed(known([closed, told('world_readable')]), phone, den)).toBe(false);
    expect(isClosed(known([told('invited')]), phone, den)).toBe(false);
    expect(isClosed(known([closed, told('joined'), t.sets(bobs, 'shared')]), phone, den)).toBe(true);
    expect(isClosed(known([told('shared')]), phone, den)).toBe(false);
    // What one sets oneself one knows, before any sync.
    expect(isClosed(known([closed, told('joined'), t.sets(phone, 'shared')]), phone, den)).toBe(false);
    expect(isClosed(known([t.sets(phone, 'joined'), t.sets(bobs, 'shared')]), phone, den)).toBe(true);
  });

  it('has one excuse for each invitation, the last one, in whatever order they came', () => {
    const both = [closed, t.uploads(phone, 413), declines('closed'), declines('upload refused')];
    expect(known(both).excuses).toEqual([excuse(limit)]);
    const makes = [closed, t.creates(phone, attic, 'joined')];
    const each = [
      declines('closed', bobs),
      declines('closed'),
      declines('closed', phone, dora),
      declines('closed', phone, charlie, attic),
    ];
    const excuses = [
      excuse(closing, { room: attic }),
      excuse(closing),
      excuse(closing, { by: bob }),
      excuse(closing, { user: dora }),
    ];
    expect(known([...makes, ...each]).excuses).toEqual(excuses);
    expect(known([...makes, ...[...each].reverse(), ...each]).excuses).toEqual(excuses);
    const devices = [phone, laptop].reduce(
      (now, player) => withoutDevice(now, { player, room: den, by: bob, clause: expired }),
      start,
    );
    expect(devices.excuses.map(({ device }) => device)).toEqual([laptop, phone]);
  });

  it('has none any more once they ask that one in anew', () => {
    const memory = known([closed, declines('closed'), declines('closed', phone, dora), declines('closed', bobs)]);
    const anew = next(memory, [asks()]);
    expect(anew.excuses).toEqual([excuse(closing, { by: bob }), excuse(closing, { user: dora })]);
    expect(anew.asked).toEqual({ [alice]: { [den]: { [charlie]: { before: [excuse(closing)], files: [] } } } });
    for (const other of [asks(phone, charlie, attic), asks(guest, charlie), asks(bobs, dora)])
      expect(next(memory, [other]).excuses).toEqual(memory.excuses);
    expect(next(memory, [{ ...asks(), what: 'kick' } as Moment])).toBe(memory);
    expect(next(memory, [{ ...asks(), kind: 'heard' } as never])).toBe(memory);
  });
});

describe('an invitation that never was', () => {
  const closed = t.sets(bobs, 'joined');
  const comesIn = [t.invites(phone, charlie), t.joins(guest)];
  const said = [asks(), declines('closed')];
  const refused = { ...t.invites(phone, charlie), status: 403 } as Moment;
  const found = (moments: readonly Moment[], device: PlayerId = guest) =>
    excuseOf(known(moments), { room: den, user: charlie, by: alice, device });

  it('is nothing that could be excused, and takes back nothing that was', () => {
    // The server does it: this is the one that they come by.
    expect(found([closed, ...said, ...comesIn])).toBe(closing);
    expect(known([closed, ...said, ...comesIn]).asked).toEqual({});
    // Whoever is in is not asked in, and neither is anybody where the server fails.
    for (const none of [refused, { ...refused, status: 500 } as Moment]) {
      expect(found([closed, ...comesIn, ...said, none])).toBe(null);
      expect(found([closed, t.invites(phone, charlie), ...said, none, t.joins(guest)])).toBe(null);
      const excused = [closed, ...said, ...comesIn];
      expect(found([...excused, asks(), none])).toBe(closing);
      expect(found([...excused, t.uploads(phone, 413), asks(), declines('upload refused'), none])).toBe(closing);
      expect(found([...excused, asks(), none, asks(), none])).toBe(closing);
    }
  });

  it('is over with the next one that is done, be its answer lost', () => {
    const again = [closed, t.invites(phone, charlie), ...said, refused, ...said];
    expect(found([...again, t.invites(phone, charlie)])).toBe(closing);
    expect(found([...again, { ...t.invites(phone, charlie), lost: true } as Moment])).toBe(closing);
    expect(found([...again, t.invites(bobs, charlie)])).toBe(null);
    expect(found([closed, ...said, ...comesIn, asks(), t.invites(phone, charlie)])).toBe(null);
  });

  it('is not what is said late, of one who was asked in and has come since', () => {
    expect(found([closed, asks(), ...comesIn, declines('closed')])).toBe(closing);
  });

  it('leaves to the newcomer what lets them go without, of the one that there was', () => {
    const gone = [t.uploads(phone), points(alice), asks(), refused, t.downloads(guest, 404)];
    expect(found([...comesIn, ...gone])).toBe(expired);
    expect(found([...comesIn, ...gone], 'charlie.laptop')).toBe(null);
  });
});

describe('files', () => {
  it('are too large for the server where it says so of the last one of a device', () => {
    expect(known([t.uploads(laptop, 413), t.uploads(phone, 413)]).overLimit).toEqual([laptop, phone]);
    expect(known([t.uploads(laptop, 413), t.uploads(phone, 413), t.uploads(phone)]).overLimit).toEqual([laptop]);
    expect(known([t.uploads(phone, 413), t.uploads(phone, 503)]).overLimit).toEqual([]);
  });

  it('are remembered that a server took', () => {
    expect(known([t.uploads(phone)]).uploaded).toEqual([t.bundleAt]);
    expect(known([t.uploads(phone, 413)]).uploaded).toEqual([]);
  });

  it('are what the last pointer of each sender names', () => {
    const pointed = known([points(alice), points(bob), points(bob, 'mxc://a.example/2')]).pointed;
    expect(pointed).toEqual({
      [guest]: {
        [den]: {
          [alice]: { url: t.bundleAt, isTooLarge: false },
          [bob]: { url: 'mxc://a.example/2', isTooLarge: false },
        },
      },
    });
    expect(known([points(bob)], witness({ stolen: [guest] })).pointed).toEqual({});
  });

  it('are gone that a server took and has no more', () => {
    const gone = [t.uploads(bobs), points(alice, 'mxc://a.example/2'), points(bob), t.downloads(guest, 404)];
    expect(known(gone).excuses).toEqual([excuse(expired, { by: bob, device: guest })]);
    expect(known(gone.slice(1)).excuses).toEqual([]);
    expect(known([...gone.slice(0, 3), t.downloads(guest, 500)]).excuses).toEqual([]);
    expect(known(gone, witness({ stolen: [guest] })).excuses).toEqual([]);
    expect(known([...gone.slice(0, 3), t.downloads(bobs, 404)]).excuses).toEqual([]);
  });
});

describe('a bundle that is too large', () => {
  const small = witness({ options: { 'bundle size': 3 } });
  const come = (data: string) => [points(alice, 'mxc://a.example/2'), points(bob), t.downloads(guest, 200, data)];
  const excuses = (moments: readonly Moment[], who = small) => known(moments, who).excuses;

  it('excuses who leaves it alone, by how much they take', () => {
    const left = [excuse(tooLarge, { by: bob, device: guest })];
    expect(excuses([...come('AAAAAAAA'), misses('too large')])).toEqual(left);
    expect(excuses([...come('AAAA'), misses('too large')])).toEqual([]);
    expect(excuses([...come('AAAAAAAA'), misses('too large')], witness())).toEqual([]);
    const both = [points(alice), ...come('AAAAAAAA').slice(1), misses('too large', alice), misses('too large')];
    expect(excuses(both).map(({ by }) => by)).toEqual([alice, bob]);
  });

  it('excuses nobody who says something else, means another, or is in bad hands', () => {
    const large = come('AAAAAAAA');
    for (const other of [
      misses('gone'),
      misses('too large', alice),
      misses('too large', charlie),
      misses('too large', bob, bobs),
    ])
      expect(excuses([...large, other])).toEqual([]);
    expect(excuses([misses('too large')])).toEqual([]);
    const elsewhere = t.shown(guest, 'history unavailable', { room: attic, user: bob, why: 'too large' });
    expect(excuses([...large, elsewhere])).toEqual([]);
    const stolen = witness({ options: { 'bundle size': 3 }, stolen: [guest] });
    expect(next(known(large, small), [misses('too large')], stolen).excuses).toEqual([]);
  });

  it('is small again once what comes is', () => {
    const memory = known(come('AAAAAAAA'), small);
    expect(memory.pointed[guest]?.[den]).toEqual({
      [alice]: { url: 'mxc://a.example/2', isTooLarge: false },
      [bob]: { url: t.bundleAt, isTooLarge: true },
    });
    expect(next(memory, [t.downloads(guest, 200, 'AAAAAAAA')], small)).toBe(memory);
    expect(next(memory, [t.downloads(guest)], small).pointed[guest]?.[den]?.[bob]?.isTooLarge).toBe(false);
  });
});

describe('a pointer that is left alone for its age', () => {
  const refuses = (more: object = {}): Moment => ({
    kind: 'clause',
    player: guest,
    chart: 'chart',
    room: den,
    clause: window,
    role: 'permits' as never,
    says: 'refuses',
    off: false,
    ...more,
  });
  const hears = (sender: string, more: object = {}): Moment => ({
    ...t.heard(guest, { type: 'x', room: den, sender } as never),
    ...more,
  });
  const lateOf = (...moments: readonly Moment[]) => [...lateIn(t.step(moments)).values()];
  const late = { player: guest, room: den, clause: window };

  it('is that of whoever the chart heard last, or any', () => {
    expect(lateOf(hears(alice), hears(bob), refuses(), hears(charlie))).toEqual([{ ...late, sender: bob }]);
    expect(lateOf(refuses())).toEqual([{ ...late, sender: null }]);
    const others = [
      hears(bob, { player: bobs }),
      hears(bob, { chart: 'other' }),
      t.shown(guest, 'x', { sender: bob }),
      { ...hears(bob), kind: 'state', from: 'a', to: 'b' } as never,
    ];
    expect(lateOf(hears(alice), ...others, refuses())).toEqual([{ ...late, sender: alice }]);
    const elsewhere = t.heard(guest, { type: 'x', room: attic, sender: bob } as never);
    expect(lateOf(elsewhere, refuses())).toEqual([{ ...late, sender: null }]);
  });

  it('is one that a sentence about age refuses, in a room', () => {
    const others = [{ says: 'permits' }, { off: true }, { clause: closing }, { room: undefined }];
    for (const more of others) expect(lateOf(refuses(more))).toEqual([]);
    expect(lateOf({ ...refuses(), kind: 'acted' } as never)).toEqual([]);
    expect(lateOf(refuses({ clause: '4268-recent-client-choice' }))).toHaveLength(1);
  });

  it('excuses the device that leaves it alone', () => {
    const pointed = [points(alice), points(bob)];
    expect(known([...pointed, hears(bob), refuses()]).excuses).toEqual([excuse(window, { by: bob, device: guest })]);
    expect(known([...pointed, refuses()]).excuses.map(({ by }) => by)).toEqual([alice, bob]);
    expect(known([refuses()]).excuses).toEqual([]);
    const memory = known(pointed);
    expect(next(memory, [refuses()], witness({ stolen: [guest] }))).toBe(memory);
    expect(next(memory, [refuses({ says: 'permits' })])).toBe(memory);
  });
});

describe('an excuse', () => {
  const memory = {
    ...noExcuses,
    excuses: [excuse(closing), excuse(expired, { by: bob, device: guest })],
  };
  const of = (by: string, device: PlayerId, more: object = {}) =>
    excuseOf(memory, { room: den, user: charlie, by, device, ...more });

  it('is that of its invitation, for all devices or for that one', () => {
    expect([of(alice, guest), of(alice, 'charlie.laptop')]).toEqual([closing, closing]);
    expect([of(bob, guest), of(bob, 'charlie.laptop')]).toEqual([expired, null]);
    expect([of(alice, guest, { room: attic }), of(alice, guest, { user: bob }), of(charlie, guest)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is nobody’s who has no account', () => {
    const one = { player: 'charlie.tablet', room: den, by: bob, clause: expired };
    expect(withoutDevice(start, one)).toBe(start);
  });

  it('is not looked for before there is a room, nor in what says nothing of it', () => {
    const empty = next(noNewcomers, [t.logsIn(phone, alice, 'PHONE')]);
    for (const moment of [t.isServed(phone, bob, 'b'), t.uploads(phone, 413), points(bob)])
      expect(next(empty, [moment])).toBe(empty);
    expect(noExcuses).toEqual({
      excuses: [],
      asked: {},
      sharedFiles: {},
      pinned: {},
      served: {},
      uploaded: [],
      overLimit: [],
      pointed: {},
    });
    for (const moment of [t.syncs(phone, {}), t.writes(phone, 'x'), t.heard(phone, { type: 'x' } as never)])
      expect(next(start, [moment])).toBe(start);
  });
});
