/** What attackers are offered in rooms: moves that change something, where they can matter, and none where there are no rooms. */
import { describe, expect, it } from 'vitest';
import { type Json, sameJson } from '../../machines/json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { offers } from '../engine/attacking.ts';
import { openChoices } from '../engine/open-choices.ts';
import { perform } from '../engine/taking.ts';
import type { World } from '../engine/world.ts';
import { attackerOf } from './knowledge.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';
import type { Cast } from './testing.ts';

const suite = makeSymbolicSuite('1');
const moves = { moves: 9 };
const everything = {
  ...moves,
  poison: 9,
  point: 9,
  leave: 9,
  'send with keys of': 9,
  'forge membership': 9,
  'hide membership': 9,
  'forge history': 9,
  'bend media': 9,
  'add device': 9,
  'forward room key': 9,
  'plant room key': 9,
};
const mallory = { name: 'mallory', plays: 'malicious-inviter', of: 'example.org', budget: everything } as const;
const dave = { name: 'dave', plays: 'departed-member', of: 'example.org', budget: moves } as const;
const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org', budget: everything } as const;
const eve = { name: 'eve', plays: 'other-user', of: 'example.org', budget: everything } as const;
const denWith = (...more: readonly string[]) => [
  { name: 'den', history: 'joined', members: ['alice', 'bob', ...more] },
];

const at = (attackers: Cast, more: readonly string[] = []) =>
  playInRooms(roomStage(suite, attackers, { rooms: denWith(...more) }));
/** Something has been said, and Carol is asked in. */
const begun = (attackers: Cast, more: readonly string[] = []) => {
  const played = at(attackers, more);
  played.does('alice.phone', 'send', { send: 'hello', in: den });
  played.settles();
  played.does('alice.phone', 'set history', { 'set history': 'shared', in: den });
  played.does('alice.phone', 'send', { send: 'hello again', in: den });
  played.settles();
  played.does('alice.phone', 'invite', { invite: 'carol', to: den });
  return played;
};

describe.each<[string, Cast, readonly string[]]>([
  ['a malicious inviter', [mallory], ['mallory']],
  ['a departed member and a server', [{ ...oscar, colludes: ['dave'] }, dave], ['dave']],
  ['a stranger and a server', [{ ...oscar, colludes: ['eve'] }, eve], []],
])('%s', (_who, cast, more) => {
  it('is offered nothing that would leave the world as it is, and nothing twice', () => {
    const played = begun(cast, more);
    let seen = 0;
    const look = (world: World, depth: number): void => {
      const open = openChoices(played.stage, world);
      expect(new Set(open.map(({ id }) => id)).size).toBe(open.length);
      const theirs = open.filter(({ who }) => cast.some(({ name }) => name === who));
      for (const choice of theirs) {
        seen += 1;
        const after = perform(played.stage, world, choice).world;
        expect([choice.sentence, sameJson(after as Json, world as Json)]).toEqual([choice.sentence, false]);
      }
      if (depth === 0) return;
      for (const part of [0.2, 0.6, 0.9]) {
        const choice = theirs[Math.floor(part * theirs.length)];
        if (choice !== undefined) look(perform(played.stage, world, choice).world, depth - 1);
      }
    };
    look(played.now(), 2);
    played.settles();
    played.does('carol.phone', 'join', { join: den });
    played.settles();
    look(played.now(), 1);
    expect(seen).toBeGreaterThan(20);
  });
});

describe('in rooms an attacker', () => {
  const of = (played: ReturnType<typeof at>, who: string) =>
    offers(played.stage, played.now(), attackerOf(played.now(), who));
  const verbs = (played: ReturnType<typeof at>, who: string) => new Set(of(played, who).map(({ verb }) => verb));

  it('spoils bundles for those who are not in the room, and with more in more ways', () => {
    const kinds = (budget: Readonly<Record<string, number>>) =>
      of(at([{ ...mallory, budget }], ['mallory']), 'mallory').flatMap(({ verb, args }) =>
        verb === 'poison' ? [`${args.poison} ${args.with}`] : [],
      );
    expect(kinds(moves)).toEqual(['carol false owner']);
    expect(kinds({ moves: 9, poison: 1 })).toContain('carol plain pointer');
    expect(kinds({ moves: 9, poison: 0 })).toEqual([]);
  });

  it('takes part in a copy of a genuine session once it has one', () => {
    const copies = (played: ReturnType<typeof at>) =>
      of(played, 'mallory').filter(({ args }) => args.with === 'worse copy');
    expect(copies(at([mallory], ['mallory']))).toEqual([]);
    expect(copies(begun([mallory], ['mallory'])).length).toBeGreaterThan(0);
  });

  it('comes and goes: in where it is asked, out where it is in', () => {
    expect(verbs(at([dave], ['dave']), 'dave')).toEqual(new Set(['leave']));
    const played = at([dave]);
    expect(verbs(played, 'dave')).toEqual(new Set());
    played.does('alice.phone', 'invite', { invite: 'dave', to: den });
    expect(verbs(played, 'dave')).toEqual(new Set(['join', 'decline']));
  });

  it('who is a stranger points nobody anywhere until somebody is asked in', () => {
    const plain = [{ ...eve, budget: moves }];
    expect(verbs(at(plain), 'eve')).not.toContain('point');
    expect(verbs(begun(plain), 'eve')).toContain('point');
  });

  it('points nobody anywhere from a device that is gone, unless somebody at the server helps', () => {
    const trudy = { name: 'trudy', plays: 'stolen-device', of: 'bob.phone', budget: everything } as const;
    const points = (cast: Cast) => {
      const played = begun(cast);
      const before = verbs(played, 'trudy').has('point');
      played.does('bob', 'log in as', { 'log in as': 'desk' });
      played.does('bob', 'remove', { remove: 'bob.phone' });
      return [before, verbs(played, 'trudy').has('point')];
    };
    expect(points([trudy])).toEqual([true, false]);
    expect(points([{ ...oscar, colludes: ['trudy'] }, trudy])).toEqual([true, true]);
  });

  it('runs a server: lets accomplices in, opens what is closed, and lies to one device only where its budget says so', () => {
    const plain = { ...oscar, budget: moves, colludes: ['eve'] };
    const [closed, open] = [at([plain, eve]), begun([plain, eve])];
    expect(
      of(closed, 'oscar')
        .filter(({ verb }) => verb === 'forge membership')
        .map(({ args }) => args.of),
    ).toEqual(['eve']);
    expect(verbs(closed, 'oscar')).toContain('forge history');
    expect(verbs(open, 'oscar')).not.toContain('forge history');
    const alone = (played: ReturnType<typeof at>) =>
      of(played, 'oscar').filter(({ args }) => args.for === 'alice.phone' && args.in === den);
    expect(alone(closed)).toEqual([]);
    expect(alone(at([oscar])).length).toBeGreaterThan(0);
  });

  it('lays hands on files once there is a bundle, and speaks for others once it has a session for them', () => {
    const before = verbs(at([oscar]), 'oscar');
    for (const verb of ['expire media', 'replace media', 'bend media', 'forge message'])
      expect(before).not.toContain(verb);
    const after = verbs(begun([oscar]), 'oscar');
    for (const verb of ['expire media', 'replace media', 'bend media', 'inject']) expect(after).toContain(verb);
    const played = begun([{ ...oscar, colludes: ['mallory'] }, mallory], ['mallory']);
    played.does('mallory', 'poison', { poison: 'carol', in: den, with: 'false owner', as: 'bob.phone' });
    expect(of(played, 'oscar').flatMap(({ verb, args }) => (verb === 'forge message' ? [args.as] : []))).toEqual([
      'bob.phone',
    ]);
  });
});
