/** Who made sessions, for whom, and whether those who come later may read them. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, charlie, den, everybody, witness } from '../testing.ts';
import { isFirstHand, isFirstHandAt, noSessions, type Sessions, type SessionTruth, sessionsAfter } from './sessions.ts';

const [phone, laptop, bobs] = ['alice.phone', 'alice.laptop', 'bob.phone'];
const key = 'alice.phone/1';
const start = everybody('shared', bobs).moments;
const next = (known: Sessions, moment: Moment, who = witness()): Sessions => sessionsAfter(known, moment, who);
const known = (moments: readonly Moment[], who = witness()): Sessions =>
  [...start, ...moments].reduce((now, moment) => next(now, moment, who), noSessions);
const session = (moments: readonly Moment[], who = witness()): SessionTruth | undefined =>
  known(moments, who).sessions[key];

/** A device is told of a room, by one visibility or several. */
const told = (player: PlayerId, visibilities: readonly string[], room = den): Moment => {
  const events = visibilities.map((is) => ({
    type: 'm.room.history_visibility',
    state_key: '',
    content: { history_visibility: is },
  }));
  const joined = { [room]: { timeline: { events } } };
  return t.request(player, { method: 'GET', path: paths.sync }, { rooms: { join: joined } });
};
const warns = (player = phone, room = den): Moment => t.shown(player, 'history visible', { room });
const made: SessionTruth = {
  room: den,
  maker: phone,
  user: alice,
  flag: true,
  later: 'yes',
  isMeant: true,
  to: { [alice]: 0 },
  ghosts: {},
  isWarned: true,
};
/** The room has always been closed, and a server tells the phone that it is open. */
const deceiving = [t.sets(bobs, 'joined'), t.makes(key), told(phone, ['world_readable'])];

describe('a session', () => {
  it('is that of the honest device that made it, in a room that there is', () => {
    expect(known([t.makes(key)]).sessions).toEqual({ [key]: made });
    expect(session([t.makes(key, { flag: false })])).toMatchObject({ flag: false, later: 'no' });
    expect(session([t.makes(key)], witness({ implements: {} }))).toMatchObject({ isMeant: false });
    expect(session([t.makes(key)], witness({ stolen: [phone] }))).toBeUndefined();
    expect(session([t.makes(key, { room: attic })])).toBeUndefined();
    expect(known([t.makes('alice.tablet/1')]).sessions).toEqual({});
    expect(session([t.holds(phone, key, { how: 'export' })])).toBeUndefined();
  });

  it('is meant for nobody as long as it bears no flag and is neither given out nor written under', () => {
    const unmarked = t.makes(key, { flag: false });
    expect(session([unmarked])).toMatchObject({ isMeant: null });
    expect(session([unmarked], witness({ implements: {} }))).toMatchObject({ isMeant: false });
    // Given out or written under while the room is open, it is one that should have borne it.
    expect(session([unmarked, t.gives(key, [], { flag: false })])).toMatchObject({ flag: false, isMeant: true });
    expect(session([unmarked, t.sends(phone, key)])).toMatchObject({ isMeant: true });
    expect(session([unmarked, t.sets(phone, 'joined'), t.sends(phone, key)])).toMatchObject({ isMeant: false });
  });

  it('is made once', () => {
    const before = known([t.makes(key), t.gives(key, [t.phoneOf(bob)])]);
    expect(next(before, t.makes(key))).toBe(before);
  });

  it('is first-hand for those of the room whom its maker gave it to', () => {
    const given = session([t.makes(key), t.gives(key, [t.phoneOf(bob), t.phoneOf(charlie)])]);
    expect(given).toEqual({ ...made, to: { [alice]: 0, [bob]: 0 } });
    expect([alice, bob, charlie].map((user) => given !== undefined && isFirstHand(given, user))).toEqual([
      true,
      true,
      false,
    ]);
    expect(session([t.makes(key), t.invites(phone, charlie), t.gives(key, [t.phoneOf(charlie)])])?.to).toEqual({
      [alice]: 0,
      [charlie]: 0,
    });
  });

  it('is that from the first index that any of their devices was given', () => {
    const gives = (index: number) => t.gives(key, [t.phoneOf(bob)], { index });
    expect(session([t.makes(key), gives(4)])?.to).toEqual({ [alice]: 0, [bob]: 4 });
    const given = session([t.makes(key), gives(4), gives(2), gives(6)]);
    expect(given?.to).toEqual({ [alice]: 0, [bob]: 2 });
    const isHad = (user: string, index: number) => given !== undefined && isFirstHandAt(given, user, index);
    expect([isHad(bob, 1), isHad(bob, 2), isHad(bob, 7), isHad(alice, 0), isHad(charlie, 7)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('is given out by nobody but its maker', () => {
    const before = known([t.makes(key)]);
    const gift = { patch: 'room key given', room: den, index: 0, flag: false, visibility: 'shared' } as const;
    const gives = (player: PlayerId, sessionId: string): Moment =>
      t.stores(player, { ...gift, sessionId, to: [t.phoneOf(bob)] });
    for (const moment of [gives(laptop, key), gives(phone, 'alice.phone/2')]) expect(next(before, moment)).toBe(before);
    expect(next(before, gives(phone, key)).sessions[key]?.to).toEqual({ [alice]: 0, [bob]: 0 });
    expect(next(before, gives(phone, key), witness({ stolen: [phone] }))).toBe(before);
  });

  it('names devices that their user never logged in, and from which index they have it', () => {
    const ghost = { user: bob, device: 'GHOST' };
    const gives = (index: number) => t.gives(key, [t.phoneOf(bob), ghost], { index });
    expect(session([t.makes(key), t.gives(key, [t.phoneOf(bob)])])?.ghosts).toEqual({});
    expect(session([t.makes(key), gives(4), gives(6)])?.ghosts).toEqual({ [bob]: { GHOST: 4 } });
    expect(session([t.makes(key), gives(4), gives(2)])?.ghosts).toEqual({ [bob]: { GHOST: 2 } });
    const second = t.gives(key, [{ user: bob, device: 'OTHER' }], { index: 5 });
    expect(session([t.makes(key), gives(4), second])?.ghosts).toEqual({ [bob]: { GHOST: 4, OTHER: 5 } });
  });
});

describe('those who come later', () => {
  it('may have what was given out so while the room was open', () => {
    expect(session([t.makes(key), t.gives(key, [])])).toEqual(made);
    expect(session([t.makes(key), t.gives(key, [], { flag: false })])).toMatchObject({ flag: false, later: 'no' });
  });

  it('may not have what was given out while its maker knew that it is closed, nor ever again', () => {
    const closed = [t.makes(key), t.sets(phone, 'joined'), t.gives(key, [], { visibility: 'joined' })];
    expect(session(closed)).toMatchObject({ later: 'no', isMeant: false, isWarned: true });
    expect(session([...closed, t.sets(phone, 'shared'), t.gives(key, [])])).toMatchObject({
      later: 'no',
      isMeant: false,
    });
    const unsure = [t.makes(key), t.sets(phone, 'joined'), t.gives(key, [], { visibility: null })];
    expect(session(unsure)?.later).toBe('no');
    expect(session([t.makes(key), t.gives(key, [], { visibility: null })])).toMatchObject({
      later: 'yes',
      isMeant: false,
    });
  });

  it('may have what its maker gave out by old news, though it was not meant so', () => {
    const old = [told(phone, ['shared']), t.makes(key), t.sets(bobs, 'joined'), t.gives(key, [])];
    expect(session(old)).toMatchObject({ later: 'yes', isMeant: false, isWarned: true });
  });

  it('may not have what its maker gave out as of an open room that they closed themselves, or heard is closed', () => {
    const closed = (...moments: readonly Moment[]) => session([t.makes(key), ...moments, t.gives(key, [])])?.later;
    expect(closed(t.sets(phone, 'joined'))).toBe('no');
    expect(closed(t.sets(bobs, 'joined'), told(phone, ['joined']))).toBe('no');
    expect(closed(t.sets(laptop, 'joined'))).toBe('yes');
    // Whose answer was lost has not heard that it is so.
    expect(closed({ ...t.sets(phone, 'joined'), lost: true } as Moment)).toBe('yes');
  });

  it('may have what its maker was deceived into, where they had been shown that it is so', () => {
    const given = t.gives(key, [], { visibility: 'world_readable' });
    expect(session([...deceiving, given])).toMatchObject({ later: 'deceived', isMeant: false, isWarned: false });
    expect(session([...deceiving, warns(), given])).toMatchObject({ later: 'deceived', isWarned: true });
    expect(session([...deceiving, warns(phone, attic), warns(laptop), given])?.isWarned).toBe(false);
    expect(session([...deceiving, given, warns(), given])?.isWarned).toBe(false);
  });

  it('are told from those who read along now also where a lie repeats what was so once', () => {
    const back = [told(phone, ['shared', 'joined']), told(phone, ['shared'])];
    const moments = [t.makes(key), t.sets(bobs, 'joined'), ...back, t.gives(key, [])];
    expect(session(moments)?.later).toBe('deceived');
  });
});

describe('a message', () => {
  const said = (...moments: readonly Moment[]) => session([t.makes(key), ...moments, t.sends(phone, key)]);

  it('leaves its session as it is while the room is open', () => {
    const before = known([t.makes(key), told(phone, ['shared'])]);
    expect(next(before, t.sends(phone, key))).toBe(before);
    const unmeant = known([t.makes(key), t.gives(key, [], { visibility: null })]);
    expect(next(unmeant, t.sends(phone, key))).toBe(unmeant);
  });

  it('closes its session where the room is closed', () => {
    expect(said(t.sets(phone, 'joined'), told(phone, ['joined']))).toEqual({ ...made, later: 'no', isMeant: false });
    expect(said(t.sets(phone, 'joined'))).toMatchObject({ later: 'no', isMeant: false });
    expect(said(told(phone, ['world_readable'], attic), t.sets(phone, 'joined'))?.later).toBe('no');
    const strangers = session(
      [t.makes(key), t.sets(phone, 'joined'), t.sends(phone, key)],
      witness({ implements: {} }),
    );
    expect(strangers).toMatchObject({ later: 'no', isMeant: false });
  });

  it('does not, by old news, but it was not meant to be read', () => {
    const moments = [told(phone, ['shared']), t.sets(bobs, 'joined')];
    expect(said(...moments)).toEqual({ ...made, isMeant: false });
  });

  it('closes its session where its writer has closed the room and not heard of it by a sync', () => {
    const moments = [told(phone, ['shared']), t.sets(phone, 'joined')];
    expect(said(...moments)).toEqual({ ...made, later: 'no', isMeant: false });
    // Somebody else opens it again, of which the writer has not heard: those who come later may have it.
    expect(said(...moments, t.sets(bobs, 'shared'))).toEqual(made);
  });

  it('is written by somebody who was deceived, with a warning or without', () => {
    const writes = t.sends(phone, key);
    expect(session([...deceiving, writes])).toEqual({ ...made, later: 'deceived', isMeant: false, isWarned: false });
    const warned = [...deceiving, warns(), writes];
    expect(session(warned)).toEqual({ ...made, later: 'deceived', isMeant: false });
    expect(session([...warned, writes])?.isWarned).toBe(true);
    expect(session([...warned, told(phone, ['joined']), writes])).toMatchObject({ later: 'deceived', isWarned: false });
    expect(session([...deceiving, writes, warns(), writes])?.isWarned).toBe(false);
  });

  it('is nothing to a session that another device made, or that nobody knows', () => {
    const before = known([t.makes(key), t.sets(phone, 'joined')]);
    for (const moment of [t.sends(bobs, key), t.sends(phone, 'alice.phone/2')])
      expect(next(before, moment)).toBe(before);
  });
});

describe('what a device was told of a room', () => {
  it('is where that stands among what the room was, or a lie', () => {
    const moments = [t.sets(phone, 'joined'), t.sets(phone, 'shared')];
    const believed = (...more: readonly Moment[]) => known([...moments, ...more]).believed[bobs]?.[den];
    expect(believed(told(bobs, ['shared']))).toEqual({ is: 'shared', at: 0, isLie: false });
    expect(believed(told(bobs, ['joined', 'shared']))).toEqual({ is: 'shared', at: 2, isLie: false });
    expect(believed(told(bobs, ['joined', 'invited']))).toEqual({ is: 'invited', at: 1, isLie: true });
    expect(believed(told(bobs, ['invited']), t.sets(phone, 'invited'), told(bobs, ['invited']))).toEqual({
      is: 'invited',
      at: 3,
      isLie: false,
    });
  });

  it('is a lie of a room that nobody made, until somebody does', () => {
    const there = known([told(bobs, ['shared'], attic), told(bobs, ['shared'])]);
    expect(there.believed[bobs]).toEqual({
      [attic]: { is: 'shared', at: 0, isLie: true },
      [den]: { is: 'shared', at: 0, isLie: false },
    });
    const after = next(next(there, t.creates(phone, attic, 'shared')), told(bobs, ['shared'], attic));
    expect(after.believed[bobs]?.[attic]).toEqual({ is: 'shared', at: 0, isLie: false });
  });

  it('is what it has set itself, before a sync', () => {
    expect(known([t.sets(bobs, 'joined')]).believed[bobs]?.[den]).toEqual({ is: 'joined', at: 1, isLie: false });
    const warned = known([warns(bobs), t.sets(bobs, 'joined')]).warned;
    expect(warned).toEqual({});
  });

  it('is asked of honest devices alone', () => {
    expect(known([told(bobs, ['shared'])], witness({ stolen: [bobs, phone] })).believed).toEqual({});
  });
});

describe('a warning that those who come later read along', () => {
  it('counts in its room, on its device, until that hears that the room is closed', () => {
    const both = [warns(), warns(phone, attic), warns(bobs)];
    expect(known(both).warned).toEqual({ [phone]: [attic, den], [bobs]: [den] });
    expect(known([...both, told(phone, ['joined', 'shared'])]).warned).toEqual({ [phone]: [attic], [bobs]: [den] });
    const open = known([...both, told(phone, ['shared'])]);
    expect(open.warned).toEqual({ [phone]: [attic, den], [bobs]: [den] });
    const again = known([told(phone, ['joined']), warns(), told(phone, ['joined'])]);
    expect(again.warned).toEqual({});
  });
});

describe('what is known of sessions', () => {
  it('is remembered anew only where something is new', () => {
    const before = known([t.makes(key), warns(), told(phone, ['shared'])]);
    const old = [warns(), told(phone, ['shared']), told(laptop, []), t.writes(phone, 'hello')];
    for (const moment of old) expect(next(before, moment)).toBe(before);
    expect(next(before, t.heard(phone, { type: 'x' } as never))).toBe(before);
  });
});
