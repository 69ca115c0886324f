import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { JsonObject } from '../json.ts';
import type { Decryption, HeldRoomKey } from '../room-types.ts';
import type { Store } from '../store.ts';
import { readAgain, readEvent } from './megolm.ts';
import { meets, newsIn, person, sure } from './testing.ts';

const suite = makeSymbolicSuite('reading');
const room = '!den:x';
const bob = person(suite, '@bob:x', 'PHONE');
const { env, store: alice } = meets(person(suite, '@alice:x', 'PHONE'), [bob]);

const begun = suite.megolmOutbound('bob/session');
const sessionId = begun.sessionId;
const session = sure(suite.megolmInbound(suite.megolmSessionKey(begun), 'signed'));
const key: HeldRoomKey = {
  room,
  session,
  senderKey: bob.store.account.curve25519.public,
  senderEd25519: bob.store.account.ed25519.public,
  sharedHistory: false,
  origin: { how: 'room_key', user: '@bob:x', device: 'PHONE' },
  backedUpIn: null,
};
const withKey = (store: Store, change: Partial<HeldRoomKey> = {}): Store => ({
  ...store,
  roomKeys: { ...store.roomKeys, [`${room} ${sessionId}`]: { ...key, ...change } },
});
const holding = withKey(alice);

/** The session after so many messages. */
const at = (index: number) =>
  Array.from({ length: index }).reduce<typeof begun>((one) => suite.megolmEncrypt(one, '').session, begun);
const eventOf = (id: string, index: number, plaintext: JsonObject | string = {}): JsonObject => {
  const inside = { type: 'm.room.message', content: { body: id }, room_id: room };
  const text = typeof plaintext === 'string' ? plaintext : JSON.stringify({ ...inside, ...plaintext });
  const { ciphertext } = suite.megolmEncrypt(at(index), text);
  return {
    type: 'm.room.encrypted',
    event_id: id,
    sender: '@bob:x',
    content: { algorithm: 'm.megolm.v1.aes-sha2', session_id: sessionId, ciphertext },
  };
};
const read = (store: Store, event: JsonObject, where = room) => {
  const step = readEvent(env, store, where, event, 9);
  const [news] = newsIn(step.outs, 'room.event');
  expect(step.outs).toHaveLength(1);
  expect(news).toMatchObject({ room: where, atMs: 9, event });
  return { store: step.store, decryption: sure(news).decryption };
};
const opened = (decryption: Decryption) => {
  if (!decryption.opened) throw new Error('it does not open');
  return decryption;
};

describe('an encrypted room event', () => {
  it('opens with the key that is held, and comes with where that is from and whose it is', () => {
    const { decryption, store } = read(holding, eventOf('$1', 2));
    expect(decryption).toMatchObject({
      opened: true,
      type: 'm.room.message',
      content: { body: '$1' },
      sessionId,
      index: 2,
      origin: { how: 'room_key', user: '@bob:x' },
      owner: { user: '@bob:x', device: 'PHONE', source: 'listed' },
      roomMatches: true,
      isReplay: false,
    });
    expect(store.unread).toEqual([]);
    expect(store.readIndexes).toEqual({ [`${sessionId} 2`]: '$1' });
  });

  it('is nobody’s where its sender has no listed device with that key', () => {
    expect(opened(read(holding, { ...eventOf('$1', 0), sender: '@alice:x' }).decryption).owner).toBeNull();
    expect(opened(read(holding, { ...eventOf('$1', 0), sender: 'constructor' }).decryption).owner).toBeNull();
    expect(opened(read(withKey(alice, { senderKey: 'another' }), eventOf('$1', 0)).decryption).owner).toBeNull();
  });

  it('says when the room in it is another, or none', () => {
    expect(opened(read(holding, eventOf('$1', 0, { room_id: '!attic:x' })).decryption).roomMatches).toBe(false);
    expect(opened(read(holding, eventOf('$1', 0, { room_id: null })).decryption).roomMatches).toBe(false);
    expect(opened(read(holding, eventOf('$1', 0, { type: 5, content: 'x' })).decryption)).toMatchObject({
      type: '',
      content: {},
    });
  });

  it('is a replay when another event had its session and index, and not when it is that event again', () => {
    const first = read(holding, eventOf('$1', 1));
    expect(opened(read(first.store, eventOf('$1', 1)).decryption).isReplay).toBe(false);
    const again = read(first.store, eventOf('$2', 1));
    expect(opened(again.decryption).isReplay).toBe(true);
    // The first to have it stays the one: the same copy is a replay each time.
    expect(opened(read(again.store, eventOf('$2', 1)).decryption).isReplay).toBe(true);
    expect(opened(read(again.store, eventOf('$1', 1)).decryption).isReplay).toBe(false);
    expect(opened(read(first.store, eventOf('$2', 0)).decryption).isReplay).toBe(false);
  });

  it.each([
    ['no key', alice, eventOf('$1', 0)],
    [
      'a key from later on',
      withKey(alice, { session: sure(suite.megolmInbound(suite.megolmSessionKey(at(3)), 'signed')) }),
      eventOf('$1', 0),
    ],
    [
      'a ciphertext that is none',
      holding,
      { ...eventOf('$1', 0), content: { session_id: sessionId, ciphertext: 'x' } },
    ],
    ['a ciphertext that is no text', holding, { ...eventOf('$1', 0), content: { session_id: sessionId } }],
    ['a plaintext that is no JSON', holding, eventOf('$1', 0, 'no JSON')],
    ['a plaintext that is no object', holding, eventOf('$1', 0, '[]')],
  ])('is kept for later with %s', (_name, store, event) => {
    const { decryption, store: after } = read(store, event);
    expect(decryption).toEqual({ opened: false, sessionId, withheld: null });
    expect(after.unread).toEqual([{ room, event }]);
    expect(after.readIndexes).toEqual({});
    // Once only, each in its room.
    expect(read(after, event).store).toBe(after);
    expect(read(after, event, '!attic:x').store.unread).toHaveLength(2);
    expect(read(after, { ...event, event_id: '$9' }).store.unread).toHaveLength(2);
  });

  it('does not open with another room’s key, and names without a key are names', () => {
    expect(read(holding, eventOf('$1', 0), '!attic:x').decryption.opened).toBe(false);
    for (const name of ['constructor', '__proto__']) {
      const event = { ...eventOf('$1', 0), content: { session_id: name, ciphertext: 'x' } };
      expect(read(holding, event).decryption).toEqual({ opened: false, sessionId: name, withheld: null });
      expect(read(holding, event, name).decryption.opened).toBe(false);
    }
    expect(read(holding, {}).decryption).toEqual({ opened: false, sessionId: '', withheld: null });
  });

  const note = {
    room,
    sessionId,
    senderKey: 'c',
    code: 'm.unverified',
    reason: null,
    from: '@bob:x',
    how: 'to-device',
  } as const;

  it('says why it will not open where somebody has said so', () => {
    const told = { ...alice, withheld: { [`${room} ${sessionId}`]: note } };
    expect(read(told, eventOf('$1', 0)).decryption).toEqual({ opened: false, sessionId, withheld: note });
    expect(read(told, eventOf('$1', 0), '!attic:x').decryption).toMatchObject({ withheld: null });
  });

  describe('that waits', () => {
    const events = [eventOf('$1', 0), eventOf('$2', 1), eventOf('$3', 2)];
    const waiting = events.reduce((store, event) => read(store, event).store, alice);
    const elsewhere = read(waiting, eventOf('$4', 3), '!attic:x').store;

    it('opens when its key has come, in the order in which they came, and waits no more', () => {
      const { store, outs } = readAgain(env, withKey(elsewhere), room);
      const heard = newsIn(outs, 'room.event');
      expect(heard.map(({ event, atMs, decryption }) => [event.event_id, atMs, decryption.opened])).toEqual([
        ['$1', 0, true],
        ['$2', 0, true],
        ['$3', 0, true],
      ]);
      expect(store.unread.map((one) => one.room)).toEqual(['!attic:x']);
      expect(store.readIndexes).toEqual({
        [`${sessionId} 0`]: '$1',
        [`${sessionId} 1`]: '$2',
        [`${sessionId} 2`]: '$3',
      });
    });

    it('waits on in another room that has an event of the same id', () => {
      const twin = read(waiting, eventOf('$1', 0), '!attic:x').store;
      expect(readAgain(env, withKey(twin), room).store.unread.map((one) => one.room)).toEqual(['!attic:x']);
    });

    it('opens as far as the key reaches, and of the rest nothing is said', () => {
      const late = withKey(waiting, { session: sure(suite.megolmInbound(suite.megolmSessionKey(at(2)), 'signed')) });
      const { store, outs } = readAgain(env, late, room);
      expect(newsIn(outs, 'room.event').map(({ event }) => event.event_id)).toEqual(['$3']);
      expect(store.unread.map(({ event }) => event.event_id)).toEqual(['$1', '$2']);
      expect(readAgain(env, waiting, room)).toEqual({ store: waiting, outs: [] });
    });

    it('is told again unopened when it is known now why', () => {
      const { store, outs } = readAgain(env, { ...waiting, withheld: { [`${room} ${sessionId}`]: note } }, room);
      expect(newsIn(outs, 'room.event').map(({ decryption }) => decryption)).toEqual(
        events.map(() => ({ opened: false, sessionId, withheld: note })),
      );
      expect(store.unread).toHaveLength(3);
    });
  });
});
