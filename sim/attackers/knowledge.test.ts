/** What attackers know: the closure of what they saw, hold and make, alone and together, with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { paths } from '../../machines/paths.ts';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { overhear } from '../engine/attacking.ts';
import { circleOf } from '../engine/circle.ts';
import { call } from '../engine/network.ts';
import { canBuild, knownSecret } from './building.ts';
import { attackerOf, learn } from './knowledge.ts';
import { reads } from './overhear.ts';
import { type Cast, play, stageFor } from './testing.ts';

const eve = { name: 'eve', plays: 'eavesdropper', of: 'example.org' } as const;
const thief = { name: 'mallory', plays: 'stolen-token', of: 'alice' } as const;
const burglar = { name: 'trudy', plays: 'stolen-device', of: 'alice.laptop' } as const;
const liar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const den = { 'start room key': '!Earlier:example.org' };
const roomKey = 'room key of !Earlier:example.org';
const told = { by: 'saw', from: [], text: 'somebody said so' } as const;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const on = (attackers: Cast, options?: Parameters<typeof stageFor>[2]) => play(stageFor(suite, attackers, options));

  it('an eavesdropper hoards what is sealed, and opens it at the moment somebody says the key', () => {
    const stage = stageFor(suite, [eve]);
    const { does, now, learned, knows, secretOf, change } = play(stage);
    does('alice.phone', 'start room key', den);
    expect(knows('eve')).toEqual([]);
    expect(Object.keys(attackerOf(now(), 'eve').hoard)).toHaveLength(1);
    const key = secretOf('alice.phone', BACKUP_SECRET) ?? '';
    const done = learn(stage, now(), 'eve', BACKUP_SECRET, key, told);
    change(() => done.world);
    expect(done.moments.map((moment) => moment.kind === 'learned' && [moment.what, moment.how.by])).toEqual([
      [BACKUP_SECRET, 'saw'],
      [roomKey, 'opened'],
    ]);
    const [, opened] = done.moments;
    // The derivation names the key and the recorded entry.
    expect(opened?.kind === 'learned' && opened.how.from).toEqual([key, expect.stringMatching(/^entry /)]);
    expect(attackerOf(now(), 'eve').hoard).toEqual({});
    expect(learned('eve')).toEqual([]);
  });

  it('what is opened is the very room key, and it reads what was sealed with it', () => {
    const stage = stageFor(suite, [eve]);
    const { does, now, secretOf } = play(stage);
    does('alice.phone', 'start room key', den);
    const done = learn(stage, now(), 'eve', BACKUP_SECRET, secretOf('alice.phone', BACKUP_SECRET) ?? '', told);
    const term = attackerOf(done.world, 'eve').knows.find(({ what }) => what === roomKey)?.term ?? '';
    const session = suite.megolmInbound(term, 'exported');
    expect(Object.keys(now().devices['alice.phone']?.store.roomKeys ?? {})).toContain(
      `!Earlier:example.org ${session?.sessionId}`,
    );
  });

  it('nothing is learned twice, and nothing happens where nothing is new', () => {
    const stage = stageFor(suite, [eve]);
    const { now } = play(stage);
    const once = learn(stage, now(), 'eve', BACKUP_SECRET, 'abc', told);
    const again = learn(stage, once.world, 'eve', 'another name for it', 'abc', told);
    expect([again.world === once.world, again.moments]).toEqual([true, []]);
  });

  it('an attacker who knows the key reads what is backed up from then on', () => {
    const stage = stageFor(suite, [eve]);
    const { does, now, change, learned, secretOf } = play(stage);
    change(
      (world) => learn(stage, world, 'eve', BACKUP_SECRET, secretOf('alice.phone', BACKUP_SECRET) ?? '', told).world,
    );
    does('alice.phone', 'start room key', den);
    expect(learned('eve').map(({ what }) => what)).toEqual([roomKey]);
    expect(attackerOf(now(), 'eve').hoard).toEqual({});
  });

  it('a key that opens nothing opens nothing', () => {
    const stage = stageFor(suite, [eve]);
    const { does, now } = play(stage);
    does('alice.phone', 'start room key', den);
    const other = suite.backupKey('another').secret;
    const done = learn(stage, now(), 'eve', BACKUP_SECRET, other, told);
    expect(done.moments).toHaveLength(1);
    expect(Object.keys(attackerOf(done.world, 'eve').hoard)).toHaveLength(1);
  });

  it('a stolen device knows from its first move on what the device holds, and not before', () => {
    const { does, syncs, learned, knows, secretOf } = on([burglar]);
    syncs('alice.phone');
    expect(knows('trudy')).toEqual([]);
    does('trudy', 'sync');
    expect(learned('trudy').every(({ how }) => how.by === 'held' && how.text === 'held by alice.laptop')).toBe(true);
    expect(knows('trudy')).toEqual([
      'm.cross_signing.master',
      'm.cross_signing.self_signing',
      'm.cross_signing.user_signing',
      BACKUP_SECRET,
      roomKey,
    ]);
    expect(learned('trudy').map(({ term }) => term)).toContain(secretOf('alice.phone', BACKUP_SECRET));
    does('trudy', 'sync');
    expect(learned('trudy')).toHaveLength(5);
  });

  it('those who collude know the same, whoever of them learned it and in whichever file it says so', () => {
    for (const pair of [
      [{ ...eve, colludes: ['trudy'] }, burglar],
      [eve, { ...burglar, colludes: ['eve'] }],
    ] as const) {
      const { does, learned, knows } = on(pair);
      does('trudy', 'sync');
      expect(knows('eve')).toEqual(knows('trudy'));
      expect(learned('eve').every(({ how }) => how.text === 'trudy shares it (held by alice.laptop)')).toBe(true);
    }
  });

  it('what a thief holds who has not moved is learned once one who colludes with them moves: by then it can be used', () => {
    const user = '@alice:example.org';
    const uses = (colludes: readonly string[]) => {
      const stage = stageFor(suite, [{ ...thief, colludes }, burglar]);
      const { does, now, knows, learned } = play(stage);
      does('alice.phone', 'start room key', den);
      expect([knows('mallory'), knows('trudy')]).toEqual([[], []]);
      does('mallory', 'log in as', { 'log in as': 'tablet' });
      const builds = (name: 'secret' | 'signature') =>
        canBuild(
          stage,
          now(),
          'mallory',
          name === 'secret' ? { build: name, name: BACKUP_SECRET } : { build: name, with: 'self_signing', user },
        );
      const can = [builds('secret'), builds('signature')];
      const held = [BACKUP_SECRET, 'm.cross_signing.self_signing'].map((what) => knows('mallory').includes(what));
      expect(knows('trudy')).toEqual(knows('mallory'));
      does('mallory', 'read backup');
      const opened = learned('mallory').filter(({ how }) => how.text.includes('opens the backup entry'));
      return { can, held, opened: opened.map(({ what }) => what) };
    };
    const [yes, no] = [
      [true, true],
      [false, false],
    ];
    expect(uses(['trudy'])).toMatchObject({ can: yes, held: yes });
    expect(uses(['trudy']).opened).toContain(roomKey);
    expect(uses([])).toEqual({ can: no, held: no, opened: [] });
  });

  it('collusion goes through others: who shares with one who shares is in the circle', () => {
    const { cast } = stageFor(suite, [
      { ...eve, colludes: ['mallory'] },
      thief,
      { ...burglar, colludes: ['mallory'] },
    ]).scenario;
    expect([circleOf(cast, 'eve'), circleOf(cast, 'trudy')]).toEqual([
      ['eve', 'mallory', 'trudy'],
      ['trudy', 'eve', 'mallory'],
    ]);
    const apart = stageFor(suite, [eve, thief]).scenario.cast;
    expect(circleOf(apart, 'eve')).toEqual(['eve']);
  });

  it('one’s key opens what the other hoarded, also what the server has deleted since', () => {
    const { does, learned, knows } = on([eve, { ...burglar, colludes: ['eve'] }], {
      devices: ['phone', 'laptop', 'tablet'],
    });
    does('alice.phone', 'start room key', den);
    does('alice.tablet', 'delete backup');
    expect(knows('eve')).toEqual([]);
    does('trudy', 'sync');
    const opened = learned('eve').filter(({ how }) => how.text.includes('opens the backup entry'));
    expect(opened.map(({ what }) => what)).toEqual([roomKey]);
    expect(learned('trudy').map(({ term }) => term)).toContain(opened[0]?.term);
  });

  it('a push that was dropped on its way still opens, once somebody has the device it went to', () => {
    const { does, learned, secretOf } = on([{ ...liar, colludes: ['trudy'] }, burglar]);
    does('alice.phone', 'reset backup');
    expect(learned('oscar')).toEqual([]);
    does('oscar', 'drop', { drop: 'alice.laptop' });
    const fresh = learned('trudy').find(({ term }) => term === secretOf('alice.phone', BACKUP_SECRET));
    expect(fresh?.how).toMatchObject({ by: 'opened', text: expect.stringContaining('open a recorded m.secret.push') });
    expect(learned('oscar').find(({ term }) => term === fresh?.term)?.how.text).toContain('trudy shares it');
  });

  it('without the device the same push stays sealed', () => {
    const { does, learned } = on([liar, burglar]);
    does('alice.phone', 'reset backup');
    does('oscar', 'drop', { drop: 'alice.laptop' });
    does('trudy', 'sync');
    expect(learned('oscar')).toEqual([]);
    expect(learned('trudy').every(({ how }) => how.by === 'held')).toBe(true);
  });

  it('an answer to a request is known by the name of what was asked for', () => {
    const { does, syncs, learned } = on([thief], { off: ['1946-share-verified-own'] });
    does('mallory', 'log in as', { 'log in as': 'tablet' });
    syncs('alice.phone');
    does('mallory', 'request secret', { 'request secret': 'm.cross_signing.self_signing', from: 'alice.phone' });
    syncs('alice.phone');
    does('mallory', 'sync');
    expect(learned('mallory').map(({ what }) => what)).toEqual(['m.cross_signing.self_signing']);
  });

  it('a secret that nobody names is known by the published key that it fits', () => {
    const stage = stageFor(suite, [eve]);
    const { now, secretOf } = play(stage);
    const how = { by: 'saw', from: [], text: 'it lay about' } as const;
    const names = ['m.cross_signing.self_signing', BACKUP_SECRET, 'no secret at all'].map((name) => {
      const content = { secret: secretOf('alice.phone', name) ?? 'nonsense' };
      return reads(stage, now(), 'eve', 'm.secret.send', content, how).moments.map(
        (moment) => moment.kind === 'learned' && moment.what,
      );
    });
    expect(names).toEqual([['m.cross_signing.self_signing'], [BACKUP_SECRET], ['a secret']]);
  });

  it('whoever runs the server has what lay on it before the story', () => {
    const { now } = on([liar, eve]);
    expect(Object.keys(attackerOf(now(), 'oscar').hoard)).toHaveLength(2);
    expect(attackerOf(now(), 'eve').hoard).toEqual({});
  });

  it('whoever runs the server may look at what lies there, and finds nothing that it has not seen', () => {
    const stage = stageFor(suite, [liar]);
    const { does, now, change, secretOf, knows } = play(stage);
    does('alice.phone', 'start room key', den);
    change(
      (world) => learn(stage, world, 'oscar', BACKUP_SECRET, secretOf('alice.phone', BACKUP_SECRET) ?? '', told).world,
    );
    expect(knows('oscar').filter((what) => what === roomKey)).toHaveLength(3);
    const before = attackerOf(now(), 'oscar');
    does('oscar', 'read backup');
    expect(attackerOf(now(), 'oscar')).toEqual(before);
  });

  it('secrets in account data open with the secret storage key', () => {
    const stage = stageFor(suite, [eve]);
    const { now, change } = play(stage);
    const key = suite.secretStorageKey('alice/storage');
    const name = 'm.cross_signing.master';
    const me = now().devices['alice.phone']?.store.me;
    const body = { encrypted: { one: suite.secretSeal(key, name, 'the master key', 'alice/sealed') } };
    const put = call(stage, now(), 'alice.phone', 'example.org', {
      accessToken: me?.accessToken ?? '',
      method: 'PUT',
      path: paths.accountData(me?.user ?? '', name),
      body,
    });
    change(() => overhear(stage, put, 'alice.phone').world);
    expect(Object.keys(attackerOf(now(), 'eve').hoard)).toHaveLength(1);
    const done = learn(stage, now(), 'eve', 'a secret storage key', key, told);
    expect(attackerOf(done.world, 'eve').knows.map(({ what }) => what)).toEqual(['a secret storage key', name]);
  });

  it('attackers can say what they know, and sign with keys whose public half is published', () => {
    const stage = stageFor(suite, [eve, { ...thief, colludes: ['trudy'] }, burglar]);
    const { does, now, secretOf } = play(stage);
    const user = '@alice:example.org';
    const signs = (name: string) => canBuild(stage, now(), name, { build: 'signature', with: 'self_signing', user });
    expect([signs('eve'), canBuild(stage, now(), 'eve', { build: 'secret', name: BACKUP_SECRET })]).toEqual([
      false,
      false,
    ]);
    does('trudy', 'sync');
    expect([signs('trudy'), signs('mallory'), signs('eve')]).toEqual([true, true, false]);
    expect(knownSecret(stage, now(), 'mallory', BACKUP_SECRET)).toBe(secretOf('alice.phone', BACKUP_SECRET));
  });
});
