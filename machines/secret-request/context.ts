import type { ChartInput } from '../chart.ts';
import { readingsBy } from '../settings.ts';
import type { DeviceId, HeldSecret, Ms, UserId } from '../types.ts';

/** A request of ours that nobody has answered yet. */
export type Pending = { readonly name: string; readonly asked: readonly DeviceId[] };
/** A request of somebody else's. */
export type Waiting = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly requestId: string;
  readonly name: string;
};
export type RequestContext = {
  readonly me: ChartInput;
  /** Requests of ours by request id. */
  readonly pending: Readonly<Record<string, Pending>>;
  /** Requests of others that wait for the user or for the core. */
  readonly waiting: readonly Waiting[];
  readonly made: number;
  /** Answers that could not be tested, as nobody said what is in use. */
  readonly untested: readonly Tested[];
  /** When this device has verified which of its siblings; kept only where it matters (question q57, reading B). */
  readonly verified: Readonly<Record<DeviceId, Ms>>;
};

/** An answer that is tested before it counts (question q58, reading B). */
export type Tested = { readonly requestId: string; readonly held: HeldSecret; readonly device: DeviceId | null };

/** Questions whose readings this chart takes. */
export const requestQuestions = ['q09', 'q57', 'q58'] as const;
export const readingOf = readingsBy(requestQuestions);
