/** What a homeserver may tell one device alone: the victim sees the lie, its sibling does not; with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { isObject, type Json, objectAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { call } from '../engine/network.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { learn } from './knowledge.ts';
import { play, stageFor } from './testing.ts';

const liar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const alice = '@alice:example.org';
const three = { devices: ['phone', 'laptop', 'tablet'] };
const told = { by: 'saw', from: [], text: 'somebody said so' } as const;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const on = (options?: Parameters<typeof stageFor>[2]) => {
    const stage = stageFor(suite, [liar], options);
    const played = play(stage);
    /** What a device is answered to a request, without anything following from it. */
    const asks = (
      player: PlayerId,
      method: 'GET' | 'POST' | 'PUT',
      path: string,
      body?: Json,
      query?: Readonly<Record<string, string>>,
    ): Json => {
      const { accessToken = '' } = played.now().devices[player]?.store.me ?? {};
      const more = { ...(body === undefined ? {} : { body }), ...(query === undefined ? {} : { query }) };
      const asked = { accessToken, method, path, ...more };
      const done = call(stage, played.now(), player, 'example.org', asked);
      played.change(() => done.world);
      return done.answer?.body ?? null;
    };
    return { ...played, stage, asks };
  };
  const discarded = (moments: readonly Moment[]) => moments.filter(({ kind }) => kind === 'discarded').length;
  const pinnedBy = (play: ReturnType<typeof on>, player: PlayerId) => {
    const known = play.now().devices[player]?.store.users[alice]?.identity;
    return Object.values(objectAt(known?.master, 'keys'))[0] === known?.pinned;
  };

  it('a device hidden from one sibling is listed for the other, and listed again when it is shown', () => {
    const { does, syncs, listedAt } = on(three);
    does('oscar', 'hide device', { 'hide device': 'alice.tablet', from: 'alice.laptop' });
    syncs('alice.phone', 'alice.laptop');
    expect([listedAt('alice.laptop'), listedAt('alice.phone')]).toEqual([
      ['LAPTOP', 'PHONE'],
      ['LAPTOP', 'PHONE', 'TABLET'],
    ]);
    does('oscar', 'show device', { 'show device': 'alice.tablet', to: 'alice.laptop' });
    syncs('alice.laptop');
    expect(listedAt('alice.laptop')).toEqual(['LAPTOP', 'PHONE', 'TABLET']);
  });

  it('a ghost can be in the list of one device only', () => {
    const { does, syncs, listedAt } = on(three);
    does('oscar', 'add device', { 'add device': 'ghost', to: 'alice', only: 'alice.laptop' });
    syncs('alice.phone', 'alice.laptop', 'alice.tablet');
    expect(listedAt('alice.laptop')).toContain('GHOST');
    for (const player of ['alice.phone', 'alice.tablet']) expect(listedAt(player)).not.toContain('GHOST');
  });

  it('one device is shown another identity, which has signed the ghost; its sibling the true one', () => {
    const played = on();
    const { does, syncs, now } = played;
    does('oscar', 'add device', { 'add device': 'ghost', to: 'alice' });
    does('oscar', 'swap identity', { 'swap identity': 'alice', for: 'alice.phone' });
    syncs('alice.phone', 'alice.laptop');
    expect([pinnedBy(played, 'alice.phone'), pinnedBy(played, 'alice.laptop')]).toEqual([false, true]);
    const signers = (player: PlayerId) => {
      const ghost = now().devices[player]?.store.users[alice]?.devices.GHOST?.keys;
      return Object.keys(objectAt(objectAt(ghost, 'signatures'), alice)).length;
    };
    expect([signers('alice.phone'), signers('alice.laptop')]).toEqual([2, 1]);
    does('oscar', 'tell the truth', { 'tell the truth': 'alice.phone' });
    syncs('alice.phone');
    expect(pinnedBy(played, 'alice.phone')).toBe(true);
  });

  it('one device is shown another identity where it asks after that user, and not beside what it asks after others', () => {
    const { does, asks } = on(three);
    does('oscar', 'swap identity', { 'swap identity': 'alice', for: 'alice.phone' });
    const shown = (user: string) =>
      Object.keys(
        objectAt(asks('alice.phone', 'POST', paths.keysQuery, { device_keys: { [user]: [] } }), 'master_keys'),
      );
    expect([shown(alice), shown('@bob:example.org')]).toEqual([[alice], []]);
  });

  it('a one-time key of the ghost opens nothing: who is given it writes no letter, and the server learns nothing', () => {
    const { does, syncs, learned, secretOf } = on(three);
    does('oscar', 'add device', { 'add device': 'ghost', to: 'alice' });
    syncs('alice.laptop');
    does('oscar', 'swap one-time key', { 'swap one-time key': 'alice.phone', for: 'alice.laptop', by: 'own' });
    does('alice.laptop', 'reset backup');
    syncs('alice.phone', 'alice.tablet', 'oscar');
    const fresh = secretOf('alice.laptop', BACKUP_SECRET);
    expect([
      secretOf('alice.phone', BACKUP_SECRET) === fresh,
      secretOf('alice.tablet', BACKUP_SECRET) === fresh,
    ]).toEqual([false, true]);
    expect(learned('oscar').map(({ term }) => term)).not.toContain(fresh);
  });

  it('a one-time key that is given out twice opens the first letter only', () => {
    const { does, syncs, secretOf } = on(three);
    does('oscar', 'swap one-time key', { 'swap one-time key': 'alice.phone', for: 'alice.tablet', by: 'copy' });
    does('alice.laptop', 'reset backup');
    does('alice.tablet', 'push secret', { 'push secret': BACKUP_SECRET });
    expect(discarded(syncs('alice.phone'))).toBe(1);
    expect(secretOf('alice.phone', BACKUP_SECRET)).toBe(secretOf('alice.laptop', BACKUP_SECRET));
    const honest = on(three);
    honest.does('alice.laptop', 'reset backup');
    honest.does('alice.tablet', 'push secret', { 'push secret': BACKUP_SECRET });
    expect(discarded(honest.syncs('alice.phone'))).toBe(0);
  });

  it('what is held back comes when it is released, behind what came later, and each once', () => {
    const { does, syncs, secretOf } = on({ off: ['4385-push-works-test'] });
    does('alice.laptop', 'reset backup');
    const first = secretOf('alice.laptop', BACKUP_SECRET);
    does('oscar', 'hold back', { 'hold back': 'alice.phone' });
    does('alice.laptop', 'reset backup');
    syncs('alice.phone');
    expect(secretOf('alice.phone', BACKUP_SECRET)).toBe(secretOf('alice.laptop', BACKUP_SECRET));
    expect(does('oscar', 'release', { release: 'alice.phone' }).map(({ kind }) => kind)).toEqual(['forged']);
    expect(discarded(syncs('alice.phone'))).toBe(0);
    expect(secretOf('alice.phone', BACKUP_SECRET)).toBe(first);
    expect(does('oscar', 'release', { release: 'alice.phone' })).toEqual([]);
  });

  it('entries of the backup are withheld from one device, or those that came later are', () => {
    const { does } = on();
    const read = (player: PlayerId) => {
      const moments = does(player, 'restore backup');
      const answer = moments.find((moment) => moment.kind === 'request' && moment.path === paths.backupKeys);
      const rooms = answer?.kind === 'request' ? objectAt(answer.response, 'rooms') : {};
      return Object.values(rooms).flatMap((room) => Object.keys(objectAt(room, 'sessions'))).length;
    };
    does('oscar', 'show entries', { 'show entries': 'none', to: 'alice.phone' });
    expect([read('alice.phone'), read('alice.laptop')]).toEqual([0, 2]);
    does('oscar', 'show entries', { 'show entries': 'old', to: 'alice.phone' });
    does('alice.laptop', 'start room key', { 'start room key': '!den:example.org' });
    expect([read('alice.phone'), read('alice.laptop')]).toEqual([2, 3]);
  });

  it('entries of the backup are withheld also where those of one room, or one of them, are asked for', () => {
    const { does, asks } = on();
    const room = '!den:example.org';
    const asked = (player: PlayerId, path: string) => asks(player, 'GET', path, undefined, { version: '1' });
    const begins = (): string => {
      does('alice.laptop', 'start room key', { 'start room key': room });
      const shown = objectAt(asked('alice.laptop', paths.backupRoomKeys(room)), 'sessions');
      return Object.keys(shown).at(-1) ?? '';
    };
    const first = begins();
    const sees = (player: PlayerId, session: string) => {
      const inRoom = asked(player, paths.backupRoomKeys(room));
      const alone = asked(player, `${paths.backupRoomKeys(room)}/${encodeURIComponent(session)}`);
      return [session in objectAt(inRoom, 'sessions'), 'session_data' in (isObject(alone) ? alone : {})];
    };
    expect([sees('alice.phone', first), sees('alice.laptop', first)]).toEqual(Array(2).fill([true, true]));
    does('oscar', 'show entries', { 'show entries': 'none', to: 'alice.phone' });
    expect([sees('alice.phone', first), sees('alice.laptop', first)]).toEqual([
      [false, false],
      [true, true],
    ]);
    does('oscar', 'show entries', { 'show entries': 'old', to: 'alice.phone' });
    does('alice.laptop', 'start room key', { 'start room key': '!attic:example.org' });
    expect(sees('alice.phone', first)).toEqual([true, true]);
    expect([asked('alice.phone', paths.backupRoomKeys('!attic:example.org'))]).toEqual([{ sessions: {} }]);
    expect(
      Object.keys(objectAt(asked('alice.laptop', paths.backupRoomKeys('!attic:example.org')), 'sessions')),
    ).toHaveLength(1);
  });

  it('account data of a type is other for one device, by request and by sync, or is not there', () => {
    const { does, asks } = on();
    const path = paths.accountData(alice, 'm.key_backup');
    asks('alice.laptop', 'PUT', path, { enabled: true });
    const seen = (player: PlayerId) => {
      const events = objectAt(asks(player, 'GET', paths.sync), 'account_data').events;
      const told = Array.isArray(events) ? events.filter((one) => isObject(one) && one.type === 'm.key_backup') : [];
      return [asks(player, 'GET', path), told.map((one) => objectAt(one, 'content'))];
    };
    const args = { 'show account data': 'm.key_backup', to: 'alice.phone' };
    does('oscar', 'show account data', { ...args, content: '{"enabled":false}' });
    expect(seen('alice.phone')).toEqual([{ enabled: false }, [{ enabled: false }]]);
    expect(seen('alice.laptop')).toEqual([{ enabled: true }, [{ enabled: true }]]);
    does('oscar', 'show account data', args);
    expect(seen('alice.phone')).toEqual([{ errcode: 'M_NOT_FOUND', error: 'Account data not found' }, []]);
    does('oscar', 'tell the truth', { 'tell the truth': 'alice.phone' });
    expect(seen('alice.phone')).toEqual(seen('alice.laptop'));
  });

  it('a server that learned the master key alone signs its ghost all the same', () => {
    const { does, syncs, change, stage, secretOf, learned } = on();
    const master = secretOf('alice.phone', 'm.cross_signing.master') ?? '';
    does('oscar', 'add device', { 'add device': 'ghost', to: 'alice' });
    does('oscar', 'sign device');
    syncs('alice.laptop');
    const ghostSigned = () => {
      const moments = does('alice.laptop', 'reset backup');
      return moments.some(
        (moment) =>
          moment.kind === 'request' &&
          moment.path.includes('/sendToDevice/') &&
          objectAt(objectAt(moment.body, 'messages'), alice).GHOST !== undefined,
      );
    };
    expect(ghostSigned()).toBe(false);
    change((world) => learn(stage, world, 'oscar', 'm.cross_signing.master', master, told).world);
    does('oscar', 'sign device');
    syncs('alice.laptop');
    expect(ghostSigned()).toBe(true);
    expect(learned('oscar').map(({ term }) => term)).toContain(secretOf('alice.laptop', BACKUP_SECRET));
  });

  it('a backup version that the master key signed is trusted, and one that nobody signed is not', () => {
    const uses = (signed: boolean) => {
      const { does, syncs, now, change, stage, secretOf, learned } = on();
      const master = secretOf('alice.phone', 'm.cross_signing.master') ?? '';
      change((world) => learn(stage, world, 'oscar', 'm.cross_signing.master', master, told).world);
      does('oscar', 'create backup', { of: 'alice', ...(signed ? { 'signed by': 'master' } : {}) });
      does('alice.phone', 'check backup');
      syncs('alice.phone');
      const read = learned('oscar').filter(({ how }) => how.text.includes('opens the backup entry'));
      return [now().devices['alice.phone']?.store.backup?.version ?? null, read.length > 0];
    };
    expect(uses(true)).toEqual(['2', true]);
    expect(uses(false)).toEqual([null, false]);
  });
});
