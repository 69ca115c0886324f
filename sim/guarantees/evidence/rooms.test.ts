/** Who is in which room, who asked them in, and who may read what was said before. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, charlie, den, everybody } from '../testing.ts';
import { invitersOf, isOpen, membershipOf, noRooms, type Rooms, roomsAfter, visibilityOf, wasEver } from './rooms.ts';

const [phone, bobs, charlies] = ['alice.phone', 'bob.phone', 'charlie.phone'];
const start = everybody('shared', bobs).moments;
const known = (...moments: readonly Moment[]): Rooms => [...start, ...moments].reduce(roomsAfter, noRooms);
const changes = (player: PlayerId, change: string, user: string): Moment =>
  t.request(player, { method: 'POST', path: paths.membership(den, change), body: { user_id: user } });

describe('a room', () => {
  it('is as whoever made it said, with them and whom they asked in', () => {
    expect(known().rooms).toEqual({
      [den]: {
        members: { [alice]: 'join', [bob]: 'join' },
        inviters: { [bob]: [alice] },
        visibilities: ['shared'],
      },
    });
  });

  it('had each history visibility that people set, the last one holds', () => {
    const rooms = known(t.sets(phone, 'joined'), t.sets(phone, 'joined'), t.sets(phone, 'shared'));
    expect(rooms.rooms[den]?.visibilities).toEqual(['shared', 'joined', 'shared']);
    expect(visibilityOf(rooms, den)).toBe('shared');
    expect(visibilityOf(rooms, attic)).toBeNull();
    expect([wasEver(rooms, den, 'joined'), wasEver(rooms, den, 'invited')]).toEqual([true, false]);
    expect(wasEver(rooms, attic, 'shared')).toBe(false);
  });

  it('is open to those who come later where it is shared or world-readable', () => {
    const open = ['shared', 'world_readable', 'invited', 'joined', null, undefined].map(isOpen);
    expect(open).toEqual([true, true, false, false, false, false]);
  });

  it('has nothing but its members where nobody was seen to make it', () => {
    const rooms = known(t.joins(charlies, attic));
    expect(rooms.rooms[attic]).toEqual({ members: { [charlie]: 'join' }, inviters: {}, visibilities: [] });
  });
});

describe('a member', () => {
  it('is what the last change made of them', () => {
    const is = (...moments: readonly Moment[]) => membershipOf(known(...moments), den, charlie);
    expect(is()).toBeNull();
    expect(membershipOf(known(), attic, alice)).toBeNull();
    expect(is(t.invites(phone, charlie))).toBe('invite');
    expect(is(t.invites(phone, charlie), t.joins(charlies))).toBe('join');
    expect(is(t.joins(charlies), t.kicks(phone, charlie))).toBe('leave');
    expect(is(changes(phone, 'ban', charlie))).toBe('ban');
  });

  it('is nobody where whoever acts has no account', () => {
    const rooms = known();
    expect(roomsAfter(rooms, t.joins('nobody'))).toBe(rooms);
  });
});

describe('those who asked somebody in', () => {
  const inviters = (...moments: readonly Moment[]) => invitersOf(known(...moments), den, charlie);
  const asked = [t.invites(phone, charlie), t.invites(bobs, charlie)];

  it('are all who did, also while they are in', () => {
    expect(inviters()).toEqual([]);
    expect(invitersOf(known(), attic, charlie)).toEqual([]);
    expect(inviters(...asked)).toEqual([alice, bob]);
    expect(inviters(...asked, t.joins(charlies))).toEqual([alice, bob]);
    expect(inviters(t.joins(charlies))).toEqual([]);
  });

  it('count no more once that one was outside', () => {
    for (const out of [t.leaves(charlies), t.kicks(phone, charlie), changes(phone, 'ban', charlie)]) {
      expect(inviters(...asked, out)).toEqual([]);
      expect(inviters(...asked, out, t.invites(bobs, charlie))).toEqual([bob]);
    }
  });

  it('are nobody where an invitation comes from no account', () => {
    const by = known(t.invites('a.example', charlie));
    expect([membershipOf(by, den, charlie), invitersOf(by, den, charlie)]).toEqual(['invite', []]);
    expect(inviters(t.invites(phone, charlie), t.invites('a.example', charlie))).toEqual([alice]);
  });
});

describe('what is true of rooms', () => {
  it('is remembered anew only where something is new', () => {
    const rooms = known(t.invites(phone, charlie));
    const old = [t.invites(phone, charlie), t.sets(phone, 'shared'), t.syncs(phone, {}), t.writes(phone, 'hello')];
    for (const moment of old) expect(roomsAfter(rooms, moment)).toBe(rooms);
  });
});

describe('somebody of another server', () => {
  const puts = (endpoint: string, more: Partial<Extract<Moment, { kind: 'request' }>> = {}): Moment => {
    const path = `/_matrix/federation/${endpoint}/${encodeURIComponent(den)}/%241`;
    return { ...t.request('b.example', { method: 'PUT', path, body: { state_key: charlie } }), ...more } as Moment;
  };
  const is = (...moments: readonly Moment[]) => membershipOf(known(...moments), den, charlie);

  it('is in once the server of the room has taken them, whether or not its answer came', () => {
    expect(is(puts('v2/send_join'))).toBe('join');
    expect(is(puts('v2/send_join', { lost: true }))).toBe('join');
    expect(is(puts('v2/send_join', { status: 403 }))).toBeNull();
    expect(is(puts('v2/send_join', { body: {} }))).toBeNull();
    expect(is(puts('v1/send_knock'))).toBe('knock');
    expect(is(puts('v2/send_join'), puts('v2/send_leave', { lost: true }))).toBe('leave');
  });
});

describe('an address that is asked in', () => {
  const address = 'charlie@example.com';
  const at = (to: PlayerId, moment: Moment): Moment => ({ ...moment, to }) as Moment;
  const asks = (player: PlayerId, body: JsonObject = { medium: 'email', address }): Moment =>
    at('a.example', t.request(player, { method: 'POST', path: paths.membership(den, 'invite'), body }));
  const binds = (player: PlayerId, server = 'a.example', status = 200): Moment =>
    at(server, t.request(player, { method: 'POST', path: paths.bindAddress, body: { sid: address }, status }));
  const is = (...moments: readonly Moment[]) => membershipOf(known(...moments), den, charlie);

  it('is nobody’s invitation until somebody has it, and theirs from then on, by whoever asked', () => {
    expect(is(asks(phone))).toBeNull();
    expect(is(asks(phone), binds(charlies))).toBe('invite');
    expect(invitersOf(known(asks(phone), asks(bobs), asks(bobs), binds(charlies)), den, charlie)).toEqual([alice, bob]);
    expect(known(asks(phone), binds(charlies)).addresses).toEqual({
      'a.example': { [address]: { owner: charlie, waiting: {} } },
    });
  });

  it('that is somebody’s already is their invitation at once', () => {
    expect(is(binds(charlies))).toBeNull();
    expect(is(binds(charlies), asks(bobs))).toBe('invite');
    expect(invitersOf(known(binds(charlies), asks(bobs)), den, charlie)).toEqual([bob]);
  });

  it('asks in nobody who is in already, or banned', () => {
    expect(is(t.joins(charlies), asks(phone), binds(charlies))).toBe('join');
    expect(is(changes(phone, 'ban', charlie), asks(phone), binds(charlies))).toBe('ban');
    expect(is(binds(charlies), t.joins(charlies), asks(phone))).toBe('join');
  });

  it('is known to its own homeserver, and once it is taken', () => {
    expect(is(asks(phone), binds(charlies, 'b.example'))).toBeNull();
    expect(is(asks(phone), binds(charlies, 'a.example', 403))).toBeNull();
    expect(is(asks(phone, { medium: 'msisdn', address }), binds(charlies))).toBeNull();
    expect(is(asks(phone, { address }), binds(charlies))).toBeNull();
    const start = known();
    expect(roomsAfter(start, binds('nobody'))).toBe(start);
    expect(roomsAfter(start, asks('nobody'))).toBe(start);
  });
});
