/** What a real machine holds, as a seat shows it, and on whose word, as far as whoever drives it saw it come. */
import { BACKUP_SECRET, CROSS_SIGNING_SECRETS } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { Origin, ShownKey, ShownLetter, ShownMessage, ShownSecret, Shows } from '../seat/client.ts';
import { type RealMachine, userIdOf } from './machine.ts';
import { readEvent } from './rooms.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** A room as syncs have told of it. */
export type RoomSeen = { readonly members: Map<string, string>; history: string; inviter: string | null };

/** What the layer around the machine remembers. It changes in place, as the machine itself does. */
export type Holding = {
  readonly machine: RealMachine;
  deviceKeys: JsonObject | null;
  backup: Shows['backup'];
  readonly rooms: Map<string, RoomSeen>;
  /** Rooms joined, and whose bundle is waited for. */
  readonly awaited: Map<string, string>;
  /** Room and sender → the device by which the last pointer to a bundle came. */
  readonly pointers: Map<string, string | null>;
  /** Rooms whose keys were fetched from the backup before sharing them. */
  readonly fetched: Set<string>;
  /** Event id → the event and its room, and what was last made of it. */
  readonly events: Map<string, { readonly room: string; readonly event: JsonObject; read: ShownMessage | null }>;
  /** Session id → on whose word, and the key it was said of. */
  readonly keyOrigins: Map<string, { readonly origin: Origin; readonly key: string }>;
  /** Name and secret → on whose word. */
  readonly secretOrigins: Map<string, Origin>;
  /** Session id → how many messages it has sealed. */
  readonly sealed: Map<string, number>;
  readonly news: { -readonly [K in 'letters' | 'gifts' | 'shares' | 'imports']: Shows[K][number][] };
};

export const nothingHeld = (machine: RealMachine): Holding => ({
  machine,
  deviceKeys: null,
  backup: null,
  rooms: new Map(),
  awaited: new Map(),
  pointers: new Map(),
  fetched: new Set(),
  events: new Map(),
  keyOrigins: new Map(),
  secretOrigins: new Map(),
  sealed: new Map(),
  news: { letters: [], gifts: [], shares: [], imports: [] },
});

export const roomSeen = (holding: Holding, room: string): RoomSeen => {
  const known = holding.rooms.get(room);
  if (known !== undefined) return known;
  // Servers begin every room with this ("Room history visibility").
  const made: RoomSeen = { members: new Map(), history: 'shared', inviter: null };
  holding.rooms.set(room, made);
  return made;
};

type Exported = Omit<ShownKey, 'origin'>;
const exported = async ({ machine }: Holding): Promise<readonly Exported[]> => {
  const all = JSON.parse(await machine.olm.exportRoomKeys(() => true)) as Json;
  const keys = Array.isArray(all) ? all.filter(isObject) : [];
  return keys
    .map((one) => ({
      room: stringAt(one, 'room_id') ?? '',
      sessionId: stringAt(one, 'session_id') ?? '',
      sessionKey: stringAt(one, 'session_key') ?? '',
      senderKey: stringAt(one, 'sender_key') ?? '',
      senderEd25519: stringAt(objectAt(one, 'sender_claimed_keys'), 'ed25519') ?? '',
      sharedHistory: one['m.shared_history'] === true,
    }))
    .sort((one, other) => (one.sessionId < other.sessionId ? -1 : 1));
};

/** What is new among room keys, or other than before, came on that word. `of`: by session, where it is known. */
export const noteKeys = async (
  holding: Holding,
  usual: Origin,
  of: ReadonlyMap<string, Origin> = new Map(),
): Promise<void> => {
  for (const one of await exported(holding)) {
    const key = JSON.stringify(one);
    if (holding.keyOrigins.get(one.sessionId)?.key === key) continue;
    holding.keyOrigins.set(one.sessionId, { key, origin: of.get(one.sessionId) ?? usual });
  }
};

const secretsOf = async ({ machine }: Holding): Promise<readonly (readonly [string, string])[]> => {
  const keys = await machine.olm.exportCrossSigningKeys();
  const { decryptionKeyBase64 } = await machine.olm.getBackupKeys();
  const [master, selfSigning, userSigning] = CROSS_SIGNING_SECRETS;
  const all = [
    [master, keys?.masterKey],
    [selfSigning, keys?.self_signing_key],
    [userSigning, keys?.userSigningKey],
    [BACKUP_SECRET, decryptionKeyBase64],
  ] as const;
  return all.flatMap(([name, secret]) => (secret == null ? [] : [[name, secret] as const]));
};

/** Secrets that were not there before came on that word. `of`: by name, where it is known. */
export const noteSecrets = async (
  holding: Holding,
  usual: Origin,
  of: ReadonlyMap<string, Origin> = new Map(),
): Promise<void> => {
  for (const [name, secret] of await secretsOf(holding)) {
    const key = `${name} ${secret}`;
    if (!holding.secretOrigins.has(key)) holding.secretOrigins.set(key, of.get(name) ?? usual);
  }
};

const unread = (room: string, event: JsonObject, warning: string | null): ShownMessage => ({
  room,
  event: stringAt(event, 'event_id') ?? '',
  session: stringAt(objectAt(event, 'content'), 'session_id') ?? '',
  sender: stringAt(event, 'sender') ?? '',
  text: null,
  sharedBy: null,
  warning,
});

/** What the machine says of a message when its key came by somebody else's hand: no defect of the message. */
const isOnWord = (shield: string): boolean => shield.includes("can't be guaranteed");

/** Reads what is not read yet. */
export const readAgain = async (holding: Holding): Promise<void> => {
  for (const one of holding.events.values()) {
    if (one.read !== null && one.read.text !== null) continue;
    const reading = await readEvent(holding.machine, one.room, one.event);
    const shown: Mutable<ShownMessage> = unread(one.room, one.event, reading.opened ? null : reading.withheld);
    if (reading.opened) {
      shown.text = reading.text;
      shown.sharedBy = reading.forwarder;
      shown.warning = reading.shield === null || isOnWord(reading.shield) ? null : reading.shield;
    }
    one.read = shown;
  }
};

const masterOf = async ({ machine }: Holding): Promise<string | null> => {
  const identity = await machine.olm.getIdentity(userIdOf(machine.userId));
  if (identity === undefined || !identity.isVerified()) return null;
  const keys = objectAt(JSON.parse(identity.masterKey) as Json, 'keys');
  const [master] = Object.values(keys);
  return typeof master === 'string' ? master : null;
};

/** What can be told at any time: all but whom it trusts, for which the library first waits for key queries under way. */
export const heldNow = async (holding: Holding): Promise<Omit<Shows, 'master' | 'messages'>> => {
  // What nobody has said yet on whose word it is comes with the next turn.
  const secrets = (await secretsOf(holding)).flatMap(([name, secret]): readonly ShownSecret[] => {
    const origin = holding.secretOrigins.get(`${name} ${secret}`);
    return origin === undefined ? [] : [{ name, secret, origin }];
  });
  const roomKeys = (await exported(holding)).flatMap((one): readonly ShownKey[] => {
    const origin = holding.keyOrigins.get(one.sessionId)?.origin;
    return origin === undefined ? [] : [{ ...one, origin }];
  });
  const { letters, gifts, shares, imports } = holding.news;
  return {
    deviceKeys: holding.deviceKeys,
    secrets,
    backup: holding.backup,
    roomKeys,
    letters: letters.splice(0),
    gifts: gifts.splice(0),
    shares: shares.splice(0),
    imports: imports.splice(0),
  };
};

/** All of it, and what is new since this was asked last. */
export const showsOf = async (holding: Holding): Promise<Shows> => ({
  ...(await heldNow(holding)),
  master: await masterOf(holding),
  messages: [...holding.events.values()].flatMap(({ read }) => (read === null ? [] : [read])),
});

/** Whose word a letter is, as the machine says who sealed it. */
export const originOf = (how: 'request' | 'push' | 'room_key' | 'forwarded', letter: ShownLetter): Origin => ({
  how,
  user: letter.sender,
  device: letter.device,
});
