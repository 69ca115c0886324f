import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Outbound } from '../effects.ts';
import type { JsonObject } from '../json.ts';
import type { Membership, RoomView } from '../room-types.ts';
import type { Store } from '../store.ts';
import { userOf } from './facts.ts';
import { answerDevicesOf, audienceOf, encrypt, outboundRoomKey } from './megolm.ts';
import { patched } from './patches.ts';
import { answersIn, meets, momentsIn, type Person, person, replyFor, sure, withIdentity } from './testing.ts';

const suite = makeSymbolicSuite('megolm');
const room = '!den:x';
const reply = replyFor('test.answered');
const bob = withIdentity(person(suite, '@bob:x', 'PHONE'));
const laptop = person(suite, '@bob:x', 'LAPTOP');
const carol = person(suite, '@carol:x', 'PHONE');
const tablet = person(suite, '@alice:x', 'TABLET');
const alone = person(suite, '@alice:x', 'PHONE');
const { env } = alone;

const view = (
  members: Readonly<Record<string, Membership>>,
  historyVisibility: string | null = 'shared',
): RoomView => ({
  membership: 'join',
  encryption: null,
  historyVisibility,
  members,
  inviters: [],
});
const among = (store: Store, members: Readonly<Record<string, Membership>>, visibility?: string | null): Store => ({
  ...store,
  rooms: { ...store.rooms, [room]: view(members, visibility) },
});
const everybody = { '@alice:x': 'join', '@bob:x': 'join', '@carol:x': 'join' } as const;
const alice = among(meets(alone, [bob, laptop, carol, tablet, alone]).store, everybody);

const ask = (store: Store, change: { fresh?: boolean; sharedHistory?: boolean; atMs?: number } = {}) => {
  const asked = { room, sharedHistory: true, fresh: false, atMs: 5, ...change };
  const step = outboundRoomKey(env, store, asked, reply);
  return { ...step, told: sure(answersIn(step.outs)[0]) as unknown as Outbound };
};
const give = (store: Store, ...to: readonly Person[]): Store =>
  patched(store, {
    patch: 'room key given',
    room,
    sessionId: 's',
    index: 0,
    flag: true,
    visibility: null,
    to: to.map(({ store: { me } }) => me),
  });
const namesOf = (told: Outbound): readonly string[] => told.lacking.map(({ user, device }) => `${user} ${device}`);

describe('who is to be given a room key', () => {
  const of = (visibility: string | null, isForJoined?: boolean) =>
    audienceOf(
      among(alice, { '@d:x': 'join', '@c:x': 'invite', '@b:x': 'leave', '@a:x': 'ban', '@k:x': 'knock' }, visibility),
      room,
      isForJoined,
    );

  it('is who is in the room, and who is invited unless only those in it may read', () => {
    for (const visibility of ['shared', 'invited', 'world_readable', null, 'unheard of'])
      expect(of(visibility)).toEqual(['@c:x', '@d:x']);
    expect(of('joined')).toEqual(['@d:x']);
    // Question q52, reading B.
    expect(of('shared', true)).toEqual(['@d:x']);
  });

  it('is nobody in a room that is not known, of whatever name', () => {
    for (const name of ['!other:x', 'constructor', '__proto__']) expect(audienceOf(alice, name)).toEqual([]);
  });
});

describe('the session to send with', () => {
  const first = ask(alice);

  it('is made where there is none, held as a receiver would hold it, and its making told', () => {
    const { told, store } = first;
    const name = `${room} ${told.sessionId}`;
    expect(told).toMatchObject({
      room,
      index: 0,
      sharedHistory: true,
      isNew: true,
      visibility: 'shared',
      senderKey: alice.account.curve25519.public,
      hasDeparted: false,
      isSpent: false,
      outdated: [],
      changed: [],
    });
    const held = sure(store.roomKeys[name]);
    expect(held).toMatchObject({
      room,
      senderKey: alice.account.curve25519.public,
      senderEd25519: alice.account.ed25519.public,
      sharedHistory: true,
      origin: { how: 'made' },
      backedUpIn: null,
      session: { sessionId: told.sessionId, firstKnownIndex: 0 },
    });
    expect(momentsIn(first.outs, 'stored')).toMatchObject([{ patch: { patch: 'room keys', keys: { [name]: held } } }]);
    expect(sure(suite.megolmInbound(told.sessionKey, 'signed')).sessionId).toBe(told.sessionId);
    expect(store.outbound[room]).toMatchObject({ sharedHistory: true, madeMs: 5, messages: 0, given: {} });
  });

  it('is the one there is until a fresh one is asked for, and then another', () => {
    const second = ask(first.store, { sharedHistory: false });
    expect(second.store).toBe(first.store);
    expect(second.told).toMatchObject({ sessionId: first.told.sessionId, isNew: false, sharedHistory: true });
    expect(momentsIn(second.outs, 'stored')).toEqual([]);
    const third = ask(first.store, { fresh: true, sharedHistory: false });
    expect(third.told).toMatchObject({ isNew: true, sharedHistory: false });
    expect(third.told.sessionId).not.toBe(first.told.sessionId);
    expect(Object.keys(third.store.roomKeys)).toHaveLength(2);
    expect(third.store.outbound[room]?.session.sessionId).toBe(third.told.sessionId);
  });

  it('is each room’s own', () => {
    const elsewhere = outboundRoomKey(
      env,
      first.store,
      { room: '!attic:x', sharedHistory: false, fresh: false, atMs: 0 },
      reply,
    );
    expect(answersIn(elsewhere.outs)[0]).toMatchObject({ isNew: true, visibility: null, lacking: [] });
    expect(elsewhere.store.outbound[room]).toBe(first.store.outbound[room]);
    for (const name of ['constructor', '__proto__']) {
      const odd = outboundRoomKey(env, alice, { room: name, sharedHistory: false, fresh: false, atMs: 0 }, reply);
      expect(answersIn(odd.outs)[0]).toMatchObject({ isNew: true, room: name });
      const again = outboundRoomKey(env, odd.store, { room: name, sharedHistory: false, fresh: false, atMs: 0 }, reply);
      expect(answersIn(again.outs)[0]).toMatchObject({ isNew: false });
    }
  });

  it('is lacked by every listed device of its audience that was not given it, but this one', () => {
    expect(namesOf(first.told)).toEqual(['@alice:x TABLET', '@bob:x LAPTOP', '@bob:x PHONE', '@carol:x PHONE']);
    const given = give(first.store, bob, tablet);
    expect(namesOf(ask(given).told)).toEqual(['@bob:x LAPTOP', '@carol:x PHONE']);
    expect(namesOf(ask(give(given, laptop)).told)).toEqual(['@carol:x PHONE']);
    expect(namesOf(ask(given, { fresh: true }).told)).toHaveLength(4);
    // Another user's device of the same name is not this one.
    expect(first.told.lacking.filter(({ device }) => device === 'PHONE').map(({ user }) => user)).toEqual([
      '@bob:x',
      '@carol:x',
    ]);
  });

  it('is with somebody who has departed when they are out of the room, or one of their devices is gone', () => {
    const given = give(first.store, bob, laptop);
    expect(ask(given).told.hasDeparted).toBe(false);
    expect(ask(among(given, { ...everybody, '@bob:x': 'leave' })).told.hasDeparted).toBe(true);
    expect(ask(among(given, { ...everybody, '@carol:x': 'leave' })).told.hasDeparted).toBe(false);
    const known = userOf(given, '@bob:x');
    const { LAPTOP: _gone, ...devices } = known.devices;
    const without = { ...given, users: { ...given.users, '@bob:x': { ...known, devices } } };
    expect(ask(without).told.hasDeparted).toBe(true);
    // So it is of the session there was, where another is made in its place.
    expect(ask(without, { fresh: true }).told).toMatchObject({ isNew: true, hasDeparted: true });
    expect(ask(given, { fresh: true }).told).toMatchObject({ isNew: true, hasDeparted: false });
  });

  it('is spent when it has been used as long or as often as the room lets it, and so it was where another is made', () => {
    expect(first.told.isSpent).toBe(false);
    const spent = (store: Store, atMs: number) =>
      [false, true].map((fresh) => ask(store, { fresh, atMs }).told.isSpent);
    const { madeMs } = sure(first.store.outbound[room]);
    const week = 7 * 24 * 60 * 60 * 1000;
    expect(spent(first.store, madeMs + week - 1)).toEqual([false, false]);
    expect(spent(first.store, madeMs + week)).toEqual([true, true]);
    const usedFor = (messages: number): Store => ({
      ...first.store,
      outbound: { [room]: { ...sure(first.store.outbound[room]), messages } },
    });
    expect(spent(usedFor(99), madeMs)).toEqual([false, false]);
    expect(spent(usedFor(100), madeMs)).toEqual([true, true]);
    const rotating = (store: Store): Store => ({
      ...store,
      rooms: {
        [room]: { ...sure(store.rooms[room]), encryption: { rotationPeriodMs: 5, rotationPeriodMsgs: 2 } },
      },
    });
    expect(spent(rotating(first.store), madeMs + 4)).toEqual([false, false]);
    expect(spent(rotating(first.store), madeMs + 5)).toEqual([true, true]);
    expect(spent(rotating(usedFor(2)), madeMs)).toEqual([true, true]);
  });

  it('is with people and devices of any name', () => {
    for (const name of ['constructor', '__proto__']) {
      const odd = person(suite, name, name);
      const members = Object.fromEntries<Membership>([
        ['@alice:x', 'join'],
        [name, 'join'],
      ]);
      const there = ask(among(meets({ env, store: alice }, [odd]).store, members));
      expect(namesOf(there.told)).toEqual([`@alice:x TABLET`, `${name} ${name}`]);
      const given = give(there.store, odd);
      expect(namesOf(ask(given).told)).toEqual(['@alice:x TABLET']);
      expect(ask(given).told.hasDeparted).toBe(false);
      const gone = { ...given, users: alice.users };
      expect(ask(gone).told).toMatchObject({ hasDeparted: true, outdated: [name] });
    }
  });

  it('comes with whose list is outdated, and whose identity is not the pinned one', () => {
    const stale = { ...userOf(alice, '@carol:x'), outdated: true };
    const known = userOf(alice, '@bob:x');
    const pinnedAs = (pinned: string | null): Store => ({
      ...alice,
      users: { ...alice.users, '@carol:x': stale, '@bob:x': { ...known, identity: { ...known.identity, pinned } } },
    });
    expect(ask(pinnedAs('another')).told).toMatchObject({
      outdated: ['@carol:x'],
      changed: [{ user: '@bob:x', master: known.identity.pinned, pinned: 'another' }],
    });
    expect(ask(pinnedAs(null)).told.changed).toEqual([]);
    expect(ask(pinnedAs(known.identity.pinned)).told.changed).toEqual([]);
    expect(ask(among(pinnedAs('another'), { '@alice:x': 'join' })).told).toMatchObject({ outdated: [], changed: [] });
    const gone = { ...known, identity: { ...known.identity, master: null } };
    expect(ask({ ...alice, users: { ...alice.users, '@bob:x': gone } }).told.changed).toEqual([]);
  });
});

describe('encrypting', () => {
  it('counts each message, in the session and in the room, and names a transaction of its own', () => {
    let { store, told } = ask(alice);
    const inbound = sure(suite.megolmInbound(told.sessionKey, 'signed'));
    for (const nth of [0, 1, 2]) {
      const step = encrypt(env, store, { room, type: 'm.room.message', content: { nth } }, reply);
      const { content, txn } = sure(answersIn(step.outs)[0]) as { content: JsonObject; txn: string };
      expect(txn).toBe(`t${nth}`);
      expect(content).toEqual({
        algorithm: MEGOLM_ALGORITHM,
        sender_key: alice.account.curve25519.public,
        device_id: 'PHONE',
        session_id: told.sessionId,
        ciphertext: content.ciphertext,
      });
      const opened = sure(suite.megolmDecrypt(inbound, String(content.ciphertext)));
      expect(opened.index).toBe(nth);
      expect(JSON.parse(opened.plaintext)).toEqual({ type: 'm.room.message', content: { nth }, room_id: room });
      store = step.store;
      expect(store.outbound[room]?.messages).toBe(nth + 1);
    }
    // Who is given the session now begins where it stands.
    ({ told } = ask(store));
    expect([told.index, sure(suite.megolmInbound(told.sessionKey, 'signed')).firstKnownIndex]).toEqual([3, 3]);
  });

  it('without a session is a bug of whoever asks', () => {
    for (const name of [room, 'constructor'])
      expect(() => encrypt(env, alice, { room: name, type: 't', content: {} }, reply)).toThrow(
        /no session to send with/,
      );
  });
});

describe('devices of some people', () => {
  it('are told in order with what is known of their identities', () => {
    const step = answerDevicesOf(env, alice, { users: ['@bob:x', '@nobody:x', 'constructor'] }, reply);
    const pinned = userOf(bob.store, '@bob:x').identity.pinned;
    expect(answersIn(step.outs)).toMatchObject([
      {
        devices: [{ device: 'LAPTOP' }, { device: 'PHONE', byPinnedIdentity: true }],
        identities: {
          '@bob:x': { master: pinned, pinned },
          '@nobody:x': { master: null, pinned: null },
          constructor: { master: null, pinned: null },
        },
      },
    ]);
    const known = userOf(alice, '@bob:x');
    const odd = { ...known, identity: { ...known.identity, master: { keys: { a: 5 } } } };
    const strange = answerDevicesOf(env, { ...alice, users: { '@bob:x': odd } }, { users: ['@bob:x'] }, reply);
    expect(answersIn(strange.outs)[0]).toMatchObject({ identities: { '@bob:x': { master: null, pinned } } });
  });
});
