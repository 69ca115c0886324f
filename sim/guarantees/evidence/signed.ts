/** Which devices their user's identity has signed, as it is now: a new identity has signed only whom its maker verifies from then on. */
import { isObject, type Json, objectAt } from '../../../machines/json.ts';
import type { Moment, PlayerId, Step } from '../../types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import { among } from './accounts.ts';
import { doneIn } from './asked.ts';

export type Signed = {
  /** Signed in the story, by the identity that is published now. */
  readonly since: readonly PlayerId[];
  /** Users (names in the cast) who have published another identity in the story. */
  readonly renewed: readonly string[];
};
export const noneSigned: Signed = { since: [], renewed: [] };

/** The public half of a cross-signing key as it is published ("CrossSigningKey"); `null` where there is none. */
export const publicIn = (key: Json | undefined): string | null => {
  const [value] = isObject(key) ? Object.values(objectAt(key, 'keys')) : [];
  return typeof value === 'string' ? value : null;
};

/** Whether a user's own device has published a master key in that moment, and the server took it ("Cross-signing"). */
export const renewsIdentity = (moment: Moment, witness: Witness): boolean =>
  moment.kind === 'request' &&
  doneIn(moment)?.asks === 'publish identity' &&
  witness.honest(moment.from) &&
  publicIn(objectAt(moment.body, 'master_key')) !== null;

/** Who is signed after a moment; the same object where it tells nothing new. */
export const signedAfter = (before: Signed, moment: Moment, step: Step, witness: Witness): Signed => {
  if (!isStory(step)) return before;
  if (moment.kind === 'acted' && moment.what === 'verified') {
    const since = among(before.since, moment.player);
    return since === before.since ? before : { ...before, since };
  }
  if (moment.kind !== 'request' || !renewsIdentity(moment, witness)) return before;
  const user = witness.ownerOf(moment.from);
  if (user === null) return before;
  const others = before.since.filter((player) => witness.ownerOf(player) !== user);
  // The maker of an identity signs its own device with it ("Cross-signing", and the reset of clients).
  return { since: among(others, moment.from), renewed: among(before.renewed, user) };
};

/** Whether the identity that its user has published has signed the device. */
export const isSigned = ({ since, renewed }: Signed, player: PlayerId, witness: Witness): boolean =>
  since.includes(player) || (witness.signedAtStart(player) && !renewed.includes(witness.ownerOf(player) ?? ''));

/** The devices of a user (a name in the cast) that are signed: those of the cast first. */
export const signedDevices = (signed: Signed, user: string, witness: Witness): readonly PlayerId[] => {
  const own = witness.devicesOf(user);
  const later = signed.since.filter((player) => witness.ownerOf(player) === user && !own.includes(player));
  return [...own, ...later].filter((player) => isSigned(signed, player, witness));
};
