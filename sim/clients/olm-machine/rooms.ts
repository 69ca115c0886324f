/** Rooms of a real machine: who is in them, sending to them, and reading what was sent. */
import {
  CollectStrategy,
  DecryptionSettings,
  EncryptionSettings,
  HistoryVisibility,
  MegolmDecryptionError,
  RoomId,
  TrustRequirement,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import {
  answered,
  ask,
  carry,
  type Exchange,
  openSessions,
  pump,
  type RealMachine,
  track,
  userIdOf,
} from './machine.ts';

export const roomIdOf = (id: string): RoomId => new RoomId(id);

/** Makes an encrypted room. Returns its id. `history`: one of the four values of `history_visibility`. */
export const createRoom = async (machine: RealMachine, name: string, history: string): Promise<string> => {
  const state = (type: string, content: JsonObject) => ({ type, state_key: '', content });
  const body = {
    name,
    preset: 'private_chat',
    initial_state: [
      state('m.room.encryption', { algorithm: MEGOLM_ALGORITHM }),
      state('m.room.history_visibility', { history_visibility: history }),
    ],
  };
  const made = answered(await ask(machine, { method: 'POST', path: paths.createRoom, body }));
  const room = stringAt(made, 'room_id');
  if (room === undefined) throw new Error('the server made a room without an id: is this a homeserver?');
  return room;
};

/** Asks somebody in, with nothing else done: for the history see `inviteWithHistory`. */
export const invite = async (machine: RealMachine, room: string, user: string): Promise<void> => {
  answered(await ask(machine, { method: 'POST', path: paths.membership(room, 'invite'), body: { user_id: user } }));
};

/** Enters a room, with nothing else done: for the history see `joinWithHistory`. */
export const join = async (machine: RealMachine, room: string): Promise<void> => {
  answered(await ask(machine, { method: 'POST', path: paths.join(room), body: {} }));
};

export const setHistory = async (machine: RealMachine, room: string, visibility: string): Promise<void> => {
  const path = paths.roomState(room, 'm.room.history_visibility');
  answered(await ask(machine, { method: 'PUT', path, body: { history_visibility: visibility } }));
};

const visibilities: Readonly<Record<string, HistoryVisibility>> = {
  // Where a room says nothing of it.
  '': HistoryVisibility.Shared,
  invited: HistoryVisibility.Invited,
  joined: HistoryVisibility.Joined,
  shared: HistoryVisibility.Shared,
  world_readable: HistoryVisibility.WorldReadable,
};
const historyOf = async (machine: RealMachine, room: string): Promise<string> => {
  const path = paths.roomState(room, 'm.room.history_visibility');
  const { response } = await ask(machine, { method: 'GET', path });
  return stringAt(response.body, 'history_visibility') ?? '';
};

/** Who is in a room or asked into it. */
const membersOf = async (machine: RealMachine, room: string): Promise<readonly string[]> => {
  const told = answered(await ask(machine, { method: 'GET', path: paths.members(room) }));
  const chunk = isObject(told) && Array.isArray(told.chunk) ? told.chunk : [];
  return chunk
    .filter((event) => ['join', 'invite'].includes(stringAt(objectAt(event, 'content'), 'membership') ?? ''))
    .flatMap((event) => stringAt(event, 'state_key') ?? []);
};

export type Sent = {
  readonly eventId: string;
  /** The content of the `m.room.encrypted` event. */
  readonly content: JsonObject;
  /** The to-device requests that gave the room key away, and what else the machine wanted. */
  readonly exchanges: readonly Exchange[];
  /** Of these the ones that gave it away, or said that it will not be given. */
  readonly given: readonly Exchange[];
};

type Sharing = 'all' | 'signed';
/**
 * Writes into a room as a client does: looks up who is there, gives the room key to those who lack it, encrypts, sends.
 *
 * @param sharing `signed`: devices that nobody has signed get no key, and are told so
 */
export const sendText = async (
  machine: RealMachine,
  room: string,
  text: string,
  sharing: Sharing = 'all',
): Promise<Sent> => {
  const users = await membersOf(machine, room);
  return sendAmong(machine, { room, users, history: await historyOf(machine, room), sharing }, text);
};

/** A room as whoever writes takes it to be. `history`: the room's `history_visibility`, empty where it has none; what nobody knows counts as closed. */
export type Among = {
  readonly room: string;
  readonly users: readonly string[];
  readonly history: string;
  readonly sharing: Sharing;
};

/** Gives the room key to those who lack it. Returns the requests that did, or that said it will not be given. */
export const giveRoomKey = async (
  machine: RealMachine,
  { room, users, history, sharing }: Among,
): Promise<readonly Exchange[]> => {
  await openSessions(machine, users);
  const settings = new EncryptionSettings();
  settings.historyVisibility = visibilities[history] ?? HistoryVisibility.Invited;
  settings.sharingStrategy =
    sharing === 'signed' ? CollectStrategy.identityBasedStrategy() : CollectStrategy.allDevices();
  const given: Exchange[] = [];
  for (const request of await machine.olm.shareRoomKey(roomIdOf(room), users.map(userIdOf), settings)) {
    const exchange = await carry(machine, request);
    answered(exchange);
    given.push(exchange);
  }
  return given;
};

/** The same where it is known who is there. @param sealed told of what is about to be sent, and of requests that gave its key away */
export const sendAmong = async (
  machine: RealMachine,
  among: Among,
  text: string,
  sealed: (content: JsonObject, given: readonly Exchange[]) => Promise<void> = async () => undefined,
): Promise<Sent> => {
  const { room, users } = among;
  await track(machine, users);
  const exchanges = [...(await pump(machine))];
  // Each time, whether or not anybody lacks it: encrypting with an expired session ends the module.
  const given = await giveRoomKey(machine, among);
  exchanges.push(...given);
  const message = JSON.stringify({ msgtype: 'm.text', body: text });
  const content = JSON.parse(
    await machine.olm.encryptRoomEvent(roomIdOf(room), 'm.room.message', message),
  ) as JsonObject;
  await sealed(content, given);
  machine.place.sent += 1;
  const path = paths.roomSend(room, 'm.room.encrypted', `real${machine.place.sent}`);
  const sent = answered(await ask(machine, { method: 'PUT', path, body: content }));
  return { eventId: stringAt(sent, 'event_id') ?? '', content, exchanges, given };
};

/** What the machine makes of an event of a room's timeline. */
export type Reading =
  | {
      readonly opened: true;
      readonly text: string;
      readonly sender: string;
      /** Who sent the bundle with the key, and by which device; `null`: it came from the one who wrote. */
      readonly forwarder: string | null;
      readonly forwarderDevice: string | null;
      /** What is wrong with it, in the machine's words, for clients that do not insist on verification; `null`: nothing. */
      readonly shield: string | null;
    }
  /** `withheld`: the code, where somebody has said why the key will not come. */
  | { readonly opened: false; readonly why: string; readonly withheld: string | null };

/** Decrypts an `m.room.encrypted` event. Anything that goes wrong otherwise than in decryption throws. */
export const readEvent = async (machine: RealMachine, room: string, event: JsonObject): Promise<Reading> => {
  const settings = new DecryptionSettings(TrustRequirement.Untrusted);
  // A timeline's events come without the id of their room.
  const whole: Json = { ...event, room_id: room };
  try {
    const read = await machine.olm.decryptRoomEvent(JSON.stringify(whole), roomIdOf(room), settings);
    const inside = JSON.parse(read.event) as Json;
    return {
      opened: true,
      text: stringAt(objectAt(inside, 'content'), 'body') ?? '',
      sender: read.sender.toString(),
      forwarder: read.forwarder?.toString() ?? null,
      forwarderDevice: read.forwarderDevice?.toString() ?? null,
      shield: read.shieldState(false).message ?? null,
    };
  } catch (error) {
    if (!(error instanceof MegolmDecryptionError)) throw error;
    return { opened: false, why: error.description, withheld: error.withheldCode ?? null };
  }
};
