import type { ChartInput } from '../chart.ts';
import type { JsonObject } from '../json.ts';
import { readingsBy } from '../settings.ts';

/** Under which names the preference was asked for. */
export type Form = 'stable' | 'unstable';

/** What came of asking for the preference under one name. */
export type Answer = { readonly status: number; readonly content: JsonObject };

/** What the account data say: a choice, nothing that counts, or nobody knows since the server could not be asked. */
export type Stated = 'on' | 'off' | 'undetermined' | 'unknown';

/** What the user is asked, with the answer that is preselected. */
export type Question = {
  readonly about: 'value' | 'confirmation' | 'change' | 'default';
  readonly isOn: boolean;
};

export type PreferenceContext = {
  readonly me: ChartInput;
  /** Whether this client has been through a sign-in: after a restart it has. */
  readonly isSignedIn: boolean;
  /** A sign-in whose outcome is not known yet. */
  readonly isPending: boolean;
  /** What was asked for in this reading, and what was answered so far. */
  readonly asked: readonly Form[];
  readonly answers: { readonly stable?: Answer; readonly unstable?: Answer };
  readonly stated: Stated | null;
  readonly question: Question | null;
  /** Whether this client backs up; `null`: it has decided nothing yet, and is as it was. */
  readonly isOn: boolean | null;
};

/** Questions whose readings this chart takes. */
export const preferenceQuestions = ['q41', 'q42', 'q43', 'q44', 'q45', 'q46', 'q47', 'q48'] as const;
export const readingOf = readingsBy(preferenceQuestions);
