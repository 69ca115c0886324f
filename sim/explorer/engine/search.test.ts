import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLocal } from './local.ts';
import type { PackedModel } from './model.ts';
import { beginSearch, search } from './search.ts';

/** A model of one or two words from its edges: worlds are numbers, spread over all bits of the last word. */
const graph = (edges: ReadonlyMap<number, readonly number[]>, bad: ReadonlySet<number>, words = 1): PackedModel => {
  const packed = (n: number) => Math.imul(n + 1, 0x9e3779b1);
  const numbers = new Map<number, number>();
  for (const [from, to] of edges) for (const n of [from, ...to]) numbers.set(packed(n), n);
  numbers.set(packed(0), 0);
  const numberOf = (world: Int32Array) => numbers.get(world[words - 1] ?? 0) ?? -1;
  return {
    words,
    successorsMax: 12,
    initial: (out) => {
      out[words - 1] = packed(0);
    },
    successors: (world, out, at) => {
      const next = edges.get(numberOf(world)) ?? [];
      next.forEach((n, i) => {
        for (let word = 0; word < words - 1; word++) out[at + i * words + word] = 0;
        out[at + i * words + words - 1] = packed(n);
      });
      return next.length;
    },
    violated: (world) => bad.has(numberOf(world)),
  };
};

/** The same by the book: distances from 0. */
const distances = (edges: ReadonlyMap<number, readonly number[]>): ReadonlyMap<number, number> => {
  const found = new Map([[0, 0]]);
  for (const [from, far] of found) for (const to of edges.get(from) ?? []) if (!found.has(to)) found.set(to, far + 1);
  return found;
};

const edgesOf = (nodes: number) =>
  fc
    .array(fc.array(fc.nat(nodes - 1), { maxLength: 4 }), { minLength: nodes, maxLength: nodes })
    .map((lists) => new Map(lists.map((list, from) => [from, list] as const)));

/** A line of `length` worlds, which outgrows the first table. */
const line = (length: number) => new Map(Array.from({ length }, (_, i) => [i, [(i + 1) % length, i]] as const));

describe('the search', () => {
  it('finds every reachable world once, in either order, whatever a world’s width', () => {
    fc.assert(
      fc.property(edgesOf(40), fc.constantFrom(1, 2, 4), (edges, words) => {
        const near = distances(edges);
        const transitions = [...near.keys()].reduce((sum, from) => sum + (edges.get(from)?.length ?? 0), 0);
        const expected = { verdict: 'holds', limit: null, worlds: near.size, transitions, path: null };
        const model = graph(edges, new Set(), words);
        expect(search(model)).toMatchObject({ ...expected, depth: Math.max(...near.values()) });
        expect(search(model, { order: 'depth first' })).toMatchObject(expected);
        expect(search(model, { worldsExpected: 5000 })).toMatchObject(expected);
      }),
    );
  });

  it('shows a shortest way to a world that breaks, every step of it one of the model’s', () => {
    fc.assert(
      fc.property(edgesOf(30), fc.uniqueArray(fc.nat(29), { minLength: 1, maxLength: 3 }), (edges, bad) => {
        const near = distances(edges);
        const shortest = Math.min(...bad.map((n) => near.get(n) ?? Number.POSITIVE_INFINITY));
        const model = graph(edges, new Set(bad));
        const outcome = search(model);
        expect(outcome.verdict).toBe(shortest === Number.POSITIVE_INFINITY ? 'holds' : 'breaks');
        for (const { path } of [outcome, search(model, { order: 'depth first' })]) {
          if (path === null) continue;
          const out = new Int32Array(12);
          expect(path[0]?.nth).toBe(-1);
          path.slice(1).forEach(({ world, nth }, i) => {
            const before = path[i]?.world ?? new Int32Array(1);
            model.successors(before, out, 0);
            expect(out[nth]).toBe(world[0]);
          });
          expect(model.violated(path.at(-1)?.world ?? new Int32Array(1))).toBe(true);
        }
        if (outcome.path !== null) expect(outcome.path.length - 1).toBe(shortest);
      }),
    );
  });

  it('keeps ways and worlds while its table grows, in either order', () => {
    const length = 20_000;
    for (const order of ['breadth first', 'depth first'] as const) {
      const outcome = search(graph(line(length), new Set([length - 1])), { order });
      expect([outcome.verdict, outcome.worlds, outcome.depth, outcome.path?.length]).toEqual([
        'breaks',
        length,
        length - 1,
        length,
      ]);
    }
  });

  it('loses none of a wide level in which the table grows', () => {
    const size = 30_000;
    const tree = new Map(
      Array.from(
        { length: size },
        (_, n) => [n, [1, 2, 3].map((i) => 3 * n + i).filter((child) => child < size)] as const,
      ),
    );
    for (const order of ['breadth first', 'depth first'] as const)
      expect(search(graph(tree, new Set()), { order })).toMatchObject({ verdict: 'holds', worlds: size, depth: 10 });
    // Up from 3n + 3: 29999, 9999, 3332, 1110, 369, 122, 40, 13, 4, 1, 0.
    const path = search(graph(tree, new Set([size - 1]))).path;
    expect(path?.map(({ nth }) => nth)).toEqual([-1, 0, 0, 0, 0, 1, 2, 2, 1, 2, 1]);
  });

  it('says which bound kept it from an answer, and none when it saw everything within them', () => {
    const model = graph(line(5000), new Set());
    for (const order of ['breadth first', 'depth first'] as const) {
      const bounded = (bounds: object) => search(model, { order, bounds });
      expect(bounded({ worldsMax: 100 })).toMatchObject({ verdict: 'unsettled', limit: 'worlds', worlds: 100 });
      expect(bounded({ depthMax: 70 })).toMatchObject({ verdict: 'unsettled', limit: 'depth', worlds: 71, depth: 70 });
      expect(bounded({ bytesMax: 40_000 })).toMatchObject({ verdict: 'unsettled', limit: 'bytes' });
      expect(bounded({ worldsMax: 5000, depthMax: 4999 })).toMatchObject({ verdict: 'holds', limit: null });
    }
    expect(search(graph(line(5000), new Set([40])), { bounds: { worldsMax: 100 } }).verdict).toBe('breaks');
  });

  it('stays below the bytes it may take', () => {
    for (const bytesMax of [60_000, 200_000, 700_000])
      expect(search(graph(line(50_000), new Set()), { bounds: { bytesMax } }).bytes).toBeLessThanOrEqual(bytesMax);
  });

  it('can be left and taken up again, to the same end', () => {
    const model = graph(line(5000), new Set());
    const begun = beginSearch(model);
    let pauses = 0;
    let outcome = begun.advance(100);
    for (; outcome === null; outcome = begun.advance(100)) pauses++;
    expect(pauses).toBeGreaterThan(10);
    expect(outcome).toEqual(search(model));
    expect(begun.advance(1)).toBe(outcome);
  });
});

describe('local steps', () => {
  it('are worked out once each, and not at all before they are asked for', () => {
    const asked: string[] = [];
    const local = makeLocal<{ readonly n: number }, string>({
      key: ({ n }) => String(n),
      step: ({ n }, event) => {
        asked.push(`${n} ${event}`);
        return { state: { n: (n + event) % 4 }, effects: event === 2 ? ['two'] : [] };
      },
      encode: (effects) => effects.length,
      events: 3,
      stateBits: 2,
    });
    const first = local.intern({ n: 0 });
    expect(local.intern({ n: 0 })).toBe(first);
    const taken = local.step(first, 2);
    expect([taken >>> 2, local.state(taken & 3), local.step(first, 2)]).toEqual([1, { n: 2 }, taken]);
    expect(local.step(first, 0)).toBe(first);
    expect(asked).toEqual(['0 2', '0 0']);
    expect(local.worked()).toBe(2);
    local.intern({ n: 1 });
    local.intern({ n: 3 });
    expect(() => local.intern({ n: 7 })).toThrow(/more than 4 states/);
  });

  it('are kept when there come to be many states', () => {
    const local = makeLocal<number, never>({
      key: String,
      step: (state, event) => ({ state: (state + event) % 1000, effects: [] }),
      encode: () => 0,
      events: 2,
      stateBits: 10,
    });
    for (let id = local.intern(0), n = 0; n < 1000; n++) {
      expect(local.state(id)).toBe(n);
      id = local.step(id, 1);
    }
    for (let id = 0; id < 1000; id++) local.step(id, 1);
    expect(local.worked()).toBe(1000);
  });
});
