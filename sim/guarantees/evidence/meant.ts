/**
 * What devices mean to give, and what of it goes out. A decision is no gift: for a device with which no session can be had nothing is
 * sealed ("Claiming one-time keys"), and what could not be asked for yet waits until it can.
 */
import { isObject, objectAt, own, stringAt } from '../../../machines/json.ts';
import type { Recipient, UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { filed, filedOrNot } from './accounts.ts';
import { askedIn } from './asked.ts';
import { lettersIn } from './requests.ts';

/** What a device has decided to give, and to whom. */
export type Meant<T> = { readonly at: PlayerId; readonly to: readonly Recipient[]; readonly what: T };
/** Device → what it means to give to whom, in order, and has not sent: it could not ask for their one-time keys. */
export type Unsent<T> = Readonly<Record<PlayerId, readonly (Recipient & { readonly what: T })[]>>;

/** For whom letters of a request are that can give something, and whether they went out. */
type Handed = { readonly to: readonly Recipient[]; readonly isTaken: boolean };

/**
 * What is sealed, or shows a secret, a room key or a file's key to everybody. What a server takes goes out, though its answer is lost;
 * what it does not take it has seen all the same, and that is sealed or not.
 */
const handedIn = (moment: Moment): Handed => {
  const sent = lettersIn(moment);
  if (sent === null || moment.kind !== 'request') return { to: [], isTaken: false };
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

const giftsIn = (moment: Moment): readonly Recipient[] => {
  const { to, isTaken } = handedIn(moment);
  return isTaken ? to : [];
};

const isFor =
  ({ user, device }: Recipient) =>
  (one: Recipient): boolean =>
    one.user === user && one.device === device;

/** Whether a device hands in a letter in a moment that can give something to that user, on whichever of their devices. */
export const isGiftTo = (moment: Moment, player: PlayerId, user: UserId): boolean =>
  moment.kind === 'request' && moment.from === player && giftsIn(moment).some((one) => one.user === user);

/** Whether a letter goes out in a step that can give something to that very device. A client in a seat says what it gave once it is out. */
const isSentIn = (step: Step, at: PlayerId, to: Recipient): boolean =>
  step.moments.some((moment) => moment.kind === 'request' && moment.from === at && giftsIn(moment).some(isFor(to)));

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
    if (moment.kind !== 'request' || moment.from !== at) return false;
    const handed = handedIn(moment);
    const claim = claimIn(moment, at);
    return (claim?.isAnswered === false && claim.of.some(isFor(to))) || (!handed.isTaken && handed.to.some(isFor(to)));
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
  const letters = giftsIn(moment);
  const claim = claimIn(moment, at);
  const sent = waiting.filter((one) => letters.some(isFor(one)));
  // Whose keys there are none of has been given up, unless a session was had by another way.
  const isGivenUp = (one: Recipient): boolean =>
    claim?.isAnswered === true && claim.of.some(isFor(one)) && !isSentIn(step, at, one) && !isWaiting(step, at, one);
  const left = waiting.filter((one) => !letters.some(isFor(one)) && !isGivenUp(one));
  const out = sent.map(({ user, device, what }) => ({ at, to: [{ user, device }], what }));
  return left.length === waiting.length
    ? { unsent: before, out }
    : { unsent: filedOrNot(before, at, left.length === 0 ? null : left), out };
};
