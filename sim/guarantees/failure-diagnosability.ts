import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { among, filed, filedIn, noted, notedIn, userOf, withoutIn } from './evidence/accounts.ts';
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
/** What an honest device has put into a file, given or said to be withheld. `closed`: what it knew of and was not to share. */
type Bundle = {
  readonly by: UserId;
  readonly to: UserId;
  readonly room: RoomId;
  readonly sessions: readonly string[];
  readonly closed: readonly string[];
};

type Memory = Holdings &
  SignedThen & {
    readonly signed: Signed;
    /** Device → event → why it cannot be read, as its user was told last. */
    readonly unread: Readonly<Record<PlayerId, Readonly<Record<string, Unread>>>>;
    /** Device → sessions of which it was said that they are withheld. */
    readonly withheld: Readonly<Record<PlayerId, readonly string[]>>;
    /** Room → user → sessions that whoever invited them knew of and was not to share, without a bundle that could have told them. */
    readonly unsaid: ByRoom<Readonly<Record<UserId, readonly string[]>>>;
    /** Device → where the bundles lie that it has asked for, and those that it has taken. */
    readonly fetched: Readonly<Record<PlayerId, readonly string[]>>;
    readonly imported: Readonly<Record<PlayerId, readonly string[]>>;
    /** Where it lies → the bundle. */
    readonly bundles: Readonly<Record<string, Bundle>>;
    /** Files that a server took. */
    readonly uploaded: readonly string[];
    /** Device → files that it was told are not there, and by which sentence it may say nothing of that. */
    readonly gone: Readonly<Record<PlayerId, Readonly<Record<string, ClauseId | null>>>>;
    /** Device → files of which its user was told that what is in them could not be had. */
    readonly missed: Readonly<Record<PlayerId, readonly string[]>>;
  };

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = asCopied(
    holdingsAfter(before, moment, witness),
    moment,
    'unread',
    'withheld',
    'fetched',
    'imported',
    'gone',
  );
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
  if (shared !== null && witness.honest(shared.player) && shared.patch.url !== '') {
    const { url, room, user: to, sessions, withheld } = shared.patch;
    const by = userOf(memory.accounts, shared.player) ?? '';
    const all = among([], ...sessions, ...Object.keys(withheld));
    const bundle = { by, to, room, sessions: all, closed: closedTo(memory, shared.player, room) };
    return { ...memory, bundles: filed(memory.bundles, url, bundle) };
  }
  if (none === null || none.notice.why !== 'no keys' || !witness.honest(none.player)) return memory;
  const [room, user] = [stringAt(none.notice, 'room') ?? '', stringAt(none.notice, 'user') ?? ''];
  const unsaid = notedIn(memory.unsaid, room, user, ...closedTo(memory, none.player, room));
  return unsaid === memory.unsaid ? memory : { ...memory, unsaid };
};

/** Sessions of a room that a device knows of, and is not to share. */
const closedTo = (memory: Memory, player: PlayerId, room: RoomId): readonly string[] =>
  among(
    [],
    ...Object.entries(memory.sessions).flatMap(([id, session]) =>
      session.room === room && !session.flag && knows(memory, player, room, id) ? [id] : [],
    ),
  );

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
  const uploaded = uploadedIn(moment);
  if (uploaded !== null) memory = { ...memory, uploaded: among(memory.uploaded, uploaded) };
  const download = downloadIn(moment);
  if (download !== null) memory = { ...memory, fetched: noted(memory.fetched, download.player, download.url) };
  if (download !== null && download.status === 404) {
    const { player, url } = download;
    const letBy = silenceOf(memory, witness, player, url);
    if (memory.gone[player]?.[url] !== letBy) memory = { ...memory, gone: filedIn(memory.gone, player, url, letBy) };
  }
  const told = shownAs(moment, 'history unavailable');
  if (told !== null) {
    const [room, user] = [stringAt(told.notice, 'room'), stringAt(told.notice, 'user')];
    const urls = (memory.fetched[told.player] ?? []).filter((url) => {
      const bundle = memory.bundles[url];
      return bundle?.by === user && bundle?.room === room;
    });
    memory = { ...memory, missed: noted(memory.missed, told.player, ...urls) };
  }
  const imported = shownAs(moment, 'bundle imported');
  const url = imported === null ? undefined : stringAt(imported.notice, 'url');
  return imported === null || url === undefined
    ? memory
    : { ...memory, imported: noted(memory.imported, imported.player, url) };
};

/** To say so is left to clients, of a file that is gone: whoever means to, has to, and one that never was is another matter. */
const silenceOf = ({ uploaded }: Memory, witness: Witness, player: PlayerId, url: string): ClauseId | null =>
  uploaded.includes(url) && witness.option(player, 'warn expired') !== true
    ? concededBy(witness, player, '4268-expired-media-warn')
    : null;

/** A bundle with that session that the device could not have, of which nobody told its user; `null`: none. */
const missedIn = (memory: Memory, player: PlayerId, { session }: Unread): string | null =>
  Object.keys(memory.gone[player] ?? {}).find(
    (url) => memory.bundles[url]?.sessions.includes(session) === true && memory.missed[player]?.includes(url) !== true,
  ) ?? null;

/** What is wrong with the reason that a user was given last. */
const judge = (memory: Memory, player: PlayerId, event: string, unread: Unread): Break | null => {
  const { room, session: id, reason } = unread;
  const session = memory.sessions[id];
  const user = userOf(memory.accounts, player) ?? '';
  // That they are not to have it is said by the bundle of whoever knew that, and by no other.
  const isClosed =
    memory.imported[player]?.some((url) => {
      const bundle = memory.bundles[url];
      return bundle?.to === user && bundle?.closed.includes(id) === true;
    }) === true || memory.unsaid[room]?.[user]?.includes(id) === true;
  const broken = (why: string, acceptedBy: ClauseId | null = null): Break => ({
    at: player,
    about: { is: 'event', room, event },
    why,
    acceptedBy,
  });
  if (isClosed && !notShared.includes(reason))
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
    unsaid: {},
    fetched: {},
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
