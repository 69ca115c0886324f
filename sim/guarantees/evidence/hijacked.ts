/**
 * Which secrets a stolen device has given away: what MSC4385 concedes is that a device in bad hands *that is cross-signed* pushes what it
 * likes to its siblings ("Security considerations"). So it has to be that device which sealed the letter, or which sent it in the clear.
 */
import { objectAt, stringAt } from '../../../machines/json.ts';
import type { ClauseId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { concededBy } from '../conceded.ts';
import type { Witness } from '../types.ts';
import { filed } from './accounts.ts';
import type { RequestMoment } from './asked.ts';
import { identityKeyIn, lettersIn } from './requests.ts';
import { secretStored } from './secrets.ts';
import { isSignedAtAll, noneSigned, type Signed, signedAfter } from './signed.ts';

/** A secret that somebody sends. */
type Gift = { readonly player: PlayerId; readonly secret: string };
export type Hijacked = {
  readonly signed: Signed;
  /** Stolen device → the Curve25519 key by which its letters are known. */
  readonly curves: Readonly<Record<PlayerId, string>>;
  /** Stolen device → what it has sent that anybody on the way can read. */
  readonly clear: readonly Gift[];
  /** Whom a stolen device gave which secret while it was signed. */
  readonly given: readonly Gift[];
  /** Who of them took it as pushed: what one has asked for is no push, whoever answers. */
  readonly taken: readonly Gift[];
};
export const nobodyHijacked: Hijacked = { signed: noneSigned, curves: {}, clear: [], given: [], taken: [] };

const has = (list: readonly Gift[], gift: Gift): boolean =>
  list.some(({ player, secret }) => player === gift.player && secret === gift.secret);
const withGift = (list: readonly Gift[], gift: Gift): readonly Gift[] =>
  has(list, gift)
    ? list
    : [...list, gift].sort((one, other) =>
        one.player === other.player ? (one.secret < other.secret ? -1 : 1) : one.player < other.player ? -1 : 1,
      );

/** What is known after a moment; the same object where it tells nothing new. */
export const hijackedAfter = (before: Hijacked, moment: Moment, step: Step, witness: Witness): Hijacked => {
  const signed = signedAfter(before.signed, moment, step, witness);
  const now = signed === before.signed ? before : { ...before, signed };
  if (moment.kind === 'request') return witness.stolen(moment.from) ? asking(now, moment) : now;
  return moment.kind === 'delivery' ? delivered(now, moment, witness) : took(now, moment);
};

/** A device keeps, as pushed, what a stolen one gave it; or has the same by another way now, and goes by that. */
const took = (before: Hijacked, moment: Moment): Hijacked => {
  const stored = secretStored(moment);
  if (stored === null) return before;
  const { player, patch } = stored;
  const gift = { player, secret: patch.held.secret };
  const isPushed = patch.held.origin.how === 'push' && has(before.given, gift);
  if (isPushed === has(before.taken, gift)) return before;
  const others = before.taken.filter((one) => one.player !== player || one.secret !== gift.secret);
  const taken = isPushed ? withGift(before.taken, gift) : others;
  return taken === before.taken ? before : { ...before, taken };
};

const asking = (before: Hijacked, moment: RequestMoment): Hijacked => {
  const curve = identityKeyIn(moment)?.curve25519;
  if (curve !== undefined)
    return before.curves[moment.from] === curve
      ? before
      : { ...before, curves: filed(before.curves, moment.from, curve) };
  const letters = lettersIn(moment);
  if (letters === null) return before;
  const clear = letters.letters
    .flatMap(({ content }) => stringAt(content, 'secret') ?? [])
    .reduce((known, secret) => withGift(known, { player: moment.from, secret }), before.clear);
  return clear === before.clear ? before : { ...before, clear };
};

type Delivery = Extract<Moment, { kind: 'delivery' }>;

/** Which stolen device wrote a letter that has come; `null`: none of them. */
const writerOf = ({ curves, clear }: Hijacked, { event, facts }: Delivery, secret: string): PlayerId | null => {
  if (facts.encrypted)
    return Object.entries(curves).find(([, curve]) => curve === facts.sender?.curve25519)?.[0] ?? null;
  return stringAt(event, 'type') === 'm.room.encrypted'
    ? null
    : (clear.find((gift) => gift.secret === secret)?.player ?? null);
};

const delivered = (before: Hijacked, moment: Delivery, witness: Witness): Hijacked => {
  const secret = stringAt(moment.opened?.content ?? objectAt(moment.event, 'content'), 'secret');
  if (secret === undefined) return before;
  const writer = writerOf(before, moment, secret);
  if (writer === null || !isSignedAtAll(before.signed, writer, witness, moment.to)) return before;
  if (witness.ownerOf(writer) !== witness.ownerOf(moment.to)) return before;
  const given = withGift(before.given, { player: moment.to, secret });
  return given === before.given ? before : { ...before, given };
};

/** The sentence by which the text of this device has a stolen sibling believed, if it is one of its text and it goes by it. */
const argumentOf = (player: PlayerId, witness: Witness): ClauseId | null =>
  concededBy(witness, player, '4385-both-compromise-argument');

/** The sentence that accepts that `player` goes by this secret: a stolen device that was cross-signed pushed it to that very device. */
export const argumentForGift = (
  { taken }: Hijacked,
  player: PlayerId,
  secret: string,
  witness: Witness,
): ClauseId | null => (has(taken, { player, secret }) ? argumentOf(player, witness) : null);

/**
 * The sentence that accepts that whoever stole one of `through` has a secret of `user`: it "could most likely read the current secret
 * anyway". It is theirs who implement that text: one of the user's devices in good hands has to.
 */
export const argumentForLearning = (
  { signed }: Pick<Hijacked, 'signed'>,
  user: string,
  through: readonly PlayerId[],
  witness: Witness,
): ClauseId | null => {
  const devices = witness.devicesOf(user);
  const isThroughHijacked = devices.some(
    (player) => witness.stolen(player) && through.includes(player) && isSignedAtAll(signed, player, witness),
  );
  if (!isThroughHijacked) return null;
  const others = devices.filter(witness.honest);
  return (others.length > 0 ? others : devices).flatMap((player) => argumentOf(player, witness) ?? []).at(0) ?? null;
};
