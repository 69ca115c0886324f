import type { ChartInput } from '../chart.ts';
import type { JsonObject } from '../json.ts';
import { readingsBy } from '../settings.ts';
import type { DeviceId, UserId } from '../types.ts';

/** A push on its way into the store. `published` is the public half this device knows for the name, if any. */
export type Candidate = {
  readonly name: string;
  readonly secret: string;
  readonly public: string | null;
  readonly published: string | null;
  readonly user: UserId;
  readonly device: DeviceId | null;
};

/** A push being written, for one device. */
export type Draft = {
  readonly device: DeviceId;
  readonly name: string;
  readonly secret: string;
  readonly types: readonly string[];
  readonly content: JsonObject;
  readonly encrypt: boolean;
};

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

/** Questions whose readings these charts take. */
export const pushQuestions = [
  'q01',
  'q02',
  'q03',
  'q04',
  'q05',
  'q06',
  'q07',
  'q08',
  'q10',
  'q12',
  'q13',
  'q14',
] as const;
export const readingOf = readingsBy(pushQuestions);
