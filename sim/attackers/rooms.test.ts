/** Attackers who are people like others, and what is learned in rooms: with terms and with bytes. */
import { describe, expect, it } from 'vitest';
import type { Suite } from '../../machines/suite.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { attackerOf } from './knowledge.ts';
import { den, playInRooms, roomStage } from './room-testing.ts';

const dave = { name: 'dave', plays: 'departed-member', of: 'example.org' } as const;
const oscar = { name: 'oscar', plays: 'lying-server', of: 'example.org' } as const;
const withDave = [{ name: 'den', history: 'shared', members: ['alice', 'bob', 'dave'] }];
const said = (text: string) => `the message "${text}" in ${den}`;

describe.each([
  ['bytes', makeRealSuite('1', nodeCurves)],
  ['terms', makeSymbolicSuite('1')],
] as const)('with %s', (_name, suite: Suite) => {
  const on = (...given: Parameters<typeof roomStage> extends [Suite, ...infer R] ? R : never) =>
    playInRooms(roomStage(suite, ...given));

  it('a member who means ill has a phone as everybody: it syncs, reads, writes and leaves', () => {
    const { does, settles, read, members, now } = on([dave], { rooms: withDave });
    does('alice.phone', 'send', { send: 'hello', in: den });
    settles();
    does('dave', 'send', { send: 'hi', in: den });
    settles();
    expect(read('dave.phone')).toContain('@alice:example.org: hello');
    expect(read('bob.phone')).toContain('@dave:example.org: hi');
    does('dave', 'leave', { leave: den });
    settles();
    expect(members('alice.phone')['@dave:example.org']).toBe('leave');
    expect(attackerOf(now(), 'dave').runs).toEqual({});
  });

  it('what its phone holds and shows it knows, once', () => {
    const { does, settles, learned, keys } = on([dave], { rooms: withDave });
    does('alice.phone', 'send', { send: 'hello', in: den });
    settles();
    expect(learned('dave').map(({ what }) => what)).toEqual([`room key of ${den}`, said('hello')]);
    const [held] = keys('dave.phone');
    expect(learned('dave')[0]?.term).toBe(held && suite.megolmExport(held.session, held.session.firstKnownIndex));
    settles();
    expect(learned('dave')).toHaveLength(2);
  });

  it('who came with history and left reads on with the server where nobody rotates, and no further where somebody does', () => {
    const later = (off: readonly string[]) => {
      const { does, settles, learned } = on([{ ...oscar, colludes: ['dave'] }, dave], { off });
      does('bob.phone', 'send', { send: 'before', in: den });
      settles();
      does('alice.phone', 'invite', { invite: 'dave', to: den });
      settles();
      does('dave', 'join', { join: den });
      settles();
      does('dave', 'leave', { leave: den });
      settles();
      does('bob.phone', 'send', { send: 'after', in: den });
      settles();
      return learned('oscar').map(({ what }) => what);
    };
    expect(later(['4268-rotate-on-leave'])).toContain(said('after'));
    expect(later([])).toContain(said('before'));
    expect(later([])).not.toContain(said('after'));
  });

  it('a server alone hoards what is said, and opens it once somebody says the key', () => {
    const { does, settles, now } = on([oscar]);
    does('alice.phone', 'send', { send: 'hello', in: den });
    settles();
    const { hoard, knows } = attackerOf(now(), 'oscar');
    expect(Object.keys(hoard)).toEqual([expect.stringMatching(/^event /)]);
    expect(knows).toEqual([]);
  });

  it('a ghost is sent room keys, and with them the server reads what is said', () => {
    const { does, settles, learned } = on([oscar]);
    does('oscar', 'add device', { 'add device': 'ghost', to: 'bob' });
    settles();
    does('alice.phone', 'send', { send: 'hello', in: den });
    expect(learned('oscar').map(({ what }) => what)).toEqual([`room key of ${den}`, said('hello')]);
  });

  describe('an invitation with history', () => {
    const invited = (attackers: Parameters<typeof on>[0], more: Parameters<typeof on>[1], ghost = false) => {
      const played = on(attackers, more);
      const { does, settles } = played;
      does('alice.phone', 'send', { send: 'hello', in: den });
      settles();
      if (ghost) does('oscar', 'add device', { 'add device': 'ghost', to: 'carol' });
      settles();
      does('alice.phone', 'invite', { invite: 'carol', to: den });
      settles();
      return played;
    };
    const chain = [expect.stringMatching(/^the key of the file mxc:/), `room key of ${den}`, said('hello')];

    it('tells the server nothing', () => {
      expect(invited([oscar], {}).learned('oscar')).toEqual([]);
      expect(invited([oscar], {}, true).learned('oscar')).toEqual([]);
    });

    it('tells it all where pointers go in the clear, step by step', () => {
      const learned = invited([oscar], { off: ['4268-pointer-olm-encrypted'] }).learned('oscar');
      expect(learned.map(({ what }) => what)).toEqual(chain);
      expect(learned[1]?.how.from[0]).toBe(learned[0]?.term);
    });

    it('tells it all where ghosts are pointed to it too', () => {
      const { learned } = invited([oscar], { off: ['4268-only-cross-signed-devices'] }, true);
      expect(learned('oscar').map(({ what }) => what)).toEqual(chain);
    });

    it('tells it all where the bundle is not sealed', () => {
      const { learned } = invited([oscar], { off: ['4268-encrypt-attachment'] });
      expect(learned('oscar').map(({ what }) => what)).toEqual(chain.slice(1));
    });

    it('tells it what keys that are forwarded to ghosts say', () => {
      const { learned } = invited([oscar], { options: { 'share history by': 'forwarding' } }, true);
      expect(learned('oscar').map(({ what }) => what)).toEqual(chain.slice(1));
    });
  });

  it('an account one letter off that is invited by mistake reads what was said', () => {
    const { does, settles, learned } = on([{ name: 'caro1', plays: 'typosquatter', of: 'example.org' }]);
    does('alice.phone', 'send', { send: 'hello', in: den });
    settles();
    does('alice.phone', 'invite', { invite: 'caro1', to: den });
    settles();
    does('caro1', 'join', { join: den });
    settles();
    does('caro1', 'scroll back', { 'scroll back': den });
    settles();
    expect(learned('caro1').map(({ what }) => what)).toEqual([`room key of ${den}`, said('hello')]);
  });
});
