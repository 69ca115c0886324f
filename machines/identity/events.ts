/** What the identity chart hears. */
import type { ChartInput } from '../chart.ts';
import { type Change as AnyChange, type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer } from '../effects.ts';
import type { CoreNews, UserAct } from '../events.ts';
import type { Term } from '../suite.ts';
import type { UserId } from '../types.ts';

export type IdentityContext = { readonly me: ChartInput };
export type IdentityEvent =
  | UserAct<
      | 'user.start'
      | 'user.set up cross-signing'
      | 'user.reset cross-signing'
      | 'user.verifies'
      | 'user.verified'
      | 'user.verifies user'
    >
  | CoreNews<'sync.device lists' | 'sync.key counts' | 'keys.queried' | 'told.identity' | 'told.identity verified'>
  | CoreAnswer<'identity', 'identity.made'>
  | CoreAnswer<'sign device', 'identity.signed'>
  | CoreAnswer<'query users', 'identity.looked up', Compared>
  | CoreAnswer<'sign user', 'identity.compared', Compared>;

/** Whose master key its person has compared, and which it was. */
export type Compared = { readonly user: UserId; readonly master: Term };

export type On<T extends IdentityEvent['type']> = Extract<IdentityEvent, { readonly type: T }>;
export type Change = AnyChange<IdentityContext, IdentityEvent>;
export type Effect = AnyEffect<IdentityEvent>;
export type IdentityParts = AnyParts<IdentityContext, IdentityEvent>;
export const words = wordsOf<IdentityContext, IdentityEvent>();
