/** Room keys that attackers make up and lay where others look for genuine ones; with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';

const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const eve = { name: 'eve', plays: 'other-user', of: 'example.org', colludes: ['oscar'] } as const;
const leaver = { name: 'dave', plays: 'departed-member', of: 'example.org', colludes: ['oscar'] } as const;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const forwarded = (by: 'eve' | 'dave', from: 'own' | 'any') => {
    const rooms = [{ name: 'den', history: 'shared', members: ['alice', 'bob', ...(by === 'dave' ? ['dave'] : [])] }];
    const attacker = by === 'eve' ? eve : leaver;
    const options = { 'forwarded keys': from };
    const played = playInRooms(roomStage(suite, [{ ...oscar, colludes: [by] }, attacker], { rooms, options }));
    if (by === 'dave') played.does('dave', 'leave', { leave: den });
    played.does(by, 'forward room key', { 'forward room key': 'alice.phone', to: 'bob.phone', in: den });
    played.settles();
    played.does('oscar', 'forge message', { 'forge message': 'send money', in: den, as: 'alice.phone' });
    played.settles();
    return played.read('bob.phone');
  };

  it.each(['eve', 'dave'] as const)(
    'a key that %s forwards is read by whoever believes anybody, and by nobody else',
    (by) => {
      expect([forwarded(by, 'own'), forwarded(by, 'any')]).toEqual([[], ['@alice:example.org: send money']]);
    },
  );

  const inBackup = (owns: boolean) => {
    const played = playInRooms(roomStage(suite, [oscar]));
    if (owns) played.does('alice.phone', 'create backup', {});
    played.does('oscar', 'plant room key', { 'plant room key': 'bob.phone', of: 'alice', in: den });
    played.does('alice.phone', 'restore backup', {});
    const bob = played.now().devices['bob.phone']?.store.account.curve25519.public;
    return played.keys('alice.phone').map(({ senderKey, sharedHistory }) => [senderKey === bob, sharedHistory]);
  };

  it('a key that a server plants in a backup is restored as another’s, and as one that may be shared', () => {
    expect(inBackup(true)).toEqual([[true, true]]);
  });

  it('where there is no backup nothing can be planted', () => {
    expect(inBackup(false)).toEqual([]);
  });

  it('a deleted backup comes back as it was described, and empty', () => {
    const played = playInRooms(roomStage(suite, [oscar]));
    const versions = () => {
      const backup = played.now().servers['example.org']?.users['@alice:example.org']?.backup.versions ?? {};
      return Object.entries(backup).map(([version, { rooms }]) => [version, Object.keys(rooms).length]);
    };
    played.does('oscar', 'bring back backup', { 'bring back backup': 'alice' });
    expect(versions()).toEqual([]);
    played.does('alice.phone', 'create backup', {});
    played.does('alice.phone', 'send', { send: 'hello', in: den });
    expect(versions()).toEqual([['1', 1]]);
    played.does('alice.phone', 'delete backup', {});
    expect(versions()).toEqual([]);
    played.does('oscar', 'bring back backup', { 'bring back backup': 'alice' });
    expect(versions()).toEqual([['1', 0]]);
  });
});
