/**
 * Which devices their user's identity has signed, as it is now: those it signed before the story, and those for which the server took a
 * signature in it ("Cross-signing", `keys/signatures/upload`). A new identity has signed nobody until it does.
 *
 * A signature that the server did not take is made all the same: the device that made it has it and goes by it, and nobody else can
 * know of it. What others owe goes by what is published (`isSigned`), what a device is entitled to by what is made (`isSignedAtAll`).
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
  filed,
  filedIfAny,
  type Login,
  loginOf,
  noAccounts,
  noted,
  notedIn,
  unnoted,
  userOf,
} from './accounts.ts';
import { askedIn, doneIn, type RequestMoment } from './asked.ts';
import { asCopied, type Copied, noneCopied } from './beginning.ts';

export type Signed = Copied & {
  readonly accounts: Accounts;
  /** Account → its devices that were signed in the story, by the identity that is published now. */
  readonly since: Readonly<Record<UserId, readonly DeviceId[]>>;
  /** Device → account → devices of its own user's that it has signed, and the server has not taken that from anybody. */
  readonly made: Readonly<Record<PlayerId, Readonly<Record<UserId, readonly DeviceId[]>>>>;
  /** Devices that have made an identity of their own which the server did not take: what they sign is signed by nobody's. */
  readonly strays: Readonly<Record<PlayerId, true>>;
  /** Users (names in the cast) who have published another identity in the story. */
  readonly renewed: readonly string[];
  /** Devices of before the story in whose place one with other keys has logged in, under the same name. */
  readonly replaced: readonly PlayerId[];
};
export const noneSigned: Signed = {
  ...noneCopied,
  accounts: noAccounts,
  since: {},
  made: {},
  strays: {},
  renewed: [],
  replaced: [],
};

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
  if (moment.kind === 'acted') return asCopied(before, moment, 'made', 'strays');
  if (moment.kind !== 'request') return before;
  const accounts = accountsAfter(before.accounts, moment);
  const now = accounts === before.accounts ? before : { ...before, accounts };
  if (!isStory(step)) return now;
  if (askedIn(moment)?.asks === 'upload signatures') return signing(now, moment, witness);
  if (askedIn(moment)?.asks === 'publish identity')
    return renewsIdentity(moment, witness) ? publishing(now, moment, witness) : now;
  switch (doneIn(moment)?.asks) {
    case 'log in':
      return loggedIn(now, moment, before.accounts, witness);
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
  const made = unmade(now.made, user, device);
  return replaced === now.replaced && since === now.since && made === now.made
    ? now
    : { ...now, replaced, since, made };
};

/** Without what anybody has signed of an account, or of one device of it, and nobody has published: it is published, or nothing any more. */
const unmade = (made: Signed['made'], user: UserId, ...devices: readonly DeviceId[]): Signed['made'] =>
  Object.entries(made).reduce((now, [player, ofAccount]) => {
    const left =
      devices.length === 0
        ? without(ofAccount, user)
        : devices.reduce((all, one) => unnoted(all, user, one), ofAccount);
    return left === ofAccount ? now : filedIfAny(now, player, left);
  }, made);

/** The signatures that the server has not named among its `failures` are published; others are made, where an honest device made them. */
const signing = (before: Signed, moment: RequestMoment, witness: Witness): Signed => {
  const { from, body, response } = moment;
  const user = userOf(before.accounts, from) ?? '';
  const isDone = doneIn(moment) !== null;
  const isByIdentity = witness.honest(from) && before.strays[from] === undefined;
  const failed = objectAt(objectAt(response, 'failures'), user);
  const signed = Object.keys(objectAt(body, user)).filter((id) => loginOf(before.accounts, user, id) !== null);
  const taken = signed.filter((id) => isDone && !Object.hasOwn(failed, id));
  const since = taken.length === 0 ? before.since : noted(before.since, user, ...taken);
  const untaken = signed.filter((id) => isByIdentity && since[user]?.includes(id) !== true);
  const left = taken.length === 0 ? before.made : unmade(before.made, user, ...taken);
  const made = untaken.length === 0 ? left : notedIn(left, from, user, ...untaken);
  return since === before.since && made === before.made ? before : { ...before, since, made };
};

/** A device goes by the identity that it has made, whether or not the server takes it. */
const publishing = (before: Signed, moment: RequestMoment, witness: Witness): Signed =>
  doneIn(moment) === null
    ? { ...before, strays: filed(before.strays, moment.from, true) }
    : renewed({ ...before, strays: without(before.strays, moment.from) }, moment, witness);

const renewed = (before: Signed, { from }: RequestMoment, witness: Witness): Signed => {
  const user = userOf(before.accounts, from) ?? '';
  const [since, made] = [without(before.since, user), unmade(before.made, user)];
  return { ...before, since, made, renewed: among(before.renewed, witness.ownerOf(from) ?? '') };
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

/** Whether its user's identity has signed the device that is logged in so, be it published or not; `by`: or not, by that device of theirs. */
export const isSignedLoginAtAll = (signed: Signed, login: Login, witness: Witness, by?: PlayerId): boolean =>
  isSignedLogin(signed, login, witness) ||
  Object.entries(signed.made).some(
    ([player, made]) => (by ?? player) === player && made[login.user]?.includes(login.device) === true,
  );

/** The same of whoever acts with it. */
export const isSignedAtAll = (signed: Signed, player: PlayerId, witness: Witness, by?: PlayerId): boolean => {
  const login = deviceOf(signed.accounts, player);
  return login === null ? isSignedStill(signed, player, witness) : isSignedLoginAtAll(signed, login, witness, by);
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
