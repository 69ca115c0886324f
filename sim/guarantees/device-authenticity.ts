import { stringAt } from '../../machines/json.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy, concededOfStolen } from './conceded.ts';
import { type Accounts, among, filed, isGenuineDevice, type Login, loginOf, userOf } from './evidence/accounts.ts';
import { keysStored, secretSentIn, shownAs, storedAs } from './evidence/requests.ts';
import { broughtBy } from './evidence/room-keys.ts';
import { isSignedThief, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = {
  readonly signed: Signed;
  /** User → where the bundles lie that their genuine devices have shared. */
  readonly shared: Readonly<Record<UserId, readonly string[]>>;
  /** Device → user → devices of which its person was told that nobody can confirm whose they are. */
  readonly warned: Readonly<Record<PlayerId, Readonly<Record<UserId, readonly DeviceId[]>>>>;
};

/** What is wrong with a device as one of a user's: nobody of theirs logged it in, a thief has it, or they have removed it. */
type Fault = 'made up' | 'stolen' | 'gone' | 'stolen and gone';
const faultOf = (accounts: Accounts, witness: Witness, user: UserId, device: DeviceId): Fault | null => {
  const login = loginOf(accounts, user, device);
  if (login?.isOwn !== true) return 'made up';
  const isWithThief = witness.stolen(login.by);
  return login.isGone ? (isWithThief ? 'stolen and gone' : 'gone') : isWithThief ? 'stolen' : null;
};

const said: Readonly<Record<Fault, (user: UserId) => string>> = {
  'made up': (user) => `which ${user} never logged in`,
  stolen: () => 'which a thief has',
  gone: (user) => `which ${user} has removed`,
  'stolen and gone': (user) => `which a thief has, and ${user} has removed`,
};

/**
 * MSC4147, "Security considerations": "If a device is logged out, there is no indication why it was logged out": what a thief has sent
 * with a device of theirs that is signed is believed when the device is gone. It says nothing of a device that is still there, nor of
 * what such a device is given.
 */
const concededFor = ({ signed }: Memory, witness: Witness, at: PlayerId, login: Login | null) =>
  login?.isGone === true && isSignedThief(signed, witness, login.by) ? concededOfStolen(witness, at) : null;

type Claim = { readonly at: PlayerId; readonly does: string; readonly user: UserId; readonly device: DeviceId };
const breakOf = ({ at, does, user, device }: Claim, fault: Fault, acceptedBy: Break['acceptedBy']): Break => ({
  at,
  about: { is: 'device', user, device },
  why: `${at} ${does} ${device} of ${user}, ${said[fault](user)}`,
  acceptedBy,
});

/** Keys go to devices: of which it breaks where they are not their user's. */
const giving = (
  memory: Memory,
  witness: Witness,
  at: PlayerId,
  does: string,
  to: readonly { readonly user: UserId; readonly device: DeviceId }[],
): readonly Break[] =>
  to.flatMap(({ user, device }) => {
    const fault = faultOf(memory.signed.accounts, witness, user, device);
    return fault === null ? [] : [breakOf({ at, does, user, device }, fault, null)];
  });

const given = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] => {
  const history = storedAs(moment, 'history shared');
  if (history !== null && witness.honest(history.player)) {
    const { user, devices } = history.patch;
    const to = devices.map((device) => ({ user, device }));
    return giving(memory, witness, history.player, 'shares history with', to);
  }
  const key = storedAs(moment, 'room key given');
  if (key !== null && witness.honest(key.player))
    // Whoever removes a device tells nobody who writes: that it is gone is news, and a room key that crosses it reaches nobody.
    return giving(
      memory,
      witness,
      key.player,
      'gives a room key to',
      key.patch.to.filter(({ user, device }) => faultOf(memory.signed.accounts, witness, user, device) !== 'gone'),
    );
  const secret = secretSentIn(moment);
  return secret !== null && witness.honest(secret.player)
    ? giving(memory, witness, secret.player, 'sends a secret to', secret.to)
    : [];
};

type FromOthers = Extract<RoomKeyOrigin, { readonly user: UserId }>;

const believing = (memory: Memory, moment: Moment, witness: Witness): readonly Break[] =>
  keysStored(moment).flatMap(({ player, held }) => {
    const { origin } = held;
    if (!witness.honest(player) || !('user' in origin)) return [];
    return [...fromFalseDevice(memory, witness, player, origin), ...fromNobody(memory, witness, player, origin)].map(
      (one) => ({ ...one, ...broughtBy(player, held) }),
    );
  });

const fromFalseDevice = (memory: Memory, witness: Witness, at: PlayerId, origin: FromOthers): readonly Break[] => {
  const { user, device } = origin;
  if (device === null) return [];
  const fault = faultOf(memory.signed.accounts, witness, user, device);
  // Whoever has removed a device since wrote with it what it wrote.
  if (fault === null || fault === 'gone') return [];
  const does = origin.how === 'bundle' ? 'takes room keys from a bundle of' : 'takes a room key from';
  const conceded =
    concededFor(memory, witness, at, loginOf(memory.signed.accounts, user, device)) ??
    (origin.how === 'room_key' ? concededWithWarning(memory, witness, at, user, device) : null);
  return [breakOf({ at, does, user, device }, fault, conceded)];
};

/**
 * "Verification of the sending user for incoming events": where nobody confirms whose a device is, what it sends "does not necessarily
 * mean that the session is bogus", and the user is warned. Whoever follows MSC4153 takes nothing from it at all.
 */
const concededWithWarning = (memory: Memory, witness: Witness, at: PlayerId, user: UserId, device: DeviceId) =>
  memory.warned[at]?.[user]?.includes(device) === true && !witness.implementsText(at, 'MSC4153')
    ? concededBy(witness, at, 'spec-warn-unconfirmed-owner')
    : null;

/** A bundle on the word of an honest person, none of whose devices has shared it. */
const fromNobody = (
  { signed: { accounts }, shared }: Memory,
  witness: Witness,
  at: PlayerId,
  origin: FromOthers,
): readonly Break[] => {
  if (origin.how !== 'bundle' || (shared[origin.user] ?? []).includes(origin.url)) return [];
  const { user, device, url } = origin;
  if (!accounts.logins.some((login) => login.user === user && witness.honest(login.by))) return [];
  const fault = device === null ? null : faultOf(accounts, witness, user, device);
  if (fault !== null && fault !== 'gone') return [];
  const why = `${at} believes a bundle to be ${user}’s that no device of theirs has shared`;
  return [{ at, about: { is: 'file', url }, why, acceptedBy: null }];
};

const remembering = (before: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const signed = signedAfter(before.signed, moment, step, witness);
  const memory: Memory = signed === before.signed ? before : { ...before, signed };
  const warning = shownAs(moment, 'unconfirmed device');
  if (warning !== null) {
    const { player, notice } = warning;
    const [user, device] = [stringAt(notice, 'user') ?? '', stringAt(notice, 'device') ?? ''];
    const known = memory.warned[player] ?? {};
    const now = filed(known, user, among(known[user] ?? [], device));
    return { ...memory, warned: filed(memory.warned, player, now) };
  }
  const stored = storedAs(moment, 'history shared');
  if (stored === null) return memory;
  const sharer = userOf(signed.accounts, stored.player) ?? '';
  return { ...memory, shared: filed(memory.shared, sharer, among(memory.shared[sharer] ?? [], stored.patch.url)) };
};

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment, step, witness);
  const breaks = [given, believing].flatMap((judge) => judge(memory, moment, witness));
  const shared = storedAs(moment, 'history shared');
  const isGenuine = shared?.patch.devices.some((device) =>
    isGenuineDevice(memory.signed.accounts, shared.patch.user, device),
  );
  return { memory, breaks, shadow: isGenuine === true && breaks.length === 0 };
};

export const deviceAuthenticity: Guarantee<Memory> = {
  id: 'device-authenticity',
  kind: 'always',
  accepts: ['4147-stolen-device', 'spec-warn-unconfirmed-owner'],
  begin: { signed: noneSigned, shared: {}, warned: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
