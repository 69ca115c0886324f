/**
 * Sessions of an attacker's own making where others look for genuine ones: forwarded to a device ("Sharing keys between devices",
 * `m.forwarded_room_key`), or laid into a key backup ("Server-side key backups"), which anybody can seal for.
 */

import { MEGOLM_ALGORITHM } from '../../machines/algorithms.ts';
import type { JsonObject } from '../../machines/json.ts';
import { shortRoom } from '../engine/names.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { sendAs } from './account.ts';
import { asReceiver, exported, forge, heldKey, publicKeys } from './bundles.ts';
import { addressOf, deviceOf, forged, serverOf } from './forging.ts';
import { inject } from './queues.ts';

/** A session of the attacker's own, made or made before, in the form in which keys are passed on. */
const madeUp = (stage: Stage, world: World, name: PlayerId, room: string, owner: PlayerId) => {
  const { progress, session } = forge(stage, world, name, room, owner);
  const inbound = asReceiver(stage.suite, session);
  const key = exported(stage.suite, inbound, inbound.firstKnownIndex);
  return {
    progress,
    sessionId: session.sessionId,
    index: inbound.firstKnownIndex,
    key,
    owner: publicKeys(world, owner),
  };
};

/** The first genuine session of a room that the attacker's device holds, in the same form; `null` where it holds none. */
const genuine = (stage: Stage, world: World, name: PlayerId, room: string, owner: PlayerId) => {
  const held = heldKey(world, name, room);
  return held === undefined
    ? null
    : {
        progress: quiet(world),
        sessionId: held.session.sessionId,
        key: exported(stage.suite, held.session, held.session.firstKnownIndex),
        owner: publicKeys(world, owner),
      };
};

/** What is said with a room key that is forwarded: a genuine one of a room; or that it is of no room. */
export type Forwarding = { readonly keyOf: string | null; readonly namesNoRoom: boolean };

/** Forwards a room key to one device, as that of `owner`'s session in a room. Nothing happens where it has no device to write from, or lacks the key. */
export const forwardRoomKey = (
  stage: Stage,
  world: World,
  name: PlayerId,
  owner: PlayerId,
  to: PlayerId,
  room: string,
  { keyOf, namesNoRoom }: Forwarding = { keyOf: null, namesNoRoom: false },
): Progress => {
  const player = deviceOf(world, name);
  const made = keyOf === null ? madeUp(stage, world, name, room, owner) : genuine(stage, world, name, keyOf, owner);
  if (player === undefined || made === null) return quiet(world);
  const content: JsonObject = {
    algorithm: MEGOLM_ALGORITHM,
    ...(namesNoRoom ? {} : { room_id: room }),
    session_id: made.sessionId,
    session_key: made.key,
    sender_key: made.owner.curve25519,
    sender_claimed_ed25519_key: made.owner.ed25519,
    forwarding_curve25519_key_chain: [],
  };
  return after(made.progress, (now) =>
    sendAs(stage, now, player, [addressOf(now, to)], 'm.forwarded_room_key', content, true),
  );
};

/**
 * Gives one device a room key as whoever writes in a room does (`m.room_key`): one of the attacker's own device's. `under`: under the id of
 * the latest session of that device in the room, or under its own.
 */
export const giveRoomKey = (
  stage: Stage,
  world: World,
  name: PlayerId,
  to: PlayerId,
  room: string,
  under: PlayerId | null = null,
): Progress => {
  const player = deviceOf(world, name);
  if (player === undefined) return quiet(world);
  const { progress, session } = forge(stage, world, name, room, player);
  // The id stands in every message: it is no secret.
  const sessionId = under === null ? session.sessionId : world.devices[under]?.store.outbound[room]?.session.sessionId;
  if (sessionId === undefined) return quiet(world);
  const content: JsonObject = {
    algorithm: MEGOLM_ALGORITHM,
    room_id: room,
    session_id: sessionId,
    session_key: stage.suite.megolmSessionKey(session),
  };
  return after(progress, (now) => sendAs(stage, now, player, [addressOf(now, to)], 'm.room_key', content, true));
};

/** Puts a room key of its own making into a device's queue, in the clear and as that of `as`. */
export const injectRoomKey = (
  stage: Stage,
  world: World,
  name: PlayerId,
  to: PlayerId,
  as: PlayerId,
  room: string,
): Progress => {
  const { progress, session } = forge(stage, world, name, room, as);
  const content: JsonObject = {
    algorithm: MEGOLM_ALGORITHM,
    room_id: room,
    session_id: session.sessionId,
    session_key: stage.suite.megolmSessionKey(session),
  };
  return after(progress, (now) => inject(now, name, to, as, 'm.room_key', content));
};

/** Lays a room key into the current backup of a user, as that of `owner`'s session in a room, and as one that may be shared. */
export const plantRoomKey = (
  stage: Stage,
  world: World,
  name: PlayerId,
  owner: PlayerId,
  user: string,
  room: string,
): Progress => {
  const { at, server } = serverOf(world, name);
  const backupKey = tamper.currentBackupKey(server, user);
  if (backupKey === null) return quiet(world);
  const made = madeUp(stage, world, name, room, owner);
  const entry: JsonObject = {
    algorithm: MEGOLM_ALGORITHM,
    forwarding_curve25519_key_chain: [],
    sender_claimed_keys: { ed25519: made.owner.ed25519 },
    sender_key: made.owner.curve25519,
    session_key: made.key,
    shared_history: true,
    'm.shared_history': true,
  };
  const sealed = stage.suite.backupSeal(backupKey, entry, `${name}/planted/${user}/${made.sessionId}`);
  if (sealed === null) return made.progress;
  const data: JsonObject = {
    first_message_index: made.index,
    forwarded_count: 0,
    is_verified: false,
    session_data: sealed as unknown as JsonObject,
  };
  const what = `lays a room key for ${shortRoom(room)} into the backup of ${user}, as one of ${owner}`;
  return after(made.progress, (now) =>
    noting(
      quiet(withServer(now, at, tamper.addBackupEntry(server, user, room, made.sessionId, data))),
      forged(name, at, null, what, null, entry),
    ),
  );
};
