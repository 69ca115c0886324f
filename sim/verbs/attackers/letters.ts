/** What attackers write to devices, as a device. */

import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { type JsonObject, objectAt } from '../../../machines/json.ts';
import { secretToPlant, sendAs } from '../../attackers/account.ts';
import { signingKeyOf } from '../../attackers/building.ts';
import {
  heldKey,
  likelyOwner,
  ofHeldKeys,
  type Plot,
  point as points,
  poison as poisonsFor,
} from '../../attackers/bundles.ts';
import { sendShowing } from '../../attackers/envelopes.ts';
import { deviceOf, handOf } from '../../attackers/forging.ts';
import { shareFor } from '../../attackers/shares.ts';
import { canSign, signOwnDevice } from '../../attackers/signing.ts';
import {
  canWrite,
  devicesOf,
  hasMove,
  inviterOf,
  isIn,
  isNamed,
  type OfPerson,
  ownMembership,
  type Spot,
} from '../../attackers/spots.ts';
import { isPoison, isPretence, type Poison, poisons, pretences } from '../../attackers/words.ts';
import { addressOf, type Perform, userOf } from '../../engine/acting.ts';
import type { Stage } from '../../engine/stage.ts';
import type { Act, PlayerId } from '../../engine/types.ts';
import { after, type Progress, quiet, type World } from '../../engine/world.ts';
import { deviceKeys } from '../../homeserver/tamper.ts';
import { asClient, asDevice } from '../actors.ts';
import { content, device, eventType, inRoom, oneOf, optional, secret, times, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { arg, contentIn, first, unchecked } from '../telling.ts';
import { type Given, letter, post, type Verb, verb } from '../verb.ts';

/** Any type that a proposal may name. A secret goes where `m.secret.push` has it too: its name and value as two fields. */
const sendsEvent: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const name = arg(act, 'secret');
  const said = contentIn(arg(act, 'content')) ?? {};
  const send = (now: World, content: JsonObject) =>
    sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], first(act), content, true);
  if (name === '') return send(world, said);
  const planted = secretToPlant(stage, world, act.who, name, arg(act, 'value'));
  return after(planted.progress, (now) => send(now, { ...said, name, secret: planted.secret }));
};

const plotOf = (act: Act, user: string): Plot => {
  const kind = arg(act, 'with');
  if (!isPoison(kind)) throw unchecked(act, 'with');
  const as = arg(act, 'as');
  return { user, room: arg(act, 'in'), poison: kind, ...(as === '' ? {} : { as }) };
};

/** A pointer to a false bundle where a room is named, else a secret: under device keys that are not its own. */
const sendsWithKeysOf: Perform = (stage, world, act) => {
  const [whose, to, room, pretence] = [first(act), arg(act, 'to'), arg(act, 'in'), arg(act, 'lie') || 'borrowed'];
  if (!isPretence(pretence)) throw unchecked(act, 'lie');
  if (room !== '') {
    const { user } = addressOf(stage, world, to);
    return points(stage, world, act.who, { user, room, poison: 'false owner', showing: { to, whose, pretence } });
  }
  const planted = secretToPlant(stage, world, act.who, BACKUP_SECRET, '');
  const { type, content } = shareFor(stage, to, { name: BACKUP_SECRET, secret: planted.secret });
  return after(planted.progress, (now) => sendShowing(stage, now, act.who, to, type, content, whose, pretence));
};

export const sendEvent = verb('send event', {
  by: asDevice,
  text: 'Writes a device a letter of any type, sealed as its own: with this content, and with a secret of its own or the real one it knows.',
  takes: eventType,
  more: {
    to: device,
    content: optional(content),
    secret: optional(secret),
    value: optional(oneOf('own', 'known')),
  },
  asks: [letter],
  cannot: whyUnknown((act) => arg(act, 'secret')),
  does: sendsEvent,
});

/** Pointing a user to a bundle of its own making, so many times. */
const aboutBundle = (
  name: 'poison' | 'point',
  may: (spot: OfPerson) => boolean,
  given: Pick<Given, 'by' | 'text' | 'asks'>,
  does: (stage: Stage, world: World, who: PlayerId, plot: Plot) => Progress,
): Verb =>
  verb(name, {
    ...given,
    takes: user,
    more: { in: inRoom, with: oneOf(...poisons), as: optional(device), times },
    isUsualMove: true,
    offers: { person: (spot) => (may(spot) ? kindsFor(spot, name) : []) },
    does: (stage, world, act) =>
      Array.from({ length: Number(act.args.times ?? 1) }).reduce<Progress>(
        (before) => after(before, (now) => does(stage, now, act.who, plotOf(act, userOf(stage, first(act))))),
        quiet(world),
      ),
  });

/** Whoever may ask others in spoils what goes with it. */
const mayPoison = (spot: OfPerson): boolean =>
  hasMove(spot, 'poison') && ownMembership(spot) === 'join' && isIn(spot, spot.id) !== 'join' && mayDeceive(spot);
/** Whoever may not points those to bundles who are asked in by others; and those who are in, where its budget names that. */
const mayPoint = (spot: OfPerson): boolean => {
  const is = isIn(spot, spot.id);
  return !mayPoison(spot) && mayDeceive(spot) && (is === 'invite' || (is === 'join' && isNamed(spot, 'point')));
};
const mayDeceive = (spot: OfPerson): boolean =>
  canWrite(spot) && spot.id !== handOf(spot.world, spot.attacker.name)?.me.user && isIn(spot, spot.id) !== 'ban';

const byItself: readonly Poison[] = ['false owner', 'other room', 'worse copy'];

/** What can be wrong with a bundle for that user, and would make a difference; further ways where the budget names the move. */
const kindsFor = (spot: OfPerson, name: 'poison' | 'point'): readonly Act['args'][] => {
  const { stage, world, attacker, room, id } = spot;
  const { rooms = [] } = stage.scenario.cast;
  if (likelyOwner(world, attacker.name, room, id) === undefined) return [];
  const isTold = isNamed(spot, name);
  const differs = (kind: Poison): boolean => {
    if (kind === 'other room') return rooms.length > 1;
    if (kind === 'huge') return stage.settings.everyone.options['bundle size'] !== undefined || isTold;
    return !ofHeldKeys.includes(kind) || heldKey(world, attacker.name, room) !== undefined;
  };
  return (isTold ? poisons : byItself).filter(differs).map((kind) => ({ [name]: spot.name, in: room, with: kind }));
};

export const poison = aboutBundle(
  'poison',
  mayPoison,
  {
    by: asClient,
    text: 'Points a user to a key bundle of its own making, and asks them into the room.',
    asks: [letter, post('invite')],
  },
  poisonsFor,
);
export const point = aboutBundle(
  'point',
  mayPoint,
  { by: asDevice, text: 'Points a user to a key bundle of its own making, and asks them nowhere.', asks: [letter] },
  points,
);

export const sendWithKeysOf = verb('send with keys of', {
  by: asDevice,
  text: 'Writes a letter under device keys that are not its own: a pointer to a false bundle of a room, or a false secret.',
  takes: device,
  more: { to: device, in: optional(inRoom), lie: optional(oneOf(...pretences)) },
  asks: [letter],
  // In the name of whoever asked that user in.
  offers: {
    person: (spot) => {
      const whose = inviterOf(spot, spot.id);
      const to = devicesOf(spot.world, spot.id)[0];
      return whose === undefined || to?.startsWith(`${spot.name}.`) !== true || !mayPoint(spot)
        ? []
        : pretences.map((lie) => ({ 'send with keys of': whose, to, in: spot.room, lie }));
    },
  },
  does: sendsWithKeysOf,
});

/** Whether it knows the key, and its device does not bear the signature yet. */
const mightSign = (spot: Spot): boolean => {
  const { stage, world, attacker, server } = spot;
  const me = handOf(world, attacker.name)?.me;
  if (me === undefined || !canSign(spot, me.user)) return false;
  const key = signingKeyOf(stage, world, attacker.name, me.user, 'self_signing');
  const signatures = objectAt(objectAt(deviceKeys(server, me.user, me.device), 'signatures'), me.user);
  return key === null || signatures[`ed25519:${key.public}`] === undefined;
};

export const signDevice = verb('sign device', {
  by: asDevice,
  text: 'Cross-signs its device with the self-signing key of its user, if it knows that.',
  asks: [post('keys/signatures/upload')],
  isUsualMove: true,
  offers: { anywhere: (spot) => (mightSign(spot) ? [{}] : []) },
  does: (stage, world, act) => signOwnDevice(stage, world, act.who),
});
