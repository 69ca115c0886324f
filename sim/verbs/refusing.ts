/**
 * Acts that do not happen. What can be known before anybody is asked is said without asking: a device that is not there, a server
 * that has no such room. What a server says no to is read off the answer to the act's own request (`scenario/requests.ts`). Both
 * are a moment of the step: never a throw, and never nothing at all.
 */
import { stringAt } from '../../machines/json.ts';
import { deviceOf, pocketed } from '../attackers/forging.ts';
import { first, userOf } from '../engine/acting.ts';
import { isOrdinary } from '../engine/attacker.ts';
import { asksFor } from '../engine/endpoints.ts';
import { deviceId, named, shortRoom } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, Moment, PlayerId, Refusal } from '../engine/types.ts';
import { noting, type Progress, quiet, type World } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { devicesNamedBy, isAheadOfTime, namedBy, newDeviceOf } from '../scenario/naming.ts';
import { ownRequests } from '../scenario/requests.ts';
import { verbs } from '../scenario/verbs.ts';
import { deviceInHand } from './room-acts.ts';

/** `act` as it comes out of `perform`, or refused: before it is tried, by a server, or because nothing came of it. */
export const refusing = (stage: Stage, world: World, act: Act, perform: () => Progress): Progress => {
  const reason = cannot(stage, world, act);
  if (reason !== null) return noting(quiet(world), momentOf(act, { reason }));
  const done = perform();
  const refusal = refusalIn(act, done) ?? (isNothing(world, act, done) ? { reason: 'nothing comes of it' } : null);
  return refusal === null ? done : noting(done, momentOf(act, refusal));
};

const momentOf = ({ who, verb }: Act, refusal: Refusal): Moment => ({ kind: 'refused', player: who, verb, ...refusal });

/** What lets time go by, or says what is to go wrong, is done whatever comes of it. */
const alwaysDone: readonly string[] = ['settle', 'wait'];

/** Whether an act left no trace: nothing was said or changed, or its person did it and no part of the client had a use for that. */
const isNothing = (world: World, { verb }: Act, done: Progress): boolean =>
  !alwaysDone.includes(verb) &&
  (done.moments.length === 0 ? done.world === world : done.moments.every(({ kind }) => kind === 'acted'));

// --- what can be known before ----------------------------------------------------------------------

/** Why an act cannot even be tried; `null` when it can. */
export const cannot = (stage: Stage, world: World, act: Act): string | null =>
  whyNotBy(stage, world, act) ?? whyNotOf(world, act) ?? whyNotAt(stage, world, act);

const absent = (world: World, player: PlayerId): string | null =>
  world.loggedOut.includes(player)
    ? `${player} has been logged out`
    : named(world.devices, player) === undefined
      ? `${player} is not logged in`
      : null;

/** Verbs of attackers that act as a device. */
const asDevice: ReadonlySet<string> = new Set(
  verbs.flatMap(({ verb, by }) => (by.includes('stolen-device') || by.includes('other-user') ? [verb] : [])),
);

/** Whoever acts is there, and has what it takes. */
const whyNotBy = (stage: Stage, world: World, act: Act): string | null => {
  const { who, verb } = act;
  const attacker = named(world.attackers, who);
  if (attacker !== undefined) {
    // Whoever is a person like others does everything with the device in their pocket.
    if (isOrdinary(attacker) && pocketed(world, who) === undefined) return `${who} has no device to act with`;
    if (verb === 'log in as' || verb === 'log out' || !asDevice.has(verb)) return null;
    // What a server's operator does with what lies on it takes no device.
    if (attacker.plays === 'lying-server' && (verb === 'read backup' || act.args.of !== undefined)) return null;
    if (pocketed(world, who) !== undefined) return null;
    const player = deviceOf(world, who);
    return player === undefined || named(world.devices, player) === undefined
      ? `${who} has no device to act with`
      : null;
  }
  if (who === 'everyone' || named(world.servers, who) !== undefined) return null;
  if (who.includes('.')) return absent(world, who);
  if (verb === 'log in as') return null;
  return deviceInHand(stage, world, who) === null ? `${who} has no device at hand` : null;
};

/** The devices it names are there, and the one it makes is not. */
const whyNotOf = (world: World, act: Act): string | null => {
  const made = newDeviceOf(act);
  if (
    made !== null &&
    named(world.devices, made) !== undefined &&
    !world.loggedOut.includes(made) &&
    isStillThere(world, made)
  )
    return `${made} is there already`;
  if (isAheadOfTime(act.verb)) return null;
  const isOwn = act.verb === 'verify' || act.verb === 'import room keys';
  const missing = devicesNamedBy(act).find((player) =>
    isOwn ? absent(world, player) !== null : named(world.devices, player) === undefined,
  );
  return missing === undefined ? null : absent(world, missing);
};

/** Whether its server still knows it; one that was removed may be logged in anew. */
const isStillThere = (world: World, player: PlayerId): boolean => {
  const me = named(world.devices, player)?.store.me;
  const server = me === undefined ? undefined : named(world.servers, me.server);
  return me !== undefined && server !== undefined && tamper.hasDevice(server, me.user, me.device);
};

/** A server's operator can only lie about what the server has. */
const whyNotAt = (stage: Stage, world: World, act: Act): string | null => {
  const attacker = named(world.attackers, act.who);
  if (attacker?.plays !== 'lying-server') return null;
  const at = attacker.server;
  const server = named(world.servers, at);
  if (server === undefined) return `there is no server ${at}`;
  if (act.verb === 'add device') {
    const user = userOf(stage, String(act.args.to ?? ''));
    if (!tamper.hasUser(server, user)) return `${user} has no account on ${at}`;
    if (tamper.hasDevice(server, user, deviceId(first(act))))
      return `${user} has a device ${deviceId(first(act))} already`;
  }
  if (!ofHeldRooms.has(act.verb)) return null;
  const room = namedBy(act, 'room').find((one) => named(server.rooms, one) === undefined);
  return room === undefined ? null : `${at} has no room ${shortRoom(room)}`;
};
const ofHeldRooms: ReadonlySet<string> = new Set([
  'forge message',
  'forge membership',
  'forge history',
  'hide membership',
  'bend media',
]);

// --- what a server said ----------------------------------------------------------------------------

/** What a server said no to: the act's own request, or whatever it was by somebody whose access token it does not know. */
const refusalIn = (act: Act, { world, moments }: Progress): Refusal | null => {
  const own = ownRequests[act.verb] ?? [];
  const asked = moments.flatMap((moment) =>
    moment.kind === 'request' && moment.lost !== true && isBy(world, act, moment.from) ? [moment] : [],
  );
  const unknown = asked.find(
    ({ status, response }) => status === 401 && stringAt(response, 'errcode') === 'M_UNKNOWN_TOKEN',
  );
  // A request may be made again with what the first answer asked for ("User-interactive authentication"): the last one counts.
  const last = own
    .map(({ method, endpoint }) => asked.findLast((one) => one.method === method && asksFor(endpoint, one.path)))
    .find((one) => one !== undefined && one.status >= 400 && one.status < 500);
  const answer = last ?? unknown;
  if (answer === undefined) return null;
  const errcode = stringAt(answer.response, 'errcode');
  return {
    reason: stringAt(answer.response, 'error') ?? 'the server says no',
    status: answer.status,
    ...(errcode === undefined ? {} : { errcode }),
  };
};

/** Whether a request was made by whoever acts: the device itself, one of the person's, or one the attacker runs. */
const isBy = (world: World, { who }: Act, from: PlayerId): boolean =>
  from === who ||
  (who.includes('.') ? false : from.startsWith(`${who}.`)) ||
  Object.values(named(world.attackers, who)?.runs ?? {}).includes(from);
