/** Searches of every arena, done in different ways, see the same. */

import { describe, expect, it } from 'vitest';
import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import { readArenas } from '../cli/arenas.ts';
import { nodeCurves } from '../crypto/node/backend.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Scenario, Turn } from '../engine/types.ts';
import { replay } from '../runs/run.ts';
import { checkClaims, expectedOf } from '../scenario/claims.ts';
import type { Arena } from './arena.ts';
import type { Kept } from './checkpoint.ts';
import { beginExploring, type Exploration, type ExploreOptions, explore } from './explore.ts';
import { exploredAs, plainlyIn, verdictsIn } from './plain-testing.ts';

const search = (
  scenario: Scenario,
  guarantees: readonly GuaranteeId[],
  options: Partial<ExploreOptions> = {},
): Exploration => explore(scenario, { suite: makeSymbolicSuite('1'), guarantees, ...options });
/** What was found, with how many choices lead there: shortest ways may differ in their order. */
const found = ({ found: all }: Exploration) =>
  all.map(({ guarantee, verdict, trace, shadow }) => [guarantee, verdict, trace?.choices.length ?? null, shadow]);
const arenas = readArenas();
const everyArena = [...arenas];
/** Every other arena, from the `nth` on: each is searched in one other way, which of the two goes by turns. */
const everyOther = (nth: number) => everyArena.filter((_, at) => at % 2 === nth);

/** Arenas of so many worlds are held to the plain way as a whole, of others the beginning is; `npm run plain` takes the larger ones as well. */
const worldsMax = 500;
const beginning = 250;
/** Here two devices of an attacker, one after another of the same name, were once taken for each other, far from where it begins. */
const alwaysWhole = 'arenas/devices-made-up-in-a-room';

const terms = () => makeSymbolicSuite('1');
const usually = new Map<Arena, ReturnType<typeof exploredAs>>();
/** The usual way, breadth first with terms. */
const usual = (one: Arena): ReturnType<typeof exploredAs> => {
  const known = usually.get(one) ?? exploredAs(one, terms());
  usually.set(one, known);
  return known;
};

const arena = (id: string): Arena => {
  const one = arenas.get(`arenas/${id}`);
  if (one === undefined) throw new Error(`there is no arena ${id}`);
  return one;
};

describe('every world of an arena', () => {
  it.each(everyArena)('is reached, and every break found, as without any memory: %s', (id, one) => {
    const most = id === alwaysWhole ? {} : { bounds: { worldsMax } };
    const whole = exploredAs(one, terms(), { isExact: true, ...most });
    const isWhole = whole.all.limit === null;
    const { asPlain } = isWhole ? whole : exploredAs(one, terms(), { isExact: true, bounds: { worldsMax: beginning } });
    expect(asPlain).toEqual(plainlyIn(one, terms(), isWhole ? whole.all.worlds + 1 : beginning));
    // Worlds that nobody can tell apart are one, and nothing else is found.
    if (isWhole) expect(verdictsIn(usual(one).asPlain)).toEqual(verdictsIn(asPlain));
    if (isWhole) expect(usual(one).all.worlds).toBeLessThanOrEqual(whole.all.worlds);
  });

  it.each(everyArena)('bears out what its file claims: %s', (_id, one) => {
    const { scenario, turns } = one;
    const judged = usual(one).all.found.map(({ guarantee, verdict, at, why, acceptedBy, shadow }) => {
      const unknown = { cause: null, certain: null, breaks: [], missed: [] };
      return { guarantee, verdict, at, why, acceptedBy, shadow, ...unknown };
    });
    const without = scenario.without.find((variant) => variant.turns === turns) ?? null;
    const wrong = checkClaims(expectedOf(scenario, without), judged).filter(({ asExpected }) => !asExpected);
    expect(wrong.map(({ expected, wrong: why }) => `${expected.guarantee}: ${why}`)).toEqual([]);
  });

  it.each(everyOther(0))('is reached with bytes as with terms: %s', (_id, one) => {
    const { scenario, turns, guarantees } = one;
    const symbolic = usual(one).all;
    const bytes = search(scenario, guarantees, { turns, suite: makeRealSuite('1', nodeCurves) });
    expect([bytes.worlds, bytes.transitions, bytes.depth, bytes.limit]).toEqual([
      symbolic.worlds,
      symbolic.transitions,
      symbolic.depth,
      null,
    ]);
    expect(bytes.found.map(({ verdict, trace }) => [verdict, trace?.choices])).toEqual(
      symbolic.found.map(({ verdict, trace }) => [verdict, trace?.choices]),
    );
  });

  it.each(everyOther(1))('is reached depth first as breadth first: %s', (_id, one) => {
    const { scenario, turns, guarantees } = one;
    const breadth = usual(one).all;
    const depth = search(scenario, guarantees, { turns, order: 'depth first' });
    expect([depth.worlds, depth.limit, depth.order]).toEqual([breadth.worlds, breadth.limit, 'depth first']);
    expect(depth.found.map(({ verdict }) => verdict)).toEqual(breadth.found.map(({ verdict }) => verdict));
  });
});

describe('the first text of MSC4385', () => {
  const { scenario, guarantees } = arena('a-stolen-token');
  const turns: readonly Turn[] = [{ turn: 'revision', proposal: 'MSC4385', revision: 'send-variant' }];

  it('has as many worlds as the second, with bytes as with terms', () => {
    const second = search(scenario, guarantees);
    for (const suite of [makeSymbolicSuite('1'), makeRealSuite('1', nodeCurves)]) {
      const first = search(scenario, guarantees, { turns, suite });
      expect([first.worlds, first.transitions, found(first)]).toEqual([
        second.worlds,
        second.transitions,
        found(second),
      ]);
    }
  });

  it('is attacked in its own words', () => {
    const off: Turn = { turn: 'off', clause: '4385-send-cross-signed-only' };
    const { found: all } = search(scenario, guarantees, { turns: [...turns, off] });
    const broken = all.find(({ guarantee }) => guarantee === 'secret-authenticity');
    expect([broken?.verdict, broken?.trace?.choices.length]).toEqual(['breaks', 4]);
  });
});

describe('a search too large to end', () => {
  const { scenario, guarantees } = arena('a-lying-server');
  const turns: readonly Turn[] = [{ turn: 'off', clause: '4385-push-reject-plaintext' }];

  it.each(['depth first', 'random'] as const)('finds a real break %s', (order) => {
    const broken = search(scenario, guarantees, { turns, order }).found.find(({ verdict }) => verdict === 'breaks');
    if (broken?.trace == null) throw new Error('it found none');
    const judged = replay(scenario, broken.trace).judgements.find(({ guarantee }) => guarantee === broken.guarantee);
    expect([judged?.verdict, judged?.at]).toEqual(['breaks', broken.at]);
  });

  it('leaves out of a random walk what the break can do without', () => {
    const shortest = search(scenario, guarantees, { turns }).found.find(({ verdict }) => verdict === 'breaks');
    const walked = search(scenario, guarantees, { turns, order: 'random' }).found.find(
      ({ guarantee }) => guarantee === shortest?.guarantee,
    );
    expect(walked?.trace?.choices.length).toBeLessThanOrEqual((shortest?.trace?.choices.length ?? 0) + 2);
  });

  it('settles nothing by chance, however long it walks', () => {
    const walked = search(scenario, guarantees, { order: 'random', bounds: { worldsMax: 3000 } });
    expect(walked.limit).toBe('chance');
    expect(new Set(walked.found.map(({ verdict }) => verdict))).toEqual(new Set(['unsettled']));
  });

  it('sees as far depth first as breadth first within a bound of depth', () => {
    const bounds = { depthMax: 4 };
    const [breadth, depth] = (['breadth first', 'depth first'] as const).map((order) =>
      search(scenario, guarantees, { order, bounds }),
    );
    expect([depth?.worlds, depth?.limit]).toEqual([breadth?.worlds, 'depth']);
  });

  it('stops before it takes more memory than it may, and settles nothing', () => {
    const full = search(scenario, guarantees, { bounds: { bytesMax: 100_000 } });
    expect(full.limit).toBe('memory');
    expect(new Set(full.found.map(({ verdict }) => verdict))).toEqual(new Set(['unsettled']));
  });

  it('can be left, kept as JSON and taken up again', () => {
    const options: ExploreOptions = { suite: makeSymbolicSuite('1'), guarantees, turns };
    const first = beginExploring(scenario, options);
    expect(first.advance(200)).toBe(false);
    expect(first.report()).toMatchObject({ limit: 'stopped' });
    const kept = JSON.parse(JSON.stringify(first.keep())) as Kept;
    const whole = explore(scenario, options);
    const rest = explore(scenario, { ...options, kept });
    expect([rest.worlds, rest.depth, rest.limit, found(rest)]).toEqual([
      whole.worlds,
      whole.depth,
      whole.limit,
      found(whole),
    ]);
    expect(rest.found.map(({ trace }) => trace)).toEqual(whole.found.map(({ trace }) => trace));
  });

  it('refuses what was kept of another scenario', () => {
    const kept = beginExploring(arena('a-new-sibling').scenario, { suite: makeSymbolicSuite('1') }).keep();
    expect(() => explore(scenario, { suite: makeSymbolicSuite('1'), guarantees, kept })).toThrow(/another scenario/);
  });

  it('says how far it is: an estimate once levels shrink, none while they grow', () => {
    const seen: (number | null)[] = [];
    const all = search(scenario, guarantees, {
      progress: ({ worldsExpected }) => {
        seen.push(worldsExpected);
        return true;
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    for (const estimate of seen) if (estimate !== null) expect(estimate).toBeLessThan(all.worlds * 3);
  });
});
