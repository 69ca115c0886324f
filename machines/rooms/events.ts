/** What the rooms chart hears. */
import { type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, HttpAnswer } from '../effects.ts';
import type { CoreNews, UserAct } from '../events.ts';
import type { Membership, RoomId } from '../room-types.ts';
import type { Ms, UserId } from '../types.ts';
import type { RoomsContext } from './context.ts';

export type MemberSet = {
  readonly in: RoomId;
  readonly user: UserId;
  readonly membership: Membership;
  /** A ban was lifted. */
  readonly isUnban?: true;
};

export type RoomsEvent =
  | UserAct<
      | 'user.create room'
      | 'user.join'
      | 'user.leave'
      | 'user.decline'
      | 'user.knock'
      | 'user.invite by mail'
      | 'user.kick'
      | 'user.ban'
      | 'user.unban'
      | 'user.scroll back'
      | 'user.set history'
    >
  /** `history`: the visibility the room was made with. */
  | HttpAnswer<'rooms.created', { readonly history: string }>
  | HttpAnswer<'rooms.joined', { readonly joined: RoomId; readonly atMs: Ms }>
  | HttpAnswer<'rooms.history set', { readonly set: RoomId; readonly visibility: string }>
  /** Who somebody is in a room, once that was taken. */
  | HttpAnswer<'rooms.member set', MemberSet>
  | CoreNews<'sync.room' | 'told.member'>;

export type On<T extends RoomsEvent['type']> = Extract<RoomsEvent, { readonly type: T }>;
export type Effect = AnyEffect<RoomsEvent>;
export type RoomsParts = AnyParts<RoomsContext, RoomsEvent>;
export const words = wordsOf<RoomsContext, RoomsEvent>();
