/** Worlds that never come to rest are said, and nothing is judged for want of an end. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { OpenChoice } from '../engine/choices.ts';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Scenario, StoryLine } from '../engine/types.ts';
import { replay } from '../runs/run.ts';
import { type ExploreOptions, explore } from './explore.ts';
import type { Moves } from './moves.ts';
import { makeRest } from './rest.ts';
import { makeWorlds } from './worlds.ts';

const suite = makeSymbolicSuite('1');
const resets = { who: 'alice.laptop', verb: 'reset backup', args: {} };
const play = (more: Partial<Scenario>, faults: Readonly<Record<string, number>> = {}): Scenario => ({
  ...aliceAndDevices({ devices: ['phone', 'laptop'] }),
  explore: { acts: [{ act: resets, times: 1 }], faults, until: { depth: 20, worlds: 20_000 } },
  ...more,
});
const searched = (scenario: Scenario, options: Partial<ExploreOptions> = {}) =>
  explore(scenario, { suite, guarantees: ['secret-authenticity', 'secret-convergence'], ...options });
const verdictsOf = ({ found }: ReturnType<typeof searched>) => found.map(({ verdict }) => verdict);

describe('a search', () => {
  it('judges the end only where whoever went offline has come back', () => {
    const away = searched(play({}, { offline: 1 }));
    expect([away.limit, away.restless, verdictsOf(away)]).toEqual([null, null, ['holds', 'holds']]);
    expect(searched(play({}, { offline: 1 }), { order: 'depth first' }).found).toEqual(away.found);
  });

  it('says where somebody never comes back, and leaves open what must come about in the end', () => {
    const story: readonly StoryLine[] = [[{ who: 'alice.phone', verb: 'go offline', args: {} }]];
    const scenario = play({ story });
    const gone = searched(scenario);
    expect([gone.limit, verdictsOf(gone), gone.found.map(({ why, trace }) => [why, trace])]).toEqual([
      null,
      ['holds', 'unsettled'],
      [
        [null, null],
        ['not every world comes to rest', null],
      ],
    ]);
    if (gone.restless === null) throw new Error('a way there');
    expect(gone.restless.unrest).toBe('alice.phone is offline');
    expect(
      replay(scenario, gone.restless.trace, 'symbolic').judgements.find(
        ({ guarantee }) => guarantee === 'secret-convergence',
      )?.why,
    ).toBe('the run ends before all is quiet: alice.phone is offline');
    expect(searched(scenario, { order: 'depth first' }).restless).toEqual(gone.restless);
  });

  it('looks for that only where it judges an end, and has seen all worlds', () => {
    const scenario = play({ story: [[{ who: 'alice.phone', verb: 'go offline', args: {} }]] });
    expect(searched(scenario, { guarantees: ['secret-authenticity'] }).restless).toBeNull();
    expect(searched(scenario, { bounds: { worldsMax: 2 } })).toMatchObject({ limit: 'worlds', restless: null });
  });

  it('finds a break in worlds that do come to rest all the same', () => {
    const goes = { who: 'alice.phone', verb: 'go offline', args: {} };
    const until = { depth: 20, worlds: 20_000 };
    const scenario = play({ explore: { acts: [resets, goes].map((act) => ({ act, times: 1 })), faults: {}, until } });
    expect(searched(scenario)).toMatchObject({ limit: null, found: [{ verdict: 'holds' }, { verdict: 'unsettled' }] });
    const broken = searched(scenario, { turns: [{ turn: 'off', clause: '4385-push-event-type' }] });
    expect(verdictsOf(broken)).toEqual(['holds', 'breaks']);
  });
});

describe('worlds', () => {
  /** Worlds by their number; from each a list of where what happens by itself leads to. No way: quiet, unless it is among `stuck`. */
  const graph = (ways: readonly (readonly number[])[], { stuck = [] as readonly number[], noted = true } = {}) => {
    const worlds = makeWorlds(64, 100);
    const cells = (world: number): Int32Array => new Int32Array(64).fill(world + 1, 0, 1);
    const at = (world: Int32Array): number => (world[0] as number) - 1;
    ways.forEach((_, world) => void worlds.add(cells(world), -1, 0, 0));
    const choice = (to: number): OpenChoice => ({
      id: String(to),
      who: 'w',
      sentence: 's',
      kind: 'sync',
      do: 'sync',
      player: 'w',
    });
    const moves = {
      cellsMax: 64,
      unrest: (world: Int32Array) =>
        ways[at(world)]?.length === 0 && !stuck.includes(at(world)) ? null : { unrest: 'story' },
      open: (world: Int32Array) => (ways[at(world)] ?? []).map(choice),
      step: (_world: Int32Array, { id }: OpenChoice) => cells(Number(id)),
    } as unknown as Moves;
    const rest = makeRest();
    if (noted)
      ways.forEach((to, world) => {
        if (to[0] !== undefined) rest.noteWay(world, to[0]);
        else if (!stuck.includes(world)) rest.noteQuiet(world);
      });
    return rest.restless(moves, worlds)?.world ?? null;
  };

  it('come to rest where some way leads to a quiet one, though another goes round', () => {
    expect(graph([[1], [2], []])).toBeNull();
    expect(graph([[1], [0, 2], []])).toBeNull();
    expect(graph([[0, 1], [0, 2], [1, 3], []])).toBeNull();
  });

  it('do not where all go round for ever, or something waits that nobody lets go', () => {
    expect(graph([[1, 2], [1], []])).toBe(1);
    expect(graph([[1], [2], [1, 0]])).toBe(1);
    expect(graph([[0, 1], [0]])).toBe(0);
    expect(graph([[1, 2], [], []], { stuck: [2] })).toBe(2);
  });

  it('are looked at when a search that was left has not noted their ways', () => {
    expect(graph([[1], [2], []], { noted: false })).toBeNull();
    expect(graph([[1], [2, 3], [1], []], { noted: false })).toBeNull();
    expect(graph([[1], [2, 3], [2], []], { noted: false })).toBe(2);
  });

  it('are more than there was room for in the beginning', () => {
    const many = Array.from({ length: 90 }, (_, world) => (world < 89 ? [world + 1] : []));
    expect(graph(many)).toBeNull();
  });
});
