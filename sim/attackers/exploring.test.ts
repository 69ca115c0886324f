/** Attackers left to themselves: what free play finds with two who collude, with lies to one device, with a learned key. */

import { describe, expect, it } from 'vitest';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Act, CastAttacker, Scenario, Turn } from '../engine/types.ts';
import { explore } from '../explorer/explore.ts';
import { replay } from '../runs/run.ts';
import { den, roomStage } from './room-testing.ts';

type Played = Pick<CastAttacker, 'name' | 'plays' | 'of' | 'budget'> & Partial<CastAttacker>;

const freePlay = (
  attackers: readonly Played[],
  ...acts: readonly (readonly [who: string, verb: string])[]
): Scenario => {
  const plain = aliceAndDevices({ devices: ['phone', 'laptop'] });
  return {
    ...plain,
    cast: { ...plain.cast, attackers: attackers.map((one) => ({ colludes: [], ...one })) },
    explore: {
      acts: acts.map(([who, verb]) => ({ act: { who, verb, args: {} }, times: 1 })),
      faults: {},
      until: { depth: 30, worlds: 40_000 },
    },
  };
};
const search = (scenario: Scenario, guarantee: GuaranteeId, ...off: readonly string[]) => {
  const turns: readonly Turn[] = off.map((clause) => ({ turn: 'off', clause }));
  const { found, limit } = explore(scenario, { suite: makeSymbolicSuite('1'), guarantees: [guarantee], turns });
  return { found: found[0], limit };
};

const eve: Played = { name: 'eve', plays: 'eavesdropper', of: 'example.org', budget: { moves: 1 } };
const thief: Played = { name: 'mallory', plays: 'stolen-token', of: 'alice', budget: { moves: 2 } };

describe('free play', () => {
  it('has two who collude open on the wire what one of them was sent, a move sooner than either alone', () => {
    const steps = (attackers: readonly Played[]) =>
      search(freePlay(attackers), 'secret-confidentiality', '1946-share-verified-own').found;
    const alone = steps([{ ...thief, budget: { moves: 3 } }, eve]);
    const together = steps([thief, { ...eve, colludes: ['mallory'] }]);
    expect([alone?.verdict, alone?.trace?.choices.length, alone?.at]).toEqual(['breaks', 4, 'mallory']);
    expect([together?.verdict, together?.trace?.choices.length, together?.at]).toEqual(['breaks', 3, 'eve']);
  });

  it('finds none of it with the clause in force, having seen every world', () => {
    const scenario = freePlay([thief, { ...eve, colludes: ['mallory'] }], ['alice.phone', 'reset backup']);
    const { found, limit } = search(scenario, 'secret-confidentiality');
    expect([found?.verdict, limit]).toEqual(['holds', null]);
  });

  it('sees as many worlds with bytes as with terms, and as many transitions, whoever shares what', () => {
    const burglar: Played = { name: 'trudy', plays: 'stolen-device', of: 'alice.laptop', budget: { moves: 1 } };
    const liar: Played = { name: 'oscar', plays: 'lying-server', of: 'example.org', budget: { moves: 1 } };
    for (const pair of [
      [thief, { ...eve, colludes: ['mallory'] }],
      [burglar, { ...liar, colludes: ['trudy'] }],
    ]) {
      const counts = [makeSymbolicSuite('1'), makeRealSuite('1', nodeCurves)].map((suite) => {
        const scenario = freePlay(pair, ['alice.phone', 'reset backup']);
        const { worlds, transitions, limit } = explore(scenario, { suite, guarantees: ['secret-authenticity'] });
        return { worlds, transitions, limit };
      });
      expect(counts[0]?.limit).toBeNull();
      expect(counts[1]).toEqual(counts[0]);
    }
  });

  it('finds the sender hidden from the receiver alone, and bytes agree', () => {
    const liar: Played = {
      name: 'oscar',
      plays: 'lying-server',
      of: 'example.org',
      // Whoever may do anything would just drop the letter.
      budget: { moves: 1, 'hide device': 1, drop: 0, 'hide backup': 0, 'swap identity': 0, 'create backup': 0 },
    };
    const scenario = freePlay([liar], ['alice.laptop', 'reset backup']);
    const { found } = search(scenario, 'secret-convergence');
    const trace = found?.trace;
    if (trace == null) throw new Error('a break without a way to it');
    expect(trace.choices.filter((choice) => choice.startsWith('oscar:'))).toEqual([
      'oscar:hide_device:alice~laptop:alice~phone',
    ]);
    const judged = replay(scenario, trace).judgements.find(({ guarantee }) => guarantee === 'secret-convergence');
    expect([judged?.verdict, judged?.at]).toEqual(['breaks', found?.at]);
  });

  it('finds that whoever can only make things late makes nobody believe what is false, in whatever order', () => {
    const late = freePlay([{ ...eve, budget: { moves: 2 } }], ['alice.laptop', 'reset backup']);
    for (const guarantee of ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity'] as const) {
      const { found, limit } = search(late, guarantee);
      expect([guarantee, found?.verdict, found?.shadow, limit]).toEqual([guarantee, 'holds', true, null]);
    }
    expect(search(late, 'secret-convergence').found?.verdict).toBe('breaks');
  });

  it.each([
    [
      'about devices and identities',
      [
        ['oscar', 'add device', { 'add device': 'ghost', to: 'alice', only: 'alice.laptop' }],
        ['oscar', 'sign device', {}],
        ['oscar', 'swap identity', { 'swap identity': 'alice', for: 'alice.phone' }],
        ['oscar', 'hide device', { 'hide device': 'alice.phone', from: 'alice.laptop' }],
        ['alice.laptop', 'reset backup', {}],
      ],
    ],
    [
      'about keys and letters',
      [
        ['oscar', 'swap one-time key', { 'swap one-time key': 'alice.phone', for: 'alice.laptop', by: 'copy' }],
        ['oscar', 'hold back', { 'hold back': 'alice.phone' }],
        ['oscar', 'release', { release: 'alice.phone' }],
        ['oscar', 'tell the truth', { 'tell the truth': 'alice.laptop' }],
        ['alice.laptop', 'reset backup', {}],
      ],
    ],
    [
      'about backups and account data',
      [
        ['oscar', 'show entries', { 'show entries': 'old', to: 'alice.phone' }],
        ['oscar', 'show account data', { 'show account data': 'm.key_backup', to: 'alice.phone' }],
        ['oscar', 'create backup', { of: 'alice', 'signed by': 'master' }],
        ['oscar', 'read backup', {}],
        ['trudy', 'sync', {}],
        ['alice.phone', 'restore backup', {}],
      ],
    ],
  ] as const)('takes lies %s in any order', (_what, acts) => {
    const cast: readonly Played[] = [
      { name: 'oscar', plays: 'lying-server', of: 'example.org', budget: {}, colludes: ['trudy'] },
      { name: 'trudy', plays: 'stolen-device', of: 'alice.laptop', budget: {} },
    ];
    const plain = freePlay(cast);
    const scenario: Scenario = {
      ...plain,
      explore: {
        acts: acts.map(([who, verb, args]) => ({ act: { who, verb, args }, times: 1 })),
        faults: {},
        until: { depth: 30, worlds: 40_000 },
      },
    };
    const { worlds, limit } = explore(scenario, { suite: makeSymbolicSuite('1'), guarantees: ['data-durability'] });
    expect(limit).toBeNull();
    // Whatever came before, every one of them changes something somewhere.
    expect(worlds).toBeGreaterThan(2 ** (acts.length - 1));
  });
});

describe('free play in rooms', () => {
  const says = (who: string, text: string): Act => ({ who, verb: 'send', args: { send: text, in: den } });
  const asks = (user: string): Act => ({ who: 'alice.phone', verb: 'invite', args: { invite: user, to: den } });
  const inDen = (attacker: Played, members: readonly string[], ...acts: readonly Act[]): Scenario => {
    const rooms = [{ name: 'den', history: 'shared', members }];
    // Whoever declines counts as having left: the text of that time leaves it open.
    const { scenario } = roomStage(makeSymbolicSuite('1'), [attacker], { rooms, readings: { q25: 'B' } });
    const until = { depth: 30, worlds: 40_000 };
    return { ...scenario, explore: { acts: acts.map((act) => ({ act, times: 1 })), faults: {}, until } };
  };
  const mallory: Played = { name: 'mallory', plays: 'malicious-inviter', of: 'example.org', budget: { moves: 1 } };
  const oscar: Played = { name: 'oscar', plays: 'lying-server', of: 'example.org', budget: { moves: 1 } };
  const dave: Played = { name: 'dave', plays: 'departed-member', of: 'example.org', budget: { moves: 1, join: 0 } };
  const comes: Act = { who: 'carol.phone', verb: 'join', args: { join: den } };

  it('finds the forged session that the text accepts on an inviter’s word, and nothing in another room', () => {
    const scenario = inDen(mallory, ['alice', 'mallory'], comes);
    expect(search(scenario, 'cache-integrity').found?.verdict).toBe('accepted');
    const { found, limit } = search(scenario, 'room-scoping');
    expect([found?.verdict, found?.shadow, limit]).toEqual(['holds', true, null]);
  });

  it('sees as many worlds with bytes as with terms', () => {
    const counts = [makeSymbolicSuite('1'), makeRealSuite('1', nodeCurves)].map((suite) => {
      const scenario = inDen({ ...mallory, budget: { moves: 1, poison: 1 } }, ['alice', 'mallory'], comes);
      const { worlds, transitions, limit } = explore(scenario, { suite, guarantees: ['cache-integrity'] });
      return { worlds, transitions, limit };
    });
    expect(counts[0]?.limit).toBeNull();
    expect(counts[1]).toEqual(counts[0]);
  });

  it('finds the ghost that is pointed to the history where signatures do not matter', () => {
    const scenario = inDen(oscar, ['alice', 'bob'], says('alice.phone', 'hello'), asks('carol'));
    const { found } = search(scenario, 'history-confidentiality', '4268-only-cross-signed-devices');
    expect(found?.trace?.choices).toContain('oscar:add_device:ghost:carol');
    expect([found?.verdict, found?.at]).toEqual(['breaks', 'oscar']);
  });

  it('finds who came with history and left, where nobody rotates for those they gave nothing themselves', () => {
    const acts = [says('bob.phone', 'hello'), asks('dave'), says('bob.phone', 'again')];
    const scenario = inDen(dave, ['alice', 'bob'], ...acts);
    const { found } = search(scenario, 'forward-exclusion', '4268-rotate-on-leave');
    expect([found?.verdict, found?.at]).toEqual(['breaks', 'bob.phone']);
    expect(found?.trace?.choices).toContain('dave:decline:_den_example~org');
    // What nobody could have heard yet is conceded.
    expect(search(scenario, 'forward-exclusion').found).toMatchObject({
      verdict: 'accepted',
      acceptedBy: 'spec-rotate-once-seen',
    });
  });
});
