import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { filed, filedIn, loginOf, notedIn, userOf, withoutIn } from './evidence/accounts.ts';
import type { RequestMoment } from './evidence/asked.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { type Message, type Messages, messagesAfter } from './evidence/messages.ts';
import { keysStored, roomActs, shownAs, storedAs } from './evidence/requests.ts';
import { isOpen, visibilityOf } from './evidence/rooms.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

type Memory = Holdings &
  Messages & {
    /** Room → who came to it while it was closed → what had been said there before, and they were not there for. */
    readonly newcomers: Readonly<Record<RoomId, Readonly<Record<UserId, readonly string[]>>>>;
    /** Room → device that shared its history last with whom → whether its text let it decline then. */
    readonly shared: Readonly<Record<RoomId, Readonly<Record<PlayerId, Readonly<Record<UserId, boolean>>>>>>;
    /** Session → user who first had it from another’s hands → whether the text of that device let it decline. */
    readonly brought: Readonly<Record<string, Readonly<Record<UserId, boolean>>>>;
  };

const declining = '4268-decline-when-currently-closed';
const mayDecline = (witness: Witness, player: PlayerId): boolean => concededBy(witness, player, declining) !== null;

/** Who shares what, and who has it from whom: "the client MAY decline to share" is said to whoever shares, when they do. */
const sharing = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = before;
  const given = storedAs(moment, 'history shared');
  if (given !== null) {
    const { room, user } = given.patch;
    const inRoom = memory.shared[room] ?? {};
    const own = filed(inRoom[given.player] ?? {}, user, mayDecline(witness, given.player));
    memory = { ...memory, shared: filed(memory.shared, room, filed(inRoom, given.player, own)) };
  }
  for (const { player, held } of keysStored(moment)) {
    const id = held.session.sessionId;
    const user = userOf(memory.accounts, player);
    const session = memory.sessions[id];
    const known = memory.brought[id] ?? {};
    if (user === null || session === undefined || session.user === user || known[user] !== undefined) continue;
    const { origin } = held;
    if (origin.how !== 'bundle') continue;
    const from = loginOf(memory.accounts, origin.user, origin.device ?? '')?.by ?? session.maker;
    const isLet = memory.shared[held.room]?.[from]?.[user] ?? mayDecline(witness, from);
    memory = { ...memory, brought: filedIn(memory.brought, id, user, isLet) };
  }
  return memory;
};

/** Whoever was in, or asked in as the room was, when it was said has it of right, whatever the room is now. */
const isTheirs = ({ present, invited }: Message, user: UserId): boolean =>
  present.includes(user) || invited.includes(user);

/** Somebody comes in: to a closed room as a newcomer to all that was said, to an open one as anybody. */
const coming = (before: Memory, moment: RequestMoment): Look<Memory> => {
  let { newcomers } = before;
  let isClosedTo = false;
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'join') continue;
    const user = act.user ?? userOf(before.accounts, moment.from);
    if (user === null) continue;
    const said = isOpen(visibilityOf(before, act.room)) ? [] : notTheirs(before, act.room, user);
    newcomers = said.length > 0 ? notedIn(newcomers, act.room, user, ...said) : withoutIn(newcomers, act.room, user);
    isClosedTo = isClosedTo || said.length > 0;
  }
  return { memory: newcomers === before.newcomers ? before : { ...before, newcomers }, shadow: isClosedTo };
};
const notTheirs = ({ messages }: Memory, room: RoomId, user: UserId): readonly string[] =>
  Object.entries(messages).flatMap(([event, message]) =>
    message.room === room && !isTheirs(message, user) ? [event] : [],
  );

/**
 * What concedes it: a session that was marked while the room was open stays marked, so that the permission to share nothing of a room
 * that is closed now ("the client MAY decline") leaves it to clients to share it all the same.
 */
const concession = (
  { sessions, brought }: Memory,
  { session, visibility, maker }: Message,
  user: UserId,
  witness: Witness,
): ClauseId | null => {
  const isMarked = sessions[session]?.later === 'yes';
  // Whoever was handed the key itself, and no bundle, has it of its maker.
  const isLet = brought[session]?.[user] ?? mayDecline(witness, maker);
  return isMarked && isOpen(visibility) && isLet ? declining : null;
};

const look = (before: Memory, moment: Moment, witness: Witness, inStory: boolean): Look<Memory> => {
  const memory = messagesAfter(sharing(holdingsAfter(before, moment, witness), moment, witness), moment, witness);
  if (moment.kind === 'request') {
    const came = coming(memory, moment);
    return { ...came, shadow: inStory && came.shadow === true };
  }
  const shown = shownAs(moment, 'message');
  if (shown === null) return { memory };
  const event = stringAt(shown.notice, 'event') ?? '';
  const message = memory.messages[event];
  const user = userOf(memory.accounts, shown.player) ?? '';
  if (message === undefined || memory.newcomers[message.room]?.[user]?.includes(event) !== true) return { memory };
  const { room, maker } = message;
  const why = `${shown.player} reads what ${maker} said in ${room} before ${user} came, who came to a closed room`;
  return {
    memory,
    breaks: [
      {
        at: shown.player,
        about: { is: 'event', room, event },
        why,
        acceptedBy: concession(memory, message, user, witness),
      },
    ],
  };
};

export const closedRoom: Guarantee<Memory> = {
  id: 'closed-room',
  kind: 'always',
  accepts: clausesOf('closed-room'),
  begin: { ...noHoldings, messages: {}, newcomers: {}, shared: {}, brought: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => look(before, moment, witness, isStory(step))),
};
