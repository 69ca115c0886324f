/** What guarantees about people who are asked in remember alike: who holds what, who goes without and why, and whose devices are signed. */
import type { Moment, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { type GoingWithout, goingWithoutAfter, type Late, noExcuses } from './going-without.ts';
import { type Holdings, holdingsAfter, noHoldings } from './holdings.ts';
import { noneSigned, type Signed, signedAfter } from './signed.ts';

export type Newcomers = Holdings & GoingWithout & { readonly signed: Signed };
export const noNewcomers: Newcomers = { ...noHoldings, ...noExcuses, signed: noneSigned };

/** All of it after a moment. `late`: what of the step is left alone for its age (`lateIn`). */
export const newcomersAfter = <M extends Newcomers>(
  before: M,
  moment: Moment,
  step: Step,
  witness: Witness,
  late: ReadonlyMap<Moment, Late>,
): M => {
  const memory = goingWithoutAfter(holdingsAfter(before, moment, witness), moment, witness, late);
  const signed = signedAfter(memory.signed, moment, step, witness);
  return signed === memory.signed ? memory : { ...memory, signed };
};
