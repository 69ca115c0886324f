/** What guarantees about people who are asked in remember alike: who holds what, who goes without and why, and whose devices are signed. */
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { userOf } from './accounts.ts';
import { type GoingWithout, goingWithoutAfter, type Late, noExcuses } from './going-without.ts';
import { type Holdings, holdingsAfter, noHoldings } from './holdings.ts';
import { foundByAddressIn, roomActs } from './requests.ts';
import { noneSigned, type Signed, signedAfter } from './signed.ts';

export type Newcomers = Holdings & GoingWithout & { readonly signed: Signed };
export const noNewcomers: Newcomers = { ...noHoldings, ...noExcuses, signed: noneSigned };

/** Somebody whom a device asks into a room. `byAddress`: it asked an address, and learns only now whose that is. */
export type Invitee = { readonly room: RoomId; readonly user: UserId; readonly byAddress: boolean };

/** Whom an honest device asks in, in a moment, that has a client which shares history. */
export const inviteesIn = (memory: Newcomers, moment: Moment, witness: Witness): readonly Invitee[] => {
  if (moment.kind !== 'request' || !witness.honest(moment.from) || !witness.implementsText(moment.from, 'MSC4268'))
    return [];
  const own = userOf(memory.accounts, moment.from);
  return [
    ...roomActs(moment).flatMap((act) =>
      act.act === 'member' && act.is === 'invite' && act.user !== null
        ? [{ room: act.room, user: act.user, byAddress: false }]
        : [],
    ),
    ...foundByAddressIn(moment).flatMap(({ by, ...found }) =>
      by !== null && by === own ? [{ ...found, byAddress: true }] : [],
    ),
  ];
};

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
