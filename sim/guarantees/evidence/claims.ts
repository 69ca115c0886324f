/** What clients say to their people, and beside it what has really happened: who shared what, which requests failed, whose keys came. */
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import { named } from '../../engine/names.ts';
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { filed, filedIn, filedOrNot, hasLeft, noted, unnoted, userOf } from './accounts.ts';
import { type Asked, askedIn, doneIn, type RequestMoment } from './asked.ts';
import { asCopied } from './beginning.ts';
import type { Holdings } from './holdings.ts';
import { isGiftTo } from './meant.ts';
import { downloadIn, shownAs, storedAs, uploadedIn } from './requests.ts';
import { printOf } from './room-keys.ts';

/** What a device last put into a bundle for somebody. */
export type Given = {
  readonly sessions: number;
  readonly withheld: number;
  readonly url: string;
  readonly devices: number;
};
type Ask = 'upload file' | 'upload room keys' | 'delete backup version';
const asks: readonly (Asked['asks'] | undefined)[] = [
  'upload file',
  'upload room keys',
  'delete backup version',
] satisfies readonly Ask[];

/** History of which a person is told that it was shared with somebody, or withheld from them, before word of it goes to their devices. */
export type Promised = {
  readonly room: RoomId;
  readonly user: UserId;
  /** Whether any letter has gone out to them since, or need not: no room key is given. */
  readonly hasLeft: boolean;
};

/** What came of fetching a file: its bytes, as a print, that there is none, or nothing that says either. */
export type Got = { readonly print: string } | 'no file' | 'no answer';

export type Claims = {
  /** Device → what is to be sent yet, as far as it has not said that it is done; of a room one sharing at most. */
  readonly promised: Readonly<Record<PlayerId, readonly Promised[]>>;
  /** Device → room → user → what they were given last. */
  readonly given: Readonly<Record<PlayerId, Readonly<Record<RoomId, Readonly<Record<UserId, Given>>>>>>;
  /** Where a bundle lies → the accounts that say it is theirs. */
  readonly sharers: Readonly<Record<string, readonly UserId[]>>;
  /** Where a file lies → print of what was uploaded there. */
  readonly files: Readonly<Record<string, string>>;
  /** Device → file → what it got there last. */
  readonly got: Readonly<Record<PlayerId, Readonly<Record<string, Got>>>>;
  /** Device → requests of it that its server did not do when it last made them. */
  readonly failed: Readonly<Record<PlayerId, readonly Ask[]>>;
  /** Device → requests of it that had no answer when it last made them, done or not. */
  readonly unanswered: Readonly<Record<PlayerId, readonly Ask[]>>;
  /** Account → prints of the master keys that devices of its person have published. */
  readonly masters: Readonly<Record<UserId, readonly string[]>>;
  /** Device → users of whose keys its server had nothing when it was last asked. */
  readonly unfetched: Readonly<Record<PlayerId, readonly UserId[]>>;
};
export const noClaims: Claims = {
  promised: {},
  given: {},
  sharers: {},
  files: {},
  got: {},
  failed: {},
  unanswered: {},
  masters: {},
  unfetched: {},
};

type Memory = Holdings & Claims;

const sharing = <M extends Memory>(memory: M, moment: Moment): M => {
  const shared = storedAs(moment, 'history shared');
  if (shared === null) return memory;
  const { room, user, sessions, withheld, url, devices } = shared.patch;
  const given: Given = {
    sessions: sessions.length,
    withheld: Object.keys(withheld).length,
    url,
    devices: devices.length,
  };
  const own = memory.given[shared.player] ?? {};
  const by = userOf(memory.accounts, shared.player);
  return {
    ...memory,
    given: filed(memory.given, shared.player, filed(own, room, filed(own[room] ?? {}, user, given))),
    sharers: by === null ? memory.sharers : noted(memory.sharers, url, by),
  };
};

const isAsk = (asked: Asked['asks'] | undefined): asked is Ask => asks.includes(asked);
type Asks = Claims['failed'];
const notedOf = (all: Asks, player: PlayerId, asked: Ask, isSo: boolean): Asks =>
  isSo ? (noted(all, player, asked) as Asks) : unnoted(all, player, asked);

const gotIn = (moment: RequestMoment): Got => {
  if (moment.lost === true) return 'no answer';
  const data = moment.status === 200 ? stringAt(moment.response, 'data') : undefined;
  return data !== undefined ? { print: printOf(data) } : moment.status === 404 ? 'no file' : 'no answer';
};

/** Requests: whether they failed, what was uploaded and fetched, and whose keys came. */
const asking = <M extends Memory>(before: M, moment: RequestMoment, witness: Witness): M => {
  const asked = askedIn(moment)?.asks;
  const { from } = moment;
  const isUnanswered = moment.lost === true || moment.status === 0;
  let memory = before;
  if (isAsk(asked)) {
    const failed = notedOf(memory.failed, from, asked, moment.status !== 200);
    const unanswered = notedOf(memory.unanswered, from, asked, isUnanswered);
    if (failed !== memory.failed || unanswered !== memory.unanswered) memory = { ...memory, failed, unanswered };
  }
  const url = uploadedIn(moment);
  if (url !== null)
    memory = { ...memory, files: filed(memory.files, url, printOf(stringAt(moment.body, 'data') ?? '')) };
  const download = downloadIn(moment);
  if (download !== null && witness.honest(from)) {
    memory = { ...memory, got: filedIn(memory.got, from, download.url, gotIn(moment)) };
  }
  // What the server has taken is theirs, whether or not its answer came.
  if (asked === 'publish identity' && moment.status === 200) {
    const by = userOf(memory.accounts, from);
    const [master] = Object.values(objectAt(objectAt(moment.body, 'master_key'), 'keys'));
    if (by !== null && typeof master === 'string' && witness.honest(from))
      memory = { ...memory, masters: noted(memory.masters, by, printOf(master)) };
  }
  if (asked === 'query keys' && witness.honest(from))
    for (const user of Object.keys(objectAt(moment.body, 'device_keys'))) {
      const isThere =
        moment.status === 200 && !isUnanswered && isObject(objectAt(moment.response, 'device_keys')[user]);
      const unfetched = isThere ? unnoted(memory.unfetched, from, user) : noted(memory.unfetched, from, user);
      if (unfetched !== memory.unfetched) memory = { ...memory, unfetched };
    }
  return memory;
};

/** Notices that history was shared or withheld, and letters that go out after them: to whom is known, of what they are is not. */
const promising = <M extends Memory>(memory: M, moment: Moment, witness: Witness): M => {
  const shared = shownAs(moment, 'history shared');
  const told = shared ?? shownAs(moment, 'history withheld');
  if (told !== null && witness.honest(told.player)) {
    const [room, user] = [stringAt(told.notice, 'room') ?? '', stringAt(told.notice, 'user') ?? ''];
    const others = (memory.promised[told.player] ?? []).filter((one) => one.room !== room);
    return withPromised(memory, told.player, [...others, { room, user, hasLeft: shared === null }]);
  }
  // Letters that wait go out yet, and nobody says of which sharing they were.
  if (moment.kind === 'restarted')
    return memory.promised[moment.player] === undefined ? memory : withPromised(memory, moment.player, []);
  if (moment.kind !== 'request') return memory;
  const waiting = named(memory.promised, moment.from) ?? [];
  if (waiting.every(({ hasLeft }) => hasLeft)) return memory;
  const leaves = ({ user, hasLeft }: Promised): boolean => !hasLeft && isGiftTo(moment, moment.from, user);
  if (!waiting.some(leaves)) return memory;
  return withPromised(
    memory,
    moment.from,
    waiting.map((one) => (leaves(one) ? { ...one, hasLeft: true } : one)),
  );
};
const withPromised = <M extends Memory>(memory: M, player: PlayerId, promised: readonly Promised[]): M => ({
  ...memory,
  promised: filedOrNot(memory.promised, player, promised.length === 0 ? null : promised),
});

/** What a device promised, and for certain did not send. */
export type Unsent = { readonly player: PlayerId; readonly promised: Promised };

/**
 * What devices promised that is settled by a moment: one is done with sending in a room, or has logged out or been removed, so that
 * nothing of it goes out any more. Of it that stays unsent for which no letter has gone out since.
 */
export const settledIn = <M extends Memory>(
  memory: M,
  moment: Moment,
): { readonly memory: M; readonly unsent: readonly Unsent[] } => {
  const settled = Object.entries(memory.promised).flatMap(([player, waiting]) =>
    waiting
      .filter(({ room }) => isSettled(memory, moment, player, room))
      .map((promised): Unsent => ({ player, promised })),
  );
  const left = settled.reduce(
    (now, { player, promised }) =>
      withPromised(
        now,
        player,
        (now.promised[player] ?? []).filter(({ room }) => room !== promised.room),
      ),
    memory,
  );
  return { memory: left, unsent: settled.filter(({ promised }) => !promised.hasLeft) };
};

/** Whether a device is done, from this moment on, with sending word of history of that room. */
export const isSettled = (
  { accounts }: Pick<Memory, 'accounts'>,
  moment: Moment,
  player: PlayerId,
  room: RoomId,
): boolean => {
  if (moment.kind === 'heard')
    return moment.player === player && moment.event.type === 'bundle.pointed' && moment.room === room;
  const done = doneIn(moment)?.asks;
  return (done === 'log out' || done === 'remove device') && hasLeft(accounts, player);
};

/** What is remembered after a moment, which `before` knows already of rooms and accounts. */
export const claimsAfter = <M extends Memory>(earlier: M, moment: Moment, witness: Witness): M => {
  const before = asCopied(earlier, moment, 'given', 'got', 'failed', 'unanswered', 'unfetched');
  return promising(
    moment.kind === 'request' ? asking(before, moment, witness) : sharing(before, moment),
    moment,
    witness,
  );
};

/** How many keys a device took, and of how many it noted that they are withheld, since it last fetched a file, by the notice that follows. */
export type Taken = { readonly sessions: number; readonly withheld: number };
export const takenIn = (step: Step): ReadonlyMap<Moment, Taken> => {
  const taken = new Map<Moment, Taken>();
  const since: Record<PlayerId, Taken> = {};
  for (const moment of step.moments) {
    const download = downloadIn(moment);
    if (download !== null) delete since[download.player];
    if (moment.kind === 'stored') {
      const { sessions, withheld } = since[moment.player] ?? nothing;
      if (moment.patch.patch === 'room keys')
        since[moment.player] = { sessions: Object.keys(moment.patch.keys).length, withheld };
      if (moment.patch.patch === 'withheld')
        since[moment.player] = { sessions, withheld: Object.keys(moment.patch.entries).length };
    }
    if (moment.kind === 'shown' && moment.notice.about === 'bundle imported') {
      taken.set(moment, since[moment.player] ?? nothing);
      delete since[moment.player];
    }
  }
  return taken;
};
const nothing: Taken = { sessions: 0, withheld: 0 };
