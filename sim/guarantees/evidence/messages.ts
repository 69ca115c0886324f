/** What honest people said in rooms, and whom the room's history visibility lets read it ("Room history visibility"). */
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed, userOf } from './accounts.ts';
import { type RoomAct, roomActs, sentIn } from './requests.ts';
import { type Rooms, type RoomTruth, visibilityOf } from './rooms.ts';

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

const membersOf = ({ members }: RoomTruth, is: string): readonly UserId[] =>
  Object.keys(members).filter((user) => members[user] === is);

/** Messages after a moment. `before` knows already what the moment did to rooms. */
export const messagesAfter = <M extends Messages>(before: M, moment: Moment, witness: Witness): M => {
  if (moment.kind !== 'request') return before;
  const sent = sentIn(moment);
  const truth = before.rooms[sent?.room ?? ''];
  if (sent !== null && witness.honest(sent.player) && truth !== undefined) {
    const { room, sessionId: session, player: maker } = sent;
    const visibility = visibilityOf(before, room) ?? 'shared';
    const [present, invited] = [membersOf(truth, 'join'), membersOf(truth, 'invite')];
    const message: Message = { room, session, maker, visibility, present, invited, since: [] };
    return { ...before, messages: filed(before.messages, sent.event, message) };
  }
  return roomActs(moment).reduce((now, act) => comingIn(now, moment.from, act), before);
};

const comingIn = <M extends Messages>(now: M, from: PlayerId, act: RoomAct): M => {
  if (act.act !== 'member' || act.is !== 'join') return now;
  const user = userOf(now.accounts, from);
  if (user === null) return now;
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
