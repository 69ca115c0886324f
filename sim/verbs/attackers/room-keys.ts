/**
 * Sessions of an attacker's own making where others look for genuine ones, and genuine ones where they do not belong: given as `m.room_key`,
 * forwarded ("Sharing keys between devices", `m.forwarded_room_key`), or laid into a key backup ("Server-side key backups"), which anybody
 * can seal for.
 */

import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { type JsonObject, objectAt } from '../../../machines/json.ts';
import type { MegolmInbound } from '../../../machines/suite.ts';
import { sendAs } from '../../attackers/account.ts';
import {
  asReceiver,
  exported,
  forge,
  forgedFor,
  heldKey,
  likelyOwner,
  publicKeys,
  roomKeyFor,
} from '../../attackers/bundles.ts';
import { addressOf, deviceOf, lied, serverOf } from '../../attackers/forging.ts';
import { canWrite, devicesOf, isIn } from '../../attackers/spots.ts';
import { userOf } from '../../engine/acting.ts';
import { shortRoom } from '../../engine/names.ts';
import type { Stage } from '../../engine/stage.ts';
import type { PlayerId } from '../../engine/types.ts';
import { after, quiet, type World } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import { asDevice, lyingServer } from '../actors.ts';
import { device, inRoom, oneOf, optional, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { letter, verb } from '../verb.ts';

/** A session of the attacker's own, made or made before, to be taken for `owner`'s, in the form in which keys are passed on. */
const madeUp = (stage: Stage, world: World, name: PlayerId, room: string, owner: PlayerId) => {
  const { progress, session } = forge(stage, world, name, room, owner);
  return { progress, ...passedOn(stage, asReceiver(stage.suite, session)) };
};

/** The first genuine session of a room that the attacker's device holds, in the same form; `null` where it holds none. */
const genuine = (stage: Stage, world: World, name: PlayerId, room: string) => {
  const held = heldKey(world, name, room);
  return held === undefined ? null : { progress: quiet(world), ...passedOn(stage, held.session) };
};

const passedOn = ({ suite }: Stage, session: MegolmInbound) => ({
  sessionId: session.sessionId,
  index: session.firstKnownIndex,
  key: exported(suite, session, session.firstKnownIndex),
});

export const giveRoomKey = verb('give room key', {
  by: asDevice,
  text: 'Gives a device a room key of its own making, as whoever writes in a room does.',
  takes: device,
  more: { in: inRoom, 'under id of': optional(device) },
  asks: [letter],
  does: (stage, world, act) => {
    const player = deviceOf(world, act.who);
    if (player === undefined) return quiet(world);
    const [room, under] = [arg(act, 'in'), arg(act, 'under id of')];
    const made = roomKeyFor(stage, world, act.who, room, player);
    // The id stands in every message: it is no secret.
    const id = under === '' ? made.session.sessionId : world.devices[under]?.store.outbound[room]?.session.sessionId;
    if (id === undefined) return quiet(world);
    const content = { ...made.content, session_id: id };
    return after(made.progress, (now) =>
      sendAs(stage, now, player, [addressOf(now, first(act))], 'm.room_key', content, true),
    );
  },
});

export const forwardRoomKey = verb('forward room key', {
  by: asDevice,
  text: "Forwards a room key of its own making, or a genuine one of a room that it holds, as that of a device's session.",
  takes: device,
  more: { to: device, in: inRoom, 'key of': optional(inRoom), lie: optional(oneOf('no room')) },
  asks: [letter],
  offers: {
    person: (spot) => {
      const { world, attacker, room, id } = spot;
      const owner = likelyOwner(world, attacker.name, room, id);
      return owner === undefined || isIn(spot, id) !== 'join' || !canWrite(spot)
        ? []
        : devicesOf(world, id).map((to) => ({ 'forward room key': owner, to, in: room }));
    },
  },
  does: (stage, world, act) => {
    const player = deviceOf(world, act.who);
    const [to, room, keyOf] = [arg(act, 'to'), arg(act, 'in'), arg(act, 'key of')];
    const made = keyOf === '' ? madeUp(stage, world, act.who, room, first(act)) : genuine(stage, world, act.who, keyOf);
    if (player === undefined || made === null) return quiet(world);
    const owner = publicKeys(world, first(act));
    const content: JsonObject = {
      algorithm: MEGOLM_ALGORITHM,
      ...(arg(act, 'lie') === 'no room' ? {} : { room_id: room }),
      session_id: made.sessionId,
      session_key: made.key,
      sender_key: owner.curve25519,
      sender_claimed_ed25519_key: owner.ed25519,
      forwarding_curve25519_key_chain: [],
    };
    return after(made.progress, (now) =>
      sendAs(stage, now, player, [addressOf(now, to)], 'm.forwarded_room_key', content, true),
    );
  },
});

export const plantRoomKey = verb('plant room key', {
  by: lyingServer,
  text: "Lays a room key of its own making into a backup, as that of a device's session, and as one that may be shared.",
  takes: device,
  more: { of: user, in: inRoom },
  ofServer: ['of'],
  offers: {
    person: (spot) => {
      const { stage, world, attacker, server, room, name: of, id } = spot;
      const owner = likelyOwner(world, attacker.name, room, id);
      if (owner === undefined || isIn(spot, id) !== 'join' || tamper.currentBackupKey(server, id) === null) return [];
      const made = forgedFor(stage, world, attacker.name, room, owner);
      const entries = objectAt(objectAt(objectAt(tamper.backupEntries(server, id), 'rooms'), room), 'sessions');
      const lies = made !== null && entries[made.session.sessionId] !== undefined;
      return lies ? [] : [{ 'plant room key': owner, of, in: room }];
    },
  },
  does: (stage, world, act) => {
    const [user, room] = [userOf(stage, arg(act, 'of')), arg(act, 'in')];
    const backupKey = tamper.currentBackupKey(serverOf(world, act.who).server, user);
    if (backupKey === null) return quiet(world);
    const owner = publicKeys(world, first(act));
    const made = madeUp(stage, world, act.who, room, first(act));
    const entry: JsonObject = {
      algorithm: MEGOLM_ALGORITHM,
      forwarding_curve25519_key_chain: [],
      sender_claimed_keys: { ed25519: owner.ed25519 },
      sender_key: owner.curve25519,
      session_key: made.key,
      shared_history: true,
      'm.shared_history': true,
    };
    const sealed = stage.suite.backupSeal(backupKey, entry, `${act.who}/planted/${user}/${made.sessionId}`);
    if (sealed === null) return made.progress;
    const data: JsonObject = {
      first_message_index: made.index,
      forwarded_count: 0,
      is_verified: false,
      session_data: sealed as unknown as JsonObject,
    };
    const what = `lays a room key for ${shortRoom(room)} into the backup of ${user}, as one of ${first(act)}`;
    return after(made.progress, (now) => {
      const { server } = serverOf(now, act.who);
      const laid = tamper.addBackupEntry(server, user, room, made.sessionId, data);
      return lied(now, act.who, what, { server: laid, after: entry });
    });
  },
});
