/** Secrets: asked for, pushed, answered, typed in. */

import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import type { JsonObject } from '../../machines/json.ts';
import * as account from '../attackers/account.ts';
import { deviceOf, handOf } from '../attackers/forging.ts';
import { circleIn } from '../attackers/knowledge.ts';
import { requestIdOf } from '../attackers/overhear.ts';
import { shareFor, strayIdsFor } from '../attackers/shares.ts';
import { canSign } from '../attackers/signing.ts';
import { type AtDevice, isNamed } from '../attackers/spots.ts';
import { isStrayId, strayIds } from '../attackers/words.ts';
import { addressOf, type Perform } from '../engine/acting.ts';
import type { Act } from '../engine/types.ts';
import { after, quiet } from '../engine/world.ts';
import { asDevice } from './actors.ts';
import { device, oneOf, optional, secret, word } from './arguments.ts';
import { whyUnknown } from './being-there.ts';
import { arg, first, tells } from './telling.ts';
import { letter, verb } from './verb.ts';

/** `value: known` hands on the real secret; otherwise the attacker plants one of its own making. */
const pushes: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const stray = arg(act, 'request id');
  const secret = { name: first(act), secret: planted.secret };
  const { type, content } = shareFor(stage, arg(act, 'to'), secret, isStrayId(stray) ? stray : undefined);
  return after(planted.progress, (now) =>
    account.sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], type, content, true),
  );
};

const asksFor: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const content: JsonObject = {
    action: 'request',
    name: first(act),
    request_id: requestIdOf(act.who, first(act)),
    requesting_device_id: addressOf(stage, world, player).device,
  };
  const to = addressOf(stage, world, arg(act, 'from'));
  return account.sendAs(stage, world, player, [to], 'm.secret.request', content, false);
};

/** Answers with the id of a request that somebody of its circle has seen. */
const answers: Perform = (stage, world, act) => {
  const player = deviceOf(world, act.who);
  if (player === undefined) return quiet(world);
  const open = circleIn(stage, world, act.who)
    .flatMap(({ requests }) => requests)
    .findLast((one) => one.by === arg(act, 'to') && one.name === first(act));
  const planted = account.secretToPlant(stage, world, act.who, first(act), arg(act, 'value'));
  const content = { request_id: open?.requestId ?? 'guessed', secret: planted.secret };
  return after(planted.progress, (now) =>
    account.sendAs(stage, now, player, [addressOf(stage, now, arg(act, 'to'))], 'm.secret.send', content, true),
  );
};

/** Only who has a device writes to others. */
const byHand =
  (offers: (spot: AtDevice, me: { readonly user: string }) => readonly Act['args'][]) =>
  (spot: AtDevice): readonly Act['args'][] => {
    const hand = handOf(spot.world, spot.attacker.name);
    return hand === undefined ? [] : offers(spot, hand.me);
  };

/** A secret name with no public half to be tested against. */
const untested = 'org.example.notes';

export const requestSecret = verb(
  'request secret',
  {
    by: ['device'],
    text: 'Asks the own devices for a secret.',
    takes: secret,
    asks: [letter],
    does: tells((_stage, act) => ({ type: 'user.request secret', name: first(act) })),
  },
  {
    by: asDevice,
    text: 'Asks a device for a secret.',
    takes: secret,
    more: { from: device },
    asks: [letter],
    isUsualMove: true,
    offers: {
      device: byHand((spot, { user }) => [
        { 'request secret': BACKUP_SECRET, from: spot.device },
        ...(canSign(spot, user) || !isNamed(spot, 'request secret')
          ? []
          : [{ 'request secret': 'm.cross_signing.self_signing', from: spot.device }]),
      ]),
    },
    does: asksFor,
  },
);

export const pushSecret = verb(
  'push secret',
  {
    by: ['device'],
    text: 'Shares a secret it holds, once more.',
    takes: secret,
    asks: [letter],
    does: tells((_stage, act) => ({ type: 'user.push secret', name: first(act) })),
  },
  {
    by: asDevice,
    text: 'Pushes a secret: its own, the real one it knows, or an empty one.',
    takes: secret,
    more: {
      to: device,
      value: optional(oneOf('own', 'known', 'empty')),
      'request id': optional(oneOf(...strayIds)),
    },
    asks: [letter],
    cannot: whyUnknown(),
    isUsualMove: true,
    offers: {
      device: byHand(({ stage, device: to }) => [
        { 'push secret': BACKUP_SECRET, to },
        ...strayIdsFor(stage, to).map((stray) => ({ 'push secret': BACKUP_SECRET, to, 'request id': stray })),
        { 'push secret': untested, to },
      ]),
    },
    does: pushes,
  },
);

export const enterSecret = verb('enter secret', {
  by: ['device'],
  text: 'Its person types in a secret of that name.',
  takes: secret,
  more: { value: word('what it says', 'a new key') },
  does: tells((_stage, act) => ({ type: 'user.enters secret', name: first(act), secret: arg(act, 'value') })),
});

export const answerRequest = verb('answer request', {
  by: asDevice,
  text: 'Answers a request it has seen.',
  takes: secret,
  more: { to: device, value: optional(oneOf('own', 'known')) },
  asks: [letter],
  cannot: whyUnknown(),
  isUsualMove: true,
  offers: {
    device: byHand(({ stage, world, attacker, device: to }) =>
      circleIn(stage, world, attacker.name)
        .flatMap(({ requests }) => requests)
        .flatMap(({ by, name }) => (by === to ? [{ 'answer request': name, to }] : [])),
    ),
  },
  does: answers,
});
