/** Who was signed when a message was sent: "not verified" is said of them as they were then, not as whoever said it could know. */
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed } from './accounts.ts';
import { sentIn } from './requests.ts';
import { isSignedLogin, type Signed } from './signed.ts';

/** Event → the devices that their user's identity had signed when an honest device sent it. */
export type SignedThen = { readonly signedThen: Readonly<Record<string, readonly PlayerId[]>> };

export const signedThenAfter = <M extends SignedThen & { readonly signed: Signed }>(
  before: M,
  moment: Moment,
  witness: Witness,
): M => {
  const sent = sentIn(moment);
  if (sent === null || !witness.honest(sent.player)) return before;
  const { accounts } = before.signed;
  const signed = accounts.logins.filter((login) => !login.isGone && isSignedLogin(before.signed, login, witness));
  return { ...before, signedThen: filed(before.signedThen, sent.event, among([], ...signed.map(({ by }) => by))) };
};

/** Whether a device was signed when that message was sent. */
export const wasSigned = ({ signedThen }: SignedThen, player: PlayerId, event: string): boolean =>
  signedThen[event]?.includes(player) === true;
