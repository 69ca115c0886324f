/** What a file comes to that somebody opens: what is inside, what stays closed, what it holds for opening others, and how a story could begin. */
import type { JsonObject } from '../../../machines/json.ts';
import type { KindId } from './kinds.ts';

export type Opened = {
  readonly kind: KindId;
  /** What is inside, a line each; none of them has a secret in it. */
  readonly inside: readonly string[];
  /** What could not be opened, and what would open it. */
  readonly closed: readonly string[];
  readonly holds: Held;
  readonly start: Start;
};
export type NotOpened = { readonly kind: KindId | null; readonly why: string };
export type Opening = ({ readonly ok: true } & Opened) | ({ readonly ok: false } & NotOpened);

/** Keys that a file holds, for another file to be opened with. They are never shown. */
export type Held = {
  /** Room keys in their exported form, by session id. */
  readonly sessions: ReadonlyMap<string, string>;
  /** Secrets by their name: base64. */
  readonly secrets: ReadonlyMap<string, string>;
  /** `file` of encrypted attachments. */
  readonly files: readonly JsonObject[];
};
export const nothingHeld: Held = { sessions: new Map(), secrets: new Map(), files: [] };

/** What a scenario would begin with, or why none can be made. */
export type Start = { readonly can: true; readonly made: () => Made } | { readonly can: false; readonly why: string };
export type Made =
  | { readonly ok: true; readonly text: string; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string };
export const noStart = (why: string): Start => ({ can: false, why });

/** Keys that somebody gives to open a file with. */
export type Keys = {
  readonly passphrase: string | null;
  /** The 32 bytes of a recovery key. */
  readonly recoveryKey: Uint8Array | null;
  readonly held: Held;
};

export const opened = (
  kind: KindId,
  inside: readonly string[],
  start: Start,
  { closed = [], holds = nothingHeld }: { readonly closed?: readonly string[]; readonly holds?: Held } = {},
): Opening => ({ ok: true, kind, inside, closed, holds, start });
export const notOpened = (kind: KindId | null, why: string): Opening => ({ ok: false, kind, why });
