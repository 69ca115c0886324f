/** What attackers write to devices, as a device. */

import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import type { JsonObject } from '../../../machines/json.ts';
import { secretToPlant, sendAs } from '../../attackers/account.ts';
import { type Plot, point as points, poison as poisonsFor } from '../../attackers/bundles.ts';
import { sendShowing } from '../../attackers/envelopes.ts';
import { deviceOf } from '../../attackers/forging.ts';
import { shareFor } from '../../attackers/shares.ts';
import { signOwnDevice } from '../../attackers/signing.ts';
import { isPoison, isPretence, poisons, pretences } from '../../attackers/words.ts';
import { addressOf, type Perform, userOf } from '../../engine/acting.ts';
import { claimsKeys } from '../../engine/claiming.ts';
import type { Act } from '../../engine/types.ts';
import { after, type Progress, quiet, type World } from '../../engine/world.ts';
import { asClient, asDevice } from '../actors.ts';
import { content, device, eventType, inRoom, oneOf, optional, secret, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { arg, contentIn, first, shared, unchecked } from '../telling.ts';
import { letter, post, verb } from '../verb.ts';

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

/** So many times, one after the other. */
const times =
  (does: (...given: Parameters<Perform>) => Progress): Perform =>
  (stage, world, act) =>
    Array.from({ length: Number(act.args.times ?? 1) }).reduce<Progress>(
      (before) => after(before, (now) => does(stage, now, act)),
      quiet(world),
    );

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

export const sendEvent = verb(
  'send event',
  asDevice,
  'Writes a device a letter of any type, sealed as its own: with this content, and with a secret of its own or the real one it knows.',
  {
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
  },
);

const bundle = {
  in: inRoom,
  with: oneOf(...poisons),
  as: optional(device),
  times: optional({ is: 'count', max: 20 }),
};

export const poison = verb(
  'poison',
  asClient,
  'Points a user to a key bundle of its own making, and asks them into the room.',
  {
    takes: user,
    more: bundle,
    asks: [letter, post('invite')],
    isUsualMove: true,
    does: times((stage, world, act) => poisonsFor(stage, world, act.who, plotOf(act, userOf(stage, first(act))))),
  },
);

export const point = verb(
  'point',
  asDevice,
  'Points a user to a key bundle of its own making, and asks them nowhere.',
  {
    takes: user,
    more: bundle,
    asks: [letter],
    isUsualMove: true,
    does: times((stage, world, act) => points(stage, world, act.who, plotOf(act, userOf(stage, first(act))))),
  },
);

export const sendWithKeysOf = verb(
  'send with keys of',
  asDevice,
  'Writes a letter under device keys that are not its own: a pointer to a false bundle of a room, or a false secret.',
  {
    takes: device,
    more: { to: device, in: optional(inRoom), lie: optional(oneOf(...pretences)) },
    asks: [letter],
    does: sendsWithKeysOf,
  },
);

/** Whoever may write to a device can use up what others need for that. */
export const claimOneTimeKeysOf = verb(
  'claim one-time keys of',
  [...asClient, 'device'],
  'Claims one-time keys of a device, each as whoever begins to write to it: so many, or until none is left.',
  {
    takes: device,
    more: { times: optional({ is: 'count', max: 20 }) },
    takesServer: true,
    does: shared((stage, world, act) => {
      const player = deviceOf(world, act.who);
      return player === undefined ? quiet(world) : claimsKeys(stage, world, { ...act, who: player });
    }, claimsKeys),
  },
);

export const signDevice = verb(
  'sign device',
  asDevice,
  'Cross-signs its device with the self-signing key of its user, if it knows that.',
  {
    asks: [post('keys/signatures/upload')],
    isUsualMove: true,
    does: (stage, world, act) => signOwnDevice(stage, world, act.who),
  },
);
