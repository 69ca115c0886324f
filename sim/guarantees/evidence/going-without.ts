/** MSC4268: why somebody goes without the history they were asked in to, where a sentence lets it be so, held against what really happened. */
import { clausesOf } from '../../../machines/acceptances.ts';
import { objectAt, stringAt } from '../../../machines/json.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import { concededBy } from '../conceded.ts';
import type { Witness } from '../types.ts';
import { among, filed, filedIfAny, filedIn, filedOrNot, userOf } from './accounts.ts';
import { askedIn, type RequestMoment, toldAs } from './asked.ts';
import { asCopied } from './beginning.ts';
import type { Holdings } from './holdings.ts';
import { downloadIn, pointerIn, roomActs, shownAs, storedAs, uploadedIn } from './requests.ts';
import { printOf } from './room-keys.ts';
import { isOpen, visibilityOf, wasEver } from './rooms.ts';

/** One invitation that goes without, by whom (account), and by which sentence. `device`: that one of theirs; `null`: all of them. */
export type Excuse = {
  readonly room: RoomId;
  readonly user: UserId;
  readonly by: UserId;
  readonly device: PlayerId | null;
  readonly clause: ClauseId;
};

/** What was said of an invitation before one that is asked for, and files that were uploaded since that was asked. */
type Asked = { readonly before: readonly Excuse[]; readonly files: readonly string[] };
type ByInvitation<T> = Readonly<Record<UserId, Readonly<Record<RoomId, Readonly<Record<UserId, T>>>>>>;
type ByUser = Readonly<Record<PlayerId, Readonly<Record<UserId, string>>>>;
type Pointed = { readonly url: string; readonly isTooLarge: boolean };
export type GoingWithout = {
  readonly excuses: readonly Excuse[];
  /** Account → room → user whom they have had asked in, and no server has done that yet. */
  readonly asked: ByInvitation<Asked>;
  /** Account → room → user whom they asked in last → files that may be what was shared with them; none there: any. */
  readonly sharedFiles: ByInvitation<readonly string[]>;
  /** Device → user → print of the master key it has pinned, and of the one it was served last. */
  readonly pinned: ByUser;
  readonly served: ByUser;
  /** Files that a server took. */
  readonly uploaded: readonly string[];
  /** Devices of which a server said that their last file is too large. */
  readonly overLimit: readonly PlayerId[];
  /** Device → room → sender → the file that the last pointer of theirs names. */
  readonly pointed: Readonly<Record<PlayerId, Readonly<Record<RoomId, Readonly<Record<UserId, Pointed>>>>>>;
};
export const noExcuses: GoingWithout = {
  excuses: [],
  asked: {},
  sharedFiles: {},
  pinned: {},
  served: {},
  uploaded: [],
  overLimit: [],
  pointed: {},
};

type Memory = Holdings & GoingWithout;

const windows: readonly ClauseId[] = ['4268-recent-24h', '4268-recent-client-choice'];

/** The sentences by which somebody who was asked in may go without. */
export const lettingGoWithout = clausesOf('history-liveness');
/** What a client takes that has a bound and did not say which, in bytes. */
const bytesUsual = 1_000_000;

/** A pointer was left alone for its age: by whom, in which room, and whose it was; `sender: null`: any that is kept there. */
export type Late = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly sender: UserId | null;
  readonly clause: ClauseId;
};

/** What of a step is left alone for its age. Whose it was is said by what its chart heard last. */
export const lateIn = (step: Step): ReadonlyMap<Moment, Late> => {
  const late = new Map<Moment, Late>();
  step.moments.forEach((moment, nth) => {
    if (moment.kind !== 'clause' || moment.says !== 'refuses' || moment.off || !windows.includes(moment.clause)) return;
    const { player, chart, clause, room } = moment;
    const heard = step.moments
      .slice(0, nth)
      .findLast((one) => one.kind === 'heard' && one.player === player && one.chart === chart);
    const sender = heard?.kind === 'heard' && heard.event.room === room ? stringAt(heard.event, 'sender') : undefined;
    if (room !== undefined) late.set(moment, { player, clause, room, sender: sender ?? null });
  });
  return late;
};

const isSame = (one: Excuse, other: Excuse): boolean =>
  one.room === other.room && one.user === other.user && one.by === other.by && one.device === other.device;

const inOrder = (one: Excuse, other: Excuse): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

const withExcuse = (excuses: readonly Excuse[], excuse: Excuse): readonly Excuse[] =>
  [...excuses.filter((one) => !isSame(one, excuse)), excuse].sort(inOrder);
const excused = <M extends Memory>(memory: M, excuse: Excuse): M => ({
  ...memory,
  excuses: withExcuse(memory.excuses, excuse),
});

const pointedTo = <M extends Memory>(memory: M, player: PlayerId, room: RoomId, by: UserId, pointed: Pointed): M => {
  const own = memory.pointed[player] ?? {};
  const inRoom = filed(own[room] ?? {}, by, pointed);
  return { ...memory, pointed: filed(memory.pointed, player, filed(own, room, inRoom)) };
};

const nested = (all: ByUser, player: PlayerId, user: UserId, master: string): ByUser =>
  all[player]?.[user] === printOf(master) ? all : filedIn(all, player, user, printOf(master));

/** What identities a device has pinned, and is served. */
const knowing = <M extends Memory>(before: M, moment: Moment): M => {
  const pin = storedAs(moment, 'pin');
  if (pin !== null) {
    const pinned = nested(before.pinned, pin.player, pin.patch.user, pin.patch.master);
    return pinned === before.pinned ? before : { ...before, pinned };
  }
  const query = toldAs(moment, 'query keys');
  if (query === null) return before;
  const { from, response } = query;
  let { served } = before;
  for (const [user, master] of Object.entries(objectAt(response, 'master_keys'))) {
    const [key] = Object.values(objectAt(master, 'keys'));
    // What is served as pinned is no news: only what differs is worth a memory.
    if (typeof key !== 'string') continue;
    if (served[from]?.[user] === undefined && before.pinned[from]?.[user] === printOf(key)) continue;
    served = nested(served, from, user, key);
  }
  return served === before.served ? before : { ...before, served };
};

/** Whether somebody's identity is another to that device than the one it goes by. */
export const isChanged = ({ pinned, served }: GoingWithout, player: PlayerId, user: UserId): boolean => {
  const now = served[player]?.[user];
  return now !== undefined && now !== pinned[player]?.[user];
};

/** Whether the room is closed, or was when its device last heard of it: no lie, and not merely unsaid. */
export const isClosed = (memory: Holdings, player: PlayerId, room: RoomId): boolean => {
  const told = memory.believed[player]?.[room];
  if (told?.isLie === true) return false;
  if (!isOpen(visibilityOf(memory, room))) return true;
  return told !== undefined && !isOpen(told.is) && wasEver(memory, room, told.is);
};

/** An inviter says that nothing is shared: the sentence that would let them, where what they say is so. */
const excuseIn = (memory: Memory, player: PlayerId, room: RoomId, user: UserId, why: string): ClauseId | null => {
  switch (why) {
    case 'identity changed':
      return isChanged(memory, player, user) ? '4268-identity-pinning' : null;
    case 'closed':
      return isClosed(memory, player, room) ? '4268-decline-when-currently-closed' : null;
    case 'upload refused':
      return memory.overLimit.includes(player) ? '4268-bundle-exceeds-limit' : null;
    default:
      return null;
  }
};

const saying = <M extends Memory>(memory: M, moment: Moment, witness: Witness): M => {
  const not = shownAs(moment, 'history not shared');
  if (not === null || !witness.honest(not.player)) return memory;
  const by = userOf(memory.accounts, not.player);
  const room = stringAt(not.notice, 'room') ?? '';
  const user = stringAt(not.notice, 'user') ?? '';
  const why = excuseIn(memory, not.player, room, user, stringAt(not.notice, 'why') ?? '');
  const clause = why === null ? null : concededBy(witness, not.player, why);
  return clause === null || by === null ? memory : excused(memory, { room, user, by, device: null, clause });
};

const mapped = <T>(record: Readonly<Record<string, T>>, change: (one: T) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).map(([name, one]) => [name, change(one)]));

/** `all` with each invitation by that account changed. */
const inEach = <T>(all: ByInvitation<T>, by: UserId, change: (one: T) => T): ByInvitation<T> => {
  const own = all[by];
  return own === undefined ? all : { ...all, [by]: mapped(own, (ofRoom) => mapped(ofRoom, change)) };
};

/** A server takes a file: of whoever its account is having asked in, or has asked in where it is having nobody asked in. */
const uploading = <M extends Memory>(memory: M, by: UserId, url: string): M => {
  const now = { ...memory, uploaded: among(memory.uploaded, url) };
  return memory.asked[by] === undefined
    ? { ...now, sharedFiles: inEach(memory.sharedFiles, by, (files) => among(files, url)) }
    : { ...now, asked: inEach(memory.asked, by, (one) => ({ ...one, files: among(one.files, url) })) };
};

/** What is uploaded and pointed to, and what becomes of it: gone since, or too much for whoever fetches it. */
const fetching = <M extends Memory>(before: M, moment: Moment, witness: Witness): M => {
  let memory = before;
  const pointer = pointerIn(moment);
  if (pointer !== null && witness.honest(pointer.player)) {
    const { player, room, sender, url } = pointer;
    memory = pointedTo(memory, player, room, sender, { url, isTooLarge: false });
  }
  if (moment.kind !== 'request') return memory;
  if (askedIn(moment)?.asks === 'upload file') {
    const url = uploadedIn(moment);
    const isOver = moment.status === 413;
    const others = memory.overLimit.filter((player) => player !== moment.from);
    const now = url === null ? memory : uploading(memory, userOf(memory.accounts, moment.from) ?? '', url);
    return { ...now, overLimit: isOver ? among(others, moment.from) : others };
  }
  const download = downloadIn(moment);
  if (download === null || !witness.honest(download.player)) return memory;
  const { player, url, status, bytes } = download;
  const max = witness.option(player, 'bundle size');
  for (const [room, bySender] of Object.entries(memory.pointed[player] ?? {}))
    for (const [by, pointed] of Object.entries(bySender)) {
      if (pointed.url !== url) continue;
      if (status === 404 && memory.uploaded.includes(url))
        memory = leftWithout(memory, witness, { player, room, by, clause: '4268-media-may-expire' }, url);
      const isTooLarge = (bytes ?? 0) > (typeof max === 'number' ? max : bytesUsual);
      if (isTooLarge !== pointed.isTooLarge) memory = pointedTo(memory, player, room, by, { url, isTooLarge });
    }
  return memory;
};

/** An invitee says that it left a bundle alone as too large, and so it was. */
const leaving = <M extends Memory>(memory: M, moment: Moment, witness: Witness): M => {
  const missed = shownAs(moment, 'history unavailable');
  if (missed === null || stringAt(missed.notice, 'why') !== 'too large' || !witness.honest(missed.player))
    return memory;
  const room = stringAt(missed.notice, 'room') ?? '';
  const by = stringAt(missed.notice, 'user') ?? '';
  const pointed = memory.pointed[missed.player]?.[room]?.[by];
  return pointed?.isTooLarge === true
    ? leftWithout(memory, witness, { player: missed.player, room, by, clause: '4268-dos-large-file' }, pointed.url)
    : memory;
};

/** One device of somebody goes without what `by` shares in a room. */
export type OneDevice = {
  readonly player: PlayerId;
  readonly room: RoomId;
  readonly by: UserId;
  readonly clause: ClauseId;
};
export const withoutDevice = <M extends Memory>(memory: M, { player, room, by, clause }: OneDevice): M => {
  const user = userOf(memory.accounts, player);
  return user === null ? memory : excused(memory, { room, user, by, device: player, clause });
};

/**
 * The same, where the sentence is one of the text that this device, which reads, goes by: of the invitation whose file that is. What
 * was shared with an earlier one is no loss of a later one's, whatever became of it.
 */
const leftWithout = <M extends Memory>(memory: M, witness: Witness, one: OneDevice, url: string): M => {
  if (concededBy(witness, one.player, one.clause) === null) return memory;
  const { player: device, room, by, clause } = one;
  const user = userOf(memory.accounts, device) ?? '';
  const asked = memory.asked[by]?.[room]?.[user];
  const isOfThis = memory.sharedFiles[by]?.[room]?.[user]?.includes(url) ?? true;
  if (asked === undefined) return isOfThis ? withoutDevice(memory, one) : memory;
  const now = asked.files.includes(url) ? withoutDevice(memory, one) : memory;
  if (!isOfThis) return now;
  const before = withExcuse(asked.before, { room, user, by, device, clause });
  return { ...now, asked: withInvitation(now.asked, room, user, by, { ...asked, before }) };
};

const isLate = <M extends Memory>(memory: M, late: Late | undefined, witness: Witness): M => {
  if (late === undefined || !witness.honest(late.player)) return memory;
  const { player, room, clause } = late;
  const senders = Object.keys(memory.pointed[player]?.[room] ?? {});
  return senders
    .filter((by) => late.sender === null || late.sender === by)
    .reduce((now, by) => {
      const url = memory.pointed[player]?.[room]?.[by]?.url ?? '';
      return leftWithout(now, witness, { player, room, by, clause }, url);
    }, memory);
};

const isOf =
  (room: RoomId, user: UserId, by: UserId) =>
  (one: Excuse): boolean =>
    one.room === room && one.user === user && one.by === by;

/**
 * A person has somebody asked in: what was said of an earlier invitation of theirs excuses nothing of this one. Until a server has done it
 * there is none but the earlier, and what is said meanwhile is of none.
 */
const asking = <M extends Memory>(memory: M, { player, what, detail }: Extract<Moment, { kind: 'acted' }>): M => {
  const by = userOf(memory.accounts, player);
  if (what !== 'invite' || by === null) return memory;
  const [room, user] = [stringAt(detail, 'room') ?? '', stringAt(detail, 'user') ?? ''];
  const before = memory.asked[by]?.[room]?.[user]?.before ?? memory.excuses.filter(isOf(room, user, by));
  const excuses = memory.excuses.filter((one) => !isOf(room, user, by)(one));
  return { ...memory, excuses, asked: withInvitation(memory.asked, room, user, by, { before, files: [] }) };
};

const withInvitation = <T>(
  all: ByInvitation<T>,
  room: RoomId,
  user: UserId,
  by: UserId,
  value: T | null,
): ByInvitation<T> => {
  const own = all[by] ?? {};
  const ofRoom = filedOrNot(own[room] ?? {}, user, value);
  return filedIfAny(all, by, filedIfAny(own, room, ofRoom));
};

/** Somebody is really asked in. */
const invited = <M extends Memory>(memory: M, moment: RequestMoment): M => {
  let now = memory;
  const by = userOf(memory.accounts, moment.from);
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'invite' || act.user === null || by === null) continue;
    const { room, user } = act;
    const asked = now.asked[by]?.[room]?.[user];
    if (asked === undefined) continue;
    const sharedFiles = withInvitation(now.sharedFiles, room, user, by, asked.files);
    now = { ...now, sharedFiles, asked: withInvitation(now.asked, room, user, by, null) };
  }
  return now;
};

/** What excuses whom after a moment. `late`: what of the step is left alone for its age (`lateIn`). */
export const goingWithoutAfter = <M extends Memory>(
  before: M,
  moment: Moment,
  witness: Witness,
  late: ReadonlyMap<Moment, Late>,
): M => {
  switch (moment.kind) {
    case 'acted':
      return asking(asCopied(before, moment, 'pinned', 'served', 'pointed'), moment);
    case 'clause':
      return isLate(before, late.get(moment), witness);
    case 'shown':
      return leaving(saying(before, moment, witness), moment, witness);
    case 'stored':
      return knowing(before, moment);
    case 'request':
    case 'delivery': {
      if (Object.keys(before.rooms).length === 0) return before;
      const memory = fetching(knowing(before, moment), moment, witness);
      return moment.kind === 'request' ? invited(memory, moment) : memory;
    }
    default:
      return before;
  }
};

/** The sentence by which a device goes without what `by` could have shared with its user in a room; `null`: none. */
export const excuseOf = (
  memory: GoingWithout,
  { room, user, by, device }: { readonly [part in 'room' | 'user' | 'by']: string } & { readonly device: PlayerId },
): ClauseId | null =>
  (memory.asked[by]?.[room]?.[user]?.before ?? memory.excuses).find(
    (one) => isOf(room, user, by)(one) && (one.device === null || one.device === device),
  )?.clause ?? null;
