/** What the envelope chart hears. */
import type { ChartInput } from '../chart.ts';
import { type Change as AnyChange, type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { CoreNews } from '../events.ts';
import type { DeviceId, UserId } from '../types.ts';

export type EnvelopeContext = {
  readonly me: ChartInput;
  /** Devices whose owner could not be confirmed, as its person was told: `@bob:example.org PHONE`. */
  readonly warned: readonly string[];
};
export type EnvelopeEvent = CoreNews<'envelope.incoming' | 'envelope.outgoing' | 'keys.claimed'>;

export type On<T extends EnvelopeEvent['type']> = Extract<EnvelopeEvent, { readonly type: T }>;
export type Change = AnyChange<EnvelopeContext, EnvelopeEvent>;
export type EnvelopeParts = AnyParts<EnvelopeContext, EnvelopeEvent>;
export const words = wordsOf<EnvelopeContext, EnvelopeEvent>();

export const deviceName = (user: UserId, device: DeviceId): string => `${user} ${device}`;
