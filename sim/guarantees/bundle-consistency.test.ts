import { describe, expect, it } from 'vitest';
import { roomKeyName, type Withheld } from '../../machines/room-types.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { bundleConsistency } from './bundle-consistency.ts';
import * as t from './testing.ts';

const { alice, attic, bob, den, step, witness } = t;
const key = 'bob.phone/1';
const phone: PlayerId = 'alice.phone';
const laptop: PlayerId = 'alice.laptop';
const choice: ClauseId = '4268-conflict-impl-defined';
const start = t.everybody('shared', 'bob.phone');
const of = (steps: readonly Step[], cast = witness()) => t.verdict(bundleConsistency, [start, ...steps], cast);
const breakOf = (steps: readonly Step[], cast = witness()) => t.breakOf(bundleConsistency, [start, ...steps], cast);
const isNews = (last: Moment, ...steps: readonly Step[]) => t.isNews(bundleConsistency, [start, ...steps], step(last));

const bundled = t.fromBundle(bob);
const done = (player: PlayerId, url: string | null = t.bundleAt): Moment =>
  t.shown(player, 'bundle imported', { user: bob, sessions: 1, ...(url === null ? {} : { url }) });
const takes = (player: PlayerId): readonly Moment[] => [t.holds(player, key, bundled), done(player)];
const isTold = (player: PlayerId, how: Withheld['how'] = 'bundle', id = key): Moment => {
  const entry = { room: den, sessionId: id, senderKey: '', code: 'm.history_not_shared', reason: null, from: bob, how };
  return t.stores(player, { patch: 'withheld', entries: { [roomKeyName(den, id)]: entry } });
};
const finds = (player: PlayerId, says: 'permits' | 'refuses' = 'permits', clause = choice): Moment => ({
  kind: 'clause',
  player,
  chart: 'key-bundle-invitee',
  clause,
  role: 'guard',
  says,
  off: false,
});
const aboutKey = { is: 'room key', room: den, sessionId: key };

describe('what two devices make of one bundle', () => {
  it('differs where only one has the key, and shows at the one that has less', () => {
    for (const [all, less] of [
      [takes(phone), laptop],
      [takes(laptop), phone],
    ] as const) {
      expect(breakOf([step(all, done(less))])).toMatchObject({ at: less, about: aboutKey });
      expect(breakOf([step(done(less), all)])).toMatchObject({ at: less, about: aboutKey });
    }
  });

  it('differs for those who have forgotten where their keys came from, too', () => {
    const forgets = (player: PlayerId) => [t.downloads(player), t.holds(player, key, { how: 'export' }), done(player)];
    expect(breakOf([step(forgets(phone), done(laptop))])).toMatchObject({ at: laptop, about: aboutKey });
    expect(of([step(forgets(phone)), step(forgets(laptop))])).toBe('holds (it happens)');
  });

  it('differs where one was told that it is withheld and the other has the key, or heard nothing', () => {
    expect(breakOf([step(isTold(phone), done(phone), takes(laptop))])).toMatchObject({ at: phone, about: aboutKey });
    expect(breakOf([step(isTold(laptop), done(laptop), takes(phone))])).toMatchObject({ at: laptop, about: aboutKey });
    expect(breakOf([step(isTold(phone), done(phone), done(laptop))])?.at).toBe(laptop);
    expect(breakOf([step(isTold(laptop), done(laptop), done(phone))])?.at).toBe(phone);
    expect(of([step(isTold(phone), done(phone), isTold(laptop), done(laptop))])).toBe('holds (it happens)');
  });

  it('differs where the same key is said to be of two makers', () => {
    const other = t.holds(laptop, key, bundled, { maker: 'charlie.phone' });
    const first = t.holds(laptop, key, { how: 'room_key', user: bob, device: 'PHONE' }, { maker: 'charlie.phone' });
    expect(breakOf([step(takes(phone), other, done(laptop))])).toMatchObject({ at: phone, about: aboutKey });
    expect(breakOf([step(takes(phone), first, done(laptop))])?.at).toBe(phone);
    expect(of([step(takes(phone), takes(laptop))])).toBe('holds (it happens)');
  });

  it('is no matter of the bundle where a key came otherwise', () => {
    const first = (player: PlayerId) => t.holds(player, key, { how: 'room_key', user: bob, device: 'PHONE' });
    expect(of([step(first(phone), isTold(phone), done(phone), isTold(laptop), done(laptop))])).toBe(
      'holds (it happens)',
    );
    expect(of([step(first(laptop), isTold(laptop), done(laptop), isTold(phone), done(phone))])).toBe(
      'holds (it happens)',
    );
    expect(of([step(first(phone), done(phone), takes(laptop))])).toBe('holds (it happens)');
    // What is in no list of the bundle is none of its business.
    expect(of([step(first(phone), done(phone), done(laptop))])).toBe('holds (it happens)');
    expect(of([step(t.holds(phone, key, bundled), t.holds(phone, 'bob.phone/2', { how: 'made' }))])).toBe('holds');
  });

  it('is no matter of it what another bundle brought', () => {
    const other = 'mxc://a.example/other';
    const brings = (player: PlayerId, more: object = {}) =>
      t.holds(player, key, t.fromBundle(bob, 'PHONE', den, other), more);
    const both = [...takes(phone), brings(phone, { maker: 'charlie.phone' }), done(phone, other)];
    expect(of([step(both), step(takes(laptop))])).toBe('holds (it happens)');
    expect(of([step(brings(phone), done(phone, other), isTold(laptop), done(laptop), done(phone))])).toBe(
      'holds (it happens)',
    );
    // What both brought is of both.
    const again = step(...takes(phone), brings(phone), done(phone, other));
    expect(breakOf([again, step(done(laptop))])?.at).toBe(laptop);
    expect(breakOf([step(both), step(brings(laptop), done(laptop, other))])?.at).toBe(phone);
  });

  it('hears of withheld keys only by that bundle', () => {
    expect(of([step(isTold(phone, 'to-device'), done(phone), done(laptop))])).toBe('holds (it happens)');
    expect(of([step(isTold(phone), done(phone, 'mxc://a.example/other'), done(phone), done(laptop))])).toBe(
      'holds (it happens)',
    );
  });

  it('keeps the key where it is told too that it is withheld', () => {
    const both = (player: PlayerId) => [t.holds(player, key, bundled), isTold(player), done(player)];
    expect(of([step(both(phone), takes(laptop))])).toBe('holds (it happens)');
    expect(of([step(both(phone), isTold(laptop), done(laptop))])).toBe('breaks at alice.laptop (it happens)');
  });

  it('is compared between the devices of one person alone, once each', () => {
    expect(of([step(takes(phone), done('charlie.phone'))])).toBe('holds (it happens)');
    const { end } = bundleConsistency;
    const memory = t.remembered(bundleConsistency, [start, step(takes(phone), done(laptop))]);
    expect(end?.(memory as typeof bundleConsistency.begin, witness())).toHaveLength(1);
  });

  it('concerns nobody where a thief has the device, or no bundle is named', () => {
    expect(of([step(takes(phone), done(laptop))], witness({ stolen: [laptop] }))).toBe('holds');
    expect(of([step(takes(phone), done(laptop, null))])).toBe('holds');
    const stolen = witness({ stolen: [phone] });
    const told = t.isNews(bundleConsistency, [start], step(t.holds(phone, key, bundled), isTold(phone)), stolen);
    expect(told).toBe(false);
  });

  it('happens in the step in which the second takes it', () => {
    expect(t.judged(bundleConsistency, [start, step(takes(phone))]).shadow).toBe(false);
    const memory = t.remembered(bundleConsistency, [start, step(takes(phone), takes(laptop))]);
    const seen = bundleConsistency.see(
      memory as typeof bundleConsistency.begin,
      step(t.writes(phone, 'hi')),
      witness(),
    );
    expect(seen.shadow).toBe(false);
  });
});

describe('a bundle with a session in both lists', () => {
  const differ = [step(takes(phone), isTold(laptop), done(laptop))];
  const found = (...moments: readonly Moment[]) => of([step(t.downloads(phone), ...moments), ...differ]);

  it('is left to clients once one has found it so', () => {
    expect(found(finds(phone))).toBe('accepted by 4268-conflict-impl-defined (it happens)');
    expect(found()).toBe('breaks at alice.laptop (it happens)');
    expect(found(finds(phone, 'permits', '4268-room-keys-fields'))).toBe('breaks at alice.laptop (it happens)');
    expect(found(finds('charlie.phone'))).toBe('breaks at alice.laptop (it happens)');
    expect(of([step(t.downloads(phone, 404), finds(phone)), ...differ])).toBe('breaks at alice.laptop (it happens)');
    const lost = { ...finds(phone), kind: 'heard', event: { kind: 'x' } } as unknown as Moment;
    expect(found(lost)).toBe('breaks at alice.laptop (it happens)');
  });

  it('is not, where either leaves the sentence out', () => {
    const half = { ...witness(), off: (player: PlayerId) => player === laptop };
    expect(of([step(t.downloads(phone), finds(phone)), ...differ], half)).toBe('breaks at alice.laptop (it happens)');
  });

  it('counts as taken by whoever refuses it, not by whoever only finds it so', () => {
    expect(of([step(t.downloads(phone), finds(phone), takes(laptop))])).toBe('holds');
    expect(of([step(t.downloads(phone), finds(phone, 'refuses'), takes(laptop))])).toBe(
      'accepted by 4268-conflict-impl-defined (it happens)',
    );
  });

  it('is one thing that no honest device makes', () => {
    const both = t.shares(phone, bob, [key, 'bob.phone/2'], { withheld: { [key]: 'code' } });
    expect(breakOf([step(both)])).toMatchObject({ at: phone, about: aboutKey });
    expect(of([step(both)], witness({ stolen: [phone] }))).toBe('holds');
  });
});

describe('what an honest device says is withheld', () => {
  const shares = (url: string) => step(t.shares('bob.phone', alice, [], { withheld: { [key]: 'code' }, url }));

  it('is to be heard by all who take the bundle', () => {
    const memory = t.remembered(bundleConsistency, [start, shares(t.bundleAt)]);
    expect(memory).toMatchObject({
      made: [t.bundleAt],
      lists: { [t.bundleAt]: { given: [], withheld: [roomKeyName(den, key)] } },
    });
  });

  it('lies nowhere where it went to each device', () => {
    expect(t.remembered(bundleConsistency, [start, shares('')])).toEqual(bundleConsistency.begin);
  });
});

describe('an entry that an importer has to refuse', () => {
  const refuses = (player: PlayerId) => finds(player, 'refuses', '4268-room-keys-fields');
  const other = 'mxc://a.example/other';
  const shared = step(t.shares('bob.phone', alice, [key]));
  const fetchesOther = {
    ...t.downloads(phone),
    path: (t.downloads(phone) as Extract<Moment, { kind: 'request' }>).path.replace('media1', 'other'),
  } as Moment;

  it('is a break where an honest device wrote the bundle that it fetched', () => {
    const fetched = t.downloads(phone);
    expect(breakOf([shared, step(fetched, refuses(phone))])).toMatchObject({
      at: phone,
      about: { is: 'file', url: t.bundleAt },
    });
    expect(breakOf([shared, step(t.downloads(laptop), fetchesOther, refuses(phone))])).toBe(null);
    expect(breakOf([shared, step(fetchesOther, fetched, refuses(phone))])?.at).toBe(phone);
    expect(breakOf([shared, step(t.downloads(laptop), refuses(phone))])).toBe(null);
    expect(breakOf([shared, step(fetched, refuses(laptop))])).toBe(null);
    const both = [step(t.shares('bob.phone', alice, [key], { url: other })), shared];
    expect(breakOf([...both, step(t.downloads(laptop), fetchesOther, refuses(phone))])?.about).toEqual({
      is: 'file',
      url: other,
    });
  });

  it('is none where nothing was refused, or something else', () => {
    const fetched = t.downloads(phone);
    expect(breakOf([shared, step(fetched)])).toBe(null);
    expect(breakOf([shared, step(fetched, { ...refuses(phone), says: 'permits' } as Moment)])).toBe(null);
    expect(breakOf([shared, step(fetched, finds(phone, 'permits', '4268-recent-24h'))])).toBe(null);
    expect(breakOf([shared, step(fetched, finds(phone, 'refuses', '4268-recent-24h'))])).toBe(null);
    const heard = { ...refuses(phone), kind: 'heard' } as unknown as Moment;
    expect(breakOf([shared, step(fetched, heard)])).toBe(null);
    expect(breakOf([shared, step(fetched, refuses(phone))], witness({ stolen: [phone] }))).toBe(null);
  });
});

describe('what bundle-consistency remembers', () => {
  it('is what came with each bundle and what each device has, whichever way it came about', () => {
    const memory = t.remembered(bundleConsistency, [
      start,
      step(t.holds(phone, key, bundled), isTold(phone, 'bundle', 'x')),
    ]);
    expect(memory).toMatchObject({
      lists: { [t.bundleAt]: { given: [roomKeyName(den, key)], withheld: [] } },
      heard: { [phone]: [roomKeyName(den, 'x')] },
      has: { [phone]: { [roomKeyName(den, key)]: { is: 'key', bundles: [t.bundleAt] } } },
      imported: {},
    });
    expect(t.remembered(bundleConsistency, [start, step(isTold(phone), done(phone))])).toEqual({
      ...bundleConsistency.begin,
      imported: { [phone]: [t.bundleAt] },
      free: { [phone]: [t.bundleAt] },
      lists: { [t.bundleAt]: { given: [], withheld: [roomKeyName(den, key)] } },
      has: { [phone]: { [roomKeyName(den, key)]: { is: 'withheld' } } },
    });
  });

  it('is nothing new where the same key comes again, or only others are told', () => {
    expect(isNews(t.holds(phone, key, bundled), step(takes(phone)))).toBe(false);
    expect(isNews(t.holds(phone, key, bundled))).toBe(true);
    expect(isNews(finds(phone))).toBe(false);
    expect(isNews(t.writes(phone, 'hi'))).toBe(false);
    expect(isNews(t.holds(phone, key, bundled, { room: attic }), step(takes(phone)))).toBe(true);
  });

  it('concerns only those for whom a bundle was made or taken', () => {
    const concerns = (...steps: readonly Step[]) =>
      bundleConsistency.concerns?.(
        t.remembered(bundleConsistency, [start, ...steps]) as typeof bundleConsistency.begin,
      );
    expect(concerns()).toBe(false);
    expect(concerns(step(t.shares(phone, bob, [key])))).toBe(true);
    expect(concerns(step(done(phone)))).toBe(true);
    expect(bundleConsistency.begin).toEqual({
      copied: {},
      fetched: {},
      conflicting: [],
      imported: {},
      free: {},
      lists: {},
      has: {},
      heard: {},
      made: [],
    });
    expect(bundleConsistency.accepts).toEqual([choice]);
  });
});
