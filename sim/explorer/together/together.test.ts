/** Two workers see what one thread sees, in whatever order their messages arrive. */
import { describe, expect, it } from 'vitest';
import { exploreWithWorkers, withTwoThreads } from '../../cli/workers.ts';
import { nodeCurves } from '../../crypto/node/backend.ts';
import { makeRealSuite } from '../../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../../crypto/symbolic/suite.ts';
import type { Turn } from '../../engine/types.ts';
import { replay } from '../../runs/run.ts';
import { arenas } from '../arenas.ts';
import { type Exploration, type ExploreOptions, explore } from '../explore.ts';
import { exploreTogether } from './explore-together.ts';
import { timings, workersHere } from './testing.ts';

const suite = makeSymbolicSuite('1');
const arena = (id: string) => {
  const one = arenas.find(({ scenario }) => scenario.id === `arena/${id}`);
  if (one === undefined) throw new Error(`there is no arena ${id}`);
  return one;
};
/** All but sums of what was worked and is held, which are larger for two. */
const seen = ({ worked: _worked, bytes: _bytes, ...rest }: Exploration) => rest;
const alone = (id: string, options: Partial<ExploreOptions>) => {
  const { scenario, guarantees } = arena(id);
  return seen(explore(scenario, { suite, guarantees, ...options }));
};
const together = async (id: string, options: Partial<ExploreOptions>, timing = 'turn and turn about') => {
  const { scenario, guarantees } = arena(id);
  const chosen = timings[timing];
  if (chosen === undefined) throw new Error(`there is no timing ${timing}`);
  const workers = workersHere(makeSymbolicSuite, chosen());
  return seen(await exploreTogether(scenario, { suite, guarantees, ...options }, workers));
};
const off = (clause: string): readonly Turn[] => [{ turn: 'off', clause }];

// In the one that is named, an attacker's devices were once taken for each other, by two threads otherwise than by one.
const everyFourth = arenas
  .map(({ scenario }) => scenario.id.replace('arena/', ''))
  .filter((id, nth) => nth % 4 === 0 || id === 'devices-made-up-in-a-room');

describe('two workers', () => {
  it.each(everyFourth)('see the worlds, ways and verdicts that one thread sees: %s', async (id) => {
    for (const bounds of [{}, { worldsMax: 50 }, { depthMax: 4 }])
      expect(await together(id, { bounds })).toEqual(alone(id, { bounds }));
  });

  it.each(Object.keys(timings))('see the same when of their messages %s', async (timing) => {
    for (const bounds of [{}, { worldsMax: 777 }])
      expect(await together('a-stolen-token', { bounds }, timing)).toEqual(alone('a-stolen-token', { bounds }));
  });

  it.each([
    ['a-stolen-token', '4385-push-cross-signed-only'],
    ['a-stolen-token', '1946-share-verified-own'],
    ['a-lying-server', '4385-push-reject-plaintext'],
    ['a-lying-server', '1946-verify-responder'],
    ['another-user', '4385-push-same-user'],
    ['two-questions', '1946-request-id-match'],
    ['a-new-sibling', '4385-both-unsolicited-share'],
    ['a-stolen-device', '4385-both-compromise-argument'],
  ])('find the very ways to a break that one thread finds: %s without %s', async (id, clause) => {
    const turns = off(clause);
    const one = alone(id, { turns });
    for (const timing of Object.keys(timings)) expect(await together(id, { turns }, timing)).toEqual(one);
    const broken = one.found.filter(({ verdict }) => verdict === 'breaks' || verdict === 'accepted');
    expect(broken.length).toBeGreaterThan(0);
    for (const { guarantee, trace, at } of broken) {
      if (trace === null) throw new Error('a break without a way to it');
      const judged = replay(arena(id).scenario, trace).judgements.find(
        (judgement) => judgement.guarantee === guarantee,
      );
      expect(judged?.at).toBe(at);
    }
  });

  it('stop after the world in which the last promise broke, wherever in a slice that is', async () => {
    const turns = off('4385-push-reject-plaintext');
    const whole = alone('a-lying-server', { turns });
    const broken = whole.found.filter(({ verdict }) => verdict === 'breaks').map(({ guarantee }) => guarantee);
    expect(broken.length).toBeGreaterThan(0);
    const one = alone('a-lying-server', { turns, guarantees: broken });
    expect(one.worlds).toBeLessThan(whole.worlds);
    expect(one.limit).toBeNull();
    expect(await together('a-lying-server', { turns, guarantees: broken })).toEqual(one);
  });

  it('leave out what comes after the first world that finds no room, be it a break', async () => {
    const turns = off('4385-push-same-user');
    // Around the size at which the break is found there are all cases: before it, at its world, after it.
    const verdicts = new Set<string>();
    for (let worldsMax = 1; worldsMax <= 40; worldsMax += worldsMax < 18 ? 4 : 1) {
      const one = alone('another-user', { turns, bounds: { worldsMax } });
      for (const { verdict } of one.found) verdicts.add(verdict);
      expect(await together('another-user', { turns, bounds: { worldsMax } })).toEqual(one);
    }
    expect([...verdicts].sort()).toEqual(['breaks', 'unsettled']);
  });

  it('stop when they are told to, or when memory is short, and settle nothing', async () => {
    const stopped = await together('a-lying-server', { progress: () => false });
    expect(stopped.limit).toBe('stopped');
    const full = await together('a-lying-server', { bounds: { bytesMax: 100_000 } });
    expect(full.limit).toBe('memory');
    for (const { found } of [stopped, full]) expect(found.map(({ verdict }) => verdict)).not.toContain('holds');
  });

  it('leave to one thread what they cannot share', async () => {
    const bytes = makeRealSuite('1', nodeCurves);
    const options: readonly Partial<ExploreOptions>[] = [
      { order: 'depth first' },
      { reductions: ['sleep sets'] },
      { suite: bytes },
    ];
    for (const one of options) expect(await together('a-new-sibling', one)).toEqual(alone('a-new-sibling', one));
  });

  it('say why when one of them fails', async () => {
    const { scenario, guarantees } = arena('nobody');
    const workers = workersHere(
      () => {
        throw new Error('no suite today');
      },
      timings['turn and turn about']?.() ?? (() => 0),
    );
    await expect(exploreTogether(scenario, { suite, guarantees }, workers)).rejects.toThrow(/no suite today/);
  });

  it('see the same as threads of Node, one search after another', async () => {
    const { scenario, guarantees } = arena('a-lying-server');
    for (const turns of [[], off('1946-verify-responder')]) {
      const options: ExploreOptions = { suite, guarantees, turns };
      const found = await withTwoThreads(async (workers) => [
        seen(await exploreTogether(scenario, options, workers)),
        seen(await exploreTogether(scenario, options, workers)),
      ]);
      const one = alone('a-lying-server', { turns });
      expect(found).toEqual([one, one]);
      expect(seen(await exploreWithWorkers(scenario, options, 2))).toEqual(one);
    }
  });
});
