/** Who wrote what, and on whose word keys are held, moment by moment. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../../machines/room-types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, den, everybody, witness } from '../testing.ts';
import { type Authors, authorsAfter, type Message, messageIn, noAuthors, timesShown, timesWritten } from './authors.ts';

const [phone, laptop, bobs] = ['alice.phone', 'alice.laptop', 'bob.phone'];
const key = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const restored: RoomKeyOrigin = { how: 'backup', version: '1' };
const reads = (player: PlayerId, session = key): Moment => ({
  kind: 'acted',
  player,
  what: 'import room keys',
  detail: { keys: [{ session_key: t.keyText(session) }] },
});
const does = (player: PlayerId, what: string, detail: Record<string, string> = {}): Moment => ({
  kind: 'acted',
  player,
  what,
  detail,
});
const shows = (player: PlayerId, event = '$1', more: Record<string, string | null> = {}): Moment =>
  t.shown(player, 'message', { event, sender: bob, message: 'hello', session: key, warning: null, ...more });
const remembered = (moments: readonly Moment[], who = witness()): Authors =>
  [...everybody('shared', bobs).moments, ...moments].reduce(
    (memory, moment) => authorsAfter(memory, moment, who),
    noAuthors,
  );
const hello: Message = {
  ...(messageIn(shows(phone)) as Message),
  sender: bob,
  text: 'hello',
};

describe('what people wrote', () => {
  const written = (moments: readonly Moment[], who = witness()) => timesWritten(remembered(moments, who), hello);

  it('is counted by room, writer and text', () => {
    expect(written([])).toBe(0);
    expect(written([...t.says(bobs, 'hello'), ...t.says(bobs, 'hello')])).toBe(2);
    expect(written([...t.says(bobs, 'goodbye'), ...t.says(phone, 'hello')])).toBe(0);
    expect(written([does(bobs, 'send', { room: attic, text: 'hello' }), t.sendsIt(bobs, attic)])).toBe(0);
  });

  it('counts once a server has taken it, and never what it refused', () => {
    const hi = t.writes(bobs, 'hello');
    const answers = (status: number) => t.sendsIt(bobs, den, status);
    expect(written([hi])).toBe(0);
    expect(written([hi, answers(403)])).toBe(0);
    expect(written([hi, answers(403), answers(200)])).toBe(0);
    expect(written([hi, answers(200), hi, answers(403)])).toBe(1);
    for (const passing of [503, 429]) expect(written([hi, answers(passing), answers(200)])).toBe(1);
    expect(written([hi, hi, answers(403), answers(200)])).toBe(1);
    expect(written([hi, t.sendsIt(bobs, attic), t.sendsIt(phone)])).toBe(0);
    expect(written([hi, answers(200), answers(200)])).toBe(1);
  });

  it('is not what waited when the client stopped, which is lost', () => {
    const stops = (player: PlayerId): Moment => ({ kind: 'restarted', player });
    expect(written([t.writes(bobs, 'hello'), stops(bobs), t.sendsIt(bobs)])).toBe(0);
    expect(written([t.writes(bobs, 'hello'), stops(phone), t.sendsIt(bobs)])).toBe(1);
  });

  it('is what somebody does who is signed in, and no thief, by writing', () => {
    expect(remembered([does(bobs, 'read', { room: den, text: 'hello' }), t.sendsIt(bobs)]).wrote).toEqual({});
    expect(remembered(t.says('oscar.ghost', 'hello')).wrote).toEqual({});
    expect(remembered(t.says(bobs, 'hello'), witness({ stolen: [bobs] })).wrote).toEqual({});
    const before = remembered([]);
    expect(authorsAfter(before, does(bobs, 'verify'), witness())).toBe(before);
  });
});

describe('what devices have shown', () => {
  const times = (moments: readonly Moment[], message = hello) => timesShown(remembered(moments), message);

  it('is counted by device, room, writer and text, each event once', () => {
    expect(times([])).toBe(0);
    expect(times([shows(phone), shows(phone), shows(phone, '$2')])).toBe(2);
    expect(times([shows(laptop)])).toBe(0);
    expect(times([shows(phone, '$1', { room: attic })])).toBe(0);
    expect(times([shows(phone, '$1', { sender: alice })])).toBe(0);
    expect(times([shows(phone, '$1', { message: 'goodbye' })])).toBe(0);
  });

  it('leaves out what came with a warning, and what a thief’s device shows', () => {
    expect(times([shows(phone, '$1', { warning: 'replayed' })])).toBe(0);
    expect(remembered([shows(phone)], witness({ stolen: [phone] })).shown).toEqual({});
  });
});

describe('who made a session', () => {
  it('is whoever says so on an honest device of theirs', () => {
    expect(remembered([t.makes(key)]).makers).toEqual({ [key]: bob });
    expect(remembered([t.makes(key)], witness({ stolen: [bobs] })).makers).toEqual({});
    expect(remembered([t.holds(phone, key, firstHand)]).makers).toEqual({});
    const before = remembered([t.makes(key)]);
    expect(authorsAfter(before, t.makes(key), witness())).toBe(before);
  });
});

describe('on whose word a device holds a session', () => {
  const word = (moments: readonly Moment[], player = phone) => remembered(moments).words[player]?.[key];

  it.each<[origin: RoomKeyOrigin, word: unknown]>([
    [firstHand, { is: 'first-hand', user: bob, device: 'PHONE' }],
    [t.fromBundle(alice), { is: 'vouched', by: alice, how: 'bundle' }],
    [
      { how: 'forwarded', user: alice, device: 'PHONE' },
      { is: 'vouched', by: alice, how: 'forwarded' },
    ],
    [restored, { is: 'backup', before: null }],
    [{ how: 'export' }, { is: 'unnamed' }],
    [{ how: 'made' }, undefined],
  ])('is told by how it came: $how', (origin, expected) => {
    expect(word([t.holds(phone, key, origin)])).toEqual(expected);
  });

  it('is nobody’s for a key file that its person gave it, on that device alone', () => {
    const file: RoomKeyOrigin = { how: 'export' };
    expect(word([reads(phone), t.holds(phone, key, file)])).toBeUndefined();
    expect(word([reads(laptop), t.holds(phone, key, file)])).toEqual({ is: 'unnamed' });
    expect(word([reads(phone, 'another'), t.holds(phone, key, file)])).toEqual({ is: 'unnamed' });
    expect(remembered([reads(phone), reads(laptop)]).importing).toEqual({ [laptop]: [key], [phone]: [key] });
  });

  it('is asked after again once the device syncs: a file excuses nothing that comes later', () => {
    const file: RoomKeyOrigin = { how: 'export' };
    const synced = (player: PlayerId) => t.request(player, { method: 'GET', path: paths.sync });
    const imports = reads(phone);
    expect(word([imports, synced(phone), t.holds(phone, key, file)])).toEqual({ is: 'unnamed' });
    expect(word([imports, synced(laptop), t.holds(phone, key, file)])).toBeUndefined();
  });

  it('is the last one, and none once the device has it of its own', () => {
    expect(word([t.holds(phone, key, t.fromBundle(alice)), t.holds(phone, key, firstHand)])).toMatchObject({
      is: 'first-hand',
    });
    const own = remembered([t.holds(phone, key, firstHand), t.holds(phone, key, { how: 'made' })]);
    expect(own.words[phone]).toEqual({});
    const before = remembered([t.holds(phone, key, firstHand)]);
    expect(authorsAfter(before, t.holds(phone, key, firstHand), witness())).toBe(before);
    const made = remembered([t.makes('alice.phone/1')]);
    expect(authorsAfter(made, t.makes('alice.phone/1'), witness())).toBe(made);
  });

  it('was, before a backup, that on which another device of the same user had it, or it itself', () => {
    const onLaptop = t.holds(laptop, key, t.fromBundle(alice));
    const vouched = { is: 'backup', before: { is: 'vouched', by: alice, how: 'bundle' } };
    expect(word([onLaptop, t.holds(phone, key, restored)])).toEqual(vouched);
    const other = t.holds(laptop, 'bob.phone/2', firstHand);
    expect(word([other, t.holds(phone, key, restored)])).toEqual({ is: 'backup', before: null });
    expect(word([t.holds(bobs, key, firstHand), t.holds(phone, key, restored)])).toEqual({
      is: 'backup',
      before: null,
    });
    const own = [t.holds(phone, key, firstHand), t.holds(phone, key, restored)];
    expect(word(own)).toEqual({ is: 'backup', before: word([t.holds(phone, key, firstHand)]) });
    expect(word([onLaptop, ...own])).toEqual(vouched);
    const twice = [onLaptop, t.holds(phone, key, restored), t.holds(laptop, key, restored)];
    expect(word(twice, laptop)).toEqual(vouched);
  });

  it('is that of the copy from which it came up, and what lies in a backup since was there on what was its word then', () => {
    const [keeps, comesBack] = [does(phone, 'copy', { copy: 'c' }), does(phone, 'restore from copy', { copy: 'c' })];
    const [first, bundled] = [t.holds(phone, key, firstHand), t.holds(phone, key, t.fromBundle(alice))];
    expect(word([first, keeps, bundled, comesBack])).toEqual(word([first]));
    expect(word([keeps, bundled, comesBack])).toBeUndefined();
    expect(word([keeps, bundled, does(laptop, 'restore from copy', { copy: 'c' })])).toEqual(word([bundled]));
    const before = { is: 'vouched', by: alice, how: 'bundle' };
    const fromBackup = (player: PlayerId) => t.holds(player, key, restored);
    for (const player of [phone, laptop])
      expect(word([keeps, bundled, comesBack, fromBackup(player)], player)).toEqual({ is: 'backup', before });
    expect(word([first, keeps, comesBack, fromBackup(laptop)], laptop)).toMatchObject({ before: word([first]) });
    expect(remembered([first, keeps, comesBack]).once).toEqual({});
  });
});
