/** Secrets that stolen devices give away, and the sentence that concedes it. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { EnvelopeFacts } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { alice, bob, everybody, server, witness } from '../testing.ts';
import type { Witness } from '../types.ts';
import { argumentForGift, argumentForLearning, type Hijacked, hijackedAfter, nobodyHijacked } from './hijacked.ts';

const [phone, laptop, tablet, bobs] = ['alice.phone', 'alice.laptop', 'alice.tablet', 'bob.phone'];
const conceded = '4385-both-compromise-argument';
const texts = { MSC4385: 'push-variant' };
const robbed = witness({ implements: texts, stolen: [laptop] });
const allRobbed = witness({ implements: texts, stolen: [laptop, phone, bobs] });
const story = t.step();

const next = (known: Hijacked, moment: Moment, who = robbed): Hijacked => hijackedAfter(known, moment, story, who);
const before = everybody();
const start = before.moments.reduce((known, one) => hijackedAfter(known, one, before, robbed), nobodyHijacked);
const known = (moments: readonly Moment[], who = robbed): Hijacked =>
  moments.reduce((now, moment) => next(now, moment, who), start);

const keys = [t.publishesKeys(laptop, alice, 'LAPTOP'), t.publishesKeys(bobs, bob, 'PHONE')];
const sends = (player: PlayerId, ...contents: readonly JsonObject[]): Moment => {
  const devices = Object.fromEntries(contents.map((content, nth) => [`D${nth}`, content]));
  const path = paths.sendToDevice('m.secret.push', 't1');
  return t.request(player, { method: 'PUT', path, body: { messages: { [alice]: devices } } });
};
const says = (player: PlayerId, ...secrets: readonly string[]): Moment =>
  sends(player, ...secrets.map((secret) => ({ secret })));
/** A letter comes that was sealed with that player's keys. */
const sealed = (to: PlayerId, content: JsonObject, by: PlayerId | null = laptop): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type: 'm.room.encrypted', content: {} },
  opened: { type: 'm.secret.push', content },
  facts: { encrypted: true, sender: by === null ? null : { curve25519: t.curveOf(by) } } as EnvelopeFacts,
});
const open = (to: PlayerId, content: JsonObject, type = 'm.secret.push'): Moment => ({
  kind: 'delivery',
  from: server,
  to,
  event: { type, content },
  opened: null,
  facts: { encrypted: false, sender: null } as EnvelopeFacts,
});
const gift = (player: PlayerId, secret: string) => ({ player, secret });

describe('what a stolen device has given', () => {
  it('is a secret in a letter that it sealed, to another of its user', () => {
    expect(known([...keys, sealed(phone, { secret: 's' })]).given).toEqual([gift(phone, 's')]);
    expect(known([sealed(phone, { secret: 's' })]).given).toEqual([]);
    for (const by of [phone, bobs, null])
      expect(known([...keys, sealed(phone, { secret: 's' }, by)]).given).toEqual([]);
  });

  it('is a secret that it sent in the clear, and that came so', () => {
    const said = [says(laptop, 's', 'r')];
    expect(known([...said, open(phone, { secret: 'r' })]).given).toEqual([gift(phone, 'r')]);
    expect(known([...said, open(phone, { secret: 'other' })]).given).toEqual([]);
    expect(known([says(phone, 's'), open(phone, { secret: 's' })]).given).toEqual([]);
    expect(known([...said, open(phone, { secret: 's' }, 'm.room.encrypted')]).given).toEqual([]);
  });

  it('is nothing without a secret', () => {
    const there = known([...keys, says(laptop, 's')]);
    for (const moment of [sealed(phone, { name: 'n' }), open(phone, { name: 'n' })])
      expect(next(there, moment)).toBe(there);
  });

  it('is nothing that it gives to the devices of others', () => {
    const there = known([...keys, says(laptop, 's')]);
    for (const moment of [sealed(bobs, { secret: 's' }), open(bobs, { secret: 's' })])
      expect(next(there, moment)).toBe(there);
  });

  it('is nothing from a device that is no longer signed', () => {
    const body = { master_key: { keys: { 'ed25519:m2': 'm2' } } };
    const renews = t.request(phone, { method: 'POST', path: paths.deviceSigningUpload, body });
    expect(known([...keys, renews, sealed(phone, { secret: 's' })]).given).toEqual([]);
    const resigned = [...keys, renews, t.signs(phone, alice, 'LAPTOP'), sealed(phone, { secret: 's' })];
    expect(known(resigned).given).toEqual([gift(phone, 's')]);
  });

  it('is told by the keys that it published last, and the server took', () => {
    expect(known(keys).curves).toEqual({ [laptop]: t.curveOf(laptop) });
    const publishes = (device_keys: JsonObject, status = 200): Moment =>
      t.request(laptop, { method: 'POST', path: paths.keysUpload, body: { device_keys }, status });
    const other = { device_id: 'LAPTOP', keys: { 'curve25519:LAPTOP': 'other' } };
    expect(known([...keys, publishes(other)]).curves).toEqual({ [laptop]: 'other' });
    const there = known(keys);
    expect(next(there, publishes(other, 400))).toBe(there);
    expect(next(there, publishes({ device_id: 'LAPTOP', keys: {} }))).toBe(there);
    for (const moment of keys) expect(next(there, moment)).toBe(there);
  });

  it('is the same memory in whatever order it came, each gift once', () => {
    const gifts = [gift(laptop, 'a'), gift(laptop, 'b'), gift(phone, 'a'), gift(phone, 'b')];
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2, 1],
    ]) {
      const some = order.flatMap((nth) => gifts[nth] ?? []);
      expect(
        known(
          some.map(({ player, secret }) => says(player, secret)),
          allRobbed,
        ).clear,
      ).toEqual(gifts);
    }
    expect(known([says(laptop, 'b', 'a'), sends(laptop, { name: 'n' })]).clear).toEqual(gifts.slice(0, 2));
  });

  it('is remembered anew only where something is new', () => {
    const there = known([...keys, says(laptop, 's'), sealed(phone, { secret: 's' })]);
    const old = [says(laptop, 's'), sealed(phone, { secret: 's' }), t.syncs(laptop, {}), t.syncs(phone, {})];
    for (const moment of old) expect(next(there, moment)).toBe(there);
    expect(next(there, t.heard(phone, { type: 'x', content: { secret: 's' } } as never))).toBe(there);
    expect(nobodyHijacked.clear).toEqual([]);
    expect(nobodyHijacked.given).toEqual([]);
  });
});

const takes = (player: PlayerId, secret: string, how: 'push' | 'request' = 'push'): Moment => {
  const held = { secret, public: null, origin: { how, user: alice, device: 'LAPTOP' } };
  return t.stores(player, { patch: 'secret', name: 'm.megolm_backup.v1', held });
};

describe('what is taken as pushed', () => {
  const given = [...keys, sealed(phone, { secret: 's' })];

  it('is what a stolen device has given to that very device, and is kept so', () => {
    expect(known([...given, takes(phone, 's')]).taken).toEqual([gift(phone, 's')]);
    for (const other of [takes(phone, 'r'), takes(tablet, 's'), takes(phone, 's', 'request')])
      expect(known([...given, other]).taken).toEqual([]);
    expect(known([takes(phone, 's'), ...given]).taken).toEqual([]);
    const there = known([...given, takes(phone, 's')]);
    expect(next(there, takes(phone, 's'))).toBe(there);
    // It asks for the same later, and goes by the answer from then on.
    expect(next(there, takes(phone, 's', 'request')).taken).toEqual([]);
    expect(next(there, takes(phone, 'r', 'request'))).toBe(there);
  });
});

describe('the sentence that accepts a gift', () => {
  const there = known([...keys, sealed(phone, { secret: 's' }), takes(phone, 's')]);

  it('is that of the text by which the device goes, for that very gift', () => {
    expect(argumentForGift(there, phone, 's', robbed)).toBe(conceded);
    expect(argumentForGift(there, phone, 'r', robbed)).toBeNull();
    expect(argumentForGift(there, tablet, 's', robbed)).toBeNull();
  });

  it('is none where the device does not implement it, or has it off', () => {
    expect(argumentForGift(there, phone, 's', witness({ stolen: [laptop] }))).toBeNull();
    const off = witness({ implements: texts, stolen: [laptop], off: [conceded] });
    expect(argumentForGift(there, phone, 's', off)).toBeNull();
  });
});

describe('the sentence that accepts that a thief learns a secret', () => {
  const learns = (through: readonly PlayerId[], who: Witness = robbed, user = 'alice', now = start) =>
    argumentForLearning(now, user, through, who);
  /** Who of them implements the text. */
  const only = (player: PlayerId, stolen: readonly PlayerId[]): Witness => ({
    ...witness({ stolen }),
    implementsText: (one) => one === player,
    isMeantBy: (one) => one === player,
  });

  it('is that of a user one of whose signed devices was stolen, where it went through that one', () => {
    expect(learns([bobs, laptop])).toBe(conceded);
    expect(learns([phone])).toBeNull();
    expect(learns([laptop], witness({ implements: texts }))).toBeNull();
    expect(learns([laptop], robbed, 'bob')).toBeNull();
    expect(learns([laptop], robbed, 'alice', { ...start, signed: { ...start.signed, renewed: ['alice'] } })).toBeNull();
  });

  it('is theirs who are still in good hands, where there are any', () => {
    expect(learns([laptop], only(phone, [laptop]))).toBe(conceded);
    expect(learns([laptop], only(laptop, [laptop]))).toBeNull();
    expect(learns([laptop], only(laptop, [laptop, phone]))).toBe(conceded);
  });
});
