/**
 * Key bundles of an attacker's own making (MSC4268, "Room key bundle format"): what is in them, where they lie, and who is pointed
 * at them. With an invitation into the room, or without one.
 */

import { MEGOLM_ALGORITHM } from '../../machines/algorithms.ts';
import { ownDeviceKeys } from '../../machines/core/own-keys.ts';
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { writtenName } from '../../machines/names.ts';
import { paths } from '../../machines/paths.ts';
import type { HeldRoomKey } from '../../machines/room-types.ts';
import type { AttachmentInfo, MegolmInbound, MegolmOutbound, Suite, Term } from '../../machines/suite.ts';
import { roomIdOf } from '../engine/rooms.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, inTurn, type Progress, quiet, type World, withAttacker } from '../engine/world.ts';
import { joined } from '../homeserver/rooms/tamper.ts';
import * as tamper from '../homeserver/tamper.ts';
import { sendAs } from './account.ts';
import { sendShowing } from './envelopes.ts';
import { addressOf, asks, deviceOf, inject, lied, serverOf } from './forging.ts';
import { attackerOf, circleIn, learn, runsServer } from './knowledge.ts';
import { roomKeyOf, roomKeyTerm } from './opening.ts';
import type { Poison, Pretence } from './words.ts';

/** Poisons that take a genuine session which the attacker holds. */
export const ofHeldKeys: readonly Poison[] = ['later index', 'worse copy'];

/** What fills up a bundle that is too large: more than any client takes whose people have set a bound. */
const hugeBytes = 1 << 16;

export type Plot = {
  /** The user who is to be deceived, in full. */
  readonly user: string;
  readonly room: string;
  readonly poison: Poison;
  /** Whose the sessions are said to be; left out: whoever of the room comes first. */
  readonly as?: PlayerId;
  /** The one device that is pointed to it, by a letter that shows false device keys; left out: all, and its own. */
  readonly showing?: { readonly to: PlayerId; readonly whose: PlayerId; readonly pretence: Pretence };
};

// --- sessions --------------------------------------------------------------------------------------

/** By which name a session goes among those that an attacker has made. */
const forgedName = (room: string, owner: PlayerId): string => `${room} ${owner}`;

/** A session that somebody of the circle has made to be taken for that device's in that room, and who has it. */
export const forgedFor = (
  stage: Stage,
  world: World,
  name: PlayerId,
  room: string,
  owner: PlayerId,
): { readonly by: PlayerId; readonly session: MegolmOutbound } | null => {
  for (const one of circleIn(stage, world, name)) {
    const session = one.forged?.[forgedName(room, owner)];
    if (session !== undefined) return { by: one.name, session };
  }
  return null;
};

/** The world in which `by` has that session, as it is now. */
export const withForged = (
  world: World,
  by: PlayerId,
  room: string,
  owner: PlayerId,
  session: MegolmOutbound,
): World => {
  const attacker = attackerOf(world, by);
  const all = { ...attacker.forged, [forgedName(room, owner)]: session };
  const sorted = Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1));
  return withAttacker(world, { ...attacker, forged: Object.fromEntries(sorted) });
};

/** A session of the attacker's own to be taken for another's: the one there is, or a new one. */
export const forge = (
  stage: Stage,
  world: World,
  name: PlayerId,
  room: string,
  owner: PlayerId,
): { readonly progress: Progress; readonly session: MegolmOutbound; readonly by: PlayerId } => {
  const known = forgedFor(stage, world, name, room, owner);
  if (known !== null) return { progress: quiet(world), ...known };
  const session = stage.suite.megolmOutbound(`${name}/forged/${forgedName(room, owner)}`);
  const kept = withForged(world, name, room, owner, session);
  const term = roomKeyTerm(stage.suite, stage.suite.megolmSessionKey(session));
  const how = { by: 'made', from: [], text: `made it, to be taken for one of ${owner}` } as const;
  return { session, by: name, progress: learn(stage, kept, name, roomKeyOf(room), term, how) };
};

/** What is said with such a session by whoever writes under it (`m.room_key`). */
export const roomKeyFor = (stage: Stage, world: World, name: PlayerId, room: string, owner: PlayerId) => {
  const { progress, session } = forge(stage, world, name, room, owner);
  const content: JsonObject = {
    algorithm: MEGOLM_ALGORITHM,
    room_id: room,
    session_id: session.sessionId,
    session_key: stage.suite.megolmSessionKey(session),
  };
  return { progress, session, content };
};

/** A session that an attacker has made, as whoever is given it holds it. */
export const asReceiver = (suite: Suite, session: MegolmOutbound): MegolmInbound => {
  const inbound = suite.megolmInbound(suite.megolmSessionKey(session), 'signed');
  if (inbound === null) throw new Error('the suite does not read the session key it has just written');
  return inbound;
};

/** The public keys of a device. */
export const publicKeys = (world: World, player: PlayerId): { readonly curve25519: Term; readonly ed25519: Term } => {
  const account = world.devices[player]?.store.account;
  if (account === undefined) throw new Error(`${player} is no device`);
  return { curve25519: account.curve25519.public, ed25519: account.ed25519.public };
};

/** Whose messages an attacker forges, left to itself: the first device in the room that is neither its own nor the victim's. */
export const likelyOwner = (world: World, name: PlayerId, room: string, victim: string): PlayerId | undefined => {
  const server = world.servers[attackerOf(world, name).server];
  const members = server?.rooms[room] === undefined ? [] : joined(server, room);
  const own = deviceOf(world, name);
  const others = Object.keys(world.devices)
    .sort()
    .filter((player) => player !== own && world.devices[player]?.store.me.user !== victim);
  return others.find((player) => members.includes(world.devices[player]?.store.me.user ?? '')) ?? others[0];
};

/** The first genuine session of a room that the attacker's device holds and has not made. */
export const heldKey = (world: World, name: PlayerId, room: string): HeldRoomKey | undefined =>
  Object.values(world.devices[deviceOf(world, name) ?? '']?.store.roomKeys ?? {}).find(
    (key) => key.room === room && key.origin.how !== 'made',
  );

// --- bundles ---------------------------------------------------------------------------------------

type Keys = { readonly curve25519: Term; readonly ed25519: Term };

/** An entry as an honest inviter writes it. */
const entryOf = (room: string, sessionId: string, key: string, { curve25519, ed25519 }: Keys): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  room_id: room,
  sender_key: curve25519,
  session_id: sessionId,
  session_key: key,
  sender_claimed_keys: { ed25519 },
});

export const exported = (suite: Suite, session: MegolmInbound, index: number): string => {
  const key = suite.megolmExport(session, index);
  if (key === null)
    throw new Error(`a session cannot be exported at ${index}: it begins at ${session.firstKnownIndex}`);
  return key;
};

/** A room of the cast that the bundle does not belong to. */
const elsewhere = (stage: Stage, room: string): string =>
  (stage.scenario.cast.rooms ?? []).map((one) => roomIdOf(stage.scenario.cast, one)).find((id) => id !== room) ??
  `!elsewhere${room.slice(room.indexOf(':'))}`;

type Made = { readonly progress: Progress; readonly bundle: JsonObject } | null;

/** The bundle of a plot; `null` where the attacker lacks what it takes. */
const bundleOf = (stage: Stage, world: World, name: PlayerId, { user, room, poison, as }: Plot): Made => {
  const { suite } = stage;
  const owner = as ?? likelyOwner(world, name, room, user);
  if (owner === undefined) return null;
  if (ofHeldKeys.includes(poison)) {
    const held = heldKey(world, name, room);
    if (held === undefined) return null;
    const { session, senderKey, senderEd25519 } = held;
    const key = exported(suite, session, session.firstKnownIndex + 1);
    const keys =
      poison === 'later index' ? { curve25519: senderKey, ed25519: senderEd25519 } : notOf(world, held, owner, name);
    return bundled(quiet(world), [entryOf(room, session.sessionId, key, keys)]);
  }
  const about = poison === 'other room' ? elsewhere(stage, room) : room;
  const { progress, session } = forge(stage, world, name, about, owner);
  const inbound = asReceiver(suite, session);
  const key = exported(suite, inbound, inbound.firstKnownIndex);
  const keys = publicKeys(world, owner);
  const entry = entryOf(about, session.sessionId, key, keys);
  switch (poison) {
    case 'both lists':
      return bundled(progress, [entry], [withheldOf(about, session.sessionId, keys)]);
    case 'false session id':
      return bundled(progress, [{ ...entry, session_id: otherId(stage, world, name, room) }]);
    case 'junk key':
      return bundled(progress, [{ ...entry, session_key: 'junk' }]);
    case 'huge':
      return bundled(progress, [entry], [], { padding: '0'.repeat(hugeBytes) });
    default:
      return bundled(progress, [entry]);
  }
};

const bundled = (
  progress: Progress,
  room_keys: readonly JsonObject[],
  withheld: readonly JsonObject[] = [],
  more: JsonObject = {},
): Made => ({ progress, bundle: { room_keys, withheld, ...more } });

const withheldOf = (room: string, sessionId: string, { curve25519 }: Keys): JsonObject => ({
  algorithm: MEGOLM_ALGORITHM,
  room_id: room,
  session_id: sessionId,
  sender_key: curve25519,
  code: 'm.history_not_shared',
  reason: 'It is not for those who join later.',
});

/** Keys of anybody but the device that made it. */
const notOf = (world: World, held: HeldRoomKey, owner: PlayerId, name: PlayerId): Keys => {
  const keys = publicKeys(world, owner);
  return keys.curve25519 === held.senderKey ? publicKeys(world, deviceOf(world, name) ?? owner) : keys;
};

/** The id of a session that the key in a bundle is not of: a genuine one, where one is held. */
const otherId = (stage: Stage, world: World, name: PlayerId, room: string): string =>
  heldKey(world, name, room)?.session.sessionId ?? stage.suite.megolmOutbound(`${name}/false id/${room}`).sessionId;

// --- where they lie, and who is told ---------------------------------------------------------------

/** Somebody of the circle who runs the server of that name. */
const operatorOf = (stage: Stage, world: World, name: PlayerId, server: string): PlayerId | undefined =>
  circleIn(stage, world, name).find((one) => runsServer(stage, one) && one.server === server)?.name;

/** Stores a file that nobody uploaded, as that user's. */
const stored = (progress: Progress, operator: PlayerId, user: string, data: string) => {
  const { server, uri } = tamper.addFile(serverOf(progress.world, operator).server, user, data);
  const what = 'stores a file that nobody uploaded';
  return { ...after(progress, (now) => lied(now, operator, what, { server, after: uri })), url: uri };
};

/** Uploads a file as its device; what the server does not take from it, an accomplice who runs the server puts there. */
const uploads = (
  stage: Stage,
  world: World,
  name: PlayerId,
  player: PlayerId,
  data: string,
): Progress & { readonly url: string | null } => {
  const body = { content_type: 'application/octet-stream', data };
  const asked = asks(stage, world, player, 'POST', paths.mediaUpload, { body });
  const url = stringAt(asked.answer?.body, 'content_uri') ?? null;
  const operator = url === null ? operatorOf(stage, asked.world, name, attackerOf(world, name).server) : undefined;
  return operator === undefined
    ? { ...asked, url }
    : stored(asked, operator, world.devices[player]?.store.me.user ?? name, data);
};

/** Letters that the server refused to carry for a device, because it is gone: an accomplice who runs the server delivers them. */
const smuggled = (stage: Stage, progress: Progress, name: PlayerId, player: PlayerId): Progress => {
  const sender = progress.world.devices[player]?.store.me.user;
  const refused = progress.moments.find(
    (moment) =>
      moment.kind === 'request' &&
      moment.from === player &&
      moment.status === 401 &&
      moment.path.includes('/sendToDevice/'),
  );
  if (refused?.kind !== 'request' || sender === undefined) return progress;
  const type = decodeURIComponent(refused.path.split('/sendToDevice/')[1]?.split('/')[0] ?? '');
  const letters = Object.entries(objectAt(refused.body, 'messages')).flatMap(([to, byDevice]) => {
    const operator = operatorOf(stage, progress.world, name, to.slice(to.indexOf(':') + 1));
    return Object.entries(byDevice as JsonObject).flatMap(([device, content]) =>
      operator === undefined ? [] : [{ operator, to, device, event: { type, sender, content } }],
    );
  });
  return inTurn(progress, letters, (now, { operator, to, device, event }) => {
    const server = tamper.enqueue(serverOf(now, operator).server, to, device, event);
    return lied(now, operator, `delivers what ${player} wrote, which is gone`, { server, after: event });
  });
};

/** Makes a bundle, stores it and points all devices of the victim to it. Nothing happens where it lacks what that takes. */
export const point = (stage: Stage, world: World, name: PlayerId, plot: Plot): Progress => {
  const player = deviceOf(world, name);
  const made = player === undefined ? null : bundleOf(stage, world, name, plot);
  if (player === undefined || made === null) return quiet(world);
  const text = JSON.stringify(made.bundle);
  const label = `${name}/bundle/${made.progress.world.devices[player]?.store.counts.messages ?? 0}`;
  const sealed = stage.suite.attachmentSeal(text, label);
  const tellsOf = (now: World, url: string): Progress =>
    tells(stage, now, name, player, plot, pointerTo(plot.room, sealed.info, url));
  return after(made.progress, (now) => {
    if (plot.poison === 'foreign media') return tellsOf(now, foreignUrl(stage, world, name));
    const { url, ...put } = uploads(stage, now, name, player, sealed.ciphertext);
    return url === null ? put : after(put, (then) => tellsOf(then, url));
  });
};

/** The content of `m.room_key_bundle`. */
const pointerTo = (room: string, info: AttachmentInfo, url: string): JsonObject => ({
  room_id: room,
  file: { ...(info as unknown as JsonObject), url },
});

/** A pointer in the clear that a server makes up, in the name of `as` and with its public keys; the bundle lies on its own disk. */
export const injectPointer = (
  stage: Stage,
  world: World,
  name: PlayerId,
  letter: Parameters<typeof inject>[2],
  room: string,
): Progress => {
  const { user } = addressOf(world, letter.to);
  const made = bundleOf(stage, world, name, { user, room, poison: 'false owner' });
  if (made === null) return quiet(world);
  const { server } = serverOf(made.progress.world, name);
  const sealed = stage.suite.attachmentSeal(JSON.stringify(made.bundle), `${name}/bundle/${server.media.made}`);
  const put = stored(made.progress, name, addressOf(world, letter.as).user, sealed.ciphertext);
  return after(put, (now) => inject(now, name, letter, pointerTo(room, sealed.info, put.url)));
};

/** An address on a server that has nothing to do with the room. */
const foreignUrl = (stage: Stage, world: World, name: PlayerId): string => {
  const { server } = attackerOf(world, name);
  const other = stage.scenario.cast.servers.find((one) => one !== server) ?? 'elsewhere.example';
  return `mxc://${other}/media1`;
};

const tells = (
  stage: Stage,
  world: World,
  name: PlayerId,
  player: PlayerId,
  { user, poison, showing }: Plot,
  content: JsonObject,
): Progress => {
  const type = writtenName('pointer', stage.settings.everyone.identifiers);
  if (showing !== undefined)
    return sendShowing(stage, world, name, showing.to, type, content, showing.whose, showing.pretence);
  const own = circleIn(stage, world, name).flatMap(({ runs }) => Object.values(runs));
  const devices = Object.entries(world.devices)
    .flatMap(([at, { store }]) => (store.me.user === user && !own.includes(at) ? [store.me.device] : []))
    .sort();
  const embed = poison === 'no device keys' ? ([false] as const) : ([] as const);
  const isPlain = poison === 'plain pointer';
  const store = world.devices[player]?.store;
  const keys = isPlain && store !== undefined ? { sender_device_keys: ownDeviceKeys(stage.envOf(player), store) } : {};
  const sent = sendAs(
    stage,
    world,
    player,
    devices.map((device) => ({ user, device })),
    type,
    { ...content, ...keys },
    !isPlain,
    ...embed,
  );
  return smuggled(stage, sent, name, player);
};

/** The same, and an invitation into the room behind it. */
export const poison = (stage: Stage, world: World, name: PlayerId, plot: Plot): Progress =>
  after(point(stage, world, name, plot), (now) => invites(stage, now, name, plot.room, plot.user));

/** A bare invitation: no history goes with it but what was sent before. */
const invites = (stage: Stage, world: World, name: PlayerId, room: string, user: string): Progress => {
  const player = deviceOf(world, name);
  return player === undefined
    ? quiet(world)
    : asks(stage, world, player, 'POST', paths.membership(room, 'invite'), { body: { user_id: user } });
};
