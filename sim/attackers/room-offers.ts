/**
 * What an attacker may do next in rooms, where there are any: only what can matter now. Lies to one device alone, and further
 * ways to spoil a bundle, are offered where the budget names the move.
 */

import { objectAt, stringAt } from '../../machines/json.ts';
import type { Attacker } from '../engine/attacker.ts';
import { userId } from '../engine/names.ts';
import { ownerIn } from '../engine/player.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import type { World } from '../engine/world.ts';
import { joined, type Membership, membershipAt, roomIds, stateAt } from '../homeserver/rooms/tamper.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { forgedFor, heldKey, likelyOwner, publicKeys } from './bundles.ts';
import { about, isVeiled } from './equivocation.ts';
import { guesses, latestFile, otherFile } from './file-lies.ts';
import { addressOf, deviceOf } from './forging.ts';
import { circleIn, runsServer } from './knowledge.ts';
import { act, isNamed, named, type Offers, targets } from './offering.ts';
import { type Poison, poisons, pretences } from './words.ts';

/** A room as the attacker finds it. */
type Place = {
  readonly stage: Stage;
  readonly world: World;
  readonly attacker: Attacker;
  readonly server: Homeserver;
  readonly room: string;
};

/** What may be done in one room. */
export type InRoom = (place: Place) => readonly Act[];

/** Room by room, what those say. */
export const inRooms =
  (...offers: readonly InRoom[]): Offers =>
  (stage, world, attacker) => {
    const server = world.servers[attacker.server];
    return server === undefined
      ? []
      : roomIds(server).flatMap((room) => offers.flatMap((offer) => offer({ stage, world, attacker, server, room })));
  };

/** With letters of its own: bundles, and keys that are forwarded. */
export const byLetter: InRoom = (place) =>
  canWrite(place) ? [...withBundles(place, false), ...withForwardedKeys(place)] : [];

/** The same by somebody who also asks others in, and spoils what goes with that. */
export const byInviting: InRoom = (place) =>
  canWrite(place) ? [...withBundles(place, true), ...withForwardedKeys(place)] : [];

/** Whether it has a device, and a server that takes letters of that: its own as long as it is listed there, or an accomplice's. */
const canWrite = ({ stage, world, attacker, server }: Place): boolean => {
  const player = deviceOf(world, attacker.name);
  if (player === undefined) return false;
  const { user, device } = addressOf(world, player);
  return (
    tamper.deviceKeys(server, user, device) !== null ||
    circleIn(stage, world, attacker.name).some((one) => runsServer(stage, one))
  );
};

const isIn = ({ server, room }: Place, user: string): Membership => membershipAt(server, room, user) ?? 'leave';
const honest = ({ stage }: Place) =>
  stage.scenario.cast.users.map(({ name, server }) => ({ name, id: userId(name, server) }));

// --- as a person, and with bundles -----------------------------------------------------------------

/** Comes, goes, or declines to come. @param isLeaver whether it goes without being told so by its budget */
const comesAndGoes = (place: Place, isLeaver: boolean): readonly Act[] => {
  const { world, attacker, room } = place;
  const me = world.devices[deviceOf(world, attacker.name) ?? '']?.store.me.user;
  const is = me === undefined ? 'leave' : isIn(place, me);
  if (is === 'invite') return [act(attacker, 'join', { join: room }), act(attacker, 'decline', { decline: room })];
  if (is !== 'join') return [];
  return isLeaver ? [act(attacker, 'leave', { leave: room })] : named(world, attacker, 'leave', { leave: room });
};
export const asGuest: InRoom = (place) => comesAndGoes(place, false);
export const asLeaver: InRoom = (place) => comesAndGoes(place, true);

/** Whoever may ask others in spoils what goes with it; whoever may not points those to bundles who are asked in by others. */
const withBundles = (place: Place, canInvite: boolean): readonly Act[] => {
  const { world, attacker, room } = place;
  const me = world.devices[deviceOf(world, attacker.name) ?? '']?.store.me.user ?? '';
  const invites = canInvite && isIn(place, me) === 'join';
  return honest(place).flatMap(({ name, id }): readonly Act[] => {
    const is = isIn(place, id);
    if (id === me || is === 'ban') return [];
    if (invites && is !== 'join')
      return kindsFor(place, id, isNamed(world, attacker, 'poison')).map((kind) =>
        act(attacker, 'poison', { poison: name, in: room, with: kind }),
      );
    if (is !== 'invite' && !(is === 'join' && isNamed(world, attacker, 'point'))) return [];
    const letters = isNamed(world, attacker, 'send with keys of') ? lettersTo(place, name, id) : [];
    const points = kindsFor(place, id, isNamed(world, attacker, 'point')).map((kind) =>
      act(attacker, 'point', { point: name, in: room, with: kind }),
    );
    return [...points, ...letters];
  });
};

const byItself: readonly Poison[] = ['false owner', 'other room', 'worse copy'];

/** What can be wrong with a bundle for that user, and would make a difference. */
const kindsFor = ({ stage, world, attacker, room }: Place, user: string, all: boolean): readonly Poison[] => {
  const { rooms = [] } = stage.scenario.cast;
  if (likelyOwner(world, attacker.name, room, user) === undefined) return [];
  return (all ? poisons : byItself).filter((kind) => {
    if (kind === 'other room') return rooms.length > 1;
    if (kind === 'huge') return stage.dials.everyone.options['bundle size'] !== undefined || all;
    return (kind !== 'worse copy' && kind !== 'later index') || heldKey(world, attacker.name, room) !== undefined;
  });
};

/** Letters under false device keys, in the name of whoever asked that user in. */
const lettersTo = (place: Place, name: string, id: string): readonly Act[] => {
  const { world, attacker, room } = place;
  const whose = inviterOf(place, id);
  const to = devicesOf(world, id)[0];
  if (whose === undefined || to === undefined || !to.startsWith(`${name}.`)) return [];
  return pretences.map((lie) => act(attacker, 'send with keys of', { 'send with keys of': whose, to, in: room, lie }));
};

const devicesOf = (world: World, user: string): readonly PlayerId[] =>
  Object.keys(world.devices)
    .sort()
    .filter((player) => world.devices[player]?.store.me.user === user);

/** A device of whoever asked a user in. */
const inviterOf = ({ world, server, room }: Place, user: string): PlayerId | undefined => {
  const event = stateAt(server, room, 'm.room.member', user);
  return event === null || event.sender === user ? undefined : devicesOf(world, event.sender)[0];
};

/** Forwards a key of its own to those in the room, as that of somebody else there. */
const withForwardedKeys = (place: Place): readonly Act[] => {
  const { world, attacker, room } = place;
  if (!isNamed(world, attacker, 'forward room key')) return [];
  return honest(place)
    .filter(({ id }) => isIn(place, id) === 'join')
    .flatMap(({ id }) => {
      const owner = likelyOwner(world, attacker.name, room, id);
      return owner === undefined
        ? []
        : devicesOf(world, id).map((to) =>
            act(attacker, 'forward room key', { 'forward room key': owner, to, in: room }),
          );
    });
};

// --- at a server -----------------------------------------------------------------------------------

export const atServer: InRoom = (place) => [
  ...ghosts(place),
  ...members(place),
  ...history(place),
  ...messages(place),
  ...files(place),
  ...planted(place),
  ...pointers(place),
];

/** Devices under false signatures, for whoever may yet be asked into a room. Once, not room by room. */
const ghosts = (place: Place): readonly Act[] => {
  const { stage, world, attacker, server, room } = place;
  if (deviceOf(world, attacker.name) !== undefined || roomIds(server)[0] !== room) return [];
  const users = new Set(targets(stage, world, attacker).map((player) => ownerIn(player)));
  return [...users].flatMap((to) =>
    named(world, attacker, 'add device', { 'add device': 'ghost', to, signed: 'falsely' }),
  );
};

/** Accounts of the attacker's circle, by the names of the cast. */
const accomplices = ({ stage, world, attacker }: Place) =>
  circleIn(stage, world, attacker.name)
    .filter((one) => roleOf(stage, one).account !== 'none')
    .map(({ name, server }) => ({ name, id: userId(name, server) }));

/** Devices of the server's honest users who are in the room. */
const listeners = (place: Place): readonly PlayerId[] =>
  targets(place.stage, place.world, place.attacker).filter(
    (player) => isIn(place, addressOf(place.world, player).user) === 'join',
  );

/** Lets accomplices in, says of others that they are gone, and hides who comes and goes. */
const members = (place: Place): readonly Act[] => {
  const { world, attacker, server, room } = place;
  const inside = joined(server, room);
  const own = accomplices(place);
  const others = honest(place).filter(({ id }) => inside.includes(id));
  const devices = listeners(place);
  const lets = own
    .filter(({ id }) => !inside.includes(id))
    .map(({ name }) => act(attacker, 'forge membership', { 'forge membership': 'join', of: name, in: room }));
  const gone = others.flatMap(({ name, id }) => {
    const args = { 'forge membership': 'leave', of: name, in: room };
    const alone = devices
      .filter((to) => addressOf(world, to).user !== id && !isVeiled(world, to, about.member(room, id)))
      .flatMap((to) => named(world, attacker, 'forge membership', { ...args, for: to }));
    return [...named(world, attacker, 'forge membership', args), ...alone];
  });
  const hidden = [...own, ...others].flatMap(({ name, id }) =>
    devices
      .filter((from) => addressOf(world, from).user !== id && !isVeiled(world, from, about.member(room, id)))
      .flatMap((from) => {
        const args = { 'hide membership': name, in: room, from };
        const isOwn = own.some((one) => one.id === id);
        return isOwn ? [act(attacker, 'hide membership', args)] : named(world, attacker, 'hide membership', args);
      }),
  );
  return [...lets, ...gone, ...hidden];
};

/** A closed room is said to be open. */
const history = (place: Place): readonly Act[] => {
  const { world, attacker, server, room } = place;
  const content = stateAt(server, room, 'm.room.history_visibility', '')?.content;
  const now = stringAt(objectAt({ content }, 'content'), 'history_visibility');
  if (now !== 'joined' && now !== 'invited') return [];
  const args = { 'forge history': 'shared', in: room };
  return [
    act(attacker, 'forge history', args),
    ...listeners(place)
      .filter((to) => !isVeiled(world, to, about.history(room)))
      .flatMap((to) => named(world, attacker, 'forge history', { ...args, for: to })),
  ];
};

/** Speaks in the name of those for whom somebody of the circle has made a session. */
const messages = ({ stage, world, attacker, room }: Place): readonly Act[] =>
  Object.keys(world.devices)
    .sort()
    .filter((as) => forgedFor(stage, world, attacker.name, room, as) !== null)
    .map((as) => act(attacker, 'forge message', { 'forge message': 'send money', in: room, as }));

/** Files matter as long as somebody may still ask for them. Each is laid hands on in the room that was spoken in first. */
const files = (place: Place): readonly Act[] => {
  const { world, attacker, server, room } = place;
  const id = latestFile(server, world.now);
  const known = guesses(server);
  const guess = known.find((one) => one.room === room);
  if (id === undefined || guess === undefined) return [];
  const data = tamper.fileData(server, id);
  const other = Object.keys(world.devices)
    .sort()
    .find((player) => publicKeys(world, player).curve25519 !== guess.senderKey);
  return [
    ...(guess === known[0] ? [act(attacker, 'expire media')] : []),
    ...(guess === known[0] && data !== otherFile ? [act(attacker, 'replace media')] : []),
    ...(other === undefined ? [] : named(world, attacker, 'bend media', { 'bend media': other, in: room })),
  ];
};

/** Keys of its own in the backups of those who are in the room, each once. */
const planted = (place: Place): readonly Act[] => {
  const { stage, world, attacker, server, room } = place;
  if (!isNamed(world, attacker, 'plant room key')) return [];
  return honest(place)
    .filter(({ id }) => isIn(place, id) === 'join' && tamper.currentBackupKey(server, id) !== null)
    .flatMap(({ name: of, id }) => {
      const owner = likelyOwner(world, attacker.name, room, id);
      const made = owner === undefined ? null : forgedFor(stage, world, attacker.name, room, owner);
      const entries = objectAt(objectAt(objectAt(tamper.backupEntries(server, id), 'rooms'), room), 'sessions');
      const lies = made !== null && entries[made.session.sessionId] !== undefined;
      return owner === undefined || lies
        ? []
        : [act(attacker, 'plant room key', { 'plant room key': owner, of, in: room })];
    });
};

/** Pointers in the clear to whoever is asked in, in the name of who asked. */
const pointers = (place: Place): readonly Act[] => {
  const { world, attacker, room } = place;
  return targets(place.stage, world, attacker).flatMap((to) => {
    const { user } = addressOf(world, to);
    const as = isIn(place, user) === 'invite' ? inviterOf(place, user) : undefined;
    return as === undefined ? [] : [act(attacker, 'inject', { inject: 'm.room_key_bundle', to, as, in: room })];
  });
};
