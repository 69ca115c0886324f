/** What attackers are offered: moves that change something, of what they can do and can build. */
import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { type Json, sameJson } from '../../machines/json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { offers } from '../engine/attacking.ts';
import { openChoices } from '../engine/open-choices.ts';
import { begin } from '../engine/prologue.ts';
import { perform } from '../engine/taking.ts';
import type { Turn } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { attackerOf } from './knowledge.ts';
import { type Cast, play, stageFor } from './testing.ts';

const suite = makeSymbolicSuite('1');
const moves = { moves: 9 };
const everything = {
  ...moves,
  'hide device': 9,
  'swap identity': 9,
  'swap one-time key': 9,
  'show entries': 9,
  'show account data': 9,
  'hold back': 9,
  'create backup': 9,
  'request secret': 9,
};
const liar = { name: 'oscar', plays: 'lying-server', of: 'example.org', budget: everything } as const;
const thief = { name: 'mallory', plays: 'stolen-token', of: 'alice', budget: everything } as const;
const burglar = { name: 'trudy', plays: 'stolen-device', of: 'alice.laptop', budget: everything } as const;
const eve = { name: 'eve', plays: 'eavesdropper', of: 'example.org', budget: moves } as const;

describe.each<[string, Cast]>([
  ['a lying server', [liar]],
  ['a stolen token', [thief]],
  ['a stolen device', [burglar]],
  ['an eavesdropper', [eve]],
  ['an eavesdropper and a thief together', [{ ...eve, colludes: ['mallory'] }, thief]],
])('%s', (_who, cast) => {
  it('is offered nothing that would leave the world as it is', () => {
    const stage = stageFor(suite, cast, { off: ['1946-share-verified-own'] });
    const names = cast.map(({ name }) => name);
    let seen = 0;
    /** Every move in this world; then on with a few of them. */
    const look = (world: World, depth: number): void => {
      const open = openChoices(stage, world);
      const theirs = open.filter(({ who }) => names.includes(who));
      for (const choice of theirs) {
        seen += 1;
        const after = perform(stage, world, choice).world;
        expect([choice.sentence, sameJson(after as Json, world as Json)]).toEqual([choice.sentence, false]);
      }
      if (depth === 0) return;
      const some = [0, 0.35, 0.7].flatMap((part) => theirs[Math.floor(part * theirs.length)] ?? []);
      const onwards = new Set([...some, ...open.filter(({ id }) => id.startsWith('sync'))]);
      for (const choice of onwards) look(perform(stage, world, choice).world, depth - 1);
    };
    const { does, now } = play(stage);
    does('alice.phone', 'reset backup');
    look(begin(stage), 3);
    look(now(), 2);
    expect(seen).toBeGreaterThan(10);
  });
});

describe('an attacker', () => {
  const verbsOf = (cast: Cast, before: (p: ReturnType<typeof play>) => void = () => undefined) => {
    const stage = stageFor(suite, cast, { off: ['1946-share-verified-own'] });
    const played = play(stage);
    before(played);
    return (who: string) => new Set(offers(stage, played.now(), attackerOf(played.now(), who)).map(({ verb }) => verb));
  };

  it('lies to one device alone, holds back and signs backups only where its budget names that', () => {
    const plain = verbsOf([{ ...liar, budget: moves }])('oscar');
    for (const verb of ['hide device', 'swap one-time key', 'show entries', 'hold back'])
      expect(plain).not.toContain(verb);
    const named = verbsOf([liar], ({ does }) => void does('alice.phone', 'reset backup'))('oscar');
    for (const verb of ['hide device', 'swap one-time key', 'show entries', 'hold back']) expect(named).toContain(verb);
  });

  it('signs its device once it can, and once', () => {
    const asked = ({ does, syncs }: ReturnType<typeof play>) => {
      does('mallory', 'log in as', { 'log in as': 'tablet' });
      syncs('alice.phone');
      does('mallory', 'request secret', { 'request secret': 'm.cross_signing.self_signing', from: 'alice.phone' });
      syncs('alice.phone');
    };
    expect(verbsOf([thief], asked)('mallory')).not.toContain('sign device');
    const given = (played: ReturnType<typeof play>) => {
      asked(played);
      played.does('mallory', 'sync');
    };
    expect(verbsOf([thief], given)('mallory')).toContain('sign device');
    const signed = (played: ReturnType<typeof play>) => {
      given(played);
      played.does('mallory', 'sign device');
    };
    expect(verbsOf([thief], signed)('mallory')).not.toContain('sign device');
  });

  it('reads a backup it has the key to, and one it keeps for somebody it shares with', () => {
    const loggedIn = ({ does }: ReturnType<typeof play>) =>
      void does('mallory', 'log in as', { 'log in as': 'tablet' });
    expect(verbsOf([thief], loggedIn)('mallory')).not.toContain('read backup');
    expect(verbsOf([{ ...thief, colludes: ['eve'] }, eve], loggedIn)('mallory')).toContain('read backup');
    const knowing = (played: ReturnType<typeof play>) => {
      loggedIn(played);
      played.syncs('alice.phone');
      played.does('mallory', 'request secret', { 'request secret': BACKUP_SECRET, from: 'alice.phone' });
      played.syncs('alice.phone', 'mallory');
    };
    expect(verbsOf([thief], knowing)('mallory')).toContain('read backup');
    const read = (played: ReturnType<typeof play>) => {
      knowing(played);
      played.does('mallory', 'read backup');
    };
    expect(verbsOf([thief], read)('mallory')).not.toContain('read backup');
  });

  it('shares secrets in the words of the text that its victim reads, with odd request ids where these may pass', () => {
    const firstText: Turn = { turn: 'revision', proposal: 'MSC4385', revision: 'send-variant' };
    const generous: Turn = { turn: 'reading', question: 'q06', reading: 'B' };
    const offered = (more: Parameters<typeof stageFor>[2]) => {
      const stage = stageFor(suite, [liar], more);
      const { does, now } = play(stage);
      does('oscar', 'add device', { 'add device': 'ghost', to: 'alice' });
      const acts = offers(stage, now(), attackerOf(now(), 'oscar'));
      return {
        injected: [...new Set(acts.flatMap(({ args }) => args.inject ?? []))],
        ids: [...new Set(acts.flatMap(({ args }) => args['request id'] ?? []))],
      };
    };
    expect(offered({})).toEqual({ injected: ['m.secret.push'], ids: [] });
    expect(offered({ turned: [firstText] })).toEqual({ injected: ['m.secret.send'], ids: [] });
    expect(offered({ turned: [firstText, generous] }).ids).toEqual(['nothing']);
    expect(offered({ turned: [firstText], off: ['4385-send-solicited-unchanged'] }).ids).toEqual(['made up']);
  });

  it('on the wire makes letters late and requests fail, and does nothing else', () => {
    expect(verbsOf([eve])('eve')).toEqual(new Set(['fail']));
    const waiting = ({ does }: ReturnType<typeof play>) => void does('alice.phone', 'reset backup');
    expect(verbsOf([eve], waiting)('eve')).toEqual(new Set(['fail', 'hold back']));
    const held = (played: ReturnType<typeof play>) => {
      waiting(played);
      played.does('eve', 'hold back', { 'hold back': 'alice.laptop' });
    };
    expect(verbsOf([eve], held)('eve')).toEqual(new Set(['fail', 'release']));
  });
});
