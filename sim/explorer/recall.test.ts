/** What is recalled of a step is what the step would do: programs over worlds, run plainly and recalled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kernel, plainKernel } from '../kernel.ts';
import type { World } from '../world.ts';
import { makeRecall } from './recall.ts';

/** A leaf of a world, below a branch or at the top. */
type Place = readonly [branch: 'budgets' | 'devices' | null, name: string];
type Leaf = { readonly n: number };
type Op =
  | { readonly op: 'add'; readonly to: Place; readonly from: Place }
  | { readonly op: 'copy'; readonly to: Place; readonly from: Place }
  | { readonly op: 'remove'; readonly at: Place }
  | { readonly op: 'count'; readonly branch: 'budgets' | 'devices'; readonly to: Place }
  | { readonly op: 'if odd'; readonly at: Place; readonly inner: readonly Op[] }
  | { readonly op: 'part'; readonly name: string; readonly inner: readonly Op[] }
  | { readonly op: 'view'; readonly name: string; readonly at: Place; readonly to: Place };

// Worlds of these tests have a few leaves only; the parts of real ones are looked at in the same ways.
type Small = { readonly [name: string]: Leaf | { readonly [name: string]: Leaf } };
const small = (world: World): Small => world as unknown as Small;
const world = (value: Small): World => value as unknown as World;

const at = (value: Small, [branch, name]: Place): Leaf | undefined =>
  (branch === null ? value[name] : (value[branch] as Small | undefined)?.[name]) as Leaf | undefined;
const put = (value: Small, [branch, name]: Place, leaf: Leaf): Small =>
  branch === null
    ? { ...value, [name]: leaf }
    : { ...value, [branch]: { ...(value[branch] as Small), [name]: leaf } as Small[string] };
const without = (value: Small, [branch, name]: Place): Small => {
  if (branch === null) return put(value, [branch, name], { n: 0 });
  const { [name]: _gone, ...rest } = value[branch] as Record<string, Leaf>;
  return { ...value, [branch]: rest };
};

const run = (kernel: Kernel, begin: Small, ops: readonly Op[], said: number[]): Small => {
  let now = begin;
  for (const op of ops)
    switch (op.op) {
      case 'add':
        now = put(now, op.to, { n: ((at(now, op.to)?.n ?? 0) + (at(now, op.from)?.n ?? 1)) % 4 });
        said.push(at(now, op.to)?.n ?? -1);
        break;
      case 'copy': {
        const leaf = at(now, op.from);
        if (leaf !== undefined) now = put(now, op.to, leaf);
        break;
      }
      case 'remove':
        now = without(now, op.at);
        break;
      case 'count':
        now = put(now, op.to, { n: Object.keys(now[op.branch] ?? {}).length % 4 });
        break;
      case 'if odd':
        if ((at(now, op.at)?.n ?? 0) % 2 === 1) now = run(kernel, now, op.inner, said);
        break;
      case 'part': {
        const done = kernel.part(world(now), op.name, op.inner, (given, inner) => {
          const own: number[] = [];
          return { world: world(run(kernel, small(given), inner, own)), result: own };
        });
        now = small(done.world);
        said.push(...done.result);
        break;
      }
      case 'view': {
        const seen = kernel.view(world(now), `${op.name} ${op.at.join()}`, (given) => at(small(given), op.at)?.n ?? -1);
        now = put(now, op.to, { n: (seen + 1) % 4 });
        break;
      }
    }
  return now;
};

const place: fc.Arbitrary<Place> = fc
  .tuple(fc.constantFrom('budgets' as const, 'devices' as const, null), fc.constantFrom('a', 'b', 'c'))
  .map(([branch, name]) => (branch === 'devices' ? ['budgets', `${name}${name}`] : [branch, name]) as Place);
const op: fc.Arbitrary<Op> = fc.letrec<{ op: Op }>((tie) => ({
  op: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ op: fc.constant('add' as const), to: place, from: place }),
    fc.record({ op: fc.constant('copy' as const), to: place, from: place }),
    fc.record({ op: fc.constant('remove' as const), at: place }),
    fc.record({ op: fc.constant('count' as const), branch: fc.constant('budgets' as const), to: place }),
    fc.record({ op: fc.constant('view' as const), name: fc.constant('look'), at: place, to: place }),
    fc.record({ op: fc.constant('if odd' as const), at: place, inner: fc.array(tie('op'), { maxLength: 3 }) }),
    fc.record({
      op: fc.constant('part' as const),
      name: fc.constant('part'),
      inner: fc.array(tie('op'), { maxLength: 3 }),
    }),
  ),
})).op;
const leaf = fc.record({ n: fc.nat(3) });
const worlds: fc.Arbitrary<Small> = fc.record({
  a: leaf,
  b: leaf,
  c: leaf,
  budgets: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'aa', 'bb'), leaf, { maxKeys: 4 }),
});

describe('what is recalled', () => {
  it.each([false, true])(
    'is what the step does in every world, whatever it looks at (footprints: %s)',
    (footprints) => {
      fc.assert(
        fc.property(
          fc.array(op, { minLength: 1, maxLength: 5 }),
          fc.array(worlds, { minLength: 1, maxLength: 12 }),
          (ops, all) => {
            const recall = makeRecall(64, footprints);
            const call = recall.callOf('program', (given) => {
              const said: number[] = [];
              return { world: world(run(recall.kernel, small(given), ops, said)), result: said };
            });
            for (const begin of [...all, ...all]) {
              const said: number[] = [];
              const plain = run(plainKernel, begin, ops, said);
              recall.now.fill(0);
              recall.cells.split(begin, recall.now);
              const result = recall.interner.valueOf(recall.run(call));
              expect([recall.cells.join(recall.now), result]).toEqual([plain, said]);
            }
          },
        ),
        { numRuns: 400 },
      );
    },
  );

  it('is worked out once for all worlds that differ elsewhere only', () => {
    const recall = makeRecall(64, false);
    const call = recall.callOf('b into a', (given) => ({
      world: world(put(small(given), [null, 'a'], at(small(given), [null, 'b']) ?? { n: 0 })),
      result: null,
    }));
    for (let n = 0; n < 50; n += 1) {
      recall.now.fill(0);
      recall.cells.split({ a: { n }, b: { n: n % 2 }, c: { n: n * 7 }, budgets: {} }, recall.now);
      recall.run(call);
      expect(recall.cells.join(recall.now)).toMatchObject({ a: { n: n % 2 }, c: { n: n * 7 } });
    }
    expect(recall.worked()).toBeLessThanOrEqual(2);
  });
});

describe('a step that goes by what is not its to go by', () => {
  const recalled = (act: (given: Small, kernel: Kernel) => Small) => {
    const recall = makeRecall(64, false);
    const call = recall.callOf('it', (given) => ({ world: world(act(small(given), recall.kernel)), result: null }));
    recall.cells.split({ a: { n: 1 }, b: { n: 2 }, budgets: { a: { n: 3 } } }, recall.now);
    return () => recall.run(call);
  };
  const bump = (given: World) => ({ world: world(put(small(given), [null, 'a'], { n: 9 })), result: 0 });

  it('is told when it looks at a world from before a part of it', () => {
    const stale = recalled((given, kernel) => {
      kernel.part(world(given), 'bump', 0, bump);
      return put(given, [null, 'b'], { n: at(given, [null, 'a'])?.n ?? 0 });
    });
    expect(stale).toThrow(/has changed since: does a step go on with a world from before a request/);
  });

  it('is told when a part of it looks at the world around it', () => {
    const leaking = recalled((given, kernel) =>
      small(
        kernel.part(world(given), 'leak', 0, () => ({ world: world(given), result: at(given, [null, 'b'])?.n ?? 0 }))
          .world,
      ),
    );
    expect(leaking).toThrow(/looks at the world of the step around it/);
  });

  it('is told when it keeps a memory of its own', () => {
    let calls = 0;
    const recall = makeRecall(64, false);
    const call = recall.callOf('moody', (given) => {
      calls += 1;
      const n = at(small(given), [null, calls % 2 === 0 ? 'a' : 'b'])?.n ?? 0;
      return { world: null, result: n };
    });
    const ask = (b: number) => {
      recall.now.fill(0);
      recall.cells.split({ a: { n: 1 }, b: { n: b }, budgets: {} }, recall.now);
      return recall.run(call);
    };
    ask(1);
    expect(() => ask(2)).toThrow(/no function of what it looks at/);
  });
});
