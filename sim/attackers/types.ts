/** An attacker: a player who overhears, acts, and knows what it has seen and made. Part of the world, plain JSON. */
import type { JsonObject } from '../../machines/json.ts';
import type { KeyPair } from '../../machines/suite.ts';
import type { Derivation, PlayerId } from '../types.ts';

/** Something an attacker knows. `term` is the key or text itself; `what` says it in words. */
export type Known = { readonly what: string; readonly term: string; readonly how: Derivation };

export type Attacker = {
  readonly name: string;
  readonly plays: string;
  /** The user, device or server it lives off. */
  readonly of: string | null;
  readonly server: PlayerId;
  /** Devices it runs: its own name for each → the player. */
  readonly runs: Readonly<Record<string, PlayerId>>;
  /** Keys of backups it has made, latest last. */
  readonly backups: readonly KeyPair[];
  readonly knows: readonly Known[];
  /** To-device events it has seen on their way, by recipient, oldest first (a lying server sees all of its own). */
  readonly recorded: Readonly<Record<PlayerId, readonly JsonObject[]>>;
  /** Open secret requests it has seen: whoever carries them can answer them. */
  readonly requests: readonly { readonly requestId: string; readonly name: string; readonly by: PlayerId }[];
};

export const knowing = (attacker: Attacker, known: Known): { readonly attacker: Attacker; readonly isNew: boolean } =>
  attacker.knows.some(({ term, what }) => term === known.term && what === known.what)
    ? { attacker, isNew: false }
    : { attacker: { ...attacker, knows: [...attacker.knows, known] }, isNew: true };
