import { clausesOf } from '../../machines/acceptances.ts';
import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { concededBy } from './conceded.ts';
import { filed, filedIn, loginOf, noted, notedIn, unnoted, userOf, withoutIn } from './evidence/accounts.ts';
import { type Come, keysCome } from './evidence/arrivals.ts';
import type { RequestMoment } from './evidence/asked.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { type Message, type Messages, messagesAfter } from './evidence/messages.ts';
import { roomActs, sentIn, shownAs, storedAs } from './evidence/requests.ts';
import { isOpen, isOut, membershipOf, visibilityOf } from './evidence/rooms.ts';
import { isFirstHand } from './evidence/sessions.ts';
import { type Leaves, leavesAfter, noLeaves, unheardOf } from './evidence/unheard-leaves.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

type Memory = Holdings &
  Leaves &
  Messages & {
    /** Room → who came to it while it was closed → what had been said there before, and they were not there for. */
    readonly newcomers: Readonly<Record<RoomId, Readonly<Record<UserId, readonly string[]>>>>;
    /** Where bundles lie that were shared → whether the text of who shared it let them decline then. */
    readonly shared: Readonly<Record<string, boolean>>;
    /** Session → user who first had it from another’s hands → whether the text of that device let it decline. */
    readonly brought: Readonly<Record<string, Readonly<Record<UserId, boolean>>>>;
    /** Event → who was out when it was sent, its sender had not heard, and they had its room key, or its maker had sent it to them. */
    readonly unheard: Readonly<Record<string, readonly UserId[]>>;
  };

const declining = '4268-decline-when-currently-closed';
const mayDecline = (witness: Witness, player: PlayerId): boolean => concededBy(witness, player, declining) !== null;

/** Who shares what, and who has it from whom: "the client MAY decline to share" is said to whoever shares, when they do. */
const sharing = (before: Memory, moment: Moment, come: readonly Come[], witness: Witness): Memory => {
  let memory = before;
  const given = storedAs(moment, 'history shared');
  if (given !== null)
    memory = { ...memory, shared: filed(memory.shared, given.patch.url, mayDecline(witness, given.player)) };
  for (const { player, held, way } of come) {
    const id = held.session.sessionId;
    const user = userOf(memory.accounts, player);
    const session = memory.sessions[id];
    const known = memory.brought[id] ?? {};
    if (user === null || session === undefined || session.user === user || known[user] !== undefined) continue;
    if (way.how !== 'bundle') continue;
    const { origin } = held;
    const by = origin.how === 'bundle' ? loginOf(memory.accounts, origin.user, origin.device ?? '')?.by : undefined;
    const isLet = memory.shared[way.url] ?? mayDecline(witness, by ?? session.maker);
    memory = { ...memory, brought: filedIn(memory.brought, id, user, isLet) };
  }
  return memory;
};

const isHeldBy = ({ accounts, holds }: Holdings, user: UserId, name: string): boolean =>
  accounts.logins.some(({ user: whose, by }) => whose === user && holds[by]?.[name] !== undefined);

/** Who reads what is said now with a room key of their own, having left without its sender having heard. */
const noting = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  const sent = sentIn(moment);
  const session = memory.sessions[sent?.sessionId ?? ''];
  if (sent === null || session === undefined || memory.messages[sent.event] === undefined) return memory;
  const { player, room, sessionId, event } = sent;
  const users = Object.keys(memory.rooms[room]?.members ?? {}).filter(
    (user) =>
      isOut(membershipOf(memory, room, user)) &&
      (isFirstHand(session, user) || isHeldBy(memory, user, roomKeyName(room, sessionId))) &&
      unheardOf(memory, player, room, user, witness) !== null,
  );
  return users.length === 0 ? memory : { ...memory, unheard: noted(memory.unheard, event, ...users) };
};

/** Whoever had no room key until somebody else handed it to them reads by that, and not for having left unheard. */
const handed = (memory: Memory, come: readonly Come[], before: Holdings): Memory => {
  let { unheard } = memory;
  for (const { player, name, held, way } of come) {
    const { how } = way;
    const user = userOf(memory.accounts, player);
    if (how === 'room_key' || how === 'backup' || user === null || isHeldBy(before, user, name)) continue;
    for (const event of Object.keys(unheard))
      if (memory.messages[event]?.session === held.session.sessionId) unheard = unnoted(unheard, event, user);
  }
  return unheard === memory.unheard ? memory : { ...memory, unheard };
};

/** Whoever was in, or asked in as the room was, when it was said has it of right, whatever the room is now. */
const isTheirs = ({ present, invited }: Message, user: UserId): boolean =>
  present.includes(user) || invited.includes(user);

/** Somebody comes in who was not: to a closed room as a newcomer to all that was said, to an open one as anybody. @param earlier before the moment */
const coming = (before: Memory, earlier: Memory, moment: RequestMoment): Look<Memory> => {
  let { newcomers } = before;
  let isClosedTo = false;
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'join') continue;
    const user = act.user ?? userOf(before.accounts, moment.from);
    if (user === null || membershipOf(earlier, act.room, user) === 'join') continue;
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
 * What concedes it: whoever left reads on until that is heard ("is seen to leave the room"), and coming back takes nothing of it away.
 * Or else: a session that was marked while the room was open stays marked, so that the permission to share nothing of a room that is
 * closed now ("the client MAY decline") leaves it to clients to share it all the same.
 */
const concession = (
  { sessions, brought, unheard }: Memory,
  { session, visibility, maker }: Message,
  event: string,
  user: UserId,
  witness: Witness,
): ClauseId | null => {
  if (unheard[event]?.includes(user) === true) return 'spec-rotate-once-seen';
  const isMarked = sessions[session]?.later === 'yes';
  // Whoever was handed the key itself, and no bundle, has it of its maker.
  const isLet = brought[session]?.[user] ?? mayDecline(witness, maker);
  return isMarked && isOpen(visibility) && isLet ? declining : null;
};

const remembered = (before: Memory, moment: Moment, step: Step, witness: Witness): Memory => {
  const come = keysCome(step, moment, witness);
  const shared = sharing(holdingsAfter(before, moment, witness), moment, come, witness);
  const memory = messagesAfter(leavesAfter(shared, moment, before, witness), moment, witness);
  return handed(noting(memory, moment, witness), come, before);
};

const look = (before: Memory, moment: Moment, witness: Witness, step: Step): Look<Memory> => {
  const memory = remembered(before, moment, step, witness);
  if (moment.kind === 'request') {
    const came = coming(memory, before, moment);
    return { ...came, shadow: isStory(step) && came.shadow === true };
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
        acceptedBy: concession(memory, message, event, user, witness),
      },
    ],
  };
};

export const closedRoom: Guarantee<Memory> = {
  id: 'closed-room',
  kind: 'always',
  accepts: clausesOf('closed-room'),
  begin: { ...noHoldings, ...noLeaves, messages: {}, newcomers: {}, shared: {}, brought: {}, unheard: {} },
  see: (memory, step, witness) => throughout(memory, step, (before, moment) => look(before, moment, witness, step)),
};
