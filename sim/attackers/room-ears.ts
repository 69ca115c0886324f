/**
 * What attackers overhear of rooms: what is said there, key bundles, and what those of them read who are people like others.
 *
 * A pointer to a bundle that somebody reads has the key to a file. Whoever knows it can have the file, as everybody can who
 * knows its address: from their own disk who run the server, and by asking who do not.
 */
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { AttachmentInfo } from '../../machines/suite.ts';
import { fromBase64 } from '../crypto/real/base64.ts';
import { textOf } from '../crypto/real/bytes.ts';
import type { Sealed } from '../engine/attacker.ts';
import { call } from '../engine/network.ts';
import type { Stage } from '../engine/stage.ts';
import type { Derivation, Moment, PlayerId } from '../engine/types.ts';
import { after, type Progress, quiet, type World } from '../engine/world.ts';
import { timeline } from '../homeserver/rooms/tamper.ts';
import { deviceOf, pocketed } from './forging.ts';
import { attackerOf, circleIn, hasEars, learn } from './knowledge.ts';
import { fileKeyOf, keysInBundle, messageOf, roomKeyOf, roomKeyTerm } from './opening.ts';

type Request = Extract<Moment, { kind: 'request' }>;
type Said = Extract<Sealed, { sealed: 'room event' }>;

/** Part of the path of what one server hands to another ("Transactions"). */
export const fromServers = '/_matrix/federation/v1/send/';

/** Whether a request tells somebody anything of a room. */
export const tellsOfRooms = ({ path, response }: Request): boolean =>
  path.includes('/send/m.room.encrypted/') ||
  path.startsWith(fromServers) ||
  path === paths.mediaUpload ||
  path.startsWith(downloads) ||
  (path === paths.sync && isObject(objectAt(response, 'rooms').join));
const downloads = '/_matrix/client/v1/media/download/';

// --- what is said ----------------------------------------------------------------------------------

/** What is said in rooms, in a request or in what it is answered. */
export const eventsIn = ({ path, body, response, status, lost }: Request): readonly Said[] => {
  const sent = /\/rooms\/([^/]+)\/send\/m\.room\.encrypted\//.exec(path)?.[1];
  if (sent !== undefined) {
    const event = stringAt(response, 'event_id');
    return event === undefined ? [] : sealedIn(decodeURIComponent(sent), event, body);
  }
  if (path.startsWith(fromServers))
    return listAt(body, 'pdus').flatMap((pdu) => eventIn(stringAt(pdu, 'room_id'), pdu));
  if (path !== paths.sync || status !== 200 || lost === true) return [];
  return Object.entries(objectAt(objectAt(response, 'rooms'), 'join')).flatMap(([room, view]) =>
    listAt(objectAt(view, 'timeline'), 'events').flatMap((event) => eventIn(room, event)),
  );
};

const eventIn = (room: string | undefined, event: JsonObject): readonly Said[] =>
  room === undefined || stringAt(event, 'type') !== 'm.room.encrypted'
    ? []
    : sealedIn(room, stringAt(event, 'event_id') ?? '', objectAt(event, 'content'));

const sealedIn = (room: string, event: string, content: Json): readonly Said[] => {
  const session = stringAt(content, 'session_id');
  const ciphertext = stringAt(content, 'ciphertext');
  return session === undefined || ciphertext === undefined
    ? []
    : [{ sealed: 'room event', room, event, session, ciphertext }];
};

const listAt = (value: Json, name: string): readonly JsonObject[] => {
  const list: unknown = objectAt({ value }, 'value')[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** All that was said in the rooms of a server, as it lies there. */
export const eventsAt = (world: World, at: PlayerId): readonly Sealed[] => {
  const server = world.servers[at];
  return server === undefined
    ? []
    : Object.keys(server.rooms)
        .sort()
        .flatMap((room) => timeline(server, room).flatMap((event) => eventIn(room, event as unknown as JsonObject)));
};

// --- key bundles -----------------------------------------------------------------------------------

/** Whether that is a message that points to a key bundle. */
export const isPointer = (type: string): boolean =>
  type === 'm.room_key_bundle' || type === 'io.element.msc4268.room_key_bundle';

/** A pointer was read: the key of the file is known, and with it what is in the file. */
export const followsPointer = (
  stage: Stage,
  world: World,
  name: PlayerId,
  content: JsonObject,
  how: Derivation,
): Progress => {
  const file = objectAt(content, 'file');
  const url = stringAt(file, 'url');
  const key = stringAt(objectAt(file, 'key'), 'k');
  if (url === undefined || key === undefined) return quiet(world);
  const told = learn(stage, world, name, fileKeyOf(url), key, how);
  if (told.moments.length === 0) return told;
  const got = fetched(stage, told.world, name, url);
  const text =
    got.data === null
      ? null
      : stage.suite.attachmentOpen(got.data, file as unknown as AttachmentInfo, 'whatever its hash');
  const opened: Derivation = {
    by: 'opened',
    from: [key, url],
    ...(how.through === undefined ? {} : { through: how.through }),
    text: `the key of the file opens the bundle at ${url}`,
  };
  return keysOf(stage, { world: got.world, moments: [...told.moments, ...got.moments] }, name, text, opened);
};

const keysOf = (stage: Stage, begin: Progress, name: PlayerId, text: string | null, how: Derivation): Progress =>
  keysInBundle(text).reduce(
    (before, { room, key }) =>
      after(before, (now) => learn(stage, now, name, roomKeyOf(room), roomKeyTerm(stage.suite, key), how)),
    begin,
  );

/** The bytes at an address: off the disk where somebody of the circle runs a server, else by asking; `null`: not to be had. */
const fetched = (
  stage: Stage,
  world: World,
  name: PlayerId,
  url: string,
): Progress & { readonly data: string | null } => {
  const [, host = '', id = ''] = /^mxc:\/\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
  const file = world.servers[host]?.media.files[id];
  const isThere = file !== undefined && (file.expiresMs === null || world.now < file.expiresMs);
  const circle = circleIn(stage, world, name).filter((one) => hasEars(stage, one));
  if (circle.some(({ server }) => server === host) || (circle.length > 0 && isThere))
    return { ...quiet(world), data: file?.data ?? null };
  const player = deviceOf(world, name);
  const me = player === undefined ? undefined : world.devices[player]?.store.me;
  if (player === undefined || me === undefined) return { ...quiet(world), data: null };
  const path = paths.mediaDownload(host, id);
  const asked = call(stage, world, player, attackerOf(world, name).server, {
    accessToken: me.accessToken,
    method: 'GET',
    path,
  });
  return { world: asked.world, moments: asked.moments, data: stringAt(asked.answer?.body, 'data') ?? null };
};

/** A file goes by: a bundle that nobody has sealed lies open. */
export const seesFile = (stage: Stage, world: World, name: PlayerId, moment: Request): Progress => {
  const { path, body, response, status } = moment;
  const data =
    status !== 200
      ? undefined
      : path === paths.mediaUpload
        ? stringAt(body, 'data')
        : path.startsWith(downloads)
          ? stringAt(response, 'data')
          : undefined;
  const bytes = data === undefined ? null : fromBase64(data);
  const text = bytes === null ? null : textOf(bytes);
  const how: Derivation = { by: 'saw', from: [], text: 'read it in a bundle that nobody has sealed' };
  return keysOf(stage, quiet(world), name, text, how);
};

// --- those who are people like others --------------------------------------------------------------

/** Whoever carries a device as everybody does knows what it holds and what it shows. */
export const finds = (stage: Stage, world: World, name: PlayerId, moment: Moment): Progress => {
  const phone = pocketed(world, name);
  if (moment.kind === 'stored' && moment.player === phone && moment.patch.patch === 'room keys')
    return Object.entries(moment.patch.keys)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .reduce((before, [, { room, session }]) => {
        const key = stage.suite.megolmExport(session, session.firstKnownIndex);
        const how: Derivation = { by: 'held', from: [], through: [phone], text: `held by ${phone}` };
        return key === null ? before : after(before, (now) => learn(stage, now, name, roomKeyOf(room), key, how));
      }, quiet(world));
  if (moment.kind !== 'shown' || moment.player !== phone || moment.notice.about !== 'message') return quiet(world);
  const { room, event, message, sender } = moment.notice;
  if (typeof room !== 'string' || typeof event !== 'string' || typeof message !== 'string') return quiet(world);
  if (sender === world.devices[phone]?.store.me.user) return quiet(world);
  const known = messageOf(room, event, message);
  const how: Derivation = { by: 'opened', from: [], through: [phone], text: `${phone} shows it` };
  return learn(stage, world, name, known.what, known.term, how);
};
