/**
 * What devices mean to give, and what of it goes out. A decision is no gift: for a device with which no session can be had nothing is
 * sealed ("Claiming one-time keys"), and what could not be asked for yet waits until it can.
 */
import { isObject, objectAt, own, stringAt } from '../../../machines/json.ts';
import type { Recipient, UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { filed, filedIfAny } from './accounts.ts';
import { askedIn } from './asked.ts';
import { lettersIn } from './requests.ts';

/** What a device has decided to give, and to whom. */
export type Meant<T> = { readonly at: PlayerId; readonly to: readonly Recipient[]; readonly what: T };
/** Device → what it means to give to whom, in order, and has not sent: it could not ask for their one-time keys. */
export type Unsent<T> = Readonly<Record<PlayerId, readonly (Recipient & { readonly what: T })[]>>;

/** For whom letters are that a device hands in and that can give something, and whether they give it. */
type Handed = { readonly to: readonly Recipient[]; readonly isTaken: boolean };

/**
 * Letters that are sealed, or show a secret, a room key or a file's key to everybody. Sealed ones give something where a server takes
 * them, though its answer is lost; the others to whoever sees them, also where they are not taken.
 */
const handedIn = (moment: Moment, at: PlayerId): Handed => {
  const sent = lettersIn(moment);
  if (sent === null || moment.kind !== 'request' || moment.from !== at) return { to: [], isTaken: false };
  const isGift = (content: unknown): boolean =>
    isObject(content) &&
    (stringAt(content, 'secret') !== undefined ||
      stringAt(content, 'session_key') !== undefined ||
      isObject(content.file));
  const isSealed = sent.type === 'm.room.encrypted';
  return {
    to: sent.letters.filter(({ content }) => isSealed || isGift(content)),
    isTaken: !isSealed || moment.status === 200,
  };
};

/** For whom letters of a device go out in a moment that can give something. */
const giftsIn = (moment: Moment, at: PlayerId): readonly Recipient[] => {
  const { to, isTaken } = handedIn(moment, at);
  return isTaken ? to : [];
};

const isFor =
  ({ user, device }: Recipient) =>
  (one: Recipient): boolean =>
    one.user === user && one.device === device;

/** Whether a device hands in a letter in a moment that can give something to that user, on whichever of their devices. */
export const isGiftTo = (moment: Moment, player: PlayerId, user: UserId): boolean =>
  giftsIn(moment, player).some((one) => one.user === user);

/** Whether a letter goes out in a step that can give something to that very device. A client in a seat says what it gave once it is out. */
const isSentIn = (step: Step, at: PlayerId, to: Recipient): boolean =>
  step.moments.some((moment) => giftsIn(moment, at).some(isFor(to)));

/** For whom a device asks for one-time keys, and whether it is answered; `null`: it does not. */
const claimIn = (
  moment: Moment,
  at: PlayerId,
): { readonly isAnswered: boolean; readonly of: readonly Recipient[] } | null => {
  if (moment.kind !== 'request' || moment.from !== at || askedIn(moment)?.asks !== 'claim keys') return null;
  const wanted = objectAt(moment.body, 'one_time_keys');
  const of = Object.keys(wanted).flatMap((user) =>
    Object.keys(objectAt(wanted, user)).map((device) => ({ user, device })),
  );
  return { isAnswered: moment.status === 200 && moment.lost !== true, of };
};

/**
 * Whether what a device means to give to that one waits at the end of a step: it was told nothing of their one-time keys, or the server
 * did not take the letter.
 */
const isWaiting = (step: Step, at: PlayerId, to: Recipient): boolean =>
  step.moments.some((moment) => {
    const [claim, handed] = [claimIn(moment, at), handedIn(moment, at)];
    return claim === null
      ? !handed.isTaken && handed.to.some(isFor(to))
      : !claim.isAnswered && claim.of.some(isFor(to));
  });

/**
 * What goes out in a moment, and what still waits after it.
 *
 * @param meant what the moment decides. Of a moment that is a request it goes out as it is
 */
export const goingOut = <T>(
  before: Unsent<T>,
  moment: Moment,
  step: Step,
  meant: Meant<T> | null,
): { readonly unsent: Unsent<T>; readonly out: readonly Meant<T>[] } => {
  if (meant !== null) {
    const { at, to, what } = meant;
    const isOut = (one: Recipient): boolean => moment.kind === 'request' || isSentIn(step, at, one);
    const waiting = to.filter((one) => !isOut(one) && isWaiting(step, at, one));
    const all = [...(own(before, at) ?? []), ...waiting.map(({ user, device }) => ({ user, device, what }))];
    const out = [{ at, to: to.filter(isOut), what }];
    return { unsent: waiting.length === 0 ? before : filed(before, at, all), out };
  }
  const waiting = moment.kind === 'request' ? own(before, moment.from) : undefined;
  if (moment.kind !== 'request' || waiting === undefined) return { unsent: before, out: [] };
  const at = moment.from;
  const letters = giftsIn(moment, at);
  const claim = claimIn(moment, at);
  const isSent = (one: Recipient): boolean => letters.some(isFor(one));
  // Whose keys there are none of has been given up, unless a session was had by another way.
  const isGivenUp = (one: Recipient): boolean =>
    claim?.isAnswered === true && claim.of.some(isFor(one)) && !isSentIn(step, at, one) && !isWaiting(step, at, one);
  const left = waiting.filter((one) => !isSent(one) && !isGivenUp(one));
  const out = waiting.filter(isSent).map(({ user, device, what }) => ({ at, to: [{ user, device }], what }));
  return left.length === waiting.length ? { unsent: before, out } : { unsent: filedIfAny(before, at, left), out };
};
