import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { among, filed, userOf } from './evidence/accounts.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { downloadIn, pointerIn, shownAs, storedAs } from './evidence/requests.ts';
import { filedUnder } from './evidence/room-keys.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { type Look, throughout } from './watching.ts';

type Unread = { readonly room: RoomId; readonly session: string; readonly reason: string };

type Memory = Holdings & {
  /** Device → event → why it cannot be read, as its user was told last. */
  readonly unread: Readonly<Record<PlayerId, Readonly<Record<string, Unread>>>>;
  /** Device → sessions of which it was said that they are withheld. */
  readonly withheld: Readonly<Record<PlayerId, readonly string[]>>;
  /** `<room> <user>` → sessions that whoever shared history with them knew of, and was not to share. */
  readonly closed: Readonly<Record<string, readonly string[]>>;
  /** `<room> <user>`: they were invited without a bundle that could have told them. */
  readonly unsaid: readonly string[];
  /** `<room> <device>`: it has taken a bundle. */
  readonly imported: readonly string[];
  /** Device → where a bundle lies → the room it is about. */
  readonly pointers: Readonly<Record<PlayerId, Readonly<Record<string, RoomId>>>>;
  /** `<room> <device>` → whether its user was told that the history could not be fetched. */
  readonly missed: Readonly<Record<string, boolean>>;
};

/** What says exactly that: the code of the specification, and that of the unstable prefix. */
const notShared: readonly string[] = ['m.history_not_shared', 'io.element.msc4268.history_not_shared'];

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = holdingsAfter(before, moment, witness);
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
  const place = `${room} ${shared?.patch.user ?? stringAt(none?.notice, 'user')}`;
  const closed = Object.entries(memory.sessions).flatMap(([id, session]) =>
    session.room === room && !session.flag && knows(memory, player, room, id) ? [id] : [],
  );
  return {
    ...memory,
    closed: filed(memory.closed, place, among(memory.closed[place] ?? [], ...closed)),
    unsaid: shared === null ? among(memory.unsaid, place) : memory.unsaid,
  };
};

/** Whether a device has a session, or was told that it is not to. */
const knows = (memory: Memory, player: PlayerId, room: RoomId, id: string): boolean =>
  memory.holds[player]?.[roomKeyName(room, id)] !== undefined || memory.withheld[player]?.includes(id) === true;

const reading = (memory: Memory, moment: Moment): Memory => {
  const unreadable = shownAs(moment, 'unreadable message');
  const shown = unreadable ?? shownAs(moment, 'message');
  if (shown === null) return memory;
  const own = memory.unread[shown.player] ?? {};
  const event = stringAt(shown.notice, 'event') ?? '';
  if (unreadable === null) {
    if (own[event] === undefined) return memory;
    const { [event]: _, ...others } = own;
    return { ...memory, unread: filed(memory.unread, shown.player, others) };
  }
  const unread: Unread = {
    room: stringAt(shown.notice, 'room') ?? '',
    session: stringAt(shown.notice, 'session') ?? '',
    reason: stringAt(shown.notice, 'reason') ?? 'no key',
  };
  return { ...memory, unread: filed(memory.unread, shown.player, filed(own, event, unread)) };
};

const fetching = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = before;
  const pointer = pointerIn(moment);
  if (pointer !== null && witness.honest(pointer.player)) {
    const own = filed(memory.pointers[pointer.player] ?? {}, pointer.url, pointer.room);
    memory = { ...memory, pointers: filed(memory.pointers, pointer.player, own) };
  }
  const download = downloadIn(moment);
  const room = download === null ? undefined : memory.pointers[download.player]?.[download.url];
  if (download !== null && room !== undefined && download.status === 404) {
    const place = `${room} ${download.player}`;
    memory = { ...memory, missed: filed(memory.missed, place, memory.missed[place] ?? false) };
  }
  const told = shownAs(moment, 'history unavailable');
  if (told !== null)
    memory = { ...memory, missed: filed(memory.missed, `${stringAt(told.notice, 'room')} ${told.player}`, true) };
  const imported = shownAs(moment, 'bundle imported');
  return imported === null
    ? memory
    : { ...memory, imported: among(memory.imported, `${stringAt(imported.notice, 'room')} ${imported.player}`) };
};

/** What is wrong with the reason that a user was given last. */
const judge = (memory: Memory, witness: Witness, player: PlayerId, unread: Unread): Break | null => {
  const { room, session: id, reason } = unread;
  const session = memory.sessions[id];
  const place = `${room} ${userOf(memory.accounts, player)}`;
  const isClosed = memory.closed[place]?.includes(id) === true;
  const isSaid = memory.imported.includes(`${room} ${player}`) || memory.unsaid.includes(place);
  if (isClosed && isSaid && !notShared.includes(reason))
    return {
      at: player,
      about: null,
      why: `${player} is told “${reason}” of a message that those who joined later are not to read`,
      acceptedBy: null,
    };
  if (session?.flag === true && notShared.includes(reason))
    return {
      at: player,
      about: null,
      why: `${player} is told that later members are not to read a message that ${session.maker} lets them read`,
      acceptedBy: null,
    };
  if (reason === 'no key' && memory.withheld[player]?.includes(id) === true)
    return {
      at: player,
      about: null,
      why: `${player} knows that a room key is withheld, and says that it has none`,
      acceptedBy: null,
    };
  if (reason === 'no key' && memory.missed[`${room} ${player}`] === false)
    return {
      at: player,
      about: null,
      why: `${player} cannot read what was said, as the bundle is gone, and its user is not told`,
      // To say so is left to clients: whoever means to, has to.
      acceptedBy: witness.option(player, 'warn expired') === true ? null : '4268-expired-media-warn',
    };
  return null;
};

const look = (before: Memory, moment: Moment, witness: Witness): Look<Memory> => {
  const memory = remembering(before, moment, witness);
  const told = shownAs(moment, 'unreadable message')?.notice;
  const session = memory.sessions[stringAt(told, 'session') ?? ''];
  return { memory, shadow: session?.flag === false && notShared.includes(stringAt(told, 'reason') ?? '') };
};

export const failureDiagnosability: Guarantee<Memory> = {
  id: 'failure-diagnosability',
  kind: 'finally',
  accepts: ['4268-expired-media-warn'],
  begin: { ...noHoldings, unread: {}, withheld: {}, closed: {}, unsaid: [], imported: [], pointers: {}, missed: {} },
  concerns: ({ rooms }) => Object.keys(rooms).length > 0,
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness)),
  end: (memory, witness) =>
    Object.entries(memory.unread)
      .filter(([player]) => witness.honest(player))
      .flatMap(([player, events]) =>
        Object.values(events).flatMap((unread) => judge(memory, witness, player, unread) ?? []),
      ),
};
