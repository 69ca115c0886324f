/** Where a shadow happened: whether what a guarantee is about came about in one seat, and not only somewhere in the story. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Guarantee } from '../../guarantees/types.ts';

/** Whether it is a device's own moment: what it asks, hears, stores, shows, or is brought. */
const isOf = (moment: Moment, seat: PlayerId): boolean => {
  switch (moment.kind) {
    case 'request':
      return moment.from === seat;
    case 'delivery':
      return moment.to === seat;
    default:
      return moment.player === seat;
  }
};
const without = (step: Step, seat: PlayerId): Step => ({
  ...step,
  moments: step.moments.filter((moment) => !isOf(moment, seat)),
});

/**
 * The same guarantee, which also says so whenever its shadow happens by what the device in that seat does: without its moments the step
 * has none.
 */
export const tellingOf =
  (seat: PlayerId, tell: (guarantee: GuaranteeId) => void) =>
  (guarantee: Guarantee): Guarantee => ({
    ...guarantee,
    see: (memory, step, witness) => {
      const seen = guarantee.see(memory, step, witness);
      if (seen.shadow && !guarantee.see(memory, without(step, seat), witness).shadow) tell(guarantee.id);
      return seen;
    },
  });
