/** What the charts of MSC4385 hear: one flow in two variants, each with arrows for some of it. */
import { type Change as AnyChange, type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer } from '../effects.ts';
import type { CoreNews, News, ToDevice, UserAct } from '../events.ts';
import type { Term } from '../suite.ts';
import type { DeviceFacts, DeviceId } from '../types.ts';
import type { PushContext } from './context.ts';

/** A secret that goes to siblings. */
export type Shared = { readonly name: string; readonly secret: Term };

type AnswersToPush =
  | CoreAnswer<'siblings', 'push.siblings', Shared>
  | CoreAnswer<'held secret', 'push.held'>
  | CoreAnswer<'backup version', 'push.published'>;

type Own =
  | ({ readonly type: 'push.offer'; readonly sibling: DeviceFacts } & Shared)
  | ({ readonly type: 'push.compose'; readonly device: DeviceId } & Shared)
  /** An `m.secret.send` that nobody asked for, as it came. */
  | ({ readonly type: 'push.share' } & Pick<ToDevice, 'sender' | 'content' | 'facts'>)
  /** In place of the answer, where no candidate is a backup key. */
  | { readonly type: 'push.published'; readonly facts: null }
  /** The user is not asked, though it is an option here. */
  | { readonly type: 'push.unasked' };

export type PushEvent =
  | AnswersToPush
  | Own
  | UserAct<'user.push secret' | 'user.accepts' | 'user.refuses'>
  | CoreNews<'sync.done'>
  | News<'told.secret changed' | 'told.backup untrusted'>
  | ToDevice<'m.secret.push'>
  | ToDevice<'io.element.msc4385.secret.push'>
  | ToDevice<'m.secret.send'>
  | ToDevice<'m.secret.request'>;

export type On<T extends PushEvent['type']> = Extract<PushEvent, { readonly type: T }>;
/** A push as it came. */
export type Push = On<'to-device m.secret.push' | 'to-device io.element.msc4385.secret.push'>;
/** A secret that came, under whichever name. */
export type Arrival = Push | On<'to-device m.secret.send' | 'push.share'>;
export type Change = AnyChange<PushContext, PushEvent>;
export type Effect = AnyEffect<PushEvent>;
export type PushParts = AnyParts<PushContext, PushEvent>;
export const words = wordsOf<PushContext, PushEvent>();
