/** Bundles of an attacker's own making: what an honest invitee refuses, and believes once nobody looks; with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';
import type { Poison } from './words.ts';

const mallory = { name: 'mallory', plays: 'malicious-inviter', of: 'example.org' } as const;
const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const attic = '!attic:example.org';
const rooms = [
  { name: 'den', history: 'shared', members: ['alice', 'bob', 'mallory'] },
  { name: 'attic', history: 'shared', members: ['bob', 'carol'] },
];
type Turned = Omit<NonNullable<Parameters<typeof roomStage>[2]>, 'rooms'>;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  /** Something has been said in the den; Mallory has read it. */
  const on = (more: Turned = {}, attackers: Parameters<typeof roomStage>[1] = [mallory]) => {
    const played = playInRooms(roomStage(suite, attackers, { rooms, ...more }));
    played.does('bob.phone', 'send', { send: 'hello', in: den });
    played.settles();
    return played;
  };
  const keyOf = (played: ReturnType<typeof on>, player: string) =>
    played.keys(player).map(({ session }) => session.sessionId);
  /** Carol is invited with such a bundle, and comes. */
  const joins = (kind: Poison, more: Turned = {}) => {
    const played = on(more);
    played.does('mallory', 'poison', { poison: 'carol', in: den, with: kind, as: 'bob.phone' });
    played.settles();
    played.does('carol.phone', 'join', { join: den });
    played.settles();
    return played;
  };
  const ownersAt = (played: ReturnType<typeof on>, player: string) =>
    played
      .fromBundles(player)
      .map(({ senderKey }) =>
        Object.keys(played.now().devices).find(
          (one) => played.now().devices[one]?.store.account.curve25519.public === senderKey,
        ),
      );

  it('a session that is said to be another member’s is taken on the inviter’s word, and bears it', () => {
    const played = joins('false owner');
    expect(ownersAt(played, 'carol.phone')).toEqual(['bob.phone']);
    expect(played.fromBundles('carol.phone')[0]?.origin).toMatchObject({ user: '@mallory:example.org' });
    expect(keyOf(played, 'carol.phone')).not.toEqual(keyOf(played, 'bob.phone'));
  });

  it('it makes a server’s forgery readable as that member’s: as vouched for by the inviter', () => {
    const played = on({}, [{ ...oscar, colludes: ['mallory'] }, mallory]);
    played.does('mallory', 'poison', { poison: 'carol', in: den, with: 'false owner', as: 'bob.phone' });
    played.settles();
    played.does('carol.phone', 'join', { join: den });
    played.settles();
    played.does('oscar', 'forge message', { 'forge message': 'send money', in: den, as: 'bob.phone' });
    played.settles();
    expect(played.read('carol.phone')).toContain('@bob:example.org: send money');
    expect(played.shown('carol.phone', 'message').at(-1)).toMatchObject({ sharedBy: '@mallory:example.org' });
    expect(played.read('alice.phone')).not.toContain('@bob:example.org: send money');
  });

  it.each<[Poison, string, Turned]>([
    ['other room', '4268-relevant-room-only', {}],
    ['no device keys', '4268-sender-device-keys-required-rx', {}],
    ['huge', '4268-dos-large-file', { options: { 'bundle size': 10000 } }],
    ['both lists', '4268-conflict-impl-defined', { readings: { q33: 'A' } }],
  ])('%s: refused by %s, taken without it', (kind, clause, more) => {
    const honest = joins(kind, more);
    expect([honest.fromBundles('carol.phone').length, honest.refused('carol.phone', clause)]).toEqual([0, true]);
    expect(joins(kind, { ...more, off: [clause] }).fromBundles('carol.phone').length).toBe(1);
  });

  it('a pointer in the clear is not believed, and is where nobody asks for Olm', () => {
    expect(joins('plain pointer').fromBundles('carol.phone')).toEqual([]);
    expect(joins('plain pointer', { off: ['4268-pointer-olm-encrypted'] }).fromBundles('carol.phone')).toHaveLength(1);
  });

  it('another room’s session lands in that room where nobody looks', () => {
    const played = joins('other room', { off: ['4268-relevant-room-only'] });
    expect(played.fromBundles('carol.phone').map(({ room }) => room)).toEqual([attic]);
  });

  it('a session under a false id is taken by those only who read the id as it is said to be', () => {
    expect(joins('false session id').fromBundles('carol.phone')).toEqual([]);
    const [held] = joins('false session id', { readings: { q36: 'A' } }).fromBundles('carol.phone');
    expect(held).toBeDefined();
  });

  it('junk is no key for anybody', () => {
    const played = joins('junk key');
    expect([played.fromBundles('carol.phone'), played.downloads('carol.phone')]).toEqual([[], 1]);
  });

  it('media on a server that has nothing to do with it are asked for, unless that is not done', () => {
    expect(joins('foreign media').downloads('carol.phone')).toBeGreaterThan(0);
    expect(joins('foreign media', { readings: { q39: 'B' } }).downloads('carol.phone')).toBe(0);
  });

  it('a genuine session can be had from a later index on, in its maker’s name', () => {
    const played = joins('later index');
    expect(ownersAt(played, 'carol.phone')).toEqual(['bob.phone']);
    expect(played.fromBundles('carol.phone')[0]?.session.firstKnownIndex).toBe(1);
    expect(keyOf(played, 'carol.phone')).toEqual(keyOf(played, 'bob.phone'));
  });

  it('a worse copy under a false name gives way to nothing, and takes nothing’s place', () => {
    const twice = (off: readonly string[]) => {
      const played = on({ off });
      played.does('alice.phone', 'invite', { invite: 'carol', to: den });
      played.settles();
      played.does('mallory', 'poison', { poison: 'carol', in: den, with: 'worse copy', as: 'alice.phone' });
      played.settles();
      played.does('carol.phone', 'join', { join: den });
      played.settles();
      return played;
    };
    // Both have invited; the last to do so is believed here.
    expect(ownersAt(twice([]), 'carol.phone')).toEqual(['alice.phone']);
    const both = ['4268-inviter-match'];
    expect(ownersAt(twice(both), 'carol.phone')).toEqual(['bob.phone']);
    const careless = [...both, '4268-cache-poisoning', '4268-spec-session-update-source'];
    expect(ownersAt(twice(careless), 'carol.phone')).toEqual(['alice.phone']);
  });

  it('a stranger’s pointer is followed by those only who do not mind whose it is', () => {
    const pointed = (off: readonly string[]) => {
      const played = on({ off });
      played.does('mallory', 'point', { point: 'carol', in: den, with: 'false owner' });
      played.settles();
      played.does('alice.phone', 'invite', { invite: 'carol', to: den });
      played.settles();
      played.does('carol.phone', 'join', { join: den });
      played.settles();
      return played.fromBundles('carol.phone').map(({ origin }) => origin.how === 'bundle' && origin.user);
    };
    expect(pointed([])).toEqual(['@alice:example.org']);
    expect(new Set(pointed(['4268-inviter-match']))).toEqual(new Set(['@alice:example.org', '@mallory:example.org']));
  });

  it('many pointers cost whoever follows each as it comes', () => {
    const downloads = (off: readonly string[]) => {
      const played = on({ off });
      played.does('mallory', 'poison', { poison: 'carol', in: den, with: 'huge', times: 3 });
      played.settles();
      return played.downloads('carol.phone');
    };
    expect([downloads([]), downloads(['4268-defer-download'])]).toEqual([0, 3]);
  });

  it('a stolen device that was removed still points with the help of the server', () => {
    const thief = { name: 'trudy', plays: 'stolen-device', of: 'bob.phone' } as const;
    const late = (attackers: Parameters<typeof roomStage>[1]) => {
      const played = playInRooms(
        roomStage(suite, attackers, {
          rooms: rooms.slice(1),
          users: { alice: 'example.org', bob: 'example.org', carol: 'example.org' },
        }),
      );
      played.does('trudy', 'sync');
      played.does('trudy', 'push secret', { 'push secret': 'org.example.notes', to: 'carol.phone' });
      played.settles();
      played.does('bob', 'log in as', { 'log in as': 'desk' });
      played.settles();
      played.does('bob', 'remove', { remove: 'bob.phone' });
      played.settles();
      const before = played.all('delivery').length;
      played.does('trudy', 'point', { point: 'carol', in: attic, with: 'false owner', as: 'carol.phone' });
      played.settles();
      return played.all('delivery').length - before;
    };
    expect(late([thief])).toBe(0);
    expect(late([{ ...thief, colludes: ['oscar'] }, oscar])).toBe(1);
  });
});
