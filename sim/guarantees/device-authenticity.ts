import { clausesOf } from '../../machines/acceptances.ts';
import { isObject, stringAt } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import {
  type Accounts,
  deviceOf,
  filedIn,
  isGenuineDevice,
  isOwn,
  type Login,
  loginOf,
  noted,
  notedIn,
  userOf,
} from './evidence/accounts.ts';
import { broughtBy, type Come, keysCome, type Pointings, pointingsAfter, pointingsOf } from './evidence/arrivals.ts';
import type { RequestMoment } from './evidence/asked.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import { goingOut, type Meant, type Unsent } from './evidence/meant.ts';
import { lettersIn, listedIn, ownKeysIn, sealedFor, secretSentIn, shownAs, storedAs } from './evidence/requests.ts';
import { printOf, sessionIdIn } from './evidence/room-keys.ts';
import { isSignedThief, noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Memory = Copied & {
  readonly signed: Signed;
  /** User → where the bundles lie that their genuine devices have shared. */
  readonly shared: Readonly<Record<UserId, readonly string[]>>;
  /** Device → user → devices of which its person was told that nobody can confirm whose they are. */
  readonly warned: ByUser;
  /** Device → user → devices of theirs of which it knows that they are gone: it was given a list without them. */
  readonly heard: ByUser;
  /** Device → user → devices that it gives room keys or secrets to. */
  readonly gives: ByUser;
  /** What was meant for devices, and waits. */
  readonly unsent: Unsent<Kind>;
  readonly pointers: Pointings;
  /** User → sessions of which a device that they logged in has handed in the key in the clear. */
  readonly inClear: Readonly<Record<UserId, readonly string[]>>;
  /** User → prints of the Curve25519 keys of devices that they logged in. */
  readonly curves: Readonly<Record<UserId, readonly string[]>>;
};
/** What is given, as it is told. */
type Kind = { readonly does: string; readonly isHistory: boolean };
type ByUser = Readonly<Record<PlayerId, Readonly<Record<UserId, readonly DeviceId[]>>>>;

/** What is wrong with a device as one of a user's: nobody of theirs logged it in, it has other keys, a thief has it, or they have removed it. */
type Fault = 'made up' | 'swapped' | 'stolen' | 'gone' | 'stolen and gone';
const faultOf = (accounts: Accounts, witness: Witness, user: UserId, device: DeviceId): Fault | null => {
  const login = loginOf(accounts, user, device);
  if (login === null || !isOwn(login, witness)) return 'made up';
  const isWithThief = witness.stolen(login.by);
  return login.isGone ? (isWithThief ? 'stolen and gone' : 'gone') : isWithThief ? 'stolen' : null;
};

const said: Readonly<Record<Fault, (user: UserId) => string>> = {
  'made up': (user) => `which ${user} never logged in`,
  swapped: (user) => `under keys that no device of ${user} ever had`,
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
  login?.isGone === true && isSignedThief(signed, witness, login.by)
    ? concededBy(witness, at, '4147-stolen-device')
    : null;

type Claim = { readonly at: PlayerId; readonly does: string; readonly user: UserId; readonly device: DeviceId };
const breakOf = ({ at, does, user, device }: Claim, fault: Fault, acceptedBy: Break['acceptedBy']): Break => ({
  at,
  about: { is: 'device', user, device },
  why: `${at} ${does} ${device} of ${user}, ${said[fault](user)}`,
  acceptedBy,
});

/** What an honest device decides to give, and to which devices; `null` for other moments. */
const giftIn = (moment: Moment, witness: Witness): Meant<Kind> | null => {
  const history = storedAs(moment, 'history shared');
  const key = storedAs(moment, 'room key given');
  const secret = secretSentIn(moment);
  const at = (history ?? key ?? secret)?.player;
  if (at === undefined || !witness.honest(at)) return null;
  if (history !== null) {
    const { user, devices } = history.patch;
    const to = devices.map((device) => ({ user, device }));
    return { at, to, what: { does: 'shares history with', isHistory: true } };
  }
  return key !== null
    ? { at, to: key.patch.to, what: { does: 'gives a room key to', isHistory: false } }
    : { at, to: secret?.to ?? [], what: { does: 'sends a secret to', isHistory: false } };
};

/**
 * That a device is gone is news, and what crosses it reaches nobody: only who has heard of it may give it nothing more. Where history is
 * shared, the text has the list looked up anew ("4268-fresh-device-list"). A device that was stolen too still has the keys, and whoever
 * runs a server on the way can hand it what they open: there no news excuses.
 */
const given = (memory: Memory, gifts: readonly Meant<Kind>[], witness: Witness): readonly Break[] =>
  gifts.flatMap(({ at, to, what: { does, isHistory } }) =>
    to.flatMap(({ user, device }) => {
      const fault = faultOf(memory.signed.accounts, witness, user, device);
      const isNews = fault === 'gone' && !isHistory && memory.heard[at]?.[user]?.includes(device) !== true;
      return fault === null || isNews ? [] : [breakOf({ at, does, user, device }, fault, null)];
    }),
  );

/** What is given goes out, sealed for keys that no device of theirs ever had: whoever has those is given it, whatever the name. */
const sealed = (
  { signed: { accounts }, gives, curves }: Memory,
  moment: Moment,
  witness: Witness,
): readonly Break[] => {
  if (moment.kind !== 'request') return [];
  const at = moment.from;
  return sealedFor(moment).flatMap(({ user, device, curve25519 }) => {
    const isGift = gives[at]?.[user]?.includes(device) === true && isGenuineDevice(accounts, user, device, witness);
    const isTheirs = curves[user]?.includes(printOf(curve25519)) !== false;
    return !isGift || isTheirs ? [] : [breakOf({ at, does: 'seals what it gives for', user, device }, 'swapped', null)];
  });
};

/** On whose word a room key is, and how it came; `url`: where the bundle lies that brought it. */
type OnWord = {
  readonly how: Come['way']['how'];
  readonly user: UserId;
  readonly device: DeviceId | null;
  readonly url: string | null;
  readonly inClear?: true;
};

/** On whose word a room key can be: of several pointers to one bundle it is not known which the device has followed. */
const wordsFor = ({ pointers }: Memory, come: Come): readonly OnWord[] => {
  const { way } = come;
  if (way.how === 'bundle')
    return pointingsOf(pointers, come).map(({ user, device }) => ({ how: 'bundle', user, device, url: way.url }));
  return 'user' in way ? [{ ...way, url: null }] : [];
};

const believing = (memory: Memory, moment: Moment, witness: Witness, step: Step): readonly Break[] =>
  keysCome(step, moment, witness).flatMap((come) => {
    const { player } = come;
    if (!witness.honest(player)) return [];
    const wrong = wordsFor(memory, come).map((word) => [
      ...fromFalseDevice(memory, witness, player, word),
      ...fromNobody(memory, witness, player, word),
      ...inNamesOf(memory, witness, come, word),
    ]);
    const [first = []] = wrong;
    return wrong.some((breaks) => breaks.length === 0) ? [] : first.map((one) => ({ ...one, ...broughtBy(come) }));
  });

const fromFalseDevice = (memory: Memory, witness: Witness, at: PlayerId, word: OnWord): readonly Break[] => {
  const { how, user, device } = word;
  if (device === null) return [];
  const fault = faultOf(memory.signed.accounts, witness, user, device);
  // Whoever has removed a device since wrote with it what it wrote.
  if (fault === null || fault === 'gone') return [];
  const does = how === 'bundle' ? 'takes room keys from a bundle of' : 'takes a room key from';
  const conceded =
    concededFor(memory, witness, at, loginOf(memory.signed.accounts, user, device)) ??
    (how === 'room_key' ? concededWithWarning(memory, witness, at, user, device) : null);
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

/** Whether a user is somebody who has an honest device: whoever has none can be named by anybody. */
const hasHonest = ({ logins }: Accounts, user: UserId, witness: Witness): boolean =>
  logins.some((login) => login.user === user && witness.honest(login.by));

/** A bundle on the word of an honest person, none of whose devices has shared it. */
const fromNobody = (
  { signed: { accounts }, shared }: Memory,
  witness: Witness,
  at: PlayerId,
  { user, device, url }: OnWord,
): readonly Break[] => {
  if (url === null || (shared[user] ?? []).includes(url)) return [];
  if (!hasHonest(accounts, user, witness)) return [];
  const fault = device === null ? null : faultOf(accounts, witness, user, device);
  if (fault !== null && fault !== 'gone') return [];
  const why = `${at} believes a bundle to be ${user}’s that no device of theirs has shared`;
  return [{ at, about: { is: 'file', url }, why, acceptedBy: null }];
};

/** A room key in a letter that is not sealed, in the name of an honest person, none of whose devices has sent it. */
const inNamesOf = (
  { signed: { accounts }, inClear }: Memory,
  witness: Witness,
  { player: at, held: { room, session } }: Come,
  { user, device, inClear: isInClear }: OnWord,
): readonly Break[] => {
  const { sessionId } = session;
  if (isInClear !== true || inClear[user]?.includes(sessionId) === true) return [];
  if (!hasHonest(accounts, user, witness)) return [];
  if (device !== null && faultOf(accounts, witness, user, device) !== null) return [];
  const why = `${at} takes a room key in the clear as ${user}’s that no device of theirs has sent`;
  return [{ at, about: { is: 'room key', room, sessionId }, why, acceptedBy: null }];
};

/** A device that its user has logged in hands in room keys that everybody on the way can read. */
const handingIn = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const login = moment.kind === 'request' ? deviceOf(memory.signed.accounts, moment.from) : null;
  if (login === null || !isOwn(login, witness)) return memory;
  const ids = (lettersIn(moment)?.letters ?? []).flatMap(
    ({ content }) => sessionIdIn(stringAt(isObject(content) ? content : {}, 'session_key') ?? '') ?? [],
  );
  const inClear = ids.length === 0 ? memory.inClear : noted(memory.inClear, login.user, ...ids);
  return inClear === memory.inClear ? memory : { ...memory, inClear };
};

const remembering = (earlier: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const before = asCopied(earlier, moment, 'heard', 'unsent');
  const signed = signedAfter(before.signed, moment, step, witness);
  const memory = giving(signed === before.signed ? before : { ...before, signed }, moment, witness);
  if (moment.kind === 'request')
    return hearing(handingIn(publishing(memory, moment, witness), moment, witness), moment);
  const warning = shownAs(moment, 'unconfirmed device');
  if (warning !== null) {
    const { player, notice } = warning;
    const [user, device] = [stringAt(notice, 'user') ?? '', stringAt(notice, 'device') ?? ''];
    return { ...memory, warned: notedIn(memory.warned, player, user, device) };
  }
  const pointers = pointingsAfter(memory.pointers, moment, witness);
  if (pointers !== memory.pointers) return { ...memory, pointers };
  const stored = storedAs(moment, 'history shared');
  if (stored === null) return memory;
  return { ...memory, shared: noted(memory.shared, userOf(signed.accounts, stored.player) ?? '', stored.patch.url) };
};

const giving = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const gift = giftIn(moment, witness);
  if (gift === null) return memory;
  const gives = gift.to.reduce((known, { user, device }) => notedIn(known, gift.at, user, device), memory.gives);
  return gives === memory.gives ? memory : { ...memory, gives };
};

/** A device that its user has logged in publishes its keys: whoever has met it has them, though the server did not take them. */
const publishing = (memory: Memory, moment: RequestMoment, witness: Witness): Memory => {
  const keys = ownKeysIn(moment);
  const login = deviceOf(memory.signed.accounts, moment.from);
  if (keys === null || login === null || !isOwn(login, witness)) return memory;
  const curves = noted(memory.curves, keys.user, printOf(keys.curve25519));
  return curves === memory.curves ? memory : { ...memory, curves };
};

/**
 * Which devices are gone, as whoever is given a list without them knows. A person who removes one does so in the account, from wherever they
 * are at hand: their devices hear of it like all others ("Tracking the device list for a user").
 */
const hearing = (memory: Memory, moment: RequestMoment): Memory => {
  const { accounts } = memory.signed;
  let { heard } = memory;
  for (const { player, user, devices } of listedIn(moment)) {
    const gone = accounts.logins.flatMap((one) =>
      one.user === user && one.isGone && !devices.includes(one.device) ? [one.device] : [],
    );
    const known = heard[player]?.[user] ?? [];
    if (known.join() !== gone.join()) heard = filedIn(heard, player, user, gone);
  }
  return heard === memory.heard ? memory : { ...memory, heard };
};

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const remembered = remembering(before, moment, step, witness);
  const { unsent, out } = goingOut(remembered.unsent, moment, step, giftIn(moment, witness));
  const memory = unsent === remembered.unsent ? remembered : { ...remembered, unsent };
  const breaks = [
    ...given(memory, out, witness),
    ...sealed(memory, moment, witness),
    ...believing(memory, moment, witness, step),
  ];
  const shared = storedAs(moment, 'history shared');
  const isGenuine = shared?.patch.devices.some((device) =>
    isGenuineDevice(memory.signed.accounts, shared.patch.user, device, witness),
  );
  return { memory, breaks, shadow: isGenuine === true && breaks.length === 0 };
};

export const deviceAuthenticity: Guarantee<Memory> = {
  id: 'device-authenticity',
  kind: 'always',
  accepts: clausesOf('device-authenticity'),
  begin: {
    ...noneCopied,
    signed: noneSigned,
    shared: {},
    warned: {},
    heard: {},
    gives: {},
    unsent: {},
    pointers: {},
    inClear: {},
    curves: {},
  },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
};
