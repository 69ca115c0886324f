/** The guarantees that a worker loads one by one are those of the register. */
import { expect, it } from 'vitest';
import { guaranteeIds } from '../../machines/guarantee-texts.ts';
import { guarantees } from '../../sim/guarantees/index.ts';
import { judgedHere, judgesCalled } from './judges.ts';

it('loads every guarantee by its id, the very one that is registered, and nothing else', async () => {
  expect([...judgedHere].sort()).toEqual(guarantees.map(({ id }) => id).sort());
  expect(await judgesCalled(guarantees.map(({ id }) => id))).toEqual([...guarantees]);
});

it('has them in the order of the register where all are asked for', () => {
  expect(guaranteeIds).toEqual(guarantees.map(({ id }) => id));
});
