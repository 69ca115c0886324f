/** Steps made by hand, and what a guarantee says of them: the cast is alice (phone, laptop), bob and charlie (phone each). */

import type { HeardEvent } from '../../machines/events.ts';
import type { Json, JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { notIn } from '../../machines/revisions.ts';
import { type HeldRoomKey, type RoomKeyOrigin, roomKeyName } from '../../machines/room-types.ts';
import type { StorePatch } from '../../machines/store.ts';
import type { ClauseId, EnvelopeFacts, Notice, Recipient } from '../../machines/types.ts';
import { joined } from '../crypto/symbolic/terms.ts';
import type { Break } from '../engine/breaks.ts';
import { deviceNameIn, ownerIn } from '../engine/player.ts';
import type { Derivation, Moment, PlayerId, Step } from '../engine/types.ts';
import type { Guarantee, Witness } from './types.ts';
import { gravest } from './watching.ts';

const people: Readonly<Record<string, readonly PlayerId[]>> = {
  alice: ['alice.phone', 'alice.laptop'],
  bob: ['bob.phone'],
  charlie: ['charlie.phone'],
};
export const alice = '@alice:a.example';
export const bob = '@bob:a.example';
export const charlie = '@charlie:a.example';
export const mallory = '@mallory:a.example';
export const den = '!den:a.example';
export const attic = '!attic:a.example';
export const server = 'a.example';

type Cast = {
  readonly stolen?: readonly PlayerId[];
  readonly off?: readonly ClauseId[];
  readonly options?: Readonly<Record<string, Json>>;
  readonly implements?: Readonly<Record<string, string>>;
  /** Which form of the texts devices are of, where not all are of the last one. */
  readonly forms?: Readonly<Record<PlayerId, string>>;
};
/** What is known of the cast. Everybody implements MSC4268 and MSC4147 unless it says otherwise. */
export const witness = ({
  stolen = [],
  off = [],
  options = {},
  forms = {},
  implements: texts = { MSC4268: 'merged', MSC4147: 'merged' },
}: Cast = {}): Witness => ({
  honest: (player) => people[ownerIn(player)] !== undefined && !stolen.includes(player),
  ownerOf: (player) => (people[ownerIn(player)] === undefined ? null : ownerIn(player)),
  holderOf: ownerIn,
  personOf: (user) => /^@(.+):a\.example$/.exec(user)?.[1] ?? null,
  signedAtStart: (player) => Object.values(people).flat().includes(player),
  devicesOf: (user) => people[user] ?? [],
  implementsText: (_, proposal) => (texts[proposal] ?? 'none') !== 'none',
  stolen: (player) => stolen.includes(player),
  off: (_, clause) => off.includes(clause),
  isMeantBy: (_, clause) => !notIn(texts).absent.includes(clause) && !notIn(texts).foreign.includes(clause),
  option: (_, name) => options[name],
  form: (player) => ({ text: forms[player] ?? 'merged', isFinal: forms[player] !== 'trial' }),
});

/** The same cast, whose texts have every sentence there is. */
export const ofAllTexts = (cast: Witness = witness()): Witness => ({ ...cast, isMeantBy: () => true });

/** A step of the story in which that happens. */
export const step = (...moments: readonly (Moment | readonly Moment[])[]): Step => ({
  choice: { id: 'step', who: 'everyone', sentence: 'something happens', kind: 'story', nth: 0 },
  moments: moments.flat(),
});

/** What a guarantee makes of steps: what it remembers, all that broke, in order, and whether its shadow happened. */
export const watched = (
  guarantee: unknown,
  steps: readonly Step[],
  cast: Witness = witness(),
): { readonly memory: Json; readonly breaks: readonly Break[]; readonly shadow: boolean } => {
  const { begin, see, end, accepts } = guarantee as Guarantee;
  let memory = begin;
  let shadow = false;
  const breaks: Break[] = [];
  for (const one of steps) {
    const seen = see(memory, one, cast);
    // Worlds are told apart by what guarantees remember: it is plain JSON, or the explorer would lose its way.
    memory = JSON.parse(JSON.stringify(seen.memory)) as Json;
    breaks.push(...seen.breaks);
    shadow = shadow || seen.shadow;
  }
  breaks.push(...(end?.(memory, cast) ?? []));
  const unsaid = breaks.find(({ acceptedBy }) => acceptedBy !== null && !accepts.includes(acceptedBy));
  if (unsaid !== undefined) throw new Error(`${unsaid.acceptedBy} is not among what the guarantee says it accepts`);
  return { memory, breaks, shadow };
};

/** The same in short: the break it ends with, if any. */
export const judged = (
  guarantee: unknown,
  steps: readonly Step[],
  cast: Witness = witness(),
): { readonly broken: Break | null; readonly shadow: boolean } => {
  const { breaks, shadow } = watched(guarantee, steps, cast);
  return { broken: gravest(breaks), shadow };
};

/** Whether a step that tells nothing new leaves what is remembered of the steps before it untouched: not even a copy is made. */
export const isUntouchedBy = (
  guarantee: unknown,
  steps: readonly Step[],
  last: Step,
  cast: Witness = witness(),
): boolean => {
  const { see } = guarantee as Guarantee;
  const { memory } = watched(guarantee, steps, cast);
  return see(memory, last, cast).memory === memory;
};

// --- requests --------------------------------------------------------------------------------------

type Asked = { readonly method: string; readonly path: string; readonly body?: Json; readonly status?: number };
export const request = (from: PlayerId, asked: Asked, response: Json = {}): Extract<Moment, { kind: 'request' }> => ({
  kind: 'request',
  from,
  to: server,
  method: asked.method,
  path: asked.path,
  body: asked.body ?? {},
  status: asked.status ?? 200,
  response,
});
const post = (from: PlayerId, path: string, body: Json = {}, response: Json = {}): Moment =>
  request(from, { method: 'POST', path, body }, response);

export const logsIn = (player: PlayerId, user: string, device: string): Moment =>
  post(player, paths.login, {}, { user_id: user, device_id: device });

/** A device publishes its keys, as that one. */
export const publishesKeys = (player: PlayerId, user: string, device: string): Moment =>
  post(player, paths.keysUpload, {
    device_keys: { user_id: user, device_id: device, keys: { [`curve25519:${device}`]: curveOf(player) } },
  });

/** A device of that user signs another of theirs; `isRefused`: the server names it among its failures. */
export const signs = (player: PlayerId, user: string, device: string, isRefused = false): Moment =>
  post(
    player,
    paths.signaturesUpload,
    { [user]: { [device]: {} } },
    { failures: isRefused ? { [user]: { [device]: { errcode: 'M_INVALID_SIGNATURE' } } } : {} },
  );

/** Everybody is there, and alice has made the den: before the story. */
export const everybody = (history = 'shared', ...members: readonly PlayerId[]): Step => ({
  choice: { id: 'before', who: 'everyone', sentence: 'before the story', kind: 'before' },
  moments: [
    ...Object.entries(people).flatMap(([name, devices]) =>
      devices.map((player) => logsIn(player, `@${name}:a.example`, (deviceNameIn(player) ?? '').toUpperCase())),
    ),
    creates('alice.phone', den, history),
    ...members.flatMap((player) => comesIn('alice.phone', player)),
  ],
});
export const creates = (player: PlayerId, room: string, history: string): Moment => {
  const initial_state = [{ type: 'm.room.history_visibility', content: { history_visibility: history } }];
  return post(player, paths.createRoom, { initial_state }, { room_id: room });
};
export const sets = (player: PlayerId, history: string): Moment =>
  request(player, {
    method: 'PUT',
    path: paths.roomState(den, 'm.room.history_visibility'),
    body: { history_visibility: history },
  });
export const invites = (player: PlayerId, user: string, room = den): Moment =>
  post(player, paths.membership(room, 'invite'), { user_id: user });
export const joins = (player: PlayerId, room = den): Moment => post(player, paths.join(room), {}, { room_id: room });
export const leaves = (player: PlayerId, room = den): Moment => post(player, paths.membership(room, 'leave'));
export const kicks = (player: PlayerId, user: string): Moment =>
  post(player, paths.membership(den, 'kick'), { user_id: user });
const comesIn = (host: PlayerId, guest: PlayerId): readonly Moment[] => [
  invites(host, `@${ownerIn(guest)}:a.example`),
  joins(guest),
];

/** A message, sealed. */
export const sends = (player: PlayerId, sessionId: string, room = den): Moment =>
  request(player, {
    method: 'PUT',
    path: paths.roomSend(room, 'm.room.encrypted', 't1'),
    body: { session_id: sessionId },
  });

type News = {
  readonly members?: Readonly<Record<string, string>>;
  readonly visibility?: string;
  readonly limited?: boolean;
};
export const syncs = (player: PlayerId, { members = {}, visibility, limited = false }: News, room = den): Moment => {
  const events = [
    ...Object.entries(members).map(([user, membership]) => ({
      type: 'm.room.member',
      state_key: user,
      content: { membership },
    })),
    ...(visibility === undefined
      ? []
      : [{ type: 'm.room.history_visibility', state_key: '', content: { history_visibility: visibility } }]),
  ];
  const news = { timeline: { events, limited }, state: { events: [] } };
  return request(player, { method: 'GET', path: paths.sync }, { rooms: { join: { [room]: news } } });
};

export const bundleAt = 'mxc://a.example/media1';
export const uploads = (player: PlayerId, status = 200, url = bundleAt): Moment =>
  request(
    player,
    { method: 'POST', path: paths.mediaUpload, status },
    status === 200 ? { content_uri: url } : { errcode: 'M_TOO_LARGE' },
  );
export const downloads = (player: PlayerId, status = 200, data = 'AAAA'): Moment =>
  request(
    player,
    { method: 'GET', path: paths.mediaDownload('a.example', 'media1'), status },
    status === 200 ? { data } : { errcode: 'M_NOT_FOUND' },
  );

// --- stores ----------------------------------------------------------------------------------------

export const stores = (player: PlayerId, patch: StorePatch): Moment => ({ kind: 'stored', player, patch });

type Key = {
  readonly index?: number;
  readonly flag?: boolean;
  readonly room?: string;
  /** The device whose keys it bears. */
  readonly maker?: PlayerId;
  /** Another key under the same session id. */
  readonly ratchet?: string;
  /** What it is filed under, if not its own session id. */
  readonly as?: string;
};
/** A session's key as text: `01` form, of terms. */
export const keyText = (sessionId: string, index = 0, ratchet = 'genuine'): string =>
  joined('x', sessionId, String(index), ratchet, 'proof');

const heldKey = (sessionId: string, origin: RoomKeyOrigin, maker: PlayerId, key: Key): HeldRoomKey => ({
  room: key.room ?? den,
  session: {
    sessionId,
    firstKnownIndex: key.index ?? 0,
    verified: true,
    state: keyText(sessionId, key.index, key.ratchet),
  },
  senderKey: curveOf(key.maker ?? maker),
  senderEd25519: `${key.maker ?? maker} ed25519`,
  sharedHistory: key.flag ?? true,
  origin,
  backedUpIn: null,
});
export const curveOf = (player: PlayerId): string => `${player} curve25519`;

/** Sessions are named after who makes them: `bob.phone/1`. */
const makerOf = (sessionId: string): PlayerId => sessionId.split('/')[0] ?? '';
export const holds = (player: PlayerId, sessionId: string, origin: RoomKeyOrigin, key: Key = {}): Moment => {
  const name = roomKeyName(key.room ?? den, key.as ?? sessionId);
  return stores(player, { patch: 'room keys', keys: { [name]: heldKey(sessionId, origin, makerOf(sessionId), key) } });
};
export const makes = (sessionId: string, key: Key = {}): Moment =>
  holds(makerOf(sessionId), sessionId, { how: 'made' }, key);

type Gift = { readonly flag?: boolean; readonly visibility?: string | null; readonly index?: number };
export const gives = (sessionId: string, to: readonly Recipient[], gift: Gift = {}): Moment =>
  stores(makerOf(sessionId), {
    patch: 'room key given',
    room: den,
    sessionId,
    index: gift.index ?? 0,
    flag: gift.flag ?? true,
    visibility: gift.visibility === undefined ? 'shared' : gift.visibility,
    to,
  });
export const phoneOf = (user: string): Recipient => ({ user, device: 'PHONE' });

type Bundle = {
  readonly devices?: readonly string[];
  readonly withheld?: Readonly<Record<string, string>>;
  readonly url?: string;
};
export const shares = (player: PlayerId, user: string, sessions: readonly string[], bundle: Bundle = {}): Moment =>
  stores(player, {
    patch: 'history shared',
    room: den,
    user,
    devices: bundle.devices ?? ['PHONE'],
    sessions,
    withheld: bundle.withheld ?? {},
    url: bundle.url ?? bundleAt,
  });
/** A bundle on alice's word. */
export const fromBundle = (
  user = alice,
  device: string | null = 'PHONE',
  room = den,
  url = bundleAt,
): RoomKeyOrigin => ({
  how: 'bundle',
  user,
  device,
  room,
  url,
});

// --- what people do and see ------------------------------------------------------------------------

export const writes = (player: PlayerId, text: string): Moment => ({
  kind: 'acted',
  player,
  what: 'send',
  detail: { room: den, text },
});
/** A server takes what its person has written there. */
export const sendsIt = (player: PlayerId, room = den, status = 200): Moment => {
  const sent = request(player, { method: 'PUT', path: paths.roomSend(room, 'm.room.encrypted', 't') }, {});
  return sent.kind === 'request' ? { ...sent, status } : sent;
};
/** Writes, and the server takes it. */
export const says = (player: PlayerId, text: string): readonly Moment[] => [writes(player, text), sendsIt(player)];
export const shown = (player: PlayerId, about: string, more: JsonObject): Moment => ({
  kind: 'shown',
  player,
  notice: { room: den, ...more, about, text: about } as Notice,
});
export const heard = (player: PlayerId, event: HeardEvent): Moment => ({
  kind: 'heard',
  player,
  chart: 'chart',
  event,
});
export const learns = (
  player: PlayerId,
  sessionId: string,
  text: string,
  by: Pick<Derivation, 'through' | 'sharedBy'> = {},
): Moment => ({
  kind: 'learned',
  player,
  what: `room key of ${den}`,
  term: keyText(sessionId),
  how: { by: 'opened', from: [], ...by, text },
});
/** What a device is served of somebody's identity. */
export const isServed = (player: PlayerId, user: string, master: string): Moment =>
  request(
    player,
    { method: 'POST', path: paths.keysQuery },
    { master_keys: { [user]: { keys: { [`ed25519:${master}`]: master } } } },
  );
/** A device is given the list of somebody's devices. */
export const isListed = (player: PlayerId, user: string, devices: readonly string[]): Moment => {
  const list = Object.fromEntries(devices.map((device) => [device, { device_id: device }]));
  return request(player, { method: 'POST', path: paths.keysQuery }, { device_keys: { [user]: list } });
};
/** A letter goes out, sealed for that key. */
export const sealsFor = (player: PlayerId, user: string, device: string, curve25519: string): Moment =>
  request(player, {
    method: 'PUT',
    path: paths.sendToDevice('m.room.encrypted', 't'),
    body: { messages: { [user]: { [device]: { ciphertext: { [curve25519]: { type: 0, body: 'x' } } } } } },
  });
/** A pointer comes, sealed, from somebody's phone. */
export const isPointed = (player: PlayerId, sender: string, room = den, url = bundleAt): Moment => ({
  kind: 'delivery',
  from: server,
  to: player,
  event: { type: 'm.room.encrypted' },
  opened: { type: 'm.room_key_bundle', content: { room_id: room, file: { url } } },
  facts: { claimedSender: sender, sender: null } as EnvelopeFacts,
});

/** `holds`, `breaks at bob.phone`, or `accepted by <clause>`; and ` (it happens)` where the shadow did. */
export const verdict = (guarantee: unknown, steps: readonly Step[], cast: Witness = witness()): string => {
  const { broken, shadow } = judged(guarantee, steps, cast);
  const said =
    broken === null
      ? 'holds'
      : broken.acceptedBy === null
        ? `breaks at ${broken.at}`
        : `accepted by ${broken.acceptedBy}`;
  return `${said}${shadow ? ' (it happens)' : ''}`;
};

/** What a guarantee remembers after steps: the explorer takes two worlds for one where that is the same. */
export const remembered = (guarantee: unknown, steps: readonly Step[], cast: Witness = witness()): Json =>
  steps.reduce((memory, one) => (guarantee as Guarantee).see(memory, one, cast).memory, (guarantee as Guarantee).begin);

/** Whether a last step tells a guarantee anything: where not, it remembers the very same. */
export const isNews = (guarantee: unknown, steps: readonly Step[], last: Step, cast: Witness = witness()): boolean => {
  const memory = remembered(guarantee, steps, cast);
  return (guarantee as Guarantee).see(memory, last, cast).memory !== memory;
};

/** The break itself that a guarantee ends with; `null`: it holds. */
export const breakOf = (guarantee: unknown, steps: readonly Step[], cast: Witness = witness()): Break | null =>
  judged(guarantee, steps, cast).broken;
