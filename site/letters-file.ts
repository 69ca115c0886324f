/** `steps.json.gz` of a scenario, as it is written and as the page reads it. */
import type { Json } from '../machines/json.ts';
import type { Scenario } from '../sim/engine/types.ts';
import type { ShortSettings } from './setting-list.ts';
import type { View } from './views/view.ts';

/** A field of something sealed: `start` is how its bytes begin, in base64. */
export type SealedField = {
  readonly name: string;
  readonly why: string;
  readonly length: number;
  readonly start: string;
};
export type Sealed = {
  readonly name: string;
  /** Who can open it. */
  readonly opens: string;
  readonly fields: readonly SealedField[];
  /** `opens`: who opened it, and when. */
  readonly inside: { readonly type: string; readonly value: Json; readonly opens: string } | null;
};
/** One thing in a step, in words, with what it carried. */
export type Letter = {
  readonly who: string;
  readonly title: string;
  readonly detail: string;
  readonly json: readonly { readonly name: string; readonly value: Json }[];
  readonly sealed: readonly Sealed[];
};
/** All that is fetched. */
export type Letters = {
  /** What was in each step. */
  readonly steps: readonly (readonly Letter[])[];
  /** The run as a comment, up to where its transcript goes. */
  readonly comment: string;
  /** What is played, for the worker: read from its file when the page was made. */
  readonly scenario: Scenario;
  /** What can be turned in it. */
  readonly settings: ShortSettings;
  /** The picture for a narrow screen. */
  readonly narrow: View;
};
