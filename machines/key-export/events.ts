/** What the chart of key files and forwarded keys hears. */
import type { ChartInput } from '../chart.ts';
import { type Parts as AnyParts, wordsOf } from '../clauses.ts';
import type { Effect as AnyEffect, CoreAnswer } from '../effects.ts';
import type { UserAct } from '../events.ts';
import type { DeviceId } from '../types.ts';

export type ExportContext = { readonly me: ChartInput };
export type ExportEvent =
  | UserAct<'user.export room keys' | 'user.forward room keys' | 'user.import room keys'>
  | CoreAnswer<'export room keys', 'key-export.ready'>
  /** `device`: whom they are forwarded to. */
  | CoreAnswer<'export room keys', 'key-export.to forward', { readonly device: DeviceId }>
  | CoreAnswer<'read room keys', 'key-export.read'>;

export type On<T extends ExportEvent['type']> = Extract<ExportEvent, { readonly type: T }>;
export type Effect = AnyEffect<ExportEvent>;
export type ExportParts = AnyParts<ExportContext, ExportEvent>;
export const words = wordsOf<ExportContext, ExportEvent>();
