/** What the identity chart hears. */
import type { ChartInput } from '../chart.ts';
import type { Change as AnyChange, Parts as AnyParts } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer } from '../effects.ts';
import type { CoreNews, UserAct } from '../events.ts';

export type IdentityContext = { readonly me: ChartInput };
export type IdentityEvent =
  | UserAct<'user.start' | 'user.set up cross-signing' | 'user.reset cross-signing' | 'user.verifies' | 'user.verified'>
  | CoreNews<'sync.device lists' | 'sync.key counts' | 'keys.queried' | 'told.identity'>
  | CoreAnswer<'identity', 'identity.made'>
  | CoreAnswer<'sign device', 'identity.signed'>;

export type On<T extends IdentityEvent['type']> = Extract<IdentityEvent, { readonly type: T }>;
export type Change = AnyChange<IdentityContext, IdentityEvent>;
export type Effect = AnyEffect<IdentityEvent>;
export type IdentityParts = AnyParts<IdentityContext, IdentityEvent>;
