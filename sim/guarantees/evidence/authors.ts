/** Who wrote what, how often, and on whose word devices hold the keys that open it. */
import { own, stringAt, without } from '../../../machines/json.ts';
import type { HeldRoomKey, RoomId } from '../../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../../machines/types.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed, filedIn, filedOrNot, userOf } from './accounts.ts';
import { sessionsInFile } from './arrivals.ts';
import { askedIn, type RequestMoment } from './asked.ts';
import { asCopied, type Copied, noneCopied } from './beginning.ts';
import { keysStored, shownAs } from './requests.ts';
import { printOf } from './room-keys.ts';
import { noRooms, type Rooms, roomsAfter } from './rooms.ts';

/** On whose word a device holds a session. Where it made the session, or was given it in a key file by its person, there is none. */
export type Word =
  /** That of the device which sent it, as its own. */
  | { readonly is: 'first-hand'; readonly user: UserId; readonly device: DeviceId | null }
  /** That of a user who handed it on. */
  | { readonly is: 'vouched'; readonly by: UserId; readonly how: 'bundle' | 'forwarded' }
  /** A backup's, which forgets: on whose word another device of its user had it. */
  | { readonly is: 'backup'; readonly before: Exclude<Word, { is: 'backup' }> | null }
  /** Filed as from a key file that nobody gave it: somebody's whom it has forgotten. */
  | { readonly is: 'unnamed' };

type Words = Readonly<Record<PlayerId, Readonly<Record<string, Word>>>>;
type Written = { readonly room: RoomId; readonly user: UserId; readonly print: string };

export type Authors = Rooms &
  Copied & {
    /** Room → user → print of a text → how often they wrote it there. */
    readonly wrote: Readonly<Record<RoomId, Readonly<Record<UserId, Readonly<Record<string, number>>>>>>;
    /** Device → what its person wrote there that no server has taken or refused yet, oldest first. */
    readonly unsent: Readonly<Record<PlayerId, readonly Written[]>>;
    /** Session → who made it, of those with honest devices. */
    readonly makers: Readonly<Record<string, UserId>>;
    /** Device → session → on whose word it is held. */
    readonly words: Words;
    /** The same of before a device came up from a copy: what it has put into its backup by then lies there. */
    readonly once: Words;
    /** Device → sessions in the key file that its person has just given it. */
    readonly importing: Readonly<Record<PlayerId, readonly string[]>>;
    /** Device → room → user → print of a text → events in which it was shown as theirs, without a warning. */
    readonly shown: Readonly<
      Record<PlayerId, Readonly<Record<RoomId, Readonly<Record<UserId, Readonly<Record<string, readonly string[]>>>>>>>
    >;
  };
export const noAuthors: Authors = {
  ...noRooms,
  ...noneCopied,
  wrote: {},
  unsent: {},
  makers: {},
  words: {},
  once: {},
  importing: {},
  shown: {},
};

/** A message as a person was shown it. */
export type Message = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly event: string;
  readonly sessionId: string;
  readonly sender: UserId;
  readonly text: string;
  readonly sharedBy: UserId | null;
  readonly isWarned: boolean;
  /** Whether it says so at the message itself. */
  readonly isLabelled: boolean;
};
export const messageIn = (moment: Moment): Message | null => {
  const shown = shownAs(moment, 'message');
  if (shown === null) return null;
  const { player, notice } = shown;
  return {
    player,
    room: stringAt(notice, 'room') ?? '',
    event: stringAt(notice, 'event') ?? '',
    sessionId: stringAt(notice, 'session') ?? '',
    sender: stringAt(notice, 'sender') ?? '',
    text: stringAt(notice, 'message') ?? '',
    sharedBy: stringAt(notice, 'sharedBy') ?? null,
    isWarned: typeof notice.warning === 'string',
    isLabelled: notice.label !== null,
  };
};

export const authorsAfter = (before: Authors, moment: Moment, witness: Witness): Authors => {
  const known = roomsAfter(comingBack(before, moment), moment);
  return showing(storing(writing(known, moment, witness), moment, witness), moment, witness);
};

/** A client that comes up again has lost what was to be sent, and from a copy it holds its keys on the word of that time. */
const comingBack = (before: Authors, moment: Moment): Authors => {
  if (moment.kind === 'restarted') {
    const unsent = without(before.unsent, moment.player);
    return unsent === before.unsent ? before : { ...before, unsent };
  }
  const now = asCopied(before, moment, 'words');
  if (moment.kind !== 'acted' || now.words === before.words) return now;
  const { player } = moment;
  const gone = Object.entries(before.words[player] ?? {}).filter(([id, word]) => now.words[player]?.[id] !== word);
  return { ...now, once: gone.reduce((once, [id, word]) => filedIn(once, player, id, word), now.once) };
};

/** An honest person writes, or gives a device a key file. What they write counts once a server has taken it. */
const writing = (before: Authors, moment: Moment, witness: Witness): Authors => {
  if (moment.kind === 'request') return sending(before, moment);
  if (moment.kind !== 'acted') return before;
  if (moment.what === 'import room keys')
    return { ...before, importing: filed(before.importing, moment.player, among([], ...sessionsInFile(moment))) };
  const user = userOf(before.accounts, moment.player);
  // What a thief writes with somebody's device is not theirs.
  if (moment.what !== 'send' || user === null || witness.stolen(moment.player)) return before;
  const room = stringAt(moment.detail, 'room') ?? '';
  const print = printOf(stringAt(moment.detail, 'text') ?? '');
  const waiting = [...(before.unsent[moment.player] ?? []), { room, user, print }];
  return { ...before, unsent: filed(before.unsent, moment.player, waiting) };
};

/** A server takes what waited there for that room, or refuses the first of it for good; what failed otherwise is sent again. */
const sending = (before: Authors, moment: RequestMoment): Authors => {
  const asked = askedIn(moment);
  // A file is taken in at once: what is stored after a sync as if from one came otherwise, and where from was forgotten.
  if (asked?.asks === 'sync' && own(before.importing, moment.from) !== undefined)
    return { ...before, importing: without(before.importing, moment.from) };
  const waiting = named(before.unsent, moment.from) ?? [];
  if (asked?.asks !== 'send event' || waiting.length === 0) return before;
  const ofRoom = waiting.filter(({ room }) => room === asked.room);
  const { status } = moment;
  const leaving = status === 200 ? ofRoom : isRefusal(status) ? ofRoom.slice(0, 1) : [];
  if (leaving.length === 0) return before;
  const unsent = filed(
    before.unsent,
    moment.from,
    waiting.filter((one) => !leaving.includes(one)),
  );
  return { ...before, unsent, wrote: status === 200 ? leaving.reduce(counted, before.wrote) : before.wrote };
};

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 429;

const counted = (wrote: Authors['wrote'], { room, user, print }: Written): Authors['wrote'] => {
  const inRoom = wrote[room] ?? {};
  const ofUser = inRoom[user] ?? {};
  return filed(wrote, room, filed(inRoom, user, filed(ofUser, print, (ofUser[print] ?? 0) + 1)));
};

const storing = (before: Authors, moment: Moment, witness: Witness): Authors => {
  let memory = before;
  for (const { player, held } of keysStored(moment)) {
    const id = held.session.sessionId;
    const maker = held.origin.how === 'made' && witness.honest(player) ? userOf(memory.accounts, player) : null;
    if (maker !== null && memory.makers[id] !== maker) memory = { ...memory, makers: filed(memory.makers, id, maker) };
    const words = memory.words[player] ?? {};
    const word = wordOf(memory, player, held);
    if (JSON.stringify(words[id] ?? null) === JSON.stringify(word)) continue;
    memory = { ...memory, words: filed(memory.words, player, filedOrNot(words, id, word)) };
  }
  return memory;
};

const wordOf = (memory: Authors, player: PlayerId, held: HeldRoomKey): Word | null => {
  const { origin } = held;
  switch (origin.how) {
    case 'room_key':
      return { is: 'first-hand', user: origin.user, device: origin.device };
    case 'backup':
      return { is: 'backup', before: elsewhere(memory, player, held.session.sessionId) };
    case 'made':
      return null;
    case 'export':
      return own(memory.importing, player)?.includes(held.session.sessionId) === true ? null : { is: 'unnamed' };
    case 'bundle':
    case 'forwarded':
      return { is: 'vouched', by: origin.user, how: origin.how };
  }
};

/** On whose word another device of the same user holds a session, or this one did before. */
const elsewhere = (memory: Authors, player: PlayerId, id: string): Exclude<Word, { is: 'backup' }> | null => {
  const user = userOf(memory.accounts, player);
  const wordIn = (words: Words): Word | undefined => {
    const others = Object.keys(words).filter((one) => one !== player && userOf(memory.accounts, one) === user);
    return [...others, player].flatMap((one) => words[one]?.[id] ?? [])[0];
  };
  const word = wordIn(memory.words) ?? wordIn(memory.once);
  return word?.is === 'backup' ? word.before : (word ?? null);
};

const showing = (before: Authors, moment: Moment, witness: Witness): Authors => {
  const message = messageIn(moment);
  if (message === null || message.isWarned || !witness.honest(message.player)) return before;
  const { player, room, sender, text, event } = message;
  const [atDevice, print] = [before.shown[player] ?? {}, printOf(text)];
  const inRoom = atDevice[room] ?? {};
  const ofUser = inRoom[sender] ?? {};
  const events = ofUser[print] ?? [];
  const now = among(events, event);
  if (now === events) return before;
  const ofRoom = filed(inRoom, sender, filed(ofUser, print, now));
  return { ...before, shown: filed(before.shown, player, filed(atDevice, room, ofRoom)) };
};

/** How often somebody wrote a text in a room. */
export const timesWritten = ({ wrote }: Authors, { room, sender, text }: Message): number =>
  wrote[room]?.[sender]?.[printOf(text)] ?? 0;

/** In how many events a device has shown a text as theirs. */
export const timesShown = ({ shown }: Authors, { player, room, sender, text }: Message): number =>
  shown[player]?.[room]?.[sender]?.[printOf(text)]?.length ?? 0;
