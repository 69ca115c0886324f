import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { Membership, RoomView, Withheld } from '../room-types.ts';
import type { Store, StorePatch } from '../store.ts';
import { newSession, outboundRoomKey } from './megolm.ts';
import { newsOf, patched, settled } from './patches.ts';
import { newsIn, person, sure, withIdentity } from './testing.ts';

const suite = makeSymbolicSuite('patches');
const { env, store } = person(suite, '@alice:x', 'PHONE');
const odd = ['constructor', '__proto__', 'toString'];
const room = '!den:x';
/** What is another in the store after a patch. */
const changed = (before: Store, patch: StorePatch): Partial<Store> => {
  const after = patched(before, patch);
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => value !== before[name as keyof Store]),
  ) as Partial<Store>;
};
const held = { secret: 's', public: null, origin: { how: 'entered' } } as const;

describe('a patch of the store', () => {
  it('files a secret with its public half as its name has it, whatever the patch says', () => {
    const backup = suite.backupKey('b');
    const signing = suite.signingKey('s');
    const publicOf = (name: string, secret: string) => {
      const patch = settled(env, { patch: 'secret', name, held: { ...held, secret, public: 'a lie' } });
      return patch.patch === 'secret' ? patch.held.public : undefined;
    };
    expect(publicOf('m.megolm_backup.v1', backup.secret)).toBe(backup.public);
    expect(publicOf('m.cross_signing.master', signing.secret)).toBe(signing.public);
    expect(publicOf('m.other', backup.secret)).toBeNull();
    expect(publicOf('m.megolm_backup.v1', 'no secret')).toBeNull();
    const pin: StorePatch = { patch: 'pin', user: '@bob:x', master: 'm' };
    expect(settled(env, pin)).toBe(pin);
  });

  it('keeps and forgets secrets of any name, each alone', () => {
    for (const name of odd) {
      const one = patched({ ...store, secrets: { other: held } }, { patch: 'secret', name, held });
      expect(Object.keys(one.secrets).sort()).toEqual([name, 'other'].sort());
      expect(changed(one, { patch: 'forget secret', name })).toEqual({ secrets: { other: held } });
    }
    expect(patched(store, { patch: 'forget secret', name: 'constructor' })).toEqual(store);
  });

  it('says which backup the device uploads to, or none', () => {
    const backup = { version: '7', publicKey: 'k' };
    expect(changed(store, { patch: 'backup', backup })).toEqual({ backup });
    expect(changed({ ...store, backup }, { patch: 'backup', backup: null })).toEqual({ backup: null });
  });

  it('notes which room keys are backed up, of those that are held', () => {
    const two = newSession(env, newSession(env, store, room, false).store, room, false).store;
    const [first, second] = Object.keys(two.roomKeys);
    const after = patched(two, { patch: 'backed up', sessions: [sure(first), 'constructor', 'gone'], version: '7' });
    expect(after.roomKeys).toEqual({
      ...two.roomKeys,
      [sure(first)]: { ...sure(two.roomKeys[sure(first)]), backedUpIn: '7' },
    });
    expect(after.roomKeys[sure(second)]?.backedUpIn).toBeNull();
  });

  it('pins an identity, known or not, and nothing else of its user', () => {
    const alice = withIdentity({ env, store }).store;
    const before = sure(alice.users['@alice:x']);
    expect(changed(alice, { patch: 'pin', user: '@alice:x', master: 'm' })).toEqual({
      users: { '@alice:x': { ...before, identity: { ...before.identity, pinned: 'm' } } },
    });
    for (const user of odd) {
      const { users } = patched(store, { patch: 'pin', user, master: 'm' });
      expect(Object.entries(users)).toEqual([
        [
          user,
          expect.objectContaining({ outdated: true, devices: {}, identity: expect.objectContaining({ pinned: 'm' }) }),
        ],
      ]);
    }
  });

  it('adds room keys and notices of what is withheld to those there are, the newer in place of the older', () => {
    const { roomKeys } = newSession(env, store, room, false).store;
    const [[name, key]] = Object.entries(roomKeys) as [[string, (typeof roomKeys)[string]]];
    const keys = { [name]: { ...key, sharedHistory: true }, other: key };
    expect(changed({ ...store, roomKeys }, { patch: 'room keys', keys })).toEqual({ roomKeys: keys });
    const note = { code: 'm.unverified' } as Withheld;
    const entries = { a: { ...note, code: 'm.blacklisted' }, b: note };
    expect(changed({ ...store, withheld: { a: note, c: note } }, { patch: 'withheld', entries })).toEqual({
      withheld: { ...entries, c: note },
    });
  });

  const view: RoomView = {
    membership: 'join',
    encryption: null,
    historyVisibility: 'shared',
    members: {},
    inviters: [],
  };

  it('has a room as it was made for as long as nothing else is known of it', () => {
    for (const name of [room, ...odd]) {
      const made = patched(store, { patch: 'room made', room: name, view });
      expect(Object.entries(made.rooms)).toEqual([[name, view]]);
      expect(patched(made, { patch: 'room made', room: name, view: { ...view, historyVisibility: 'joined' } })).toBe(
        made,
      );
    }
  });

  it('sets the visibility of a room that is known', () => {
    for (const name of [room, ...odd]) {
      expect(patched(store, { patch: 'room visibility', room: name, visibility: 'joined' })).toBe(store);
      const made = patched(store, { patch: 'room made', room: name, view });
      const { rooms } = patched(made, { patch: 'room visibility', room: name, visibility: 'joined' });
      expect(Object.entries(rooms)).toEqual([[name, { ...view, historyVisibility: 'joined' }]]);
    }
  });

  it('sets who somebody is in a room that is known, and tells charts what that changes', () => {
    const members = { '@bob:x': 'join', [store.me.user]: 'join' } as const;
    const known = { ...store, rooms: { [room]: { ...view, members, inviters: ['@bob:x'] } } };
    const set = (user: string, membership: Membership): StorePatch => ({
      patch: 'room member',
      room,
      user,
      membership,
    });
    const told = (...given: Parameters<typeof set>) => newsIn(newsOf(known, set(...given)), 'told.member');
    const change = { user: '@bob:x', before: 'join', sender: store.me.user, inGap: false, isPutOut: true };
    for (const after of ['leave', 'ban'] as const) {
      const { rooms } = patched(known, set('@bob:x', after));
      expect(rooms[room]).toEqual({ ...known.rooms[room], members: { ...members, '@bob:x': after } });
      expect(told('@bob:x', after)).toEqual([{ type: 'told.member', room, change: { ...change, after } }]);
    }
    // One's own leave is a leave of the room as a whole.
    expect(patched(known, set(store.me.user, 'leave')).rooms[room]).toMatchObject({
      membership: 'leave',
      inviters: [],
    });
    expect(patched(known, set('@bob:x', 'join'))).toBe(known);
    expect(told('@bob:x', 'join')).toEqual([]);
    expect(patched(store, set('@bob:x', 'leave'))).toBe(store);
    expect(newsOf(store, set('@bob:x', 'leave'))).toEqual([]);
    expect(newsOf(known, { patch: 'room visibility', room, visibility: 'joined' })).toEqual([]);
  });

  it('takes whoever was put out from the outside to have been in meanwhile, and whoever was asked in from within to have been out', () => {
    const set = (user: string, membership: Membership): StorePatch => ({
      patch: 'room member',
      room,
      user,
      membership,
    });
    const inGap = (before: Membership | null, after: Membership) =>
      newsIn(
        newsOf(
          { ...store, rooms: { [room]: { ...view, members: before === null ? {} : { '@bob:x': before } } } },
          set('@bob:x', after),
        ),
        'told.member',
      ).map(({ change }) => change.inGap);
    expect([inGap(null, 'leave'), inGap('leave', 'leave'), inGap('join', 'invite')]).toEqual([[true], [true], [true]]);
    expect([inGap('invite', 'leave'), inGap('ban', 'leave'), inGap(null, 'ban'), inGap(null, 'invite')]).toEqual([
      [false],
      [false],
      [false],
      [false],
    ]);
  });

  it('takes whoever was kicked or banned to be put out, whatever was heard of them, unless they were asked in or had a ban lifted', () => {
    const putOut = (before: Membership | null, after: Membership, user = '@bob:x', more: { isUnban?: true } = {}) =>
      newsIn(
        newsOf(
          { ...store, rooms: { [room]: { ...view, members: before === null ? {} : { [user]: before } } } },
          { patch: 'room member', room, user, membership: after, ...more },
        ),
        'told.member',
      ).map(({ change }) => change.isPutOut === true);
    for (const before of [null, 'leave', 'knock', 'join', 'ban'] as const)
      for (const after of ['leave', 'ban'] as const) expect(putOut(before, after)).toEqual([true]);
    for (const after of ['leave', 'ban'] as const) expect(putOut('invite', after)).toEqual([false]);
    expect(putOut('leave', 'invite')).toEqual([false]);
    expect(putOut('join', 'leave', store.me.user)).toEqual([false]);
    // Only who is banned has a ban lifted: anybody else was banned untold.
    expect(putOut('ban', 'leave', '@bob:x', { isUnban: true })).toEqual([false]);
    expect(putOut('knock', 'leave', '@bob:x', { isUnban: true })).toEqual([true]);
  });

  it('counts who was given the session of a room, device by device', () => {
    const asked = { room, sharedHistory: true, fresh: false, atMs: 0 };
    const one = outboundRoomKey(env, store, asked, null).store;
    const give = (before: Store, ...to: readonly (readonly [string, string])[]): Store =>
      patched(before, {
        patch: 'room key given',
        room,
        sessionId: 's',
        index: 0,
        flag: true,
        visibility: null,
        to: to.map(([user, device]) => ({ user, device })),
      });
    const given = give(give(one, ['@bob:x', 'A'], ['@c:x', 'A'], ['@bob:x', 'B']), ['@bob:x', 'C']);
    expect(given.outbound[room]?.given).toEqual({ '@bob:x': ['A', 'B', 'C'], '@c:x': ['A'] });
    for (const name of odd) {
      const to = give(give(one, [name, name]), [name, 'B']).outbound[room]?.given ?? {};
      expect(Object.entries(to)).toEqual([[name, [name, 'B']]]);
    }
    expect(give(store, ['@bob:x', 'A'])).toBe(store);
  });

  it('that is evidence alone leaves the store as it is', () => {
    const shared = {
      patch: 'history shared',
      room,
      user: '@b:x',
      devices: [],
      sessions: [],
      withheld: {},
      url: 'u',
    } as const;
    for (const patch of [shared, { patch: 'backup preference', isOn: true, why: 'user' } as const])
      expect(patched(store, patch)).toBe(store);
  });
});
