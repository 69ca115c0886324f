/** What the secret-request chart hears. */
import { type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer } from '../effects.ts';
import type { CoreNews, News, ToDevice, UserAct } from '../events.ts';
import type { RequestContext, Tested, Waiting } from './context.ts';

/** Secrets that are to be asked for; `isForLacking`: those among them that this device does not hold. */
export type Wanted = { readonly names: readonly string[]; readonly isForLacking: boolean };

export type RequestEvent =
  | CoreAnswer<'siblings', 'request.siblings', Wanted>
  | CoreAnswer<'held secret', 'request.held', Omit<Waiting, 'name'>>
  | CoreAnswer<'backup version', 'request.published', Tested>
  | UserAct<
      'user.enters secret' | 'user.request secret' | 'user.confirms sharing' | 'user.declines sharing' | 'user.verifies'
    >
  | CoreNews<'sync.done'>
  | News<'told.verified' | 'told.secret wanted' | 'told.secret pushed'>
  | ToDevice<'m.secret.send'>
  | ToDevice<'m.secret.request'>;

export type On<T extends RequestEvent['type']> = Extract<RequestEvent, { readonly type: T }>;
export type Effect = AnyEffect<RequestEvent>;
export type RequestParts = AnyParts<RequestContext, RequestEvent>;
export const words = wordsOf<RequestContext, RequestEvent>();
