/** What honest people said in rooms, and whom the room's history visibility lets read it ("Room history visibility"). */
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed } from './accounts.ts';
import { type RoomAct, roomActs, sentIn } from './requests.ts';
import { membershipOf, type Rooms, visibilityOf } from './rooms.ts';

/** A message, and how its room was when it was sent. */
export type Message = {
  readonly room: RoomId;
  readonly session: string;
  readonly maker: PlayerId;
  readonly visibility: string;
  /** Who was in, who was asked in and has not answered, and who came in since. */
  readonly present: readonly UserId[];
  readonly invited: readonly UserId[];
  readonly since: readonly UserId[];
};
export type Messages = Rooms & { readonly messages: Readonly<Record<string, Message>> };

const membersOf = ({ rooms }: Rooms, room: RoomId, is: string): readonly UserId[] =>
  among([], ...Object.entries(rooms[room]?.members ?? {}).flatMap(([user, now]) => (now === is ? [user] : [])));

/** Messages after a moment. `before` knows already what the moment did to rooms. */
export const messagesAfter = <M extends Messages>(before: M, moment: Moment, witness: Witness): M => {
  if (moment.kind !== 'request') return before;
  const sent = sentIn(moment);
  if (sent !== null && witness.honest(sent.player) && before.rooms[sent.room] !== undefined) {
    const { room, sessionId: session, player: maker } = sent;
    const visibility = visibilityOf(before, room) ?? 'shared';
    const [present, invited] = [membersOf(before, room, 'join'), membersOf(before, room, 'invite')];
    const message: Message = { room, session, maker, visibility, present, invited, since: [] };
    return { ...before, messages: filed(before.messages, sent.event, message) };
  }
  return roomActs(moment).reduce((now, act) => comingIn(now, moment.from, act), before);
};

const comingIn = <M extends Messages>(now: M, from: PlayerId, act: RoomAct): M => {
  if (act.act !== 'member' || act.is !== 'join') return now;
  const user = act.user ?? now.accounts.logins.find(({ by }) => by === from)?.user;
  if (user === undefined || membershipOf(now, act.room, user) !== 'join') return now;
  let { messages } = now;
  for (const [event, message] of Object.entries(messages))
    if (message.room === act.room && !message.since.includes(user))
      messages = filed(messages, event, { ...message, since: among(message.since, user) });
  return messages === now.messages ? now : { ...now, messages };
};

/**
 * By which right a user reads a message, as the room was when it was sent and as it is: they were in it (`member`), or came to it
 * later; `null`: by none.
 */
export const rightOf = (message: Message, user: UserId): 'member' | 'later' | null => {
  const { visibility, present, invited, since } = message;
  if (present.includes(user)) return 'member';
  if (visibility === 'world_readable' || visibility === 'shared') return since.includes(user) ? 'later' : null;
  return visibility === 'invited' && invited.includes(user) && since.includes(user) ? 'later' : null;
};
