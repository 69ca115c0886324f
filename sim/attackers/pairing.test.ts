/** Keys that do not belong together, and letters, entries and messages where they do not belong; with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import { objectAt } from '../../machines/json.ts';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import * as tamper from '../homeserver/tamper.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';

const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const mallory = { name: 'mallory', plays: 'malicious-inviter', of: 'example.org' } as const;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const begin = (off: readonly string[] = []) => playInRooms(roomStage(suite, [oscar], { off }));
  const withGhost = (off: readonly string[] = []) => {
    const played = begin(off);
    played.does('oscar', 'add device', { 'add device': 'ghost', to: 'carol' });
    return played;
  };

  const readByGhost = (lie: 'whole' | 'half', off: readonly string[]) => {
    const played = withGhost(off);
    played.does('oscar', 'swap keys of', { 'swap keys of': 'bob.phone', lie });
    played.does('alice.phone', 'sync');
    played.does('alice.phone', 'send', { send: 'between us', in: den });
    played.does('oscar', 'hand on mail of', { 'hand on mail of': 'bob.phone', to: 'oscar.ghost' });
    played.does('oscar', 'sync');
    return played.learned('oscar').some(({ what }) => what === `room key of ${den}`);
  };

  it('keys that are swapped whole open letters where they are let change, and nowhere else', () => {
    expect([readByGhost('whole', ['spec-device-keys-stay']), readByGhost('whole', [])]).toEqual([true, false]);
  });

  it('half of a swapped pair needs a client that looks at no signature', () => {
    const none = ['spec-device-keys-stay', 'spec-device-self-signature', 'spec-one-time-key-signature'];
    const all = none.map((kept) =>
      readByGhost(
        'half',
        none.filter((off) => off !== kept),
      ),
    );
    expect([readByGhost('half', none), ...all]).toEqual([true, false, false, false]);
  });

  it('a letter to whoever was lent a key opens at the lender, who is told that it was for another', () => {
    const played = playInRooms(
      roomStage(suite, [oscar], { rooms: [{ name: 'den', history: 'shared', members: ['alice', 'carol'] }] }),
    );
    played.does('oscar', 'add device', { 'add device': 'ghost', to: 'carol' });
    played.does('oscar', 'lend key of', { 'lend key of': 'bob.phone' });
    played.does('alice.phone', 'sync');
    played.does('alice.phone', 'send', { send: 'between us', in: den });
    played.does('oscar', 'hand on mail of', { 'hand on mail of': 'oscar.ghost', to: 'bob.phone' });
    played.does('bob.phone', 'sync');
    expect(played.all('discarded').map(({ player, why }) => [player, why])).toEqual([
      ['bob.phone', 'it was written to another user'],
    ]);
  });

  it('a device that is called as a master key is listed under that name', () => {
    const played = begin();
    played.does('oscar', 'list master key of', { 'list master key of': 'bob' });
    const server = played.now().servers['example.org'];
    const master = server === undefined ? null : tamper.crossSigningKey(server, '@bob:example.org', 'master');
    const keys = server === undefined ? null : tamper.deviceKeys(server, '@bob:example.org', master ?? '');
    expect(keys?.device_id).toBe(master);
    const again = played.does('oscar', 'list master key of', { 'list master key of': 'bob' });
    expect(again.filter(({ kind }) => kind === 'forged')).toEqual([]);
  });

  it('two entries of a backup change places; one by itself has none to change with', () => {
    const played = begin();
    played.does('alice.phone', 'create backup', {});
    const entries = () => {
      const server = played.now().servers['example.org'];
      const all = server === undefined ? {} : objectAt(tamper.backupEntries(server, '@alice:example.org'), 'rooms');
      return Object.values(objectAt(objectAt(all, den), 'sessions')).map((entry) => JSON.stringify(entry));
    };
    const swap = () => played.does('oscar', 'swap entries of', { 'swap entries of': 'alice' });
    played.does('alice.phone', 'start room key', { 'start room key': den });
    expect(swap().filter(({ kind }) => kind === 'forged')).toEqual([]);
    played.does('alice.phone', 'start room key', { 'start room key': den });
    const before = entries();
    swap();
    expect(before.length).toBe(2);
    expect(entries()).toEqual([...before].reverse());
  });

  const readTwice = (off: readonly string[]) => {
    const played = begin(off);
    played.does('alice.phone', 'send', { send: 'once', in: den });
    played.settles();
    played.does('oscar', 'replay message', { 'replay message': den, in: den });
    played.settles();
    return played.read('bob.phone');
  };

  it('what is put into a room again is read again by whoever keeps no account of indexes', () => {
    const once = '@alice:example.org: once';
    expect([readTwice([]), readTwice(['spec-megolm-replay'])]).toEqual([[once], [once, once]]);
  });

  it('a room key under the id of another session is taken by whoever looks at no id', () => {
    const idsAt = (off: readonly string[]) => {
      const rooms = [{ name: 'den', history: 'shared' as const, members: ['alice', 'bob', 'mallory'] }];
      const played = playInRooms(roomStage(suite, [mallory], { off, rooms }));
      played.does('alice.phone', 'send', { send: 'between us', in: den });
      const id = played.now().devices['alice.phone']?.store.outbound[den]?.session.sessionId;
      played.does('mallory', 'give room key', {
        'give room key': 'carol.phone',
        in: den,
        'under id of': 'alice.phone',
      });
      played.does('carol.phone', 'sync');
      return Object.entries(played.now().devices['carol.phone']?.store.roomKeys ?? {}).map(([name, { session }]) => [
        name.endsWith(id ?? '?'),
        session.sessionId === id,
      ]);
    };
    expect([idsAt([]), idsAt(['spec-session-id'])]).toEqual([[], [[true, false]]]);
  });
});
