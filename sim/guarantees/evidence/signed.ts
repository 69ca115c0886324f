/**
 * Which devices their user's identity has signed, as it is now: those it signed before the story, and those for which the server took a
 * signature in it ("Cross-signing", `keys/signatures/upload`). A new identity has signed nobody until it does; to verify a device whose
 * signature the server refuses has changed nothing.
 */
import { isObject, type Json, objectAt, stringAt, without } from '../../../machines/json.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { isStory } from '../watching.ts';
import {
  type Accounts,
  accountsAfter,
  among,
  deviceOf,
  type Login,
  loginOf,
  noAccounts,
  noted,
  unnoted,
  userOf,
} from './accounts.ts';
import { doneIn, type RequestMoment } from './asked.ts';

export type Signed = {
  readonly accounts: Accounts;
  /** Account → its devices that were signed in the story, by the identity that is published now. */
  readonly since: Readonly<Record<UserId, readonly DeviceId[]>>;
  /** Users (names in the cast) who have published another identity in the story. */
  readonly renewed: readonly string[];
  /** Devices of before the story in whose place one with other keys has logged in, under the same name. */
  readonly replaced: readonly PlayerId[];
};
export const noneSigned: Signed = { accounts: noAccounts, since: {}, renewed: [], replaced: [] };

/** The public half of a cross-signing key as it is published ("CrossSigningKey"); `null` where there is none. */
export const publicIn = (key: Json | undefined): string | null => {
  const [value] = isObject(key) ? Object.values(objectAt(key, 'keys')) : [];
  return typeof value === 'string' ? value : null;
};

/** Whether it is a user's own device that publishes, and a master key among the rest ("Cross-signing"). */
const renewsIdentity = ({ from, body }: RequestMoment, witness: Witness): boolean =>
  witness.honest(from) && publicIn(objectAt(body, 'master_key')) !== null;

/** Who is signed after a moment; the same object where it tells nothing new. */
export const signedAfter = (before: Signed, moment: Moment, step: Step, witness: Witness): Signed => {
  if (moment.kind !== 'request') return before;
  const accounts = accountsAfter(before.accounts, moment);
  const now = accounts === before.accounts ? before : { ...before, accounts };
  if (!isStory(step)) return now;
  switch (doneIn(moment)?.asks) {
    case 'log in':
      return loggedIn(now, moment, before.accounts, witness);
    case 'upload signatures':
      return signing(now, moment);
    case 'publish identity':
      return renewsIdentity(moment, witness) ? renewed(now, moment, witness) : now;
    default:
      return now;
  }
};

/** Whoever logs in as a device that was there before, be it a thief, has keys of its own, which nobody has signed. */
const loggedIn = (now: Signed, { from, response }: RequestMoment, earlier: Accounts, witness: Witness): Signed => {
  const user = stringAt(response, 'user_id') ?? '';
  const device = stringAt(response, 'device_id') ?? '';
  const old = loginOf(earlier, user, device)?.by;
  const replaced = among(now.replaced, ...[from, old ?? from].filter(witness.signedAtStart));
  const since = unnoted(now.since, user, device);
  return replaced === now.replaced && since === now.since ? now : { ...now, replaced, since };
};

/** The signatures that the server has not named among its `failures`. */
const signing = (before: Signed, { from, body, response }: RequestMoment): Signed => {
  const user = userOf(before.accounts, from) ?? '';
  const failed = objectAt(objectAt(response, 'failures'), user);
  const signed = Object.keys(objectAt(body, user)).filter(
    (id) =>
      !Object.hasOwn(failed, id) && before.accounts.logins.some((login) => login.user === user && login.device === id),
  );
  const since = signed.length === 0 ? before.since : noted(before.since, user, ...signed);
  return since === before.since ? before : { ...before, since };
};

const renewed = (before: Signed, { from }: RequestMoment, witness: Witness): Signed => {
  const since = without(before.since, userOf(before.accounts, from) ?? '');
  return { ...before, since, renewed: among(before.renewed, witness.ownerOf(from) ?? '') };
};

/** Whether the signature that a device had when the story began is still one: of these keys, by this identity. */
const isSignedStill = ({ renewed, replaced }: Signed, player: PlayerId, witness: Witness): boolean =>
  witness.signedAtStart(player) && !replaced.includes(player) && !renewed.includes(witness.ownerOf(player) ?? '');

/** Whether the identity that its user has published has signed the device that is logged in so. */
export const isSignedLogin = (signed: Signed, { user, device, by }: Login, witness: Witness): boolean =>
  signed.since[user]?.includes(device) === true || isSignedStill(signed, by, witness);

/** The same of whoever acts with it. */
export const isSigned = (signed: Signed, player: PlayerId, witness: Witness): boolean => {
  const login = deviceOf(signed.accounts, player);
  return login === null ? isSignedStill(signed, player, witness) : isSignedLogin(signed, login, witness);
};

/** The devices of a user (a name in the cast) that are signed: those of the cast first. */
export const signedDevices = (signed: Signed, user: string, witness: Witness): readonly PlayerId[] => {
  const own = witness.devicesOf(user);
  const later = signed.accounts.logins
    .map(({ by }) => by)
    .filter((player) => witness.ownerOf(player) === user && !own.includes(player));
  return [...own, ...later].filter((player) => isSigned(signed, player, witness));
};

/**
 * A stolen device that is still one of its user's, cross-signed as they left it: by its keys nobody can tell who has it (MSC4147,
 * "Security considerations", of whatever it writes).
 */
export const isSignedThief = (signed: Signed, witness: Witness, player: PlayerId): boolean =>
  witness.stolen(player) && isSigned(signed, player, witness);
