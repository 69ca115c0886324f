/** How room keys came to a device, whatever it has noted of that. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../../machines/room-types.ts';
import type { Moment } from '../../engine/types.ts';
import { keyComes } from '../letters-testing.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, den, keyText, mallory, step, witness } from '../testing.ts';
import { broughtBy, isVouched, keysCome, type Pointings, pointingsAfter, pointingsOf } from './arrivals.ts';

const guest = 'charlie.phone';
const key = 'bob.phone/1';
const forgotten = { how: 'export' } as const;
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const forwarded: RoomKeyOrigin = { how: 'forwarded', user: alice, device: 'LAPTOP' };

const letter = (type: string, sender: string, index = 0): Moment => keyComes(guest, key, { type, sender, index });
const fetches = (response: Json): Moment =>
  t.request(guest, { method: 'GET', path: paths.backupKeys, body: null }, response);
const file = (index = 0): Moment => ({
  kind: 'acted',
  player: guest,
  what: 'import room keys',
  detail: { keys: [{ session_key: keyText(key, index) }] } as JsonObject,
});

const comeOf = (before: readonly Moment[], origin: RoomKeyOrigin = forgotten, who = witness()) => {
  const stored = t.holds(guest, key, origin);
  const [come] = keysCome(step(...before, stored, letter('m.room_key', mallory)), stored, who);
  if (come === undefined) throw new Error('nothing is stored');
  return come;
};
const wayOf = (...given: Parameters<typeof comeOf>) => comeOf(...given).way;

describe('a room key', () => {
  it('came in the file that the device fetched, whatever it has forgotten or noted before', () => {
    const bundle = { how: 'bundle', url: t.bundleAt };
    expect(wayOf([t.downloads(guest)])).toEqual(bundle);
    expect(wayOf([t.downloads(guest)], firstHand)).toEqual(bundle);
    expect(wayOf([letter('m.room_key', bob, 1), t.downloads(guest)], firstHand)).toEqual(bundle);
    expect(wayOf([t.downloads(guest, 404)])).toEqual(forgotten);
    expect(wayOf([t.downloads('alice.phone')])).toEqual(forgotten);
  });

  it('came by the letter that had it from that message on', () => {
    const came = { how: 'room_key', user: bob, device: 'PHONE' };
    expect(wayOf([letter('m.room_key', bob)])).toEqual(came);
    expect(wayOf([letter('m.room_key', bob), t.downloads(guest)], firstHand)).toEqual(came);
    expect(wayOf([letter('m.room_key', bob), letter('m.forwarded_room_key', alice, 3)])).toEqual(came);
    expect(wayOf([letter('m.forwarded_room_key', bob)])).toEqual({ ...came, how: 'forwarded' });
    expect(wayOf([letter('m.secret.send', bob)])).toEqual(forgotten);
    expect(wayOf([keyComes('alice.phone', key)])).toEqual(forgotten);
  });

  it('came by no letter that was dropped', () => {
    const came = letter('m.room_key', bob);
    const event = came.kind === 'delivery' ? came.event : {};
    const dropped: Moment = { kind: 'discarded', player: guest, event, why: 'no', cause: 'unconfirmed' };
    expect(wayOf([came, dropped, t.downloads(guest)])).toEqual({ how: 'bundle', url: t.bundleAt });
    expect(wayOf([came, { ...dropped, player: 'alice.phone' }])).toMatchObject({ how: 'room_key' });
  });

  it('is of a device that a letter shows only to whoever knows of that', () => {
    const shows = keyComes(guest, key, { source: 'embedded' });
    expect(wayOf([shows])).toMatchObject({ user: bob, device: 'PHONE' });
    const older = witness({ implements: { MSC4268: 'none', MSC4147: 'none' } });
    expect(wayOf([shows], forgotten, older)).toMatchObject({ user: bob, device: null });
    expect(wayOf([keyComes(guest, key, { source: 'listed' })], forgotten, older)).toMatchObject({ device: 'PHONE' });
  });

  it('came from a backup that has it, or in a file that its person gave the device', () => {
    const entries = { sessions: { [key]: {} } };
    expect(wayOf([fetches({ rooms: { [den]: entries } })])).toEqual({ how: 'backup' });
    expect(wayOf([fetches(entries)])).toEqual({ how: 'backup' });
    expect(wayOf([t.downloads(guest), fetches({ rooms: { [den]: { sessions: {} } } })])).toMatchObject({
      how: 'bundle',
    });
    expect(wayOf([file()], firstHand)).toEqual({ how: 'export' });
    expect(wayOf([t.downloads(guest), { ...file(), detail: { keys: [] } } as Moment])).toMatchObject({ how: 'bundle' });
  });

  it('came as the device says where that is against itself, or nothing reached it', () => {
    expect(wayOf([letter('m.room_key', bob)], t.fromBundle())).toMatchObject({ how: 'bundle', url: t.bundleAt });
    expect(wayOf([t.downloads(guest)], { how: 'made' })).toEqual({ how: 'made' });
    for (const origin of [forwarded, firstHand, forgotten]) expect(wayOf([], origin)).toEqual(origin);
  });

  it('rests on the word of others where they forwarded it or put it into a bundle', () => {
    const all = [forwarded, t.fromBundle(), firstHand, { how: 'made' } as const, forgotten];
    expect(all.map((origin) => isVouched(wayOf([], origin)))).toEqual([true, true, false, false, false]);
  });

  it('was brought by a letter with the key, or with word of a bundle, or by none', () => {
    const byLetter = { origin: { brought: 'room key', to: guest, sessionId: key } };
    expect(broughtBy(comeOf([], firstHand))).toEqual(byLetter);
    expect(broughtBy(comeOf([], forwarded))).toEqual(byLetter);
    const byBundle = { origin: { brought: 'bundle', to: guest, url: t.bundleAt } };
    expect(broughtBy(comeOf([t.downloads(guest)]))).toEqual(byBundle);
    expect(broughtBy(comeOf([]))).toEqual({});
    expect(broughtBy(comeOf([], { how: 'made' }))).toEqual({});
  });
});

describe('pointers to a bundle', () => {
  const came = (moments: readonly Moment[], who = witness()) =>
    moments.reduce<Pointings>((now, moment) => pointingsAfter(now, moment, who), {});
  const [aboutDen, aboutAttic] = [t.isPointed(guest, alice), t.isPointed(guest, mallory, attic)];
  const byAlice = { user: alice, device: null, room: den };
  const byMallory = { user: mallory, device: null, room: attic };

  it('are those that came to an honest device, each once, in whatever order', () => {
    const both = { [guest]: { [t.bundleAt]: [byAlice, byMallory] } };
    expect(came([aboutDen, aboutAttic, aboutDen])).toEqual(both);
    expect(JSON.stringify(came([aboutAttic, aboutDen]))).toBe(JSON.stringify(came([aboutDen, aboutAttic])));
    expect(came([aboutDen], witness({ stolen: [guest] }))).toEqual({});
    const known = came([aboutDen]);
    expect(pointingsAfter(known, aboutDen, witness())).toBe(known);
    expect(pointingsAfter(known, t.downloads(guest), witness())).toBe(known);
  });

  it('are those by which the device can have come to it: the one it says, where that came', () => {
    const pointers = came([aboutDen, aboutAttic]);
    const of = (origin: RoomKeyOrigin, all = pointers) => pointingsOf(all, comeOf([t.downloads(guest)], origin));
    expect(of(forgotten)).toEqual([byAlice, byMallory]);
    expect(of(t.fromBundle(mallory, null, attic))).toEqual([byMallory]);
    expect(of(t.fromBundle(mallory, null, den))).toEqual([byAlice, byMallory]);
    expect(of(t.fromBundle(mallory, null, den), {})).toEqual([{ user: mallory, device: null, room: den }]);
    expect(of(forgotten, {})).toEqual([]);
    expect(pointingsOf(pointers, comeOf([], firstHand))).toEqual([]);
  });
});
