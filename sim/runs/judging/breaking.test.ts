/** When what broke was done, and when it was certain. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import type { Break } from '../../engine/breaks.ts';
import type { Step } from '../../engine/types.ts';
import { byCause, datedAlways, datedFinally, keyOf, onceEach } from './breaking.ts';

const broken = (at: string, more: Partial<Break> = {}): Break => ({
  at,
  about: { is: 'secret', user: 'alice', name: 'n' },
  why: `at ${at}`,
  acceptedBy: null,
  ...more,
});
const step: Step = { choice: { id: 'x', who: 'w', sentence: 's', kind: 'sync' }, moments: [] };

/** Each memory is the names of those at whom it is broken; nothing is under way after the steps in `calm`. */
const ended = (memories: readonly (readonly string[])[], calm: readonly number[] = memories.map((_, nth) => nth)) => {
  const asked: Json[] = [];
  const dated = datedFinally({
    steps: memories.map(() => step),
    memories,
    end: (memory) => {
      asked.push(memory);
      return (memory as readonly string[]).map((at) => broken(at));
    },
    isCalm: (nth) => calm.includes(nth),
  });
  return { asked, dated: dated.map(({ cause, certain, broken: { at } }) => [at, cause, certain]) };
};

describe('a break that is found in the end', () => {
  it('was done by the first step from which on it is found after every step', () => {
    expect(ended([[], ['a'], ['a'], ['a']]).dated).toEqual([['a', 1, 1]]);
    // Mended meanwhile, and broken again.
    expect(ended([['a'], [], ['a'], ['a']]).dated).toEqual([['a', 2, 2]]);
    expect(ended([['a'], ['a']]).dated).toEqual([['a', 0, 0]]);
    expect(ended([['a'], ['a'], []]).dated).toEqual([]);
  });

  it('is certain no sooner than nothing new is remembered', () => {
    expect(ended([[], ['a'], ['a', 'b'], ['a'], ['a']]).dated).toEqual([['a', 1, 3]]);
  });

  it('is certain no sooner than nothing is under way, and at the latest in the end', () => {
    expect(ended([[], ['a'], ['a'], ['a'], ['a']], [0, 3, 4]).dated).toEqual([['a', 1, 3]]);
    expect(ended([[], ['a'], ['a']], []).dated).toEqual([['a', 1, 2]]);
  });

  it('has a cause of its own, beside others', () => {
    expect(ended([[], ['a'], ['a', 'b'], ['a', 'b']]).dated).toEqual([
      ['a', 1, 2],
      ['b', 2, 2],
    ]);
  });

  it('is looked for in no step before all were mended, and once where nothing was remembered anew', () => {
    const long = ['a'];
    expect(ended([[], [], ['b'], long, long, long]).asked).toEqual([['a'], ['b']]);
    expect(ended([[], []]).asked).toEqual([[]]);
  });

  it('was done by the step that its origin leads to, when that was earlier', () => {
    const content = { secret: 's3' };
    const sent: Step = {
      ...step,
      moments: [
        {
          kind: 'request',
          from: 'm',
          to: 's',
          method: 'PUT',
          path: '/_matrix/client/v3/sendToDevice/x/t',
          body: { messages: { u: { D: content } } },
          status: 200,
          response: {},
        },
      ],
    };
    const came: Step = {
      ...step,
      moments: [{ kind: 'delivery', from: 's', to: 'a', event: { content }, opened: null, facts: {} as never }],
    };
    const origin = { brought: 'secret', to: 'a', secret: 's3' } as const;
    const steps = [sent, step, came, step];
    expect(datedAlways(broken('a', { origin }), 2, steps)).toMatchObject({ cause: 0, certain: 2 });
    expect(datedAlways(broken('a', { origin }), 1, steps)).toMatchObject({ cause: 1, certain: 1 });
    expect(datedAlways(broken('a'), 2, steps)).toMatchObject({ cause: 2, certain: 2 });
    const memories = [[], [], ['a'], ['a']];
    const end = (memory: Json) => (memory as readonly string[]).map((at) => broken(at, { origin }));
    const [first] = datedFinally({ steps, memories, end, isCalm: () => true });
    expect(first).toMatchObject({ cause: 0, certain: 2 });
  });
});

describe('two breaks', () => {
  it('are one and the same at one player about the same, in whichever order that is written and whatever is said of it', () => {
    const one = broken('a');
    expect(keyOf({ ...one, about: { name: 'n', user: 'alice', is: 'secret' }, why: 'other words' })).toBe(keyOf(one));
    expect(keyOf(broken('b'))).not.toBe(keyOf(one));
    expect(keyOf({ ...one, about: { is: 'secret', user: 'alice', name: 'm' } })).not.toBe(keyOf(one));
  });

  it('about nothing in particular are one and the same where they are told in the same words', () => {
    const one = broken('a', { about: null });
    expect(keyOf({ ...one, acceptedBy: 'x' })).toBe(keyOf(one));
    expect(keyOf({ ...one, why: 'other words' })).not.toBe(keyOf(one));
  });

  it('that are one are told once, the first time; what a text accepts does not stand for what none does', () => {
    const all = [
      { cause: 1, certain: 1, broken: broken('a', { acceptedBy: 'x' }) },
      { cause: 2, certain: 2, broken: broken('a') },
      { cause: 3, certain: 3, broken: broken('a') },
      { cause: 4, certain: 4, broken: broken('b') },
      { cause: 5, certain: 5, broken: broken('a', { acceptedBy: 'y' }) },
    ];
    expect(onceEach(all).map(({ cause }) => cause)).toEqual([1, 2, 4]);
  });

  it('of one cause that are certain in one step stand together, in the order of the steps', () => {
    const dated = (cause: number, certain: number, at: string) => ({ cause, certain, broken: broken(at) });
    const grouped = byCause([dated(3, 4, 'a'), dated(1, 5, 'b'), dated(3, 4, 'c'), dated(1, 2, 'd')]);
    expect(grouped.map(({ cause, certain, breaks }) => [cause, certain, breaks.map(({ at }) => at)])).toEqual([
      [1, 2, ['d']],
      [1, 5, ['b']],
      [3, 4, ['a', 'c']],
    ]);
  });
});
