/** Room keys that are not what their maker made, and what takes the place of what, on steps made by hand. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { EnvelopeFacts } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { cacheIntegrity } from './cache-integrity.ts';
import { printOf } from './evidence/room-keys.ts';
import { keyComes } from './letters-testing.ts';
import * as t from './testing.ts';
import {
  alice,
  attic,
  bob,
  charlie,
  everybody,
  isUntouchedBy,
  mallory,
  step,
  verdict,
  watched,
  witness,
} from './testing.ts';

const guest = 'charlie.phone';
const key = 'bob.phone/1';
const clause = '4268-no-authoritative-sender';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const fromBackup: RoomKeyOrigin = { how: 'backup', version: '1' };
const forged = { ratchet: 'false' };

type Key = NonNullable<Parameters<typeof t.holds>[3]>;
const holds = (origin: RoomKeyOrigin, more: Key = {}, player: PlayerId = guest) =>
  step(t.holds(player, key, origin, more));
const publishes = (player: PlayerId, curve: string): Moment =>
  t.request(player, {
    method: 'POST',
    path: paths.keysUpload,
    body: { device_keys: { keys: { 'curve25519:PHONE': curve } } },
  });
const story = (steps: readonly Step[]) => [
  everybody('shared', 'bob.phone'),
  step(t.invites('alice.phone', charlie), t.joins(guest)),
  step(t.makes(key)),
  ...steps,
];
const said = (steps: readonly Step[], who = witness()) => verdict(cacheIntegrity, story(steps), who);
const broken = (steps: readonly Step[], who = witness()) =>
  watched(cacheIntegrity, story(steps), who).breaks.map(({ at, why }) => `${at}: ${why.slice(at?.length ?? 0).trim()}`);
const evil = witness({ stolen: ['alice.phone'] });
const robbed = `breaks at ${guest}`;
const happens = 'holds (it happens)';

describe('cache-integrity: what takes the place of what', () => {
  it('goes by how a key came, and names the letter that did it, whatever the device has forgotten', () => {
    const forgets = (more: Key = {}) => step(t.downloads(guest), t.holds(guest, key, { how: 'export' }, more));
    const first = step(t.holds(guest, key, firstHand));
    const breaks = watched(cacheIntegrity, story([first, forgets()])).breaks;
    const origin = { brought: 'bundle', to: guest, url: t.bundleAt };
    expect(breaks).toMatchObject([{ why: expect.stringContaining('on another’s word that opens no more'), origin }]);
    expect(watched(cacheIntegrity, story([forgets(forged)])).breaks).toMatchObject([{ origin }]);
    const stays = step(t.downloads(guest), t.holds(guest, key, firstHand));
    expect(said([first, stays])).toBe('holds');
    expect(said([forgets()])).toBe(happens);
  });

  it('takes for its maker’s what really came from a device of theirs, sealed, and not what is noted as that', () => {
    const text = t.keyText(key, 3, 'false');
    const letter: Moment = {
      kind: 'delivery',
      from: t.server,
      to: guest,
      event: { type: 'm.room_key', content: { room_id: t.den, session_id: key, session_key: text } },
      opened: null,
      facts: { claimedSender: bob, sender: { user: bob, device: 'PHONE', source: 'both' } } as EnvelopeFacts,
    };
    const open = step(letter, t.holds(guest, key, firstHand, { index: 3, ...forged }));
    const atAlice = step(
      keyComes('alice.phone', key, { index: 3 }),
      t.holds('alice.phone', key, firstHand, { index: 3 }),
    );
    expect(broken([open, atAlice])).toEqual([]);
    expect(broken([atAlice, open])).toEqual([`${guest}: stores a key that its maker never made`]);
    const sealed = step(keyComes(guest, key, { index: 3 }), t.holds(guest, key, firstHand, { index: 3 }));
    expect(broken([sealed, step(t.holds('alice.phone', key, firstHand, { index: 3, ...forged }))])).toEqual([
      'alice.phone: stores a key that its maker never made',
    ]);
  });

  it.each<[what: string, steps: readonly Step[], verdict: string]>([
    ['the same from the same', [holds(firstHand), holds(firstHand)], 'holds'],
    ['the same from a bundle twice', [holds(t.fromBundle()), holds(t.fromBundle())], happens],
    ['what was first-hand, restored', [holds(firstHand), holds(fromBackup)], 'holds'],
    ['what was first-hand, from a bundle', [holds(firstHand), holds(t.fromBundle())], robbed],
    ['what was restored, from a bundle', [holds(fromBackup), holds(t.fromBundle())], happens],
    [
      'what was confirmed first-hand since, from a bundle',
      [holds(t.fromBundle()), holds(firstHand), holds(t.fromBundle())],
      `${robbed} (it happens)`,
    ],
    ['a later index', [holds(firstHand), holds(firstHand, { index: 2 })], robbed],
  ])('%s', (_, steps, expected) => {
    expect(said(steps)).toBe(expected);
  });

  it('minds what a device made itself', () => {
    expect(said([holds(t.fromBundle(), {}, 'bob.phone')])).toBe('breaks at bob.phone');
  });

  it('remembers anew only what changes', () => {
    const same = (steps: readonly Step[], last: Step) => isUntouchedBy(cacheIntegrity, story(steps), last);
    expect(same([holds(firstHand)], holds(firstHand))).toBe(true);
    expect(same([], step(t.makes(key)))).toBe(true);
    expect(same([holds(t.fromBundle())], holds(firstHand))).toBe(false);
    expect(same([], step(t.heard(guest, { type: 'x' } as never)))).toBe(true);
    const published = step(publishes('bob.phone', 'curve'));
    expect(same([], published)).toBe(false);
    expect(same([published], published)).toBe(true);
    const { memory } = watched(cacheIntegrity, story([published]));
    expect((memory as { honestKeys: unknown }).honestKeys).toEqual([printOf('curve')]);
  });
});

describe('cache-integrity: what its maker made', () => {
  it('is known at the index from which somebody has it first-hand, too', () => {
    const given = holds(firstHand, { index: 3 }, 'alice.phone');
    expect(said([holds(t.fromBundle(mallory), { index: 3, ...forged })])).toBe(happens);
    expect(said([given, holds(t.fromBundle(mallory), { index: 3, ...forged })])).toBe(robbed);
    expect(said([given, holds(t.fromBundle(mallory), { index: 3 })])).toBe(happens);
    expect(said([given, holds(t.fromBundle(mallory), forged)])).toBe(robbed);
  });

  it('is not learnt from a device in bad hands, nor from what is on another’s word', () => {
    const stolen = holds(firstHand, { index: 3, ...forged }, 'alice.phone');
    expect(said([stolen, holds(t.fromBundle(mallory), { index: 3 })], evil)).toBe(happens);
    const vouched = holds(t.fromBundle(mallory), { index: 3, ...forged }, 'alice.phone');
    expect(said([vouched, holds(t.fromBundle(mallory), { index: 3 })])).toBe(happens);
    expect(said([step(t.holds('alice.phone', 'x/1', firstHand)), step(t.holds(guest, 'x/1', firstHand, forged))])).toBe(
      'holds',
    );
  });

  it('is not unlearnt from what is first-hand and false', () => {
    const false0 = holds(firstHand, forged, 'alice.phone');
    expect(broken([false0, holds(t.fromBundle(mallory))])).toEqual([
      'alice.phone: stores a key that its maker never made',
    ]);
    const misnamed = holds(firstHand, { index: 3, maker: 'mallory.phone' }, 'alice.phone');
    expect(broken([misnamed, holds(t.fromBundle(mallory))])).toEqual([
      'alice.phone: stores a session under the name of another device than made it',
    ]);
  });

  it('is told from what stands under another id, and from what is in no room of the story', () => {
    expect(broken([holds(t.fromBundle(alice), { as: 'bob.phone/9' })])).toEqual([
      `${guest}: stores a key that is of another session than it is filed under`,
    ]);
    const nowhere = { room: attic, as: 'bob.phone/9' };
    expect(broken([holds(firstHand, nowhere)])).toEqual([]);
    expect(broken([holds(t.fromBundle(alice, 'PHONE', attic), nowhere)])).toHaveLength(1);
  });

  it('is asked of honest devices', () => {
    expect(said([holds(t.fromBundle(mallory), forged)], witness({ stolen: [guest] }))).toBe('holds');
  });
});

describe('cache-integrity: what an inviter says falsely', () => {
  const conceded = `accepted by ${clause}`;

  it('is conceded whatever it is that only they can know: whose a session is, and what it is', () => {
    expect(said([holds(t.fromBundle(alice), forged)], evil)).toBe(conceded);
    expect(said([holds(t.fromBundle(alice), { maker: 'mallory.phone' })], evil)).toBe(conceded);
    const invented = step(t.holds(guest, 'mallory.phone/1', t.fromBundle(alice), { maker: 'bob.phone' }));
    const known = step(publishes('bob.phone', t.curveOf('bob.phone')));
    expect(said([known, invented], evil)).toBe(conceded);
  });

  it('is conceded under their own name, from a device that they signed in', () => {
    expect(said([holds(t.fromBundle(mallory), forged)], evil)).toBe(robbed);
    expect(said([holds(t.fromBundle(alice, 'NONE'), forged)], evil)).toBe(robbed);
    const thief = step(t.logsIn('mallory.burner', alice, 'BURNER'));
    expect(said([thief, holds(t.fromBundle(alice, 'BURNER'), forged)], evil)).toBe(robbed);
    expect(said([holds({ how: 'forwarded', user: alice, device: 'PHONE' }, forged)], evil)).toBe(robbed);
    const elsewhere = step(t.holds('alice.laptop', key, t.fromBundle(alice), forged));
    expect(said([elsewhere], evil)).toBe('breaks at alice.laptop');
  });

  it('is conceded once their device is signed', () => {
    const unsigned = { ...evil, signedAtStart: (player: string) => player !== 'alice.phone' };
    expect(said([holds(t.fromBundle(alice), forged)], unsigned)).toBe(robbed);
    const signed = step(t.signs('alice.laptop', alice, 'PHONE'));
    expect(said([signed, holds(t.fromBundle(alice), forged)], unsigned)).toBe(conceded);
    expect(isUntouchedBy(cacheIntegrity, story([signed]), signed, unsigned)).toBe(true);
  });
});
