import type { ChartInput } from '../chart.ts';
import type { DeviceId } from '../types.ts';
import type { Candidate, Draft } from './messages.ts';

export type PushContext = {
  readonly me: ChartInput;
  // --- sending ---
  /** A changed secret that has not been pushed yet. */
  readonly changed: { readonly name: string; readonly secret: string } | null;
  readonly draft: Draft | null;
  /** Siblings that have pushed to us, so that they are known to understand pushes. */
  readonly understands: readonly DeviceId[];
  // --- receiving ---
  /** Arrived and permitted, oldest first. */
  readonly candidates: readonly Candidate[];
  /** Failed the test before and kept (question q07, reading B), oldest first. */
  readonly kept: readonly Candidate[];
  /** Public key of the backup version the server describes, while testing. */
  readonly published: string | null;
  readonly publishedSignedByMaster: boolean;
};
