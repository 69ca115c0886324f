import type { RoomId } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Moment } from '../engine/types.ts';
import { filed, notedIn, userOf } from './evidence/accounts.ts';
import { type Holdings, holdingsAfter, noHoldings } from './evidence/holdings.ts';
import { type Message, type Messages, messagesAfter } from './evidence/messages.ts';
import { roomActs, shownAs } from './evidence/requests.ts';
import { isOpen, membershipOf, visibilityOf } from './evidence/rooms.ts';
import type { Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

type Memory = Holdings &
  Messages & {
    /** Room → who came to it while it was closed → what had been said there before, and they were not there for. */
    readonly newcomers: Readonly<Record<RoomId, Readonly<Record<UserId, readonly string[]>>>>;
  };

/** Whoever was in, or asked in as the room was, when it was said has it of right, whatever the room is now. */
const isTheirs = ({ present, invited }: Message, user: UserId): boolean =>
  present.includes(user) || invited.includes(user);

/** Somebody comes in: to a closed room as a newcomer to all that was said, to an open one as anybody. */
const coming = (before: Memory, moment: Moment): Memory => {
  let memory = before;
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'join' || moment.kind !== 'request') continue;
    const user = act.user ?? userOf(memory.accounts, moment.from);
    if (user === null || membershipOf(memory, act.room, user) !== 'join') continue;
    const { [user]: _, ...others } = memory.newcomers[act.room] ?? {};
    const said = Object.entries(memory.messages).flatMap(([event, message]) =>
      message.room === act.room && !isTheirs(message, user) ? [event] : [],
    );
    memory = isOpen(visibilityOf(memory, act.room))
      ? { ...memory, newcomers: filed(memory.newcomers, act.room, others) }
      : { ...memory, newcomers: notedIn(filedOthers(memory, act.room, others), act.room, user, ...said) };
  }
  return memory;
};
const filedOthers = ({ newcomers }: Memory, room: RoomId, others: Memory['newcomers'][RoomId]): Memory['newcomers'] =>
  Object.keys(others).length === 0 ? newcomers : filed(newcomers, room, others);

/**
 * What concedes it: a session that was marked while the room was open stays marked, so that the permission to share nothing of a room
 * that is closed now ("the client MAY decline") leaves it to clients to share it all the same.
 */
const concession = (
  { sessions }: Memory,
  { session, visibility, maker }: Message,
  witness: Witness,
): ClauseId | null => {
  const clause = '4268-decline-when-currently-closed';
  const made = sessions[session];
  const isMarked = made?.flag === true && made.later === 'yes';
  // Texts without that sentence concede nothing.
  const isSaid = witness.isMeantBy(maker, clause) && !witness.off(maker, clause);
  return isMarked && isOpen(visibility) && isSaid ? clause : null;
};

const look = (before: Memory, moment: Moment, witness: Witness, inStory: boolean): Look<Memory> => {
  const memory = coming(messagesAfter(holdingsAfter(before, moment, witness), moment, witness), moment);
  if (moment.kind === 'request') {
    const isNew = inStory && memory.newcomers !== before.newcomers;
    return {
      memory,
      shadow:
        isNew && Object.values(memory.newcomers).some((users) => Object.values(users).some((all) => all.length > 0)),
    };
  }
  const shown = shownAs(moment, 'message');
  const event = String(shown?.notice.event ?? '');
  const message = memory.messages[event];
  const user = shown === null ? null : userOf(memory.accounts, shown.player);
  if (shown === null || message === undefined || user === null) return { memory };
  const { room, maker } = message;
  if (memory.newcomers[room]?.[user]?.includes(event) !== true) return { memory };
  const why = `${shown.player} reads what ${maker} said in ${room} before ${user} came, who came to a closed room`;
  return {
    memory,
    breaks: [
      { at: shown.player, about: { is: 'event', room, event }, why, acceptedBy: concession(memory, message, witness) },
    ],
  };
};

export const closedRoom: Guarantee<Memory> = {
  id: 'closed-room',
  kind: 'always',
  accepts: ['4268-decline-when-currently-closed'],
  begin: { ...noHoldings, messages: {}, newcomers: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => look(before, moment, witness, isStory(step))),
};
