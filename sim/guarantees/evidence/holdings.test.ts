/** What devices hold and have backed up, moment by moment. */
import { describe, expect, it } from 'vitest';
import { type RoomKeyOrigin, roomKeyName } from '../../../machines/room-types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, attic, bob, den, everybody, witness } from '../testing.ts';
import { putsRoomKeys } from './backups-testing.ts';
import { type Holdings, holdingsAfter, noHoldings, reachOf } from './holdings.ts';

const [phone, laptop, bobs] = ['alice.phone', 'alice.laptop', 'bob.phone'];
const key = 'bob.phone/1';
const name = roomKeyName(den, key);
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };

const start = [...everybody('shared', bobs).moments, t.makes(key)];
const remembered = (moments: readonly Moment[], who = witness()): Holdings =>
  [...start, ...moments].reduce((memory, moment) => holdingsAfter(memory, moment, who), noHoldings);
const holds = (player: PlayerId, index = 0, session = key) => t.holds(player, session, firstHand, { index });
const uses = (player: PlayerId, version: string | null, publicKey = 'k'): Moment =>
  t.stores(player, { patch: 'backup', backup: version === null ? null : { version, publicKey } });
const comesUp = (player: PlayerId, roomKeys: Record<string, number>, version: string | null): Moment => ({
  kind: 'restarted',
  player,
  holds: { secrets: {}, roomKeys, backup: version === null ? null : { version, publicKey: 'k' } },
});
const backsUp = (player: PlayerId, index = 0, version = '1') =>
  putsRoomKeys(player, { [den]: { [key]: index } }, version);
const filled = [uses(phone, '1'), backsUp(phone, 2)];

describe('what a device holds', () => {
  it('is each key from the earliest message on from which it ever had it', () => {
    expect(remembered([holds(phone, 3)]).holds).toEqual({ [bobs]: { [name]: 0 }, [phone]: { [name]: 3 } });
    expect(remembered([holds(phone, 3), holds(phone, 1)]).holds[phone]).toEqual({ [name]: 1 });
    expect(remembered([holds(phone, 1), holds(phone, 3)]).holds[phone]).toEqual({ [name]: 1 });
    const second = [t.makes('bob.phone/2'), holds(phone), holds(phone, 2, 'bob.phone/2')];
    expect(remembered(second).holds[phone]).toEqual({ [name]: 0, [roomKeyName(den, 'bob.phone/2')]: 2 });
  });

  it('counts keys of sessions that honest people made, on honest devices', () => {
    expect(remembered([holds(phone, 0, 'mallory.phone/1')]).holds[phone]).toBeUndefined();
    expect(remembered([holds(phone)], witness({ stolen: [phone] })).holds[phone]).toBeUndefined();
  });

  it('is what the copy has from which it comes up, and no more', () => {
    const older = remembered([
      holds(phone),
      holds(laptop),
      uses(phone, '2'),
      uses(laptop, '2'),
      comesUp(phone, {}, null),
    ]);
    expect(older.holds[phone]).toEqual({});
    expect(older.holds[laptop]).toEqual({ [name]: 0 });
    expect(older.uses).toEqual({ [laptop]: { version: '2', publicKey: 'k' } });
    const other = { [name]: 4, [roomKeyName(den, 'mallory.phone/1')]: 0 };
    const known = remembered([holds(phone), comesUp(phone, other, '1')]);
    expect(known.holds[phone]).toEqual({ [name]: 4 });
    expect(known.uses).toEqual({ [phone]: { version: '1', publicKey: 'k' } });
  });

  it('stays where a device only starts again', () => {
    const before = remembered([holds(phone), uses(phone, '1')]);
    expect(holdingsAfter(before, { kind: 'restarted', player: phone }, witness())).toBe(before);
  });

  it('is remembered anew only where something is new', () => {
    const before = remembered([holds(phone), uses(phone, '1'), backsUp(phone)]);
    for (const moment of [holds(phone), holds(phone, 2), backsUp(phone), backsUp(phone, 2), t.syncs(phone, {})])
      expect(holdingsAfter(before, moment, witness())).toBe(before);
    expect(holdingsAfter(before, t.heard(phone, { type: 'x' } as never), witness())).toBe(before);
  });
});

describe('what lies in a backup', () => {
  it('is of sessions that somebody made, from an honest device', () => {
    const lies = { index: 2, sealedTo: 'k' };
    expect(remembered(filled).backedUp).toEqual({ [alice]: { 1: { [name]: lies } } });
    expect(remembered([uses(phone, '1'), putsRoomKeys(phone, { [den]: { 'bob.phone/9': 0 } })]).backedUp).toEqual({});
    expect(remembered(filled, witness({ stolen: [phone] })).backedUp).toEqual({});
  });

  it('lies there under an account that its device is signed in to, if any', () => {
    expect(reachOf(remembered([uses(laptop, '1')]), laptop, alice, den, key)).toBe(null);
    expect(remembered([uses('alice.tablet', '1'), backsUp('alice.tablet')]).backedUp).toEqual({});
  });
});

describe('from which message on a device can have a session', () => {
  const reach = (moments: readonly Moment[], player = laptop) => reachOf(remembered(moments), player, alice, den, key);

  it('is the earliest of what it holds and what lies in the backup that it uses', () => {
    expect(reach(filled)).toBe(null);
    expect(reach([...filled, uses(laptop, '1')])).toBe(2);
    expect(reach([...filled, uses(laptop, '2')])).toBe(null);
    expect(reach([...filled, uses(laptop, '1', 'another')])).toBe(null);
    expect(reach([...filled, uses(laptop, '1'), uses(laptop, null)])).toBe(null);
    expect(reach([...filled, uses(laptop, '1'), holds(laptop, 5)])).toBe(2);
    expect(reach([...filled, uses(laptop, '1'), holds(laptop, 1)])).toBe(1);
    expect(reachOf(remembered(filled), phone, alice, attic, key)).toBe(null);
  });

  it('is nothing in a backup that a device in bad hands went over to', () => {
    const stolen = remembered([uses(laptop, '1')], witness({ stolen: [laptop] }));
    expect(stolen.uses).toEqual({});
    const left = remembered([uses(phone, '1'), uses(laptop, '1'), uses(phone, null)]);
    expect(left.uses).toEqual({ [laptop]: { version: '1', publicKey: 'k' } });
  });
});
