/** Syncing a real machine, and what it made of the to-device events. */
import {
  DecryptedToDeviceEvent,
  DecryptionSettings,
  DeviceLists,
  type ProcessedToDeviceEvent,
  TrustRequirement,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { answered, ask, pump, type RealMachine, track, userIdOf } from './machine.ts';

/** What became of one to-device event: the words for the machine's 0, 1, 2, 3. */
export type Received = {
  readonly outcome: 'decrypted' | 'undecryptable' | 'in the clear' | 'invalid';
  /** What was inside when it was decrypted, what came otherwise. */
  readonly event: JsonObject;
  /** The device that sealed it, where the machine says; a name only, unless that device is verified. */
  readonly by: string | null;
  /** The Curve25519 key that sealed it. */
  readonly senderKey: string | null;
};
const outcomes = ['decrypted', 'undecryptable', 'in the clear', 'invalid'] as const;

const strings = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** What one sync brought: what became of the to-device events, and the events of each joined room's timeline as they came. */
export type Synced = {
  readonly received: readonly Received[];
  readonly timelines: Readonly<Record<string, readonly JsonObject[]>>;
};

/**
 * One sync, taken in by the machine, and whatever it wants to send because of it. Its `since` moves on only when the
 * machine has taken everything in. Members of encrypted rooms are followed from then on, as clients do.
 *
 * An event that comes back as decrypted was not thereby accepted: for a secret, ask `inbox`.
 */
export const syncRooms = async (machine: RealMachine): Promise<Synced> => {
  const { nextBatch } = machine.place;
  const query = nextBatch === null ? {} : { since: nextBatch };
  return takeSync(machine, answered(await ask(machine, { method: 'GET', path: paths.sync, query })));
};

/** What the machine says of one to-device event. */
export const receivedAs = (one: ProcessedToDeviceEvent): Received => ({
  outcome: outcomes[one.type] ?? 'invalid',
  event: JSON.parse(one.rawEvent) as JsonObject,
  ...(one instanceof DecryptedToDeviceEvent
    ? { by: one.encryptionInfo.senderDevice?.toString() ?? null, senderKey: one.encryptionInfo.senderCurve25519Key }
    : { by: null, senderKey: null }),
});

/** The same for the answer of a `GET sync` that somebody else has fetched. */
export const takeSync = async (machine: RealMachine, body: Json): Promise<Synced> => {
  const lists = objectAt(body, 'device_lists');
  const counts = Object.entries(objectAt(body, 'device_one_time_keys_count'));
  const processed = await machine.olm.receiveSyncChanges(
    JSON.stringify(objectAt(body, 'to_device').events ?? []),
    new DeviceLists(strings(lists.changed).map(userIdOf), strings(lists.left).map(userIdOf)),
    new Map(counts.map(([algorithm, count]) => [algorithm, Number(count)])),
    // A Set, even an empty one, says that the server knows of fallback keys: else the machine makes none.
    new Set(isObject(body) ? strings(body.device_unused_fallback_key_types) : []),
    new DecryptionSettings(TrustRequirement.Untrusted),
  );
  machine.place.nextBatch = stringAt(body, 'next_batch') ?? machine.place.nextBatch;
  const received = processed.map(receivedAs);
  const joined = Object.entries(objectAt(objectAt(body, 'rooms'), 'join'));
  await track(machine, [...new Set(joined.flatMap(([, room]) => membersIn(room)))]);
  await pump(machine);
  return { received, timelines: Object.fromEntries(joined.map(([id, room]) => [id, eventsOf(room, 'timeline')])) };
};

/** `syncRooms` where only the to-device events matter. */
export const syncMachine = async (machine: RealMachine): Promise<readonly Received[]> =>
  (await syncRooms(machine)).received;

const eventsOf = (room: unknown, part: string): readonly JsonObject[] => {
  const { events } = objectAt(room, part);
  return Array.isArray(events) ? events.filter(isObject) : [];
};

/** Everybody a room of a sync tells of as joined or invited. */
const membersIn = (room: unknown): readonly string[] =>
  ['state', 'timeline']
    .flatMap((part) => eventsOf(room, part))
    .filter((event) => ['join', 'invite'].includes(stringAt(objectAt(event, 'content'), 'membership') ?? ''))
    .flatMap((event) => stringAt(event, 'state_key') ?? []);
