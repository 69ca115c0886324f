/** What the two charts of key bundles hear. */
import { type Change as AnyChange, type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer, HttpAnswer } from '../effects.ts';
import type { CoreNews, News, ToDevice, UserAct } from '../events.ts';
import type { UserId } from '../types.ts';
import type { InviteeContext, InviterContext } from './context.ts';

// --- the inviter -----------------------------------------------------------------------------------

type AnswersToInviter =
  | CoreAnswer<'devices of', 'bundle.known'>
  | CoreAnswer<'query users', 'bundle.listed'>
  | CoreAnswer<'devices of', 'bundle.devices'>
  | CoreAnswer<'export room keys', 'bundle.exported'>
  | CoreAnswer<'seal attachment', 'bundle.sealed'>
  | HttpAnswer<'bundle.uploaded'>
  | CoreAnswer<'send', 'bundle.pointed'>
  | HttpAnswer<'bundle.invited'>
  /** `user`: who was given a pointer before, and has other devices now. */
  | CoreAnswer<'query users', 'bundle.listed again', { readonly user: UserId }>
  | CoreAnswer<'devices of', 'bundle.devices again', { readonly user: UserId }>;

/** What the inviter tells itself where there is nobody to ask. */
type OwnOfInviter =
  | {
      readonly type:
        | 'bundle.lists passed over'
        | 'bundle.backup passed over'
        | 'bundle.nothing to forward'
        | 'bundle.identity accepted'
        | 'bundle.identity refused'
        | 'bundle.unasked';
    }
  /** The bundle's bytes, in base64, as they are. */
  | { readonly type: 'bundle.left open'; readonly ciphertext: string }
  /** `url`: where nothing is. */
  | { readonly type: 'bundle.kept'; readonly url: string };

export type InviterEvent =
  | AnswersToInviter
  | OwnOfInviter
  | UserAct<'user.invite' | 'user.confirms invite' | 'user.declines invite'>
  | CoreNews<'sync.device lists' | 'sync.room' | 'sync.done' | 'told.member'>
  | News<'told.room keys fetched'>;

export type OnInviter<T extends InviterEvent['type']> = Extract<InviterEvent, { readonly type: T }>;
export type InviterChange = AnyChange<InviterContext, InviterEvent>;
export type InviterEffect = AnyEffect<InviterEvent>;
export type InviterParts = AnyParts<InviterContext, InviterEvent>;
export const inviter = wordsOf<InviterContext, InviterEvent>();

// --- the invitee -----------------------------------------------------------------------------------

type AnswersToInvitee =
  | HttpAnswer<'bundle.downloaded'>
  | CoreAnswer<'open attachment', 'bundle.opened'>
  | CoreAnswer<'read room keys', 'bundle.read'>;

/** The arrival of a pointer, under the stable type or the interim one. */
export type PointerEvent = ToDevice<'m.room_key_bundle'> | ToDevice<'io.element.msc4268.room_key_bundle'>;

export type InviteeEvent =
  | AnswersToInvitee
  | PointerEvent
  /** What could not be had is asked for again. */
  | { readonly type: 'bundle.again' }
  /** The file was not sealed; there is no hash to hold it to. */
  | { readonly type: 'bundle.found open'; readonly plaintext: string | null; readonly hashMatches: null }
  | UserAct<'user.start'>
  | CoreNews<'sync.room' | 'sync.done' | 'told.member'>
  | News<'told.joined'>;

export type OnInvitee<T extends InviteeEvent['type']> = Extract<InviteeEvent, { readonly type: T }>;
export type InviteeChange = AnyChange<InviteeContext, InviteeEvent>;
export type InviteeEffect = AnyEffect<InviteeEvent>;
export type InviteeParts = AnyParts<InviteeContext, InviteeEvent>;
export const invitee = wordsOf<InviteeContext, InviteeEvent>();
