/**
 * What attackers overhear of a step that has just happened, and what follows from it.
 *
 * Whoever sits at a server sees what is asked of it and what it answers: in the clear they read, what is sealed they record.
 * Whoever runs a device knows what it holds from their first move on, or that of somebody who colludes with them: what one of them can
 * use all of them have learned.
 */
import { isObject, type Json, type JsonObject, objectAt, sameJson, stringAt } from '../../machines/json.ts';
import type { BackupSessionData, StoredSecret } from '../../machines/suite.ts';
import type { Attacker, OlmKeys, Recorded, Sealed } from '../engine/attacker.ts';
import type { Done } from '../engine/kernel.ts';
import { named } from '../engine/names.ts';
import type { Role, Stage } from '../engine/stage.ts';
import type { Derivation, Moment, PlayerId } from '../engine/types.ts';
import { after, inTurn, type Progress, quiet, type World, withAttacker } from '../engine/world.ts';
import { fitting } from './building.ts';
import { addressed, attackerOf, circleIn, hasEars, hoarding, learn, record, runsServer } from './knowledge.ts';
import { openRecorded, roomKeyOf, roomKeyTerm, unnamedSecret } from './opening.ts';
import {
  eventsAt,
  eventsIn,
  finds,
  followsPointer,
  fromServers,
  isPointer,
  seesFile,
  tellsOfRooms,
} from './room-ears.ts';

type Request = Extract<Moment, { kind: 'request' }>;

/** What comes of one moment of a step, and of a step of its own. Roles share this; what one holds more than that is its own (`Role`). */
export const overhears: Role['overhear'] = (stage, world, name, heard) => {
  if (heard === 'own step') return holds(stage, world, name);
  if (heard.kind !== 'request') return finds(stage, world, name, heard);
  if (!tells(heard)) return quiet(world);
  const attacker = attackerOf(world, name);
  const isHeard = hasEars(stage, attacker) && attacker.server === heard.to;
  return isHeard || Object.values(attacker.runs).includes(heard.from)
    ? hearsRequest(stage, world, name, heard)
    : quiet(world);
};

/** Whether there is anything in it for anybody: letters, backup entries, account data, what is said in rooms. */
const tells = (moment: Request): boolean =>
  /\/(sendToDevice|room_keys\/keys|account_data)(\/|$)/.test(moment.path) || tellsOfRooms(moment);

// --- what one holds --------------------------------------------------------------------------------

/** What opens messages to its devices, where somebody of its circle records what goes there. */
const holds = (stage: Stage, world: World, name: PlayerId): Progress =>
  circleIn(stage, world, name).some((one) => hasEars(stage, one))
    ? inTurn(quiet(world), Object.values(attackerOf(world, name).runs), (now, player) =>
        holdsOlmKeys(stage, now, name, player),
      )
    : quiet(world);

/** What a device that it runs holds: its secrets and its room keys. */
export const holdsStore = (stage: Stage, world: World, name: PlayerId, player: PlayerId): Progress => {
  const store = world.devices[player]?.store;
  if (store === undefined) return quiet(world);
  const how: Derivation = { by: 'held', from: [], through: [player], text: `held by ${player}` };
  const terms = [
    ...Object.entries(store.secrets).map(([what, { secret }]) => [what, secret] as const),
    ...Object.values(store.roomKeys).flatMap(({ room, session }) => {
      const key = stage.suite.megolmExport(session, session.firstKnownIndex);
      return key === null ? [] : [[roomKeyOf(room), key] as const];
    }),
  ].sort(([one, term], [other, another]) => (`${one} ${term}` < `${other} ${another}` ? -1 : 1));
  return terms.reduce(
    (before, [what, term]) => after(before, (now) => learn(stage, now, name, what, term, how)),
    quiet(world),
  );
};

/** Keeps a device's Olm keys where its circle can use them on what it records, and uses them on what it has recorded. */
const holdsOlmKeys = (stage: Stage, world: World, name: PlayerId, player: PlayerId): Progress => {
  const store = world.devices[player]?.store;
  if (store === undefined) return quiet(world);
  const { account, olm, me } = store;
  const attacker = attackerOf(world, name);
  const address = addressed(me.user, me.device);
  const keys: OlmKeys = { player, account, olm };
  const before = attacker.olmKeys[address];
  if (before !== undefined && sameJson(before, keys)) return quiet(world);
  const kept = quiet(withAttacker(world, { ...attacker, olmKeys: { ...attacker.olmKeys, [address]: keys } }));
  return circleIn(stage, world, name)
    .flatMap(({ recorded }) => recorded[address] ?? [])
    .reduce((before, event) => after(before, (now) => openWith(stage, now, name, keys, event)), kept);
};

/** A recorded message opens with the keys of the device it went to: what it holds is learned. */
const openWith = (stage: Stage, world: World, name: PlayerId, keys: OlmKeys, event: Recorded): Progress => {
  const inside = event.type === 'm.room.encrypted' ? openRecorded(stage.suite, keys, event) : null;
  return inside === null
    ? quiet(world)
    : reads(stage, world, name, inside.type, inside.content, {
        by: 'opened',
        from: [`the keys of ${keys.player}`, `a message to ${keys.player}`],
        through: [keys.player],
        text: `the keys of ${keys.player} open a recorded ${inside.type}`,
      });
};

// --- what one sees ---------------------------------------------------------------------------------

/** A part of the step: what comes of it depends on the request and on what attackers know, and on nothing else. */
const hearsRequest = (stage: Stage, world: World, name: PlayerId, moment: Request): Progress => {
  const { world: after, result } = stage.kernel.part(stage, world, hears, { name, moment });
  return { world: after, moments: result };
};

const hears = (
  stage: Stage,
  world: World,
  { name, moment }: { readonly name: PlayerId; readonly moment: Request },
): Done<Progress['moments']> => {
  const runs = Object.values(attackerOf(world, name).runs).includes(moment.from);
  const letters = hasEars(stage, attackerOf(world, name)) && !runs ? lettersIn(world, moment) : [];
  const read = letters.reduce(
    (before, letter) => after(before, (now) => hearsLetter(stage, now, name, letter, moment.from)),
    quiet(world),
  );
  const seen = after(read, (now) => seesFile(stage, now, name, moment));
  const own = circleIn(stage, world, name).flatMap(({ forged = {} }) => Object.values(forged));
  const said = eventsIn(moment).filter((one) => !own.some(({ sessionId }) => sessionId === one.session));
  const recorded = [...sealedIn(moment), ...said].reduce(
    (before, sealed) => after(before, (now) => record(stage, now, name, sealed)),
    seen,
  );
  return { world: recorded.world, result: recorded.moments };
};

type Letter = { readonly to: string; readonly event: Recorded };

/** The to-device events that a request hands in, by recipient. */
const lettersIn = (world: World, { path, from, body }: Request): readonly Letter[] => {
  if (path.includes(fromServers)) return lettersOfServer(body);
  if (!path.includes('/sendToDevice/')) return [];
  const type = decodeURIComponent(path.split('/sendToDevice/')[1]?.split('/')[0] ?? '');
  const sender = world.devices[from]?.store.me.user ?? from;
  return lettersOf(objectAt(body, 'messages'), type, sender);
};
const lettersOf = (messages: JsonObject, type: string, sender: string): readonly Letter[] =>
  sorted(messages).flatMap(([user, byDevice]) =>
    sorted(byDevice).flatMap(([device, content]) =>
      isObject(content) ? [{ to: addressed(user, device), event: { type, sender, content } }] : [],
    ),
  );
/** Those that another server hands over (`m.direct_to_device`). */
const lettersOfServer = (body: Json): readonly Letter[] => {
  const edus: unknown = objectAt({ body }, 'body').edus;
  return (Array.isArray(edus) ? edus : []).flatMap((edu: unknown) => {
    const content = objectAt(edu, 'content');
    return stringAt(edu, 'edu_type') === 'm.direct_to_device'
      ? lettersOf(objectAt(content, 'messages'), stringAt(content, 'type') ?? '', stringAt(content, 'sender') ?? '')
      : [];
  });
};

const hearsLetter = (stage: Stage, world: World, name: PlayerId, { to, event }: Letter, from: PlayerId): Progress => {
  const attacker = attackerOf(world, name);
  const type = stringAt(event, 'type') ?? '';
  const content = objectAt(event, 'content');
  const keys = circleIn(stage, world, name).flatMap(({ olmKeys }) => olmKeys[to] ?? []);
  const noted = withAttacker(world, {
    ...attacker,
    requests: withRequest(attacker, type, content, from),
    recorded: isWorthKeeping(stage, world, attacker, to)
      ? { ...attacker.recorded, [to]: [...(attacker.recorded[to] ?? []), event] }
      : attacker.recorded,
  });
  const inTheClear = reads(stage, noted, name, type, content, {
    by: 'saw',
    from: [],
    text: `read it in the clear in ${type}`,
  });
  return keys.reduce((before, own) => after(before, (now) => openWith(stage, now, name, own, event)), inTheClear);
};

/** A server can replay anything; an eavesdropper keeps what the devices of its circle may open. */
const isWorthKeeping = (stage: Stage, world: World, attacker: Attacker, to: string): boolean =>
  runsServer(stage, attacker) ||
  circleIn(stage, world, attacker.name).some(({ runs }) =>
    Object.values(runs).some((player) => {
      const me = world.devices[player]?.store.me;
      return me !== undefined && addressed(me.user, me.device) === to;
    }),
  );

const withRequest = ({ requests }: Attacker, type: string, content: JsonObject, by: PlayerId): Attacker['requests'] => {
  const requestId = stringAt(content, 'request_id');
  const isNew =
    type === 'm.secret.request' &&
    content.action === 'request' &&
    requestId !== undefined &&
    !requests.some((one) => one.requestId === requestId);
  return isNew ? [...requests, { requestId, name: stringAt(content, 'name') ?? '', by }] : requests;
};

/** A request for a secret that came to a device an attacker runs: it can be answered like one that was overheard. */
export const isAsked = (
  world: World,
  name: PlayerId,
  { type, sender, content }: { readonly type: string; readonly sender: string; readonly content: JsonObject },
): World => {
  const by = Object.keys(world.devices).find((player) => {
    const { user, device } = world.devices[player]?.store.me ?? {};
    return user === sender && device === content.requesting_device_id;
  });
  const attacker = attackerOf(world, name);
  const requests = by === undefined ? attacker.requests : withRequest(attacker, type, content, by);
  return requests === attacker.requests ? world : withAttacker(world, { ...attacker, requests });
};

/** The request id under which an attacker asks for a secret: an answer does not name what it answers. */
export const requestIdOf = (name: PlayerId, secret: string): string => `${name} asks for ${secret}`;

/** Learns what a message says, if it is a secret or a room key. */
export const reads = (
  stage: Stage,
  world: World,
  name: PlayerId,
  type: string,
  content: JsonObject,
  how: Derivation,
): Progress => {
  const secret = stringAt(content, 'secret');
  const roomKey =
    type === 'm.room_key' || type === 'm.forwarded_room_key' ? stringAt(content, 'session_key') : undefined;
  const read =
    secret === undefined
      ? quiet(world)
      : learn(stage, world, name, secretName(stage, world, name, content, secret), secret, how);
  if (roomKey !== undefined) {
    const what = roomKeyOf(stringAt(content, 'room_id') ?? 'a room');
    return after(read, (now) => learn(stage, now, name, what, roomKeyTerm(stage.suite, roomKey), how));
  }
  return isPointer(type) ? after(read, (now) => followsPointer(stage, now, name, content, how)) : read;
};

/** By the name it bears, or that of the request it answers, or of whose published half it is the other. */
const secretName = (stage: Stage, world: World, name: PlayerId, content: JsonObject, secret: string): string => {
  const said = stringAt(content, 'name');
  const id = stringAt(content, 'request_id');
  if (said !== undefined) return said;
  const own = id?.split(' asks for ') ?? [];
  if (own.length === 2 && own[1] !== undefined && named(world.attackers, own[0] ?? '') !== undefined) return own[1];
  const asked = circleIn(stage, world, name).flatMap(({ requests }) => requests);
  const request = asked.find(({ requestId }) => requestId === id);
  return request?.name ?? fitting(stage, world, name, secret) ?? unnamedSecret;
};

// --- what is sealed --------------------------------------------------------------------------------

const sorted = (value: unknown): readonly (readonly [string, Json])[] =>
  isObject(value) ? (Object.entries(value) as [string, Json][]).sort(([one], [other]) => (one < other ? -1 : 1)) : [];

/** Backup entries and stored secrets that a request carries in or its answer out. */
const sealedIn = ({ method, path, body, status, response, lost }: Request): readonly Sealed[] => {
  const shown = method === 'PUT' ? body : method === 'GET' && status === 200 && lost !== true ? response : null;
  if (shown === null) return [];
  if (path.includes('/room_keys/keys')) return entriesIn(path, shown);
  const type = /\/account_data\/([^/]+)$/.exec(path)?.[1];
  return type === undefined ? [] : storedIn(decodeURIComponent(type), shown);
};

/** `room_keys/keys`, of all rooms, one room or one session. */
const entriesIn = (path: string, shown: Json): readonly Sealed[] => {
  const [room, session] = (path.split('/room_keys/keys/')[1] ?? '').split('/').map(decodeURIComponent);
  if (session !== undefined) return entryOf(room ?? '', session, shown);
  return room === undefined || room === '' ? entriesOf(objectAt(shown, 'rooms')) : sessionsOf(room, shown);
};

/** The entries of a backup: rooms → `sessions` → session → data. */
export const entriesOf = (rooms: JsonObject): readonly Sealed[] =>
  sorted(rooms).flatMap(([room, held]) => sessionsOf(room, held));
const sessionsOf = (room: string, held: Json): readonly Sealed[] =>
  sorted(objectAt(held, 'sessions')).flatMap(([session, entry]) => entryOf(room, session, entry));
const entryOf = (room: string, session: string, entry: Json): readonly Sealed[] => {
  const data = textsAt(objectAt(entry, 'session_data'), 'ephemeral', 'ciphertext', 'mac');
  return data === null ? [] : [{ sealed: 'backup entry', room, session, data: data as BackupSessionData }];
};

/** A secret in account data lies under the id of each key that it is sealed for. */
const storedIn = (name: string, shown: Json): readonly Sealed[] =>
  sorted(objectAt(shown, 'encrypted')).flatMap(([, stored]) => {
    const data = textsAt(stored, 'iv', 'ciphertext', 'mac');
    return data === null ? [] : [{ sealed: 'stored secret', name, data: data as StoredSecret }];
  });

/** Those members, if all of them are there. */
const textsAt = (value: unknown, ...names: readonly string[]): Readonly<Record<string, string>> | null => {
  const found = names.map((name) => [name, stringAt(value, name) ?? null] as const);
  return found.every((pair): pair is readonly [string, string] => pair[1] !== null) ? Object.fromEntries(found) : null;
};

/** Whoever runs a server has what lies on it: backups, and what was said in rooms. */
export const hoardsAll: Role['begin'] = (_stage, world, { name, server }) => {
  const users = Object.values(world.servers[server]?.users ?? {});
  const entries = users.flatMap(({ backup }) =>
    Object.values(backup.versions).flatMap(({ rooms }) =>
      entriesOf(Object.fromEntries(Object.entries(rooms).map(([room, sessions]) => [room, { sessions }]))),
    ),
  );
  return [...entries, ...eventsAt(world, server)].reduce((before, sealed) => hoarding(before, name, sealed), world);
};
