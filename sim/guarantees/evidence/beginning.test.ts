/** Devices that begin anew: what guarantees forget of them, and what they do not. */
import { describe, expect, it } from 'vitest';
import { isObject, type Json } from '../../../machines/json.ts';
import type { RoomKeyOrigin } from '../../../machines/room-types.ts';
import type { CopyHolds, Moment, Step } from '../../engine/types.ts';
import { guarantees } from '../index.ts';
import * as t from '../testing.ts';
import { asCopied, copyIn, forgetting } from './beginning.ts';

const { alice, bob, den, everybody, logsIn, remembered, step, stores } = t;
const phone = 'alice.phone';
const key = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const secret = { secret: 's', public: 'p', origin: { how: 'push', user: alice, device: 'LAPTOP' } } as const;

/** Alice's phone has done, been told and been asked what there is to do, to be told and to be asked. */
const story: readonly Step[] = [
  everybody('shared', 'bob.phone'),
  step(
    t.makes(key),
    t.gives(key, [t.phoneOf(alice)]),
    t.holds(phone, key, firstHand),
    t.sends('bob.phone', key),
    t.syncs(phone, { members: { [bob]: 'leave' }, visibility: 'shared' }),
    t.shown(phone, 'unreadable message', { event: '$1', session: key, reason: 'no key' }),
    t.shown(phone, 'message', { event: '$1', session: key, sender: bob, message: 'hello' }),
    t.shown(phone, 'history visible', {}),
    t.shown(phone, 'use new backup', { version: '2' }),
    t.shown(phone, 'unconfirmed device', { user: bob, device: 'PHONE' }),
    t.shown(phone, 'secret pushed', { name: 'm.megolm_backup.v1', device: 'LAPTOP' }),
    t.shown(phone, 'bundle imported', { url: t.bundleAt, user: bob }),
    t.isServed(phone, bob, 'other'),
    stores(phone, { patch: 'pin', user: bob, master: 'master' }),
    stores(phone, { patch: 'secret', name: 'm.megolm_backup.v1', held: secret }),
    stores(phone, { patch: 'backup', backup: { version: '1', publicKey: 'p' } }),
    stores(phone, { patch: 'backup preference', isOn: true, why: 'own default' }),
    t.isPointed(phone, bob),
    t.downloads(phone),
    t.makes('alice.phone/1'),
    t.gives('alice.phone/1', [t.phoneOf(bob)]),
    t.sends(phone, 'alice.phone/1'),
    { kind: 'acted', player: phone, what: 'invite', detail: { room: den, user: t.charlie } },
    t.invites(phone, t.charlie),
    t.shares(phone, t.charlie, [key]),
  ),
];
const cast = t.witness({ implements: { MSC4268: 'merged', MSC4287: 'merged', MSC1219: 'merged' } });

/** Where a memory still has something under a device's name, or it in a list: `held.alice.phone`. */
const tracesOf = (memory: Json, path = ''): readonly string[] => {
  if (Array.isArray(memory)) return memory.includes(phone) ? [path] : [];
  if (!isObject(memory)) return [];
  return Object.entries(memory).flatMap(([name, value = null]) =>
    name === phone ? [path] : tracesOf(value, path === '' ? name : `${path}.${name}`),
  );
};
const remembers = guarantees.filter((one) => tracesOf(remembered(one, story, cast)).length > 0);

describe('a device that logs in anew', () => {
  it('is one that nearly every guarantee has remembered something of', () => {
    expect(guarantees.length - remembers.length).toBeLessThanOrEqual(5);
  });

  it.each(remembers.map((one) => [one.id, one] as const))('is nobody whom %s knows', (_, guarantee) => {
    const back = step(logsIn(phone, alice, 'PHONE'));
    const known = tracesOf(remembered(guarantee, [...story, back], cast));
    // What a login itself tells: it has other keys than before, and comes to an account in the story. Of what its predecessor has put
    // into a backup it is known on whose word that was.
    const told = ['words', 'signed.replaced', 'hijacked.signed.replaced', 'newcomers', 'preferences.newcomers'];
    expect(known.filter((path) => !told.includes(path))).toEqual([]);
    expect(tracesOf(remembered(guarantee, story, cast)).length).toBeGreaterThan(0);
  });

  it('takes nothing with it of what others have, or show', () => {
    const memory = {
      held: { [phone]: 1, 'alice.laptop': 2 },
      imported: { url: [phone, 'alice.laptop'] },
      excuses: [
        { device: phone, by: bob },
        { device: null, by: bob },
      ],
      lies: { [phone]: 'said' },
      sealers: { key: { [alice]: [phone] } },
      by: phone,
    };
    const now = forgetting(memory as never, logsIn(phone, alice, 'PHONE'));
    expect(now).toEqual({
      ...memory,
      held: { 'alice.laptop': 2 },
      imported: { url: ['alice.laptop'] },
      excuses: [{ device: null, by: bob }],
    });
    expect(forgetting(now, logsIn(phone, alice, 'PHONE'))).toBe(now);
    for (const moment of [logsIn('bob.phone', bob, 'PHONE'), t.isServed(phone, bob, 'x'), refused])
      expect(forgetting(memory as never, moment)).toBe(memory);
  });
});
const refused: Moment = { ...logsIn(phone, alice, 'PHONE'), status: 403 } as Moment;

describe('a device that comes up from a copy', () => {
  const holds: CopyHolds = { secrets: {}, roomKeys: {}, backup: null };
  const restored: Moment = { kind: 'restarted', player: phone, holds };

  it('says what it holds', () => {
    expect(copyIn(restored)).toEqual({ player: phone, holds });
    expect(copyIn({ kind: 'restarted', player: phone })).toBeNull();
  });

  it('has heard what it had heard when it was copied, and no more', () => {
    const acted = (what: string, copy: string): Moment => ({ kind: 'acted', player: phone, what, detail: { copy } });
    const empty = { copied: {}, told: { 'bob.phone': 2 }, shown: { [phone]: 3 } };
    const copied = asCopied({ ...empty, told: { [phone]: 1, 'bob.phone': 2 } }, acted('copy', 'old'), 'told');
    const later = { ...copied, told: { [phone]: 9, 'bob.phone': 7 }, shown: { [phone]: 8 } };
    const back = asCopied(later, acted('restore from copy', 'old'), 'told');
    expect(back).toEqual({ ...later, told: { [phone]: 1, 'bob.phone': 7 } });
    const first = asCopied(asCopied(empty, acted('copy', 'first'), 'told'), acted('copy', 'second'), 'told');
    expect(asCopied({ ...first, told: later.told }, acted('restore from copy', 'first'), 'told').told).toEqual({
      'bob.phone': 7,
    });
    expect(asCopied(later, restored, 'told')).toBe(later);
    expect(asCopied(later, { ...acted('send', 'old'), detail: {} } as Moment, 'told')).toBe(later);
  });
});
