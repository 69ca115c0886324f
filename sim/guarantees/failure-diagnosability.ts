import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, filedIn, notedIn, userOf, withoutIn } from './evidence/accounts.ts';
import { asCopied } from './evidence/beginning.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { downloadIn, notShared, shownAs, storedAs, uploadedIn } from './evidence/requests.ts';
import { filedUnder } from './evidence/room-keys.ts';
import { noneSigned, type Signed, signedAfter } from './evidence/signed.ts';
import { type SignedThen, signedThenAfter, wasSigned } from './evidence/signed-then.ts';
import type { Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Unread = { readonly room: RoomId; readonly session: string; readonly reason: string };
type ByRoom<T> = Readonly<Record<RoomId, T>>;
/** What an honest device has put into a file, given or said to be withheld. */
type Bundle = { readonly by: UserId; readonly sessions: readonly string[] };

type Memory = Holdings &
  SignedThen & {
    readonly signed: Signed;
    /** Device → event → why it cannot be read, as its user was told last. */
    readonly unread: Readonly<Record<PlayerId, Readonly<Record<string, Unread>>>>;
    /** Device → sessions of which it was said that they are withheld. */
    readonly withheld: Readonly<Record<PlayerId, readonly string[]>>;
    /** Room → user → who shared history with them → sessions that those knew of, and were not to share. */
    readonly closed: ByRoom<Readonly<Record<UserId, Readonly<Record<UserId, readonly string[]>>>>>;
    /** Room → user → who invited them without a bundle that could have told them. */
    readonly unsaid: ByRoom<Readonly<Record<UserId, readonly UserId[]>>>;
    /** Device → room → whose bundles of it it has taken. */
    readonly imported: Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
    /** Where it lies → the bundle. */
    readonly bundles: Readonly<Record<string, Bundle>>;
    /** Files that a server took. */
    readonly uploaded: readonly string[];
    /** Device → files that it was told are not there, and by which sentence it may say nothing of that. */
    readonly gone: Readonly<Record<PlayerId, Readonly<Record<string, ClauseId | null>>>>;
    /** Room → device → who shared what its user was told could not be had. */
    readonly missed: ByRoom<Readonly<Record<PlayerId, readonly UserId[]>>>;
  };

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = asCopied(holdingsAfter(before, moment, witness), moment, 'unread', 'withheld', 'imported', 'gone');
  memory = closing(memory, moment, witness);
  const withheld = storedAs(moment, 'withheld');
  if (withheld !== null) {
    const ids = Object.keys(withheld.patch.entries).map(filedUnder);
    const known = memory.withheld[withheld.player] ?? [];
    memory = { ...memory, withheld: filed(memory.withheld, withheld.player, among(known, ...ids)) };
  }
  return fetching(reading(memory, moment), moment, witness);
};

/** Somebody is invited by a device that knows of sessions they are not to have: it shares what it may, or says that it may nothing. */
const closing = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const shared = storedAs(moment, 'history shared');
  const none = shownAs(moment, 'history not shared');
  const player = shared?.player ?? (none?.notice.why === 'no keys' ? none.player : undefined);
  if (player === undefined || !witness.honest(player)) return memory;
  const room = shared?.patch.room ?? stringAt(none?.notice, 'room') ?? '';
  const user = shared?.patch.user ?? stringAt(none?.notice, 'user') ?? '';
  const closed = Object.entries(memory.sessions).flatMap(([id, session]) =>
    session.room === room && !session.flag && knows(memory, player, room, id) ? [id] : [],
  );
  const by = userOf(memory.accounts, player) ?? '';
  const ofRoom = notedIn(memory.closed[room] ?? {}, user, by, ...closed);
  return {
    ...memory,
    closed: ofRoom === memory.closed[room] ? memory.closed : filed(memory.closed, room, ofRoom),
    unsaid: shared === null ? notedIn(memory.unsaid, room, user, by) : memory.unsaid,
  };
};

/** Whether a device has a session, or was told that it is not to. */
const knows = (memory: Memory, player: PlayerId, room: RoomId, id: string): boolean =>
  memory.holds[player]?.[roomKeyName(room, id)] !== undefined || memory.withheld[player]?.includes(id) === true;

const reading = (memory: Memory, moment: Moment): Memory => {
  const unreadable = shownAs(moment, 'unreadable message');
  const shown = unreadable ?? shownAs(moment, 'message');
  if (shown === null) return memory;
  const event = stringAt(shown.notice, 'event') ?? '';
  if (unreadable === null) {
    const unread = withoutIn(memory.unread, shown.player, event);
    return unread === memory.unread ? memory : { ...memory, unread };
  }
  const unread: Unread = {
    room: stringAt(shown.notice, 'room') ?? '',
    session: stringAt(shown.notice, 'session') ?? '',
    reason: stringAt(shown.notice, 'reason') ?? 'no key',
  };
  return { ...memory, unread: filedIn(memory.unread, shown.player, event, unread) };
};

const fetching = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = before;
  const shared = storedAs(moment, 'history shared');
  const by = shared === null || !witness.honest(shared.player) ? null : userOf(memory.accounts, shared.player);
  if (shared !== null && by !== null) {
    const { url, sessions, withheld } = shared.patch;
    const bundle = { by, sessions: among([], ...sessions, ...Object.keys(withheld)) };
    memory = { ...memory, bundles: filed(memory.bundles, url, bundle) };
  }
  const uploaded = uploadedIn(moment);
  if (uploaded !== null) memory = { ...memory, uploaded: among(memory.uploaded, uploaded) };
  const download = downloadIn(moment);
  if (download !== null && download.status === 404) {
    const { player, url } = download;
    const letBy = silenceOf(memory, witness, player, url);
    if (memory.gone[player]?.[url] !== letBy) memory = { ...memory, gone: filedIn(memory.gone, player, url, letBy) };
  }
  const told = shownAs(moment, 'history unavailable');
  if (told !== null) {
    const room = stringAt(told.notice, 'room') ?? '';
    const user = stringAt(told.notice, 'user') ?? '';
    memory = { ...memory, missed: notedIn(memory.missed, room, told.player, user) };
  }
  const imported = shownAs(moment, 'bundle imported');
  if (imported === null) return memory;
  const [room, of] = [stringAt(imported.notice, 'room') ?? '', stringAt(imported.notice, 'user') ?? ''];
  return { ...memory, imported: notedIn(memory.imported, imported.player, room, of) };
};

/** To say so is left to clients, of a file that is gone: whoever means to, has to, and one that never was is another matter. */
const silenceOf = ({ uploaded }: Memory, witness: Witness, player: PlayerId, url: string): ClauseId | null =>
  uploaded.includes(url) && witness.option(player, 'warn expired') !== true
    ? concededBy(witness, player, '4268-expired-media-warn')
    : null;

/** A bundle with that session that the device could not have, of which nobody told its user; `null`: none. */
const missedIn = (memory: Memory, player: PlayerId, { room, session }: Unread): string | null =>
  Object.keys(memory.gone[player] ?? {}).find((url) => {
    const bundle = memory.bundles[url];
    const isTold = bundle !== undefined && memory.missed[room]?.[player]?.includes(bundle.by) === true;
    return bundle?.sessions.includes(session) === true && !isTold;
  }) ?? null;

/** What is wrong with the reason that a user was given last. */
const judge = (memory: Memory, player: PlayerId, event: string, unread: Unread): Break | null => {
  const { room, session: id, reason } = unread;
  const session = memory.sessions[id];
  const user = userOf(memory.accounts, player) ?? '';
  // What one knew that they are not to have is said by that one's bundle, and by no other's.
  const isSaidBy = (by: UserId): boolean =>
    memory.imported[player]?.[room]?.includes(by) === true || memory.unsaid[room]?.[user]?.includes(by) === true;
  const closers = Object.entries(memory.closed[room]?.[user] ?? {}).filter(([, sessions]) => sessions.includes(id));
  const broken = (why: string, acceptedBy: ClauseId | null = null): Break => ({
    at: player,
    about: { is: 'event', room, event },
    why,
    acceptedBy,
  });
  if (closers.some(([by]) => isSaidBy(by)) && !notShared.includes(reason))
    return broken(`${player} is told “${reason}” of a message that those who joined later are not to read`);
  if (session?.flag === true && notShared.includes(reason))
    return broken(
      `${player} is told that later members are not to read a message that ${session.maker} lets them read`,
    );
  if (reason === 'm.unverified' && wasSigned(memory, player, event))
    return broken(`${player} is told that nobody had verified it, of a message that was sent when it was`);
  if (reason !== 'no key') return null;
  if (memory.withheld[player]?.includes(id) === true)
    return broken(`${player} knows that a room key is withheld, and says that it has none`);
  const gone = missedIn(memory, player, unread);
  if (gone === null) return null;
  return broken(
    `${player} cannot read what was said, as the bundle is ${memory.uploaded.includes(gone) ? 'gone' : 'not there'}, and its user is not told`,
    memory.gone[player]?.[gone] ?? null,
  );
};

const look = (before: Memory, moment: Moment, step: Step, witness: Witness): Look<Memory> => {
  const known = remembering(before, moment, witness);
  const signed = signedAfter(known.signed, moment, step, witness);
  const memory = signedThenAfter(signed === known.signed ? known : { ...known, signed }, moment, witness);
  const told = shownAs(moment, 'unreadable message')?.notice;
  const session = memory.sessions[stringAt(told, 'session') ?? ''];
  return { memory, shadow: session?.flag === false && notShared.includes(stringAt(told, 'reason') ?? '') };
};

export const failureDiagnosability: Guarantee<Memory> = {
  id: 'failure-diagnosability',
  kind: 'finally',
  accepts: clausesOf('failure-diagnosability'),
  begin: {
    ...noHoldings,
    signed: noneSigned,
    signedThen: {},
    unread: {},
    withheld: {},
    closed: {},
    unsaid: {},
    imported: {},
    bundles: {},
    uploaded: [],
    gone: {},
    missed: {},
  },
  concerns: ({ rooms }) => Object.keys(rooms).length > 0,
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, step, witness)),
  end: (memory, witness) =>
    Object.entries(memory.unread)
      .filter(([player]) => witness.honest(player))
      .flatMap(([player, events]) =>
        Object.entries(events).flatMap(([event, unread]) => judge(memory, player, event, unread) ?? []),
      ),
};
