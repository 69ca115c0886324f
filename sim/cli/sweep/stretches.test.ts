/** What waits is handed out in stretches: everything once, and what lies together to one taker as far as may be. */
import { describe, expect, it } from 'vitest';
import { dice } from '../../engine/chance.ts';
import { stretches } from './stretches.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, nth) => nth);

describe('stretches', () => {
  it('keep each taker on one that lies together, and share the longest with whoever is done', () => {
    const waiting = stretches<number, object>();
    const [ann, ben] = [{}, {}];
    waiting.add(numbers(10), 2);
    expect([waiting.take(ann), waiting.take(ben), waiting.take(ann), waiting.take(ben)]).toEqual([0, 5, 1, 6]);
    expect([1, 2, 3].map(() => waiting.take(ben))).toEqual([7, 8, 9]);
    // Of 2, 3 and 4 Ben takes the later half, and Ann goes on with hers.
    expect([waiting.take(ben), waiting.take(ann), waiting.take(ben)]).toEqual([3, 2, 4]);
    expect([waiting.left(), waiting.take(ann)]).toEqual([0, undefined]);
  });

  it('have what comes in again behind all others, and what is added later after what is there', () => {
    const waiting = stretches<number, object>();
    const ann = {};
    waiting.add([1, 2], 1);
    waiting.addLast(9);
    waiting.add([3], 1);
    expect(waiting.left()).toBe(4);
    expect([1, 2, 3, 4].map(() => waiting.take(ann))).toEqual([1, 2, 3, 9]);
  });

  it.each(numbers(30))('hand out everything once, whoever takes when (%s)', (nth) => {
    const roll = dice(`stretches ${nth}`);
    const waiting = stretches<number, object>();
    const takers = numbers(1 + roll(5)).map(() => ({}));
    const count = roll(60);
    waiting.add(numbers(count), 1 + roll(8));
    const came: number[] = [];
    const given = new Set<number>();
    while (waiting.left() > 0) {
      const before = waiting.left();
      const one = waiting.take(takers[roll(takers.length)] ?? {});
      if (one === undefined) throw new Error('something waits and nothing is given');
      expect(waiting.left()).toBe(before - 1);
      if (!given.has(one) && roll(4) === 0) waiting.addLast(one);
      else came.push(one);
      given.add(one);
    }
    expect([...came].sort((a, b) => a - b)).toEqual(numbers(count));
  });
});
