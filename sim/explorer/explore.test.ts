import { describe, expect, it } from 'vitest';
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import { canonicalJson } from '../crypto/real/canonical-json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { openChoices } from '../engine/open-choices.ts';
import { beforehand, begin } from '../engine/prologue.ts';
import { step } from '../engine/step.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario, Step } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { guarantees } from '../guarantees/index.ts';
import { witnessOf } from '../runs/judging/judge.ts';
import { replay } from '../runs/run.ts';
import { stageWith } from '../verbs/port.ts';
import { type Exploration, type ExploreOptions, explore } from './explore.ts';

type Play = {
  readonly plays: string;
  readonly of?: string;
  readonly moves?: number;
  readonly acts?: readonly (readonly [who: string, verb: string, arg?: string])[];
  readonly devices?: readonly string[];
  readonly readings?: Readonly<Record<string, 'A' | 'B'>>;
};

/** A cast, an attacker with so many moves, and what people may do; nobody says in which order. */
const freePlay = ({
  plays,
  of = '',
  moves = 0,
  acts = [],
  devices = ['phone', 'laptop'],
  readings = {},
}: Play): Scenario => {
  const plain = aliceAndDevices({ devices, attackers: [{ name: 'mallory', plays, of: of === '' ? null : of }] });
  return {
    ...plain,
    settings: { ...plain.settings, everyone: { ...plain.settings.everyone, readings } },
    cast: { ...plain.cast, attackers: plain.cast.attackers.map((one) => ({ ...one, budget: { moves } })) },
    explore: {
      acts: acts.map(([who, verb, arg]) => ({
        act: { who, verb, args: arg === undefined ? {} : { [verb]: arg } },
        times: 1,
      })),
      faults: {},
      until: { depth: 40, worlds: 100_000 },
    },
  };
};
const watched: readonly GuaranteeId[] = ['secret-authenticity', 'secret-confidentiality', 'backup-key-integrity'];
const search = (play: Play, options: Partial<ExploreOptions> = {}): Exploration =>
  explore(freePlay(play), { suite: makeSymbolicSuite('1'), guarantees: watched, ...options });
/** Worlds and transitions by the book: every step taken, every world kept as text with names in order. */
const stepByStep = (scenario: Scenario): readonly [worlds: number, transitions: number] => {
  const stage = stageWith(scenario, { suite: makeSymbolicSuite('1'), free: true });
  const witness = witnessOf(stage);
  const kept = guarantees.filter(({ id }) => watched.includes(id));
  const look = (memories: readonly Json[], step: Step) =>
    kept.map((guarantee, nth) => guarantee.see(memories[nth] ?? null, step, witness).memory);
  const texts = new Set<string>();
  const queue: { readonly world: World; readonly memories: readonly Json[] }[] = [];
  const found = (world: World, memories: readonly Json[]): void => {
    const text = canonicalJson({ world, memories } as unknown as Json) ?? '';
    if (!texts.has(text)) queue.push({ world, memories });
    texts.add(text);
  };
  found(
    begin(stage),
    look(
      kept.map((one) => one.begin),
      beforehand(stage),
    ),
  );
  let transitions = 0;
  for (const { world, memories } of queue)
    for (const choice of openChoices(stage, world)) {
      transitions += 1;
      const next = step(stage, world, choice.id);
      found(next.world, look(memories, next.step));
    }
  return [texts.size, transitions];
};
const verdictsOf = ({ found }: Exploration) =>
  Object.fromEntries(found.map(({ guarantee, verdict }) => [guarantee, verdict]));

const resets = [['alice.laptop', 'reset backup']] as const;
const asks = [['alice.phone', 'request secret', BACKUP_SECRET]] as const;
const asksTwice = [...asks, ['alice.phone', 'request secret', 'm.cross_signing.master']] as const;

/** Every MUST guard and duty of the push variant and of the requests it leans on, and two that only follow from them. */
const table: readonly [clause: string, breaks: string, steps: number, play: Play][] = [
  ['4385-push-cross-signed-only', 'secret-authenticity', 4, { plays: 'stolen-token', of: 'alice', moves: 3 }],
  ['4385-push-same-user', 'secret-authenticity', 2, { plays: 'other-user', moves: 1, readings: { q08: 'A' } }],
  ['4385-push-encrypted', 'secret-confidentiality', 1, { plays: 'eavesdropper', acts: resets }],
  ['4385-push-reject-plaintext', 'secret-authenticity', 3, { plays: 'lying-server', of: 'example.org', moves: 2 }],
  [
    '4385-both-recipient-selection-silent',
    'secret-confidentiality',
    3,
    { plays: 'lying-server', of: 'example.org', moves: 2, acts: resets },
  ],
  ['1946-share-entitled-only', 'secret-confidentiality', 3, { plays: 'other-user', moves: 2 }],
  ['1946-send-encrypted', 'secret-confidentiality', 2, { plays: 'eavesdropper', acts: asks }],
  [
    '1946-verify-responder',
    'secret-authenticity',
    5,
    { plays: 'lying-server', of: 'example.org', moves: 2, acts: asks },
  ],
  [
    '1946-request-id-match',
    'secret-authenticity',
    5,
    { plays: 'eavesdropper', acts: asksTwice, devices: ['phone', 'laptop', 'tablet'] },
  ],
];

describe('the explorer, given only a cast and settings', () => {
  it.each(table)(
    'finds the shortest way to break a promise without %s, and real bytes agree',
    (clause, guarantee, steps, play) => {
      const turns = [{ turn: 'off', clause } as const];
      const found = search(play, { turns }).found.find((one) => one.guarantee === guarantee);
      expect([found?.verdict, found?.trace?.choices.length]).toEqual(['breaks', steps]);
      if (found?.trace == null) throw new Error('a break without a way to it');
      const judged = replay(freePlay(play), found.trace).judgements.find((one) => one.guarantee === guarantee);
      expect([judged?.verdict, judged?.at]).toEqual(['breaks', found.at]);
      expect(judged?.missed).toContain(clause);
    },
  );

  it.each(table)(
    'finds none with %s in force, having seen every world within the same bounds',
    (_clause, _guarantee, _steps, play) => {
      const all = search(play);
      expect(all.limit).toBeNull();
      expect(verdictsOf(all)).toEqual(Object.fromEntries(watched.map((id) => [id, 'holds'])));
    },
  );

  it('finds the stolen but still signed device, and calls it what the text calls it', () => {
    const play: Play = { plays: 'stolen-device', of: 'alice.laptop', moves: 2 };
    expect(verdictsOf(search(play))).toMatchObject({
      'secret-authenticity': 'accepted',
      'backup-key-integrity': 'accepted',
    });
    const turns = [{ turn: 'off', clause: '4385-both-compromise-argument' } as const];
    expect(verdictsOf(search(play, { turns }))).toMatchObject({
      'secret-authenticity': 'breaks',
      'backup-key-integrity': 'breaks',
    });
  });

  it('finds the incident of the backup made anew when nobody pushes, and none when they do', () => {
    const play: Play = {
      plays: 'eavesdropper',
      acts: [['alice.laptop', 'reset backup']],
      devices: ['phone', 'laptop'],
    };
    const guarantees: readonly GuaranteeId[] = ['secret-convergence'];
    expect(verdictsOf(search(play, { guarantees }))).toEqual({ 'secret-convergence': 'holds' });
    const turns = [{ turn: 'off', clause: '4385-both-unsolicited-share' } as const];
    expect(verdictsOf(search(play, { guarantees, turns }))).toEqual({ 'secret-convergence': 'breaks' });
  });

  it('finds that a backup made on top of another and then deleted leads back to one whose key is gone', () => {
    const acts = [
      ['alice.laptop', 'delete backup'],
      ['alice.laptop', 'create backup'],
    ] as const;
    const play: Play = { plays: 'eavesdropper', acts, devices: ['phone', 'laptop'] };
    const guarantees: readonly GuaranteeId[] = ['secret-convergence'];
    expect(verdictsOf(search(play, { guarantees }))).toEqual({ 'secret-convergence': 'breaks' });
  });
});

describe('a search', () => {
  const play: Play = { plays: 'stolen-token', of: 'alice', moves: 2, acts: resets };

  it.each([
    ['a thief', play],
    ['a lying server', { ...play, plays: 'lying-server', of: 'example.org', moves: 1, acts: [...resets, ...asks] }],
    ['a stolen device', { plays: 'stolen-device', of: 'alice.laptop', moves: 1 }],
  ] satisfies readonly (readonly [string, Play])[])(
    'sees the very worlds and ways that taking every step by itself sees, with %s',
    (_name, one) => {
      const fast = search(one, { isExact: true });
      expect([fast.worlds, fast.transitions]).toEqual(stepByStep(freePlay(one)));
    },
  );

  it('works out fewer steps than it takes, and ever fewer the longer it lasts', () => {
    const share = (moves: number) => {
      const { worked, transitions } = search({ ...play, moves });
      return worked / transitions;
    };
    expect(share(3)).toBeLessThan(share(2));
    expect(share(3)).toBeLessThan(0.6);
  });

  it.each([
    ['worlds', { worldsMax: 50 }],
    ['depth', { depthMax: 3 }],
  ] as const)('that reaches its bound of %s settles nothing', (limit, bounds) => {
    const cut = search(play, { bounds });
    expect(cut.limit).toBe(limit);
    expect(new Set(Object.values(verdictsOf(cut)))).toEqual(new Set(['unsettled']));
    expect(cut.found.every(({ trace }) => trace === null)).toBe(true);
  });

  it('says that no way is better only where it has looked at all worlds in which another as short could end', () => {
    const turns = [{ turn: 'off', clause: '4385-push-cross-signed-only' } as const];
    const play: Play = { plays: 'stolen-token', of: 'alice', moves: 3 };
    const firstOf = (depthMax: number) => search(play, { turns, bounds: { depthMax } }).found[0];
    expect([4, 5, 40].map((depthMax) => firstOf(depthMax)?.trace?.choices.length)).toEqual([4, 4, 4]);
    expect([4, 5, 40].map((depthMax) => firstOf(depthMax)?.isLeast)).toEqual([false, true, true]);
  });

  it('stops when it is told to, and says so', () => {
    const stopped = search({ ...play, moves: 3 }, { progress: () => false });
    expect(stopped.limit).toBe('stopped');
  });

  it('says whether what must be possible was seen: without pushes nothing was at stake', () => {
    const shadow = (turns: ExploreOptions['turns'] & object) =>
      search({ plays: 'eavesdropper', acts: resets }, { turns }).found.find(
        ({ guarantee }) => guarantee === 'secret-authenticity',
      )?.shadow;
    expect(shadow([])).toBe(true);
    expect(shadow([{ turn: 'off', clause: '4385-both-unsolicited-share' }])).toBe(false);
  });
});
