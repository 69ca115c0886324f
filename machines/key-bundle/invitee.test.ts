import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { JsonObject } from '../json.ts';
import type { InviteeEvent } from './events.ts';
import {
  alice,
  drive,
  entry,
  file,
  hours,
  interim,
  joined,
  mallory,
  me,
  ownJoin,
  phone,
  pointer,
  room,
  start,
  strange,
  synced,
  url,
  view,
} from './invitee-testing.ts';

describe('a pointer', () => {
  it('waits for the invitation to be accepted, and is followed then', () => {
    const early = drive({ events: [synced('invite'), pointer()] });
    expect(early.downloads).toEqual([]);
    expect(early.state.context.pointers).toHaveLength(1);
    const late = drive({ events: [synced('invite'), pointer(), joined()], bundle: { room_keys: [entry('s')] } });
    expect(late.downloads).toEqual(['a.example/1']);
    expect(Object.keys(late.keys)).toEqual([`${room} s`]);
    expect(late.told).toContain('told.room keys');
    expect(late.shown).toEqual([
      expect.objectContaining({ about: 'bundle imported', room, user: alice, sessions: 1, url }),
    ]);
    expect(late.state).toMatchObject({
      value: 'idle',
      context: { pointers: [], due: [], current: null, failed: [], underWay: [] },
    });
  });

  it('that comes after the join is followed at once', () => {
    expect(drive({ events: [joined(), pointer()] }).downloads).toHaveLength(1);
    expect(drive({ events: [joined(), pointer()], off: ['4268-recent-accept-download'] }).downloads).toEqual([]);
  });

  it.each<[string, readonly InviteeEvent[], string]>([
    ['is not kept', [pointer(), joined()], '4268-store-pointer'],
    ['is kept and never looked at', [pointer(), joined()], '4268-process-on-accept'],
  ])('%s where that duty is off', (_what, events, clause) => {
    expect(drive({ events }).downloads).toHaveLength(1);
    expect(drive({ events, off: [clause] }).downloads).toEqual([]);
  });

  const swapped = { ...phone, crossSignedBy: 'alice 2', byPinnedIdentity: false };
  const unsigned = { ...phone, crossSignedBy: null, byPinnedIdentity: false };
  it.each<[string, InviteeEvent, string]>([
    ['in the clear', pointer({ encrypted: false }), '4268-pointer-olm-encrypted'],
    ['that names no room', pointer({}, { file: file(url) }), '4268-pointer-room-id'],
    ['without what opens the file', pointer({}, { room_id: room, file: { url } }), '4268-pointer-file'],
    [
      'of a device that shows no keys',
      pointer({ sender: { ...phone, source: 'listed' } }),
      '4268-sender-device-keys-required-rx',
    ],
    ['of nobody known', pointer({ sender: null }), '4268-sender-device-keys-required-rx'],
    ['of the interim type', interim, '4268-unstable-bundle-type'],
    ['of somebody who did not invite', strange, '4268-inviter-match'],
  ])('%s is not followed, unless that clause is off', (_how, event, clause) => {
    const strict = drive({ events: [joined(), event] });
    expect(strict.downloads).toEqual([]);
    expect(strict.said).toContain(`${clause} refuses`);
    expect(drive({ events: [joined(), event], off: [clause] }).downloads).toHaveLength(1);
  });

  it('is followed without any invitation by a client that does not wait', () => {
    for (const event of [pointer(), strange]) {
      expect(drive({ events: [event] }).said).toContain('4268-defer-download refuses');
      expect(drive({ events: [event], off: ['4268-defer-download'] }).downloads).toHaveLength(1);
    }
  });

  it.each<[string, InviteeEvent, Partial<ChartInput>, number]>([
    ['whose device nobody signed', pointer({ sender: unsigned }), {}, 0],
    ['whose device nobody signed, q32 A', pointer({ sender: unsigned }), { readings: { q32: 'A' } }, 1],
    ['whose device another identity signed than the one that is known', pointer({ sender: swapped }), {}, 0],
    ['whose device another identity signed, q32 A', pointer({ sender: swapped }), { readings: { q32: 'A' } }, 1],
    ['to another server', pointer({}, { room_id: room, file: file('mxc://c.example/1') }), {}, 1],
    [
      'to another server, q39 B',
      pointer({}, { room_id: room, file: file('mxc://c.example/1') }),
      { readings: { q39: 'B' } },
      0,
    ],
    ['to no server', pointer({}, { room_id: room, file: file('https://a.example/1') }), {}, 0],
    ['of the interim type, where both are known', interim, { identifiers: 'both' }, 1],
    ['of the stable type, where only the interim one is known', pointer(), { identifiers: 'unstable' }, 0],
    ['to a device without bundles', pointer(), { implements: { MSC4268: 'seed-draft' } }, 0],
    ['to a device without the proposal', pointer(), { implements: {} }, 0],
  ])('%s leads to as many downloads as the reading says', (_what, event, input, times) => {
    expect(drive({ events: [joined(), event], me: input }).downloads).toHaveLength(times);
  });

  it('is kept once a sender, and of few senders, inviters before strangers', () => {
    const from = (user: string) => pointer({ sender: { ...phone, user } });
    const crowd = Array.from({ length: 20 }, (_, nth) => from(`@m${nth}:m.example`));
    const { state } = drive({ events: [synced('invite'), pointer(), pointer(), ...crowd] });
    const users = (state.context.pointers as readonly JsonObject[]).map(({ user }) => user);
    expect(users).toHaveLength(8);
    expect(users.filter((user) => user === alice)).toHaveLength(1);
  });
});

describe('accepting', () => {
  const two = { ...synced('invite'), view: view('invite', [alice, mallory]) };
  it.each<[string, readonly InviteeEvent[], Partial<ChartInput>, number]>([
    ['on this device', [pointer(), joined()], {}, 1],
    ['on another device, q29 A', [synced('invite'), pointer(), synced('join', view('invite'))], {}, 1],
    [
      'on another device, q29 B',
      [synced('invite'), pointer(), synced('join', view('invite'))],
      { readings: { q29: 'B' } },
      0,
    ],
    ['without an invitation', [pointer(), joined(null)], {}, 0],
    ['long ago: the room was joined before', [synced('join', view('join')), pointer()], {}, 0],
    ['and leaving again', [joined(), synced('leave', view('join')), pointer()], {}, 0],
    ['the last of two invitations, q30 A', [two, pointer(), joined(mallory)], {}, 0],
    ['the last of two invitations, q30 B', [two, pointer(), joined(mallory)], { readings: { q30: 'B' } }, 1],
  ])('%s', (_how, events, input, times) => {
    expect(drive({ events, me: input }).downloads).toHaveLength(times);
  });

  const late = (atMs: number) => [joined(), { ...pointer(), atMs }];
  it.each<[string, number, Partial<ChartInput>, readonly string[], number]>([
    ['23 hours ago', 23, {}, [], 1],
    ['25 hours ago', 25, {}, [], 0],
    ['25 hours ago, no limit kept', 25, {}, ['4268-recent-24h'], 1],
    ['25 hours ago, 48 chosen', 25, { options: { 'bundle window': 48 } }, [], 1],
    ['2 hours ago, 1 chosen', 2, { options: { 'bundle window': 1 } }, [], 0],
    ['2 hours ago, 1 chosen and not kept', 2, { options: { 'bundle window': 1 } }, ['4268-recent-client-choice'], 1],
    ['a year ago, in the text that does not say', 9000, { implements: { MSC4268: 'seed-diff' } }, [], 1],
    [
      '2 hours ago in that text, 1 chosen',
      2,
      { implements: { MSC4268: 'seed-diff' }, options: { 'bundle window': 1 } },
      [],
      0,
    ],
  ])('is recent enough, or not: %s', (_when, after, input, off, times) => {
    expect(drive({ events: late(after * hours), me: input, off }).downloads).toHaveLength(times);
  });

  it('was when this client did it, or when the server says, as question q31 is read', () => {
    const told = { ...ownJoin, serverMs: 20 * hours };
    const events = [joined(), { ...synced('join', view('join')), members: [told] }, { ...pointer(), atMs: 30 * hours }];
    expect(drive({ events }).downloads).toEqual([]);
    expect(drive({ events, me: { readings: { q31: 'B' } } }).downloads).toHaveLength(1);
  });
});

describe('joining a room that one is in already', () => {
  it('accepts nothing: what is recent is held against the first time', () => {
    const twice = (atMs: number) =>
      drive({ events: [joined(), synced('join'), joined(alice, atMs), { ...pointer(), atMs }] }).downloads;
    expect(twice(23 * hours)).toHaveLength(1);
    expect(twice(25 * hours)).toEqual([]);
  });

  it('says whose invitation it was, where that was not known, and makes it no younger', () => {
    const twice = (atMs: number) =>
      drive({ events: [joined(null), joined(alice, atMs), { ...pointer(), atMs }] }).downloads;
    expect(twice(23 * hours)).toHaveLength(1);
    expect(twice(25 * hours)).toEqual([]);
  });

  it('is an acceptance again once they were out', () => {
    const events = [joined(), synced('leave', view('join')), synced('invite'), joined(alice, 30 * hours)];
    expect(drive({ events: [...events, { ...pointer(), atMs: 31 * hours }] }).downloads).toHaveLength(1);
  });
});

describe('an acceptance of which only a later sync says whose invitation it was', () => {
  const learnt = (atMs: number, input: Partial<ChartInput> = {}) =>
    drive({ events: [joined(null), { ...pointer(), atMs }, synced('join', view('invite'), atMs)], me: input })
      .downloads;

  it('is as old as it is: what comes by it is fetched within a day of it, and no later', () => {
    expect(learnt(23 * hours)).toHaveLength(1);
    expect(learnt(25 * hours)).toEqual([]);
    expect(learnt(25 * hours, { options: { 'bundle window': 48 } })).toHaveLength(1);
  });
});

describe('an invitation that is over', () => {
  const came = [joined(), synced('join', view('invite'))];
  const gone = { ...synced('invite', view('join')), members: [] };
  const left: InviteeEvent = {
    type: 'told.member',
    room,
    change: { user: me.user, before: 'join', after: 'leave', sender: me.user, inGap: false },
  };
  const out = { ...ownJoin, before: 'join', after: 'leave', sender: alice } as const;
  const back: InviteeEvent = { ...synced('join', view('join'), 30 * hours), members: [out, ownJoin] };

  it('does for no pointer that came with the news of the next', () => {
    expect(drive({ events: [...came, pointer(), synced('join', view('join'))] }).downloads).toHaveLength(1);
    const kept = drive({ events: [...came, pointer(), gone] });
    expect([kept.downloads, kept.state.context.pointers]).toEqual([[], [expect.objectContaining({ user: alice })]]);
    expect(drive({ events: [...came, pointer(), gone, joined()] }).downloads).toHaveLength(1);
  });

  it('is over for whoever was out and is asked in anew before any sync has shown them in the room', () => {
    const anew = [joined(), pointer(), synced('invite', view('invite'))];
    const kept = drive({ events: anew });
    expect([kept.downloads, kept.state.context.pointers]).toEqual([[], [expect.objectContaining({ user: alice })]]);
    expect(drive({ events: [...anew, joined(alice, 1)] }).downloads).toHaveLength(1);
  });

  it('is over at once for whoever leaves, and only for them', () => {
    expect(drive({ events: [...came, left, pointer()] }).downloads).toEqual([]);
    const other: InviteeEvent = { ...left, change: { ...left.change, user: alice } };
    expect(drive({ events: [...came, other, pointer()] }).downloads).toHaveLength(1);
  });

  it('is asked for nothing more, whatever was still to be tried', () => {
    const failed = [pointer(), joined()];
    const later: readonly InviteeEvent[] = [{ type: 'bundle.again' }, synced('invite', view('invite')), start(1)];
    expect(drive({ events: [...failed, ...later], statuses: [500] }).downloads).toHaveLength(2);
    expect(drive({ events: [...failed, gone, ...later], statuses: [500] }).downloads).toHaveLength(1);
    expect(drive({ events: [...failed, left, ...later], statuses: [500] }).downloads).toHaveLength(1);
  });

  it('makes way for the one by which another device of theirs has come back in the same sync', () => {
    const late = { ...pointer(), atMs: 30 * hours };
    expect(drive({ events: [...came, late, back] }).downloads).toHaveLength(1);
    expect(drive({ events: [...came, late, back], me: { readings: { q29: 'B' } } }).downloads).toEqual([]);
  });
});

describe('whoever reaches no server', () => {
  const accepted = [pointer(), joined()];
  const again: InviteeEvent = { type: 'bundle.again' };
  const done: InviteeEvent = { type: 'sync.done', atMs: 0 };
  // -1: no answer
  it.each<[string, readonly InviteeEvent[], readonly number[], number]>([
    ['has not tried, and asks again once a sync has reached one', [again, done], [500, -1], 3],
    ['has not tried, however often the client is opened', [start(1), start(2), start(3), done], [500, -1, -1, -1], 5],
    ['is told from one whose server lets it wait: three times are enough', [done, done, done], [-1, -1, -1], 3],
    ['is told from one whose server fails', [again, again, again], [500, 500, 500], 3],
    ['asks once and no more where that is done', [again, done, done], [500, -1, 200], 3],
  ])('%s', (_what, events, statuses, times) => {
    expect(drive({ events: [...accepted, ...events], statuses }).downloads).toHaveLength(times);
  });

  it('asks for a sync and sets no alarm', () => {
    const causes = (status: number) =>
      drive({ events: accepted, statuses: [status] }).effects.flatMap(({ type }) =>
        type === 'wake' || type === 'await sync' ? [type] : [],
      );
    expect([causes(-1), causes(500), causes(404), causes(200)]).toEqual([['await sync'], ['wake'], [], []]);
  });

  it('asks no more for what is no longer recent by then', () => {
    const late: InviteeEvent = { ...done, atMs: 25 * hours };
    expect(drive({ events: [...accepted, again, late], statuses: [500, -1] }).downloads).toHaveLength(2);
  });
});
