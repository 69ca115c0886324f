/** What a homeserver may say of rooms, files and senders, and what honest devices make of it; with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';

const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
type Turned = NonNullable<Parameters<typeof roomStage>[2]>;
const three = [{ name: 'den', history: 'shared', members: ['alice', 'bob', 'carol'] }];

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const on = (more: Turned = {}, attackers: Parameters<typeof roomStage>[1] = [oscar]) =>
    playInRooms(roomStage(suite, attackers, more));
  const flags = (played: ReturnType<typeof on>, player: string) =>
    played.keys(player).flatMap(({ origin, sharedHistory }) => (origin.how === 'made' ? [sharedHistory] : []));

  it('a message that nobody sent is read by nobody, without a key to it', () => {
    const { does, settles, read, shown } = on();
    does('oscar', 'forge message', { 'forge message': 'send money', in: den, as: 'bob.phone' });
    settles();
    expect(read('alice.phone')).toEqual([]);
    expect(shown('alice.phone', 'unreadable message')).toHaveLength(1);
  });

  it('who is said to have left is given no key, by all or by the one device that is told so', () => {
    const given = (args: Readonly<Record<string, string>>, sender: string) => {
      const { does, settles, keys } = on({ rooms: three });
      does('oscar', 'forge membership', { 'forge membership': 'leave', of: 'bob', in: den, ...args });
      settles();
      does(sender, 'send', { send: 'hello', in: den });
      settles();
      return keys('bob.phone').length;
    };
    expect([given({}, 'alice.phone'), given({}, 'carol.phone')]).toEqual([0, 0]);
    const alone = { for: 'alice.phone' };
    expect([given(alone, 'alice.phone'), given(alone, 'carol.phone')]).toEqual([0, 1]);
  });

  it('who is said to have joined is given keys: the server lets in whom it likes', () => {
    const { does, settles, learned } = on({}, [oscar, { name: 'eve', plays: 'other-user', of: 'example.org' }]);
    does('oscar', 'forge membership', { 'forge membership': 'join', of: 'eve', in: den });
    settles();
    does('alice.phone', 'send', { send: 'hello', in: den });
    does('eve', 'sync');
    expect(learned('eve').map(({ what }) => what)).toContain(`room key of ${den}`);
  });

  it('a device that is not told of a leave writes on under the old key', () => {
    const rotates = (hidden: boolean) => {
      const { does, settles, keys } = on({ rooms: three });
      does('alice.phone', 'send', { send: 'hello', in: den });
      settles();
      if (hidden) does('oscar', 'hide membership', { 'hide membership': 'bob', in: den, from: 'alice.phone' });
      does('bob', 'leave', { leave: den });
      settles();
      does('alice.phone', 'send', { send: 'hello again', in: den });
      return keys('alice.phone').length;
    };
    expect([rotates(false), rotates(true)]).toEqual([2, 1]);
  });

  it('history that is said to be open makes keys shareable, and the user is shown it', () => {
    const closed = [{ name: 'den', history: 'joined', members: ['alice', 'bob'] }];
    const told = (args: Readonly<Record<string, string>> | null, off: readonly string[] = []) => {
      const played = on({ rooms: closed, off });
      if (args !== null) played.does('oscar', 'forge history', { 'forge history': 'shared', in: den, ...args });
      played.settles();
      for (const player of ['alice.phone', 'bob.phone']) played.does(player, 'send', { send: 'hello', in: den });
      return [
        flags(played, 'alice.phone'),
        flags(played, 'bob.phone'),
        played.shown('alice.phone', 'history visible').length > 0,
      ];
    };
    expect(told(null)).toEqual([[false], [false], false]);
    expect(told({})).toEqual([[true], [true], true]);
    expect(told({ for: 'alice.phone' })).toEqual([[true], [false], true]);
    expect(told({ for: 'alice.phone' }, ['4268-ui-sender-indicator'])).toEqual([[true], [false], false]);
  });

  describe('a bundle on its way', () => {
    const carried = (
      lie: Parameters<ReturnType<typeof on>['does']>[1],
      args: Readonly<Record<string, string>>,
      off: readonly string[] = [],
    ) => {
      const played = on({ off });
      played.does('alice.phone', 'send', { send: 'hello', in: den });
      played.settles();
      played.does('alice.phone', 'invite', { invite: 'carol', to: den });
      played.settles();
      played.does('oscar', lie, args);
      played.does('carol.phone', 'join', { join: den });
      played.settles();
      const owners = played.fromBundles('carol.phone').map(({ senderKey }) => senderKey);
      const curve = (player: string) => played.now().devices[player]?.store.account.curve25519.public;
      return { ...played, owners, curve };
    };

    it('that is bent is noticed by its hash, and speaks with another’s name where nobody looks', () => {
      const bends = { 'bend media': 'bob.phone', in: den };
      const honest = carried('bend media', bends);
      expect([honest.owners, honest.refused('carol.phone', '4268-verify-attachment-hash')]).toEqual([[], true]);
      const careless = carried('bend media', bends, ['4268-verify-attachment-hash']);
      expect(careless.owners).toEqual([careless.curve('bob.phone')]);
    });

    it('that is another file is noticed', () => {
      const { owners, refused } = carried('replace media', {});
      expect([owners, refused('carol.phone', '4268-verify-attachment-hash')]).toEqual([[], true]);
    });

    it('that is gone is missed', () => {
      const { owners, downloads } = carried('expire media', {});
      expect([owners, downloads('carol.phone') > 0]).toEqual([[], true]);
    });
  });

  describe('a pointer that a server makes up', () => {
    const pointed = (lie: (played: ReturnType<typeof on>) => void, more: Turned = {}) => {
      const played = on({ users: { alice: 'example.org', bob: 'example.org', carol: 'example.org' }, ...more });
      lie(played);
      played.settles();
      played.does('alice.phone', 'invite', { invite: 'carol', to: den });
      played.settles();
      played.does('carol.phone', 'join', { join: den });
      played.settles();
      return { ...played, taken: played.fromBundles('carol.phone').length };
    };
    const ghost = (played: ReturnType<typeof on>) => {
      played.does('oscar', 'add device', { 'add device': 'ghost', to: 'alice' });
      played.settles();
    };

    it('in the clear and in the inviter’s name is not believed', () => {
      const lie = (played: ReturnType<typeof on>) =>
        void played.does('oscar', 'inject', {
          inject: 'm.room_key_bundle',
          to: 'carol.phone',
          as: 'alice.phone',
          in: den,
        });
      expect(pointed(lie).taken).toBe(0);
      expect(pointed(lie, { off: ['4268-pointer-olm-encrypted'] }).taken).toBe(1);
    });

    it('by a ghost of the inviter that shows no keys is not believed, nor is one that nobody has signed', () => {
      const points = (kind: string) => (played: ReturnType<typeof on>) => {
        ghost(played);
        played.does('oscar', 'point', { point: 'carol', in: den, with: kind });
      };
      expect(pointed(points('no device keys')).taken).toBe(0);
      expect(pointed(points('false owner')).taken).toBe(0);
      expect(pointed(points('false owner'), { readings: { q32: 'A' } }).taken).toBe(1);
      expect(pointed(points('no device keys'), { off: ['4268-sender-device-keys-required-rx'] }).taken).toBe(1);
    });

    it.each([
      ['borrowed', '4147-curve25519-match'],
      ['other ed25519', '4147-ed25519-mismatch'],
      ['unsigned', '4147-self-signature'],
      ['other user', '4147-user-id-match'],
    ])('under device keys that are %s is discarded by %s', (lie, clause) => {
      const sends = (played: ReturnType<typeof on>) => {
        ghost(played);
        played.does('oscar', 'hide device', { 'hide device': 'oscar.ghost', from: 'carol.phone' });
        played.settles();
        const args = {
          'send with keys of': lie === 'other user' ? 'bob.phone' : 'alice.phone',
          to: 'carol.phone',
          in: den,
          lie,
        };
        played.does('oscar', 'send with keys of', args);
      };
      expect(pointed(sends).refused('carol.phone', clause)).toBe(true);
      const careless = pointed(sends, { off: [clause, '4147-owner-via-cross-signing'], readings: { q32: 'A' } });
      // Keys of another user come as that user's: who invited is still asked.
      expect([careless.refused('carol.phone', clause), careless.taken]).toEqual([false, lie === 'other user' ? 0 : 1]);
    });
  });

  it('a signature that is nobody’s does not make a ghost a device of the invitee', () => {
    const pointedTo = (off: readonly string[]) => {
      const { does, settles, learned } = on({ off });
      does('alice.phone', 'send', { send: 'hello', in: den });
      settles();
      does('oscar', 'add device', { 'add device': 'ghost', to: 'carol', signed: 'falsely' });
      settles();
      does('alice.phone', 'invite', { invite: 'carol', to: den });
      settles();
      return learned('oscar').map(({ what }) => what);
    };
    expect(pointedTo([])).toEqual([]);
    expect(pointedTo(['4268-sender-verifies-signatures'])).toContain(`room key of ${den}`);
  });

  it('a server of another town overhears what comes over, and what its own ghosts are sent', () => {
    const far = { name: 'oscar', plays: 'lying-server', of: 'b.example' } as const;
    const users = { alice: 'example.org', bob: 'b.example', carol: 'b.example' };
    const { does, settles, learned } = on(
      {
        users,
        rooms: [{ name: 'den', history: 'shared', members: ['alice', 'bob'] }],
        off: ['4268-only-cross-signed-devices'],
      },
      [far],
    );
    does('alice.phone', 'send', { send: 'hello', in: den });
    settles();
    does('oscar', 'add device', { 'add device': 'ghost', to: 'carol' });
    settles();
    does('alice.phone', 'invite', { invite: 'carol', to: den });
    settles();
    expect(learned('oscar').map(({ what }) => what)).toContain(`the message "hello" in ${den}`);
  });
});
