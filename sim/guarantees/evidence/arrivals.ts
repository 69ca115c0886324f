/**
 * How room keys really came to a device: by what reached it in the step in which it stored them. What the device has noted of that can be
 * forgotten, kept beside what has come since, or false.
 */
import { isObject, type Json, objectAt, stringAt } from '../../../machines/json.ts';
import type { HeldRoomKey, RoomId } from '../../../machines/room-types.ts';
import type { DeviceId, EnvelopeFacts, UserId } from '../../../machines/types.ts';
import type { Break } from '../../engine/breaks.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { filedIn } from './accounts.ts';
import { askedIn } from './asked.ts';
import { downloadIn, keysStored, pointerIn } from './requests.ts';
import { indexIn, sessionIdIn } from './room-keys.ts';

/** The device that a letter is of, as who gets it can tell; `device: null`: of none that can be told. */
type Sender = { readonly user: UserId; readonly device: DeviceId | null };
/** How a room key came. `made`: it did not come at all; `export`: in a key file. `inClear`: in a letter that anybody on the way can have written. */
export type Way =
  | { readonly how: 'made' | 'backup' | 'export' }
  | ({ readonly how: 'room_key' | 'forwarded'; readonly inClear?: true } & Sender)
  | { readonly how: 'bundle'; readonly url: string };

/** A room key that was stored, and how it came. */
export type Come = { readonly player: PlayerId; readonly name: string; readonly held: HeldRoomKey; readonly way: Way };

/** Who sent a letter. Whoever does not implement MSC4147 knows nothing of the keys that it shows. */
const senderOf = ({ sender, claimedSender }: EnvelopeFacts, player: PlayerId, witness: Witness): Sender => {
  const isKnown = sender !== null && (sender.source !== 'embedded' || witness.implementsText(player, 'MSC4147'));
  return isKnown ? { user: sender.user, device: sender.device } : { user: claimedSender, device: null };
};

/** `index`: from which message on it brought the session, where that can be seen. */
type Arrival = { readonly way: Way; readonly index: number | null };

const letterTypes = { 'm.room_key': 'room_key', 'm.forwarded_room_key': 'forwarded' } as const;
const isLetterType = (type: string): type is keyof typeof letterTypes => Object.hasOwn(letterTypes, type);

type Act = Extract<Moment, { kind: 'acted' }>;
const keysInFile = ({ detail }: Act): readonly string[] =>
  (Array.isArray(detail.keys) ? detail.keys : []).map((one: Json) => stringAt(one, 'session_key') ?? '');
/** Sessions of a key file that a person has a device read. */
export const sessionsInFile = (moment: Act): readonly string[] =>
  keysInFile(moment).flatMap((key) => sessionIdIn(key) ?? []);

/** What reached a device in a moment that can have brought it that session; `null`: nothing. */
const arrivalIn = (moment: Moment, player: PlayerId, sessionId: string, witness: Witness): Arrival | null => {
  if (moment.kind === 'delivery') {
    const type = moment.opened?.type ?? stringAt(moment.event, 'type') ?? '';
    if (moment.to !== player || !isLetterType(type)) return null;
    const key = stringAt(moment.opened?.content ?? objectAt(moment.event, 'content'), 'session_key') ?? '';
    if (sessionIdIn(key) !== sessionId) return null;
    const sender = senderOf(moment.facts, player, witness);
    const inClear = moment.opened === null ? ({ inClear: true } as const) : {};
    return { way: { how: letterTypes[type], ...inClear, ...sender }, index: indexIn(key) };
  }
  if (moment.kind === 'acted') {
    if (moment.player !== player || moment.what !== 'import room keys') return null;
    const key = keysInFile(moment).find((one) => sessionIdIn(one) === sessionId);
    return key === undefined ? null : { way: { how: 'export' }, index: indexIn(key) };
  }
  if (moment.kind !== 'request' || moment.from !== player || moment.status !== 200) return null;
  const file = downloadIn(moment);
  if (file !== null) return { way: { how: 'bundle', url: file.url }, index: null };
  const asked = askedIn(moment);
  if (asked?.asks !== 'download room keys') return null;
  const isThere = asked.session === sessionId || hasName(moment.response, sessionId);
  return isThere ? { way: { how: 'backup' }, index: null } : null;
};

/** Whether what a backup answered has an entry of that name, in whichever room. */
const hasName = (answer: Json, sessionId: string): boolean => {
  const sessions = (room: Json | undefined) => objectAt(isObject(room) ? room : {}, 'sessions');
  const rooms = Object.values(objectAt(answer, 'rooms'));
  return [answer, ...rooms].some((room) => named(sessions(room), sessionId) !== undefined);
};

/**
 * How a room key came that is stored in a moment of a step. A device that says which bundle it has it from says so against itself, and
 * one that says it made it held it before anybody. Otherwise it is the last letter that brought the session from that very message on,
 * or else the last that can have brought it at all; where nothing reached the device in the step, what it says.
 */
const wayOf = (step: Step, moment: Moment, player: PlayerId, held: HeldRoomKey, witness: Witness): Way => {
  const { origin, session } = held;
  if (origin.how === 'made' || origin.how === 'bundle') return origin;
  const before = step.moments.slice(0, step.moments.indexOf(moment));
  const dropped = before.flatMap((one) => (one.kind === 'discarded' && one.player === player ? [one.event] : []));
  const arrivals = before
    .filter((one) => one.kind !== 'delivery' || !dropped.includes(one.event))
    .flatMap((one) => arrivalIn(one, player, session.sessionId, witness) ?? []);
  const exact = arrivals.findLast(({ index }) => index === session.firstKnownIndex);
  return exact?.way ?? arrivals.at(-1)?.way ?? origin;
};

/** Room keys stored in a moment of a step, and how each came. */
export const keysCome = (step: Step, moment: Moment, witness: Witness): readonly Come[] =>
  keysStored(moment).map((one) => ({ ...one, way: wayOf(step, moment, one.player, one.held, witness) }));

/** Whether the word for it rests on another person: not made, sent, backed up or exported by whose it is. */
export const isVouched = ({ how }: Way): boolean => how === 'bundle' || how === 'forwarded';

/** The letter that brought a key; none did where it was restored or imported. */
export const broughtBy = ({ player: to, held, way }: Pick<Come, 'player' | 'held' | 'way'>): Pick<Break, 'origin'> => {
  switch (way.how) {
    case 'room_key':
    case 'forwarded':
      return { origin: { brought: 'room key', to, sessionId: held.session.sessionId } };
    case 'bundle':
      return { origin: { brought: 'bundle', to, url: way.url } };
    default:
      return {};
  }
};

/** Who points to a bundle, and what they say it is about. */
export type Pointing = Sender & { readonly room: RoomId };
/** Device → where a bundle lies → the pointers to it that came to the device, each once, in order. */
export type Pointings = Readonly<Record<PlayerId, Readonly<Record<string, readonly Pointing[]>>>>;

/** Pointers that have come to honest devices, after a moment. */
export const pointingsAfter = (before: Pointings, moment: Moment, witness: Witness): Pointings => {
  const pointer = pointerIn(moment);
  if (pointer === null || moment.kind !== 'delivery' || !witness.honest(pointer.player)) return before;
  const { player, url, room } = pointer;
  const known = named(named(before, player) ?? {}, url) ?? [];
  const now: Pointing = { ...senderOf(moment.facts, player, witness), room };
  const textOf = ({ user, device, room }: Pointing): string => JSON.stringify([user, device, room]);
  if (known.some((one) => textOf(one) === textOf(now))) return before;
  return filedIn(
    before,
    player,
    url,
    [...known, now].sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1)),
  );
};

/**
 * By which pointers a device can have come to a bundle that brought it a room key: the one it says, where that came, or else any that did.
 * Where none is known, what it says.
 */
export const pointingsOf = (pointers: Pointings, { player, held: { origin }, way }: Come): readonly Pointing[] => {
  if (way.how !== 'bundle') return [];
  const came = named(named(pointers, player) ?? {}, way.url) ?? [];
  if (origin.how !== 'bundle') return came;
  const { user, device, room } = origin;
  const said = came.filter((one) => one.user === user && one.device === device && one.room === room);
  if (said.length > 0) return said;
  return came.length > 0 ? came : [{ user, device, room }];
};
