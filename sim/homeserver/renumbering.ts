/**
 * Positions in streams and inboxes are only ever compared with a token: whether something came after it. How far apart two of them are
 * nobody learns. So a server can be renumbered, together with the tokens that are out, and goes on as before.
 *
 * The numbers that are left count what there is: something is the nth, and a token is the number of things that it has behind it. What
 * one device has read does not renumber what another is told, so that steps of both are remembered as they were.
 */
import type { DeviceId, UserId } from '../../machines/types.ts';
import { at, patchUser, put, streamOf } from './state.ts';
import { placeIn } from './streams.ts';
import type { DeviceKeys, Homeserver, Inbox, Place, Position, RoomEntry, Stream } from './types.ts';

/** A sync token that is out: on a device, or in a copy of what one keeps. */
export type Held = { readonly device: DeviceId; readonly token: string | null };
/** Which number stands for a position from now on. */
type Rank = (position: Position) => Position;

/** Ranks among these items: how many there are up to a position. A token that has none of them before it is as good as none. */
const ranksOf = (items: readonly Position[]): Rank => {
  const marks = [...new Set(items)].filter((item) => item > 0);
  return (position) => marks.filter((mark) => mark <= position).length;
};

const mapped = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> => {
  let now = record;
  for (const [name, value] of Object.entries(record)) {
    const changed = change(value);
    if (changed !== value) now = put(now, name, changed);
  }
  return now;
};
const listed = <T>(list: readonly T[], change: (value: T) => T): readonly T[] => {
  const now = list.map(change);
  return now.every((value, nth) => value === list[nth]) ? list : now;
};

/** The newest that there is, once all is renumbered: the next one is greater than any token. */
const newest = (rank: Rank, tokens: readonly Position[], items: readonly Position[]): Position =>
  Math.max(0, ...tokens.map(rank), ...items.map(rank));

const itemsOf = ({ deviceLists, departed, rooms }: Stream): readonly Position[] =>
  [deviceLists, departed, rooms].flatMap((all) => Object.values(all));

const streamBy = (stream: Stream, rank: Rank, position: Position): Stream => {
  const { deviceLists, departed, rooms } = stream;
  const next: Stream = {
    position,
    deviceLists: mapped(deviceLists, rank),
    departed: mapped(departed, rank),
    rooms: mapped(rooms, rank),
  };
  const isSame =
    position === stream.position &&
    next.deviceLists === deviceLists &&
    next.departed === departed &&
    next.rooms === rooms;
  return isSame ? stream : next;
};

const roomsBy = (server: Homeserver, userId: UserId, rank: Rank): Homeserver['rooms'] =>
  mapped(server.rooms, (room) => {
    const timeline = listed(room.timeline, (entry): RoomEntry => {
      const told = at(entry.told, userId);
      return told === undefined || rank(told) === told
        ? entry
        : { ...entry, told: put(entry.told, userId, rank(told)) };
    });
    return timeline === room.timeline ? room : { ...room, timeline };
  });

const toldIn = (server: Homeserver, userId: UserId): readonly Position[] =>
  Object.values(server.rooms).flatMap(({ timeline }) => timeline.flatMap(({ told }) => at(told, userId) ?? []));

/**
 * An inbox, and the keys that are claimed from it. @param tokens of those who read it @param readUpTo letters up to there are read by
 * everybody who could ask for them
 */
const inboxBy = (
  inbox: Inbox,
  keys: DeviceKeys | undefined,
  tokens: readonly Position[],
  readUpTo: Position,
): { readonly inbox: Inbox; readonly keys: DeviceKeys | undefined; readonly rank: Rank } => {
  const waiting = inbox.messages.filter(({ at: position }) => position > readUpTo);
  const kept = waiting.length === inbox.messages.length ? inbox.messages : waiting;
  const items = [...kept.map(({ at: position }) => position), keys?.claimedAt ?? 0];
  const rank = ranksOf(items);
  const messages = listed(kept, (one) => (rank(one.at) === one.at ? one : { ...one, at: rank(one.at) }));
  const claimedAt = rank(keys?.claimedAt ?? 0);
  const position = newest(rank, tokens, items);
  const isSame = messages === inbox.messages && position === inbox.position && inbox.acknowledged === null;
  return {
    // What it has acknowledged only says which letters are gone, and they are.
    inbox: isSame ? inbox : { ...inbox, acknowledged: null, position, messages },
    keys: keys === undefined || keys.claimedAt === claimedAt ? keys : { ...keys, claimedAt },
    rank,
  };
};

/** Renumbered, with the tokens that go with it; `null` where a token is none that this server gave. */
export const renumbered = (
  server: Homeserver,
  userId: UserId,
  held: readonly Held[],
  isRead: boolean,
): { readonly server: Homeserver; readonly tokens: readonly (Place | null)[] } | null => {
  const user = at(server.users, userId);
  if (user === undefined) return null;
  const places = held.map(({ token }) => (token === null ? null : placeIn(token)));
  if (held.some(({ token }, nth) => token !== null && places[nth] === null)) return null;
  const stream = streamOf(server, userId);
  const inStream = places.map((place) => place?.stream ?? 0);
  if (inStream.some((position) => position > stream.position)) return null;

  const items = [
    ...itemsOf(stream),
    ...toldIn(server, userId),
    ...Object.values(user.accountData).map(({ at: position }) => position),
  ];
  const rank = ranksOf(items);
  const accountData = mapped(user.accountData, (one) => (rank(one.at) === one.at ? one : { ...one, at: rank(one.at) }));
  const inboxRanks = new Map<DeviceId, Rank>();
  let inboxes = at(server.inboxes, userId) ?? {};
  let keys = user.keys;
  for (const [device, inbox] of Object.entries(inboxes)) {
    const tokens = held.flatMap((one, nth) => (one.device === device ? [places[nth]?.inbox ?? 0] : []));
    if (tokens.some((position) => position > inbox.position)) continue;
    const readUpTo = isRead && tokens.length > 0 ? Math.min(...tokens) : 0;
    const done = inboxBy(inbox, at(keys, device), tokens, readUpTo);
    inboxRanks.set(device, done.rank);
    if (done.inbox !== inbox) inboxes = put(inboxes, device, done.inbox);
    if (done.keys !== undefined && done.keys !== at(keys, device)) keys = put(keys, device, done.keys);
  }

  let now = server;
  const next = streamBy(stream, rank, newest(rank, inStream, items));
  if (next !== stream) now = { ...now, streams: put(now.streams, userId, next) };
  if (inboxes !== at(server.inboxes, userId) && Object.keys(inboxes).length > 0)
    now = { ...now, inboxes: put(now.inboxes, userId, inboxes) };
  if (accountData !== user.accountData || keys !== user.keys) now = patchUser(now, userId, { accountData, keys });
  const rooms = roomsBy(now, userId, rank);
  if (rooms !== now.rooms) now = { ...now, rooms };
  return {
    server: now,
    tokens: places.map((place, nth) => {
      if (place === null) return null;
      const device = held[nth]?.device ?? '';
      return { stream: rank(place.stream), inbox: (inboxRanks.get(device) ?? ((same) => same))(place.inbox) };
    }),
  };
};
