/**
 * Acts that do not happen. What can be known before anybody is asked is said without asking: a device that is not there, a server
 * that has no such room. What a server says no to is read off the answer to the act's own request (`scenario/requests.ts`). Both
 * are a moment of the step: never a throw, and never nothing at all.
 */
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { type Json, sameJson, stringAt } from '../../machines/json.ts';
import { knownSecret } from '../attackers/building.ts';
import { deviceOf, pocketed } from '../attackers/forging.ts';
import { runsServer } from '../attackers/knowledge.ts';
import { first, userOf } from '../engine/acting.ts';
import { asksFor } from '../engine/endpoints.ts';
import { deviceId, named, shortRoom } from '../engine/names.ts';
import { roleOf } from '../engine/role.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, Moment, PlayerId, Refusal } from '../engine/types.ts';
import { noting, type Progress, quiet, type World } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { devicesNamedBy, isAheadOfTime, namedBy, newDeviceOf } from '../scenario/naming.ts';
import { mayAskNothing, ownRequests, takesServer } from '../scenario/requests.ts';
import { verbs } from '../scenario/verbs.ts';
import { deviceInHand } from './room-acts.ts';

/** `act` as it comes out of `perform`, or refused: before it is tried, by a server, or because nothing came of it. */
export const refusing = (stage: Stage, world: World, act: Act, perform: () => Progress): Progress => {
  const reason = cannot(stage, world, act);
  if (reason !== null) return noting(quiet(world), momentOf(act, { reason }));
  const done = perform();
  const refusal =
    refusalIn(act, done) ??
    (isUnasked(stage, world, act, done)
      ? (lastNo(act, done) ?? nothing)
      : isNothing(world, act, done)
        ? nothing
        : null);
  return refusal === null ? done : noting(done, momentOf(act, refusal));
};

const nothing: Refusal = { reason: 'nothing comes of it' };

const momentOf = ({ who, verb }: Act, refusal: Refusal): Moment => ({ kind: 'refused', player: who, verb, ...refusal });

/** What lets time go by, or says what is to go wrong, is done whatever comes of it. */
const alwaysDone: readonly string[] = ['settle', 'wait'];

/** What is said of an act itself, whatever comes of it. */
const ofTheAct: readonly Moment['kind'][] = ['acted', 'heard', 'forged', 'learned'];

/** Whether an act left the world as it was: nobody was asked or told anything, and nothing is otherwise than before. */
const isNothing = (world: World, { verb }: Act, done: Progress): boolean =>
  !alwaysDone.includes(verb) &&
  done.moments.every(({ kind }) => ofTheAct.includes(kind)) &&
  sameJson(world as unknown as Json, done.world as unknown as Json);

// --- what can be known before ----------------------------------------------------------------------

/** Why an act cannot even be tried; `null` when it can. */
export const cannot = (stage: Stage, world: World, act: Act): string | null =>
  whyNotBy(stage, world, act) ??
  whyNotOf(world, act) ??
  whyNotAt(stage, world, act) ??
  whyNotKnown(stage, world, act) ??
  whyNotOffline(stage, world, act);

/** `value: known` hands on the real secret, by whoever knows it. */
const whyNotKnown = (stage: Stage, world: World, { who, verb, args }: Act): string | null => {
  if (args.value !== 'known' || named(world.attackers, who) === undefined) return null;
  const secret = verb === 'inject' ? BACKUP_SECRET : String(args.secret ?? args[verb]);
  return knownSecret(stage, world, who, secret) === null ? `${who} does not know ${secret}` : null;
};

/** Whoever reaches no server does nothing that takes one. What the device keeps and sends once it is back is done. */
const whyNotOffline = (stage: Stage, world: World, act: Act): string | null => {
  const isAway = world.offline.includes(pocketed(world, act.who) ?? act.who);
  if (act.verb === 'go offline' && isAway) return `${act.who} is offline already`;
  if (act.verb === 'come online' && !isAway) return `${act.who} is not offline`;
  if (!takesServer(act.verb)) return null;
  const people = act.verb === 'verify user' ? [act.who, first(act)] : [act.who];
  const away = people
    .map((who) => pocketed(world, who) ?? deviceInHand(stage, world, who))
    .find((player) => player !== null && world.offline.includes(player));
  return away === undefined ? null : `${away} is offline`;
};

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
    if (roleOf(stage, attacker).account === 'ordinary' && pocketed(world, who) === undefined)
      return `${who} has no device to act with`;
    if (verb === 'log in as' || verb === 'log out' || !asDevice.has(verb)) return null;
    if (isByServer(stage, world, act)) return null;
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
  if (attacker === undefined || !runsServer(stage, attacker)) return null;
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

type Answered = Extract<Moment, { kind: 'request' }>;

/** What whoever acts asked, and was answered. */
const askedBy = (act: Act, { world, moments }: Progress): readonly Answered[] =>
  moments.flatMap((moment) =>
    moment.kind === 'request' && moment.lost !== true && isBy(world, act, moment.from) ? [moment] : [],
  );

const isNo = ({ status }: Answered): boolean => status >= 400 && status < 500;
const isOwn =
  (act: Act) =>
  ({ method, path }: Answered): boolean =>
    (ownRequests[act.verb] ?? []).some((own) => own.method === method && asksFor(own.endpoint, path));

const refusalOf = ({ status, response }: Answered): Refusal => {
  const errcode = stringAt(response, 'errcode');
  return {
    reason: stringAt(response, 'error') ?? 'the server says no',
    status,
    ...(errcode === undefined ? {} : { errcode }),
  };
};

/** What a server said no to: the act's own request, or whatever it was by somebody whose access token it does not know. */
const refusalIn = (act: Act, done: Progress): Refusal | null => {
  const asked = askedBy(act, done);
  // A request may be made again with what the first answer asked for ("User-interactive authentication"): the last one counts.
  const last = (ownRequests[act.verb] ?? [])
    .map(({ method, endpoint }) => asked.findLast((one) => one.method === method && asksFor(endpoint, one.path)))
    .find((one) => one !== undefined && isNo(one));
  const answer =
    last ?? asked.find(({ status, response }) => status === 401 && stringAt(response, 'errcode') === 'M_UNKNOWN_TOKEN');
  return answer === undefined ? null : refusalOf(answer);
};

/** The last no to what was asked on the way: that there is no backup to delete. */
const lastNo = (act: Act, done: Progress): Refusal | null => {
  const no = askedBy(act, done).findLast(isNo);
  return no === undefined ? null : refusalOf(no);
};

/**
 * Whether an act ended before the request it is about was made, and nothing else came of it: no accident, no question to its person,
 * no choice that is kept, no letter that the device still has to send.
 */
const isUnasked = (stage: Stage, before: World, act: Act, { world, moments }: Progress): boolean =>
  Object.hasOwn(ownRequests, act.verb) &&
  !mayAskNothing.includes(act.verb) &&
  !isByServer(stage, world, act) &&
  !moments.some((moment) => isSomething(moment) || (moment.kind === 'request' && isOwn(act)(moment))) &&
  !Object.keys(world.devices).some((one) => isBy(world, act, one) && outboxOf(world, one) > outboxOf(before, one));
const isSomething = (moment: Moment): boolean =>
  moment.kind === 'fault' ||
  moment.kind === 'shown' ||
  moment.kind === 'refused' ||
  (moment.kind === 'stored' && ['backup', 'backup preference'].includes(moment.patch.patch)) ||
  (moment.kind === 'request' && (moment.status === 429 || moment.status >= 500));
const outboxOf = (world: World, player: PlayerId): number => named(world.devices, player)?.store.outbox.length ?? 0;

/** What a server's operator does with what lies there takes no device, and no request. */
const isByServer = (stage: Stage, world: World, { who, verb, args }: Act): boolean => {
  const attacker = named(world.attackers, who);
  const isOnDisk = verb === 'read backup' || args.of !== undefined;
  return attacker !== undefined && runsServer(stage, attacker) && isOnDisk;
};

/** Whether a request was made by whoever acts: the device itself, one of the person's, or one the attacker runs. */
const isBy = (world: World, { who }: Act, from: PlayerId): boolean =>
  from === who ||
  (who.includes('.') ? false : from.startsWith(`${who}.`)) ||
  Object.values(named(world.attackers, who)?.runs ?? {}).includes(from);
