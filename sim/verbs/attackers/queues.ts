/** What waits for a device at a server: held back, let through, replayed, dropped, and what never was sent. */
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import type { JsonObject } from '../../../machines/json.ts';
import { secretToPlant } from '../../attackers/account.ts';
import { injectPointer, roomKeyFor } from '../../attackers/bundles.ts';
import { addressOf, enqueue, inject as injected, lied, serverOf } from '../../attackers/forging.ts';
import { addressed, attackerOf } from '../../attackers/knowledge.ts';
import { isPointer } from '../../attackers/room-ears.ts';
import { shareType } from '../../attackers/shares.ts';
import { type AtDevice, inviterOf, isIn, siblings, targets } from '../../attackers/spots.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { ownerIn } from '../../engine/player.ts';
import type { PlayerId } from '../../engine/types.ts';
import { after, type Progress, quiet, type World, withAttacker } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import type { Homeserver } from '../../homeserver/types.ts';
import { lyingServer, wire } from '../actors.ts';
import { device, eventType, inRoom, oneOf, optional, user } from '../arguments.ts';
import { whyUnknown } from '../being-there.ts';
import { arg, first } from '../telling.ts';
import { type Actor, type Verb, verb } from '../verb.ts';

/** What waits for a device, and whose it is. */
const boxOf = (world: World, who: PlayerId, to: PlayerId) => {
  const { server } = serverOf(world, who);
  const { user, device } = addressOf(world, to);
  return { server, user, device, queue: tamper.queue(server, user, device) };
};

/** What waits for a device is changed as a whole. */
const rewritten = (
  world: World,
  who: PlayerId,
  to: PlayerId,
  what: string,
  change: (queue: readonly JsonObject[]) => readonly JsonObject[],
): Progress => {
  const { server, user, device, queue } = boxOf(world, who, to);
  const changed = change(queue);
  return queue.length + changed.length === 0
    ? quiet(world)
    : lied(world, who, what, {
        server: tamper.setQueue(server, user, device, changed),
        to,
        before: queue,
        after: changed,
      });
};

const injects: Perform = (stage, world, act) => {
  const letter = { to: arg(act, 'to'), as: arg(act, 'as'), type: first(act) };
  if (isPointer(letter.type)) return injectPointer(stage, world, act.who, letter, arg(act, 'in'));
  if (letter.type === 'm.room_key') {
    const made = roomKeyFor(stage, world, act.who, arg(act, 'in'), letter.as);
    return after(made.progress, (now) => injected(now, act.who, letter, made.content));
  }
  const planted = secretToPlant(stage, world, act.who, BACKUP_SECRET, arg(act, 'value'));
  const content = { name: BACKUP_SECRET, secret: planted.secret };
  return after(planted.progress, (now) => injected(now, act.who, letter, content));
};

/** @param when whether it is offered for a device */
const ofOne = (
  name: string,
  text: string,
  when: (spot: AtDevice) => boolean,
  does: Perform,
  by: readonly Actor[] = lyingServer,
): Verb =>
  verb(name, {
    by,
    text,
    takes: device,
    ofServer: [name],
    isUsualMove: true,
    offers: { device: (spot) => (when(spot) ? [{ [name]: spot.device }] : []) },
    does,
  });

const waiting = ({ world, server, device: to }: AtDevice): number => {
  const { user, device } = addressOf(world, to);
  return tamper.queueLength(server, user, device);
};

/** Takes what waits for a device aside, to let it through when it likes. What is sent afterwards goes by. */
export const holdBack = ofOne(
  'hold back',
  'Holds back what waits for a device.',
  (spot) => waiting(spot) > 0,
  (_stage, world, act) => {
    const { user, device, queue } = boxOf(world, act.who, first(act));
    if (queue.length === 0) return quiet(world);
    const attacker = attackerOf(world, act.who);
    const address = addressed(user, device);
    const withheld = { ...attacker.withheld, [address]: [...(attacker.withheld[address] ?? []), ...queue] };
    const emptied = rewritten(world, act.who, first(act), 'holds back what waits', () => []);
    return { ...emptied, world: withAttacker(emptied.world, { ...attacker, withheld }) };
  },
  wire,
);
export const release = ofOne(
  'release',
  'Lets through what it held back, behind what came later.',
  ({ world, attacker, device: to }) => {
    const { user, device } = addressOf(world, to);
    return (attacker.withheld[addressed(user, device)] ?? []).length > 0;
  },
  (_stage, world, act) => {
    const { server: before, user, device } = boxOf(world, act.who, first(act));
    const attacker = attackerOf(world, act.who);
    const { [addressed(user, device)]: late = [], ...withheld } = attacker.withheld;
    if (late.length === 0) return quiet(world);
    const server = late.reduce<Homeserver>((now, event) => tamper.enqueue(now, user, device, event), before);
    const handed = withAttacker(world, { ...attacker, withheld });
    return lied(handed, act.who, 'lets through what it held back', { server, to: first(act), after: late });
  },
  wire,
);

export const inject = verb('inject', {
  by: lyingServer,
  text: 'Puts a cleartext event into a queue, showing the public keys of a device.',
  takes: eventType,
  more: { to: device, as: device, value: optional(oneOf('own', 'known')), in: optional(inRoom) },
  ofServer: ['to'],
  cannot: whyUnknown(() => BACKUP_SECRET),
  isUsualMove: true,
  offers: {
    device: (spot) => {
      const { stage, device: to } = spot;
      return siblings(spot).map((as) => ({ inject: shareType(stage, to), to, as }));
    },
    // Pointers in the clear to whoever is asked in, in the name of who asked.
    room: (spot) =>
      targets(spot).flatMap((to) => {
        const { user } = addressOf(spot.world, to);
        const as = isIn(spot, user) === 'invite' ? inviterOf(spot, user) : undefined;
        return as === undefined ? [] : [{ inject: 'm.room_key_bundle', to, as, in: spot.room }];
      }),
  },
  does: injects,
});

export const rewriteSender = verb('rewrite sender', {
  by: lyingServer,
  text: 'Names somebody else as the sender of what waits.',
  takes: user,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  offers: {
    device: (spot) =>
      (waiting(spot) > 0 ? spot.stage.scenario.cast.users : [])
        .filter(({ name }) => name !== ownerIn(spot.device))
        .map(({ name }) => ({ 'rewrite sender': name, to: spot.device })),
  },
  does: (stage, world, act) => {
    const sender = userOf(stage, first(act));
    return rewritten(world, act.who, arg(act, 'to'), `names ${sender} as the sender of what waits`, (queue) =>
      queue.map((event) => ({ ...event, sender })),
    );
  },
});

export const replay = verb('replay', {
  by: lyingServer,
  text: 'Delivers once more what it has seen go there.',
  takes: eventType,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  offers: {
    device: ({ world, attacker, device: to }) => {
      const { user, device } = addressOf(world, to);
      const seen = attacker.recorded[addressed(user, device)] ?? [];
      return seen.length > 0 ? [{ replay: 'm.room.encrypted', to }] : [];
    },
  },
  // The latest event of that outer type.
  does: (_stage, world, act) => {
    const { user, device } = addressOf(world, arg(act, 'to'));
    const seen = attackerOf(world, act.who).recorded[addressed(user, device)] ?? [];
    const wanted = seen.findLast(({ type }) => type === first(act) || type === 'm.room.encrypted');
    return wanted === undefined
      ? quiet(world)
      : enqueue(world, act.who, arg(act, 'to'), wanted, 'replays an earlier message');
  },
});

export const reorder = ofOne(
  'reorder',
  'Reverses the order of what waits for a device.',
  (spot) => waiting(spot) > 1,
  (_stage, world, act) =>
    boxOf(world, act.who, first(act)).queue.length < 2
      ? quiet(world)
      : rewritten(world, act.who, first(act), 'reverses the order of what waits', (queue) => queue.toReversed()),
);
export const drop = ofOne(
  'drop',
  'Drops what waits for a device.',
  (spot) => waiting(spot) > 0,
  (_stage, world, act) => rewritten(world, act.who, first(act), 'drops what waits', () => []),
);

export const handOnMailOf = verb('hand on mail of', {
  by: lyingServer,
  text: 'Gives one device what waits for another.',
  takes: device,
  more: { to: device },
  does: (_stage, world, act) => {
    const of = first(act);
    const { queue: mail } = boxOf(world, act.who, of);
    if (mail.length === 0) return quiet(world);
    return after(
      rewritten(world, act.who, of, `takes what waits for ${of}`, () => []),
      (now) => rewritten(now, act.who, arg(act, 'to'), `hands on what was for ${of}`, (queue) => [...queue, ...mail]),
    );
  },
});
