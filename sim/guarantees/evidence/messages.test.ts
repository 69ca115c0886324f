/** What was said in rooms, and by which right somebody reads it. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, charlie, den, everybody, mallory, witness } from '../testing.ts';
import { type Message, type Messages, messagesAfter, rightOf } from './messages.ts';
import { noRooms, roomsAfter } from './rooms.ts';

const [phone, bobs, charlies] = ['alice.phone', 'bob.phone', 'charlie.phone'];
const none: Messages = { ...noRooms, messages: {} };
const next = (before: Messages, moment: Moment, who = witness()): Messages => {
  const { accounts, rooms } = roomsAfter(before, moment);
  const isSame = accounts === before.accounts && rooms === before.rooms;
  return messagesAfter(isSame ? before : { ...before, accounts, rooms }, moment, who);
};
const knownAfter = (start: readonly Moment[], ...moments: readonly Moment[]): Messages =>
  [...start, ...moments].reduce((memory, moment) => next(memory, moment), none);

const says = (player: PlayerId, event: string, room = den, type = 'm.room.encrypted'): Moment =>
  t.request(
    player,
    { method: 'PUT', path: paths.roomSend(room, type, event), body: { session_id: `${player}/1` } },
    { event_id: event },
  );
const start = everybody('shared', bobs).moments;
const message: Message = {
  room: den,
  session: 'alice.phone/1',
  maker: phone,
  visibility: 'shared',
  present: [alice, bob],
  invited: [],
  since: [],
};

describe('a message', () => {
  it('is remembered with how its room was when it was sent', () => {
    expect(knownAfter(start, says(phone, '$1')).messages).toEqual({ $1: message });
    const asked = knownAfter(start, t.invites(phone, charlie), t.sets(phone, 'invited'), says(bobs, '$1'));
    const byBob = { ...message, session: 'bob.phone/1', maker: bobs, visibility: 'invited', invited: [charlie] };
    expect(asked.messages).toEqual({ $1: byBob });
    const gone = knownAfter(start, t.leaves(bobs), says(phone, '$1'));
    expect(gone.messages).toEqual({ $1: { ...message, present: [alice] } });
  });

  it('is what honest devices seal, in rooms that somebody made', () => {
    expect(knownAfter(start, says('mallory.phone', '$1')).messages).toEqual({});
    expect(knownAfter(start, says(phone, '$1', attic)).messages).toEqual({});
    expect(knownAfter(start, says(phone, '$1', den, 'm.room.message')).messages).toEqual({});
    const before = knownAfter(start);
    expect(messagesAfter(before, says(phone, '$1'), witness({ stolen: [phone] }))).toBe(before);
  });

  it('knows who came in since, each once', () => {
    const joined = knownAfter(
      start,
      says(phone, '$1'),
      t.invites(phone, charlie),
      t.joins(charlies),
      says(phone, '$2'),
    );
    expect(joined.messages.$1?.since).toEqual([charlie]);
    expect(joined.messages.$2).toEqual({ ...message, present: [alice, bob, charlie] });
    expect(messagesAfter(joined, t.joins(charlies), witness()).messages.$1).toBe(joined.messages.$1);
    const back = knownAfter(start, says(phone, '$1'), t.joins(charlies), t.leaves(bobs), t.joins(bobs));
    expect(back.messages.$1?.since).toEqual([bob, charlie]);
  });

  it('is come to by whoever acts with an account, also on a device that an attacker runs', () => {
    const login = t.logsIn('mallory', mallory, 'TABLET');
    const joined = knownAfter([login, ...start], says(phone, '$1'), t.joins('mallory.tablet'));
    expect(joined.messages.$1?.since).toEqual([mallory]);
    expect(knownAfter(start, says(phone, '$1'), t.joins('mallory.tablet')).messages.$1?.since).toEqual([]);
  });

  it('is not come to by those who are asked in, who leave, who set something or who go elsewhere', () => {
    const elsewhere = [t.creates(charlies, attic, 'shared'), t.joins(charlies, attic)];
    const others = [t.invites(phone, charlie), t.leaves(bobs), t.sets(phone, 'join'), ...elsewhere];
    expect(knownAfter(start, says(phone, '$1'), ...others).messages.$1).toEqual(message);
  });

  it('is remembered anew only where something is new', () => {
    const before = knownAfter(start, says(phone, '$1'), t.joins(charlies));
    for (const moment of [t.joins(charlies), t.syncs(phone, {}), t.writes(phone, 'hello'), t.leaves(bobs)])
      expect(messagesAfter(before, moment, witness())).toBe(before);
    const silent = knownAfter(start);
    expect(messagesAfter(silent, t.joins(charlies), witness())).toBe(silent);
  });
});

describe('the right to read a message', () => {
  const right = (visibility: string, more: Partial<Message>) => rightOf({ ...message, visibility, ...more }, charlie);

  it('is that of a member for those who were in the room', () => {
    for (const visibility of ['joined', 'invited', 'shared', 'world_readable'])
      expect(right(visibility, { present: [charlie], since: [charlie] })).toBe('member');
  });

  it('is that of those who came later where the room was open', () => {
    for (const visibility of ['shared', 'world_readable']) {
      expect(right(visibility, { since: [charlie] })).toBe('later');
      expect(right(visibility, { invited: [charlie] })).toBeNull();
    }
    expect(right('joined', { since: [charlie], invited: [charlie] })).toBeNull();
  });

  it('takes more than one step where it was for those asked in: to be asked before it, and to come', () => {
    expect(right('invited', { invited: [charlie], since: [charlie] })).toBe('later');
    expect(right('invited', { invited: [charlie] })).toBeNull();
    expect(right('invited', { since: [charlie] })).toBeNull();
  });
});
