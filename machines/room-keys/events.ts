/** What the chart of one room's keys hears. */
import { type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer, HttpAnswer } from '../effects.ts';
import type { CoreNews, News, ToDevice, UserAct } from '../events.ts';
import type { RoomKeyOrigin } from '../room-types.ts';
import type { RoomKeysContext } from './context.ts';

type AnswersToRoomKeys =
  /** `why`: because of what a new session was asked for; `null`: it was not. */
  | CoreAnswer<'outbound room key', 'room-keys.outbound', { readonly why: string | null }>
  | CoreAnswer<'query users', 'room-keys.looked up'>
  | CoreAnswer<'send', 'room-keys.given'>
  | CoreAnswer<'encrypt', 'room-keys.encrypted'>
  | HttpAnswer<'room-keys.sent'>
  | HttpAnswer<'room-keys.visibility'>
  | CoreAnswer<'members of', 'room-keys.asked'>
  /** `origin`: how what was read came. */
  | CoreAnswer<'read room keys', 'room-keys.read', { readonly origin: RoomKeyOrigin }>;

export type RoomKeysEvent =
  | AnswersToRoomKeys
  /** What is to be known of the room is asked for: as when the members are known. */
  | { readonly type: 'room-keys.asked' }
  /** Its person knows that somebody's identity has changed, and writes to them all the same; or does not. */
  | { readonly type: 'room-keys.goes on' }
  | { readonly type: 'room-keys.desists' }
  | UserAct<'user.send' | 'user.set history' | 'user.accepts' | 'user.refuses'>
  | News<'told.rotate' | 'told.room keys' | 'told.room state'>
  | CoreNews<'sync.room' | 'told.member' | 'room.event'>
  | ToDevice<'m.room_key'>
  | ToDevice<'m.forwarded_room_key'>
  | ToDevice<'m.room_key.withheld'>;

export type On<T extends RoomKeysEvent['type']> = Extract<RoomKeysEvent, { readonly type: T }>;
export type Effect = AnyEffect<RoomKeysEvent>;
export type RoomKeysParts = AnyParts<RoomKeysContext, RoomKeysEvent>;
export const words = wordsOf<RoomKeysContext, RoomKeysEvent>();
