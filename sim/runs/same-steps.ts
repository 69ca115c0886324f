/** Which steps of two runs of one scenario are the same: for all that tells where runs part. */
import type { Moment, Run, Step } from '../engine/types.ts';
import { momentLineIn } from './export/moment-line.ts';

/**
 * How much has to be alike. `done`: what was chosen, what came of it, and whether checks let it pass: not which of them were asked, nor
 * in which states charts were. `said`: all that a text of the run says; a clause that is off and would have permitted changed nothing.
 */
export type Likeness = 'done' | 'said';

/** Not so of a check that lets pass, or of a duty that is done: settings that change nothing else change only which of these there are. */
const hinders = (moment: Moment): boolean =>
  moment.kind === 'clause' && !moment.off && (moment.says === 'refuses' || moment.says === 'not done');

const doneIn = ({ choice, moments }: Step): string =>
  JSON.stringify([
    choice.id,
    moments.filter(({ kind }) => kind !== 'clause' && kind !== 'heard' && kind !== 'state'),
    [...new Set(moments.flatMap((one) => (one.kind === 'clause' && hinders(one) ? `${one.player} ${one.says}` : [])))],
  ]);

const saidIn = (run: Run, step: Step): string =>
  JSON.stringify([
    step.choice.sentence,
    ...step.moments.map((moment) =>
      momentLineIn(
        run,
        step,
        moment.kind === 'clause' && moment.off && moment.says === 'permits' ? { ...moment, off: false } : moment,
      ),
    ),
  ]);

/** Steps that are the same have the same key. */
export const stepKey = (run: Run, step: Step, by: Likeness): string =>
  by === 'done' ? doneIn(step) : saidIn(run, step);

/** How many steps two runs have in common from the beginning on. */
export const stepsInCommon = (one: Run, other: Run): number => {
  const parts = one.steps.findIndex((step, nth) => {
    const there = other.steps[nth];
    return there === undefined || stepKey(one, step, 'done') !== stepKey(other, there, 'done');
  });
  return parts < 0 ? one.steps.length : parts;
};
