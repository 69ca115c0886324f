/** What is recalled of a step is what the step would do: programs over worlds, run plainly and recalled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Kernel, plainKernel } from '../../engine/kernel.ts';
import type { World } from '../../engine/world.ts';
import { makeRecall } from './memo.ts';

/** A leaf of a world, below a branch or at the top. */
type Place = readonly [branch: 'budgets' | 'devices' | null, name: string];
type Leaf = { readonly n: number };
type Op =
  | { readonly op: 'add'; readonly to: Place; readonly from: Place }
  | { readonly op: 'copy'; readonly to: Place; readonly from: Place }
  | { readonly op: 'remove'; readonly at: Place }
  | { readonly op: 'count'; readonly branch: 'budgets' | 'devices'; readonly to: Place }
  | { readonly op: 'if odd'; readonly at: Place; readonly inner: readonly Op[] }
  | { readonly op: 'part'; readonly inner: readonly Op[] }
  | { readonly op: 'view'; readonly at: Place; readonly to: Place };

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
        const done = kernel.part(kernel, world(now), inside, op.inner);
        now = small(done.world);
        said.push(...done.result);
        break;
      }
      case 'view': {
        const seen = kernel.view(kernel, world(now), lookAt, op.at);
        now = put(now, op.to, { n: (seen + 1) % 4 });
        break;
      }
    }
  return now;
};

const inside = (kernel: Kernel, given: World, ops: readonly Op[]) => {
  const own: number[] = [];
  return { world: world(run(kernel, small(given), ops, own)), result: own };
};
const lookAt = (_kernel: Kernel, given: World, place: Place): number => at(small(given), place)?.n ?? -1;

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
    fc.record({ op: fc.constant('view' as const), at: place, to: place }),
    fc.record({ op: fc.constant('if odd' as const), at: place, inner: fc.array(tie('op'), { maxLength: 3 }) }),
    fc.record({
      op: fc.constant('part' as const),
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
  it('is what the step does in every world, whatever it looks at', () => {
    fc.assert(
      fc.property(
        fc.array(op, { minLength: 1, maxLength: 5 }),
        fc.array(worlds, { minLength: 1, maxLength: 12 }),
        (ops, all) => {
          const recall = makeRecall(64);
          const call = recall.callOf((given) => {
            const said: number[] = [];
            return { world: world(run(recall.kernel, small(given), ops, said)), result: said };
          }, null);
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
  });

  it('is worked out once for all worlds that differ elsewhere only', () => {
    const recall = makeRecall(64);
    const intoA = (given: World, from: string) => ({
      world: world(put(small(given), [null, 'a'], at(small(given), [null, from]) ?? { n: 0 })),
      result: null,
    });
    const call = recall.callOf(intoA, 'b');
    expect(recall.callOf(intoA, 'b')).toBe(call);
    expect(recall.callOf(intoA, 'c')).not.toBe(call);
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
    const recall = makeRecall(64);
    const call = recall.callOf((given) => ({ world: world(act(small(given), recall.kernel)), result: null }), null);
    recall.cells.split({ a: { n: 1 }, b: { n: 2 }, budgets: { a: { n: 3 } } }, recall.now);
    return () => recall.run(call);
  };
  const bump = (_about: object, given: World) => ({
    world: world(put(small(given), [null, 'a'], { n: 9 })),
    result: 0,
  });

  it('is told when it looks at a world from before a part of it', () => {
    const stale = recalled((given, kernel) => {
      kernel.part(kernel, world(given), bump, null);
      return put(given, [null, 'b'], { n: at(given, [null, 'a'])?.n ?? 0 });
    });
    expect(stale).toThrow(/has changed since: does a step go on with a world from before a request/);
  });

  it('is told when a part of it looks at the world around it', () => {
    const leaking = recalled((given, kernel) =>
      small(
        kernel.part(kernel, world(given), () => ({ world: world(given), result: at(given, [null, 'b'])?.n ?? 0 }), null)
          .world,
      ),
    );
    expect(leaking).toThrow(/looks at the world of the step around it/);
  });

  it('is told when it keeps a memory of its own', () => {
    let calls = 0;
    const recall = makeRecall(64);
    const call = recall.callOf((given) => {
      calls += 1;
      const n = at(small(given), [null, calls % 2 === 0 ? 'a' : 'b'])?.n ?? 0;
      return { world: null, result: n };
    }, null);
    const ask = (b: number) => {
      recall.now.fill(0);
      recall.cells.split({ a: { n: 1 }, b: { n: b }, budgets: {} }, recall.now);
      return recall.run(call);
    };
    ask(1);
    expect(() => ask(2)).toThrow(/no function of what it looks at/);
  });

  it('is told, where all is worked out again, when a view of it reads what is not in its key', () => {
    let outside = 1;
    const leaking = (_about: object, given: World): number => (at(small(given), [null, 'a'])?.n ?? 0) + outside;
    const asking = (isChecked: boolean) => {
      outside = 1;
      const recall = makeRecall(64, isChecked);
      const call = recall.callOf(
        (given) => ({ world: null, result: recall.kernel.view(recall.kernel, given, leaking, null) }),
        null,
      );
      return () => {
        recall.now.fill(0);
        recall.cells.split({ a: { n: 1 }, b: { n: 2 }, budgets: {} }, recall.now);
        return recall.interner.valueOf(recall.run(call));
      };
    };
    const believed = asking(false);
    expect(believed()).toBe(2);
    outside = 5;
    expect(believed()).toBe(2);
    const checked = asking(true);
    expect(checked()).toBe(2);
    expect(checked()).toBe(2);
    outside = 5;
    expect(checked).toThrow(/no function of what it looks at/);
  });

  it('is told when it makes its questions anew each time', () => {
    const many = recalled((given, kernel) => {
      for (let n = 0; n < 2000; n += 1) kernel.view(kernel, world(given), () => n, null);
      return given;
    });
    expect(many).toThrow(/is one made anew for each/);
  });
});

describe('a question about a world', () => {
  /** What is answered in a world whose `a` is 1 and `b` is 2, one question after another. */
  const answers = (ask: (kernel: Kernel, given: World) => readonly number[]): unknown => {
    const recall = makeRecall(64);
    const call = recall.callOf((given) => ({ world: null, result: ask(recall.kernel, given) }), null);
    recall.cells.split({ a: { n: 1 }, b: { n: 2 }, budgets: {} }, recall.now);
    return recall.interner.valueOf(recall.run(call));
  };

  it('is told from others by what it is given', () => {
    expect(answers((kernel, given) => ['a', 'b'].map((n) => kernel.view(kernel, given, lookAt, [null, n])))).toEqual([
      1, 2,
    ]);
  });

  it('is told from others by whom it is about', () => {
    const plus = ({ more }: { readonly more: number }, given: World): number =>
      (at(small(given), [null, 'a'])?.n ?? 0) + more;
    const people = [{ more: 10 }, { more: 20 }];
    expect(answers((kernel, given) => people.map((one) => kernel.view(one, given, plus, null)))).toEqual([11, 21]);
  });

  it('is another one for each function, so that what a function closes over is never mistaken', () => {
    const asked = ['a', 'b', 'a'];
    expect(
      answers((kernel, given) =>
        asked.map((name) => kernel.view(kernel, given, (_kernel, now) => at(small(now), [null, name])?.n ?? 0, null)),
      ),
    ).toEqual([1, 2, 1]);
  });
});
