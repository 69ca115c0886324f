import { clausesOf } from '../../machines/acceptances.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { Ms, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { filed, filedIn, userOf } from './evidence/accounts.ts';
import { keysCome } from './evidence/arrivals.ts';
import { asCopied, type Copied, noneCopied } from './evidence/beginning.ts';
import {
  downloadIn,
  pointerIn,
  type RoomNews,
  sentIn,
  storedAs,
  syncedIn,
  type VisibilityNews,
  visibilitiesSet,
} from './evidence/requests.ts';
import { invitersOf, isOpen, isOut, membershipOf, noRooms, type Rooms, roomsAfter } from './evidence/rooms.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

/** Who points to a file, as a bundle of which room. */
type Pointing = { readonly room: RoomId; readonly sender: UserId };
/** Where pointers that came lead to: by whom, in the order in which they came, and how often that was fetched. */
type Pointed = { readonly by: readonly Pointing[]; readonly fetched: number; readonly bytes: number };
/** A device's session in a room, and what has happened since it was first given out. */
type Turn = {
  readonly session: string;
  readonly toggled: boolean;
  readonly hasReason: boolean;
  /** Whether the room was open when it was last written under, as the device was told. */
  readonly wasOpen: boolean | null;
};

type Memory = Rooms &
  Copied & {
    /** Device → where the bundle lies → what is known of it. */
    readonly pointers: Readonly<Record<PlayerId, Readonly<Record<string, Pointed>>>>;
    /** Device → room → when it was heard that its user is in. */
    readonly joinedMs: Readonly<Record<PlayerId, Readonly<Record<RoomId, Ms>>>>;
    readonly turns: Readonly<Record<PlayerId, Readonly<Record<RoomId, Turn>>>>;
    /** Device → room → the class of visibility it was last told of. */
    readonly open: Readonly<Record<PlayerId, Readonly<Record<RoomId, boolean>>>>;
  };

/** More often than this one bundle is not worth trying for. */
const fetchesMax = 3;
const hourMs = 60 * 60 * 1000;

/** The last time that a device hears in a step; long ago where it hears none. */
const nowOf = (step: Step, player: PlayerId): Ms =>
  Math.max(
    ...step.moments.flatMap((moment) =>
      moment.kind === 'heard' && moment.player === player ? (moment.event.atMs ?? []) : [],
    ),
  );

const remembering = (earlier: Memory, moment: Moment): Memory => {
  const before = asCopied(earlier, moment, 'joinedMs', 'turns', 'open');
  return turning(pointing(hearing(roomsAfter(before, moment), moment), moment), moment);
};

/** A pointer counts once, however often it comes. */
const pointing = (before: Memory, moment: Moment): Memory => {
  const pointer = pointerIn(moment);
  if (pointer === null) return before;
  const { player, url, room, sender } = pointer;
  const known = before.pointers[player]?.[url] ?? { by: [], fetched: 0, bytes: 0 };
  if (known.by.some((one) => one.room === room && one.sender === sender)) return before;
  const now: Pointed = { ...known, by: [...known.by, { room, sender }] };
  return { ...before, pointers: filedIn(before.pointers, player, url, now) };
};

/** When a device's user came in: that they are in is heard at every sync, and counts once until they are heard to have been out. */
const hearing = (before: Memory, moment: Moment): Memory => {
  if (moment.kind === 'request') return syncedIn(moment).reduce(leftMeanwhile, before);
  if (moment.kind !== 'heard') return before;
  const { type, room, section, atMs } = moment.event;
  if (room === undefined || (type !== 'told.joined' && type !== 'sync.room')) return before;
  const { [room]: since, ...others } = before.joinedMs[moment.player] ?? {};
  if (type === 'sync.room' && section !== 'join')
    return since === undefined ? before : { ...before, joinedMs: filed(before.joinedMs, moment.player, others) };
  return since !== undefined || atMs === undefined
    ? before
    : { ...before, joinedMs: filedIn(before.joinedMs, moment.player, room, atMs) };
};

/** Out and back in between two syncs: what the next one says of the room is that they are in, and they have come in since. */
const leftMeanwhile = (memory: Memory, { player, room, members }: RoomNews): Memory => {
  const own = userOf(memory.accounts, player);
  const { [room]: since, ...others } = memory.joinedMs[player] ?? {};
  return since === undefined || !members.some(({ user, is }) => user === own && isOut(is))
    ? memory
    : { ...memory, joinedMs: filed(memory.joinedMs, player, others) };
};

/** What happens to a device's session in a room: messages under it, and reasons to replace it. */
const turning = (before: Memory, moment: Moment): Memory => {
  let memory = before;
  const message = sentIn(moment);
  const turn = message === null ? undefined : memory.turns[message.player]?.[message.room];
  if (message !== null && turn !== undefined && !turn.hasReason)
    memory = withTurn(memory, message.player, message.room, {
      ...turn,
      wasOpen: memory.open[message.player]?.[message.room] ?? null,
    });
  for (const news of visibilitiesSet(moment)) memory = opening(memory, news);
  for (const news of syncedIn(moment)) memory = leaving(opening(memory, news), news);
  return needed(memory, moment);
};

/** What the device finds of its session when one is to be sent with: somebody who has it is gone, or it has been used enough. */
const needed = (memory: Memory, moment: Moment): Memory => {
  if (moment.kind !== 'heard' || moment.event.type !== 'room-keys.outbound') return memory;
  const { room = '', hasDeparted, isSpent } = moment.event;
  const turn = memory.turns[moment.player]?.[room];
  return turn !== undefined && (hasDeparted === true || isSpent === true)
    ? withTurn(memory, moment.player, room, { ...turn, hasReason: true })
    : memory;
};

/** Whether a room is open, as a device hears of it. */
const opening = (before: Memory, { player, room, visibilities }: VisibilityNews): Memory => {
  let memory = before;
  for (const visibility of visibilities) {
    const now = isOpen(visibility);
    const known = memory.open[player]?.[room];
    const own = memory.turns[player]?.[room];
    if (own !== undefined && known !== undefined) memory = withTurn(memory, player, room, { ...own, toggled: true });
    if (known !== now) memory = { ...memory, open: filedIn(memory.open, player, room, now) };
  }
  return memory;
};

/** Whether a sync tells that anybody is out, or leaves a gap in which they may have gone. */
const leaving = (memory: Memory, { player, room, members, limited }: RoomNews): Memory => {
  const own = memory.turns[player]?.[room];
  const isNews = limited || members.some(({ is }) => isOut(is));
  return own !== undefined && isNews ? withTurn(memory, player, room, { ...own, hasReason: true }) : memory;
};

const withTurn = (memory: Memory, player: PlayerId, room: RoomId, turn: Turn): Memory => {
  const known = memory.turns[player]?.[room];
  const isSame = JSON.stringify(known) === JSON.stringify(turn);
  return isSame ? memory : { ...memory, turns: filedIn(memory.turns, player, room, turn) };
};

/** A new session for a room in which nothing happened but a change of visibility that changes nothing, or went and came back. */
const rotating = (memory: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const given = storedAs(moment, 'room key given');
  if (given === null || !witness.honest(given.player)) return { memory };
  const { player, patch } = given;
  const turn = memory.turns[player]?.[patch.room];
  if (turn?.session === patch.sessionId) return { memory };
  const isOpenNow = memory.open[player]?.[patch.room] ?? null;
  return {
    memory: withTurn(memory, player, patch.room, {
      session: patch.sessionId,
      toggled: false,
      hasReason: false,
      wasOpen: isOpenNow,
    }),
    breaks:
      turn?.toggled === true && !turn.hasReason && turn.wasOpen === isOpenNow
        ? [
            {
              at: player,
              about: { is: 'room', room: patch.room },
              why: `${player} gives out a new room key though nothing has changed for those who come later`,
              acceptedBy: null,
            },
          ]
        : [],
  };
};

/** Days of 24 hours, unless the client has chosen otherwise. */
const windowMs = (witness: Witness, player: PlayerId): Ms => {
  const hours = witness.option(player, 'bundle window');
  return (typeof hours === 'number' ? hours : 24) * hourMs;
};

/** What is wrong with fetching what a pointer leads to, by that pointer; `null`: nothing. */
const wrongBy = (memory: Memory, player: PlayerId, pointing: Pointing, step: Step, witness: Witness): string | null => {
  const { room, sender } = pointing;
  const user = userOf(memory.accounts, player) ?? '';
  if (membershipOf(memory, room, user) !== 'join' || !invitersOf(memory, room, user).includes(sender))
    return `${player} downloads what ${sender} points to, whose invitation to ${room} it has not accepted`;
  const joined = memory.joinedMs[player]?.[room];
  const isLate = nowOf(step, player) - (joined ?? Number.POSITIVE_INFINITY) > windowMs(witness, player);
  return isLate ? `${player} downloads a bundle long after its user came in` : null;
};

/** Of several pointers to one file one is enough that may be followed. */
const fetching = (memory: Memory, moment: Moment, witness: Witness, step: Step): Look<Memory> => {
  const download = downloadIn(moment);
  if (download === null || !witness.honest(download.player)) return { memory };
  const { player, url } = download;
  const pointed = memory.pointers[player]?.[url];
  if (pointed === undefined) return { memory };
  const now: Pointed = { ...pointed, fetched: pointed.fetched + 1, bytes: download.bytes ?? pointed.bytes };
  const wrong = pointed.by.map((one) => wrongBy(memory, player, one, step, witness));
  const tooOften = now.fetched > fetchesMax ? `${player} downloads the same bundle ${now.fetched} times` : null;
  const why = wrong.includes(null) ? tooOften : (wrong[0] ?? null);
  return {
    memory: { ...memory, pointers: filedIn(memory.pointers, player, url, now) },
    breaks: why === null ? [] : [{ at: player, about: { is: 'file', url }, why, acceptedBy: null }],
    shadow: why === null && now.fetched === 1 && download.status === 200,
  };
};

/** Keys are taken from more than the client meant to take. */
const swallowing = (memory: Memory, moment: Moment, witness: Witness, step: Step): readonly Break[] =>
  keysCome(step, moment, witness).flatMap(({ player, way }) => {
    if (way.how !== 'bundle' || !witness.honest(player)) return [];
    const max = Number(witness.option(player, 'bundle size') ?? Number.POSITIVE_INFINITY);
    const bytes = memory.pointers[player]?.[way.url]?.bytes ?? 0;
    return bytes > max
      ? [
          {
            at: player,
            about: { is: 'file', url: way.url },
            why: `${player} takes a bundle of ${bytes} bytes, more than it meant to`,
            acceptedBy: null,
          },
        ]
      : [];
  });

const look = (before: Memory, moment: Moment, witness: Witness, step: Step): Look<Memory> => {
  const remembered = remembering(before, moment);
  const fetched = fetching(remembered, moment, witness, step);
  const rotated = rotating(fetched.memory, moment, witness);
  const breaks = [
    ...(fetched.breaks ?? []),
    ...(rotated.breaks ?? []),
    ...swallowing(rotated.memory, moment, witness, step),
  ];
  return { memory: rotated.memory, breaks, shadow: fetched.shadow === true };
};

export const availability: Guarantee<Memory> = {
  id: 'availability',
  kind: 'always',
  accepts: clausesOf('availability'),
  begin: { ...noRooms, ...noneCopied, pointers: {}, joinedMs: {}, turns: {}, open: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness, step)),
};
