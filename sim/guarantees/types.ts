/** A guarantee: a bystander with a small memory of its own. It sees steps, never a device's private context. */

import type { GuaranteeId } from '../../machines/guarantee-texts.ts';
import type { Json } from '../../machines/json.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import type { PlayerId, Step } from '../engine/types.ts';

/** What a bystander may know of the cast: who is honest, and whose device is whose. */
export type Witness = {
  readonly honest: (player: PlayerId) => boolean;
  /** The user (name in the cast) whose device this is; `null` for servers and attackers. */
  readonly ownerOf: (player: PlayerId) => string | null;
  /** The user or attacker (name in the cast) who has that device; a server has itself. */
  readonly holderOf: (player: PlayerId) => string;
  /** The name in the cast of whose account that is, user or attacker; `null`: nobody's there. */
  readonly personOf: (user: UserId) => string | null;
  /** Whether the device is cross-signed when the story begins. */
  readonly signedAtStart: (player: PlayerId) => boolean;
  readonly devicesOf: (user: string) => readonly PlayerId[];
  readonly implementsText: (player: PlayerId, proposal: string) => boolean;
  /** Devices in the hands of an attacker that are cross-signed all the same. */
  readonly stolen: (player: PlayerId) => boolean;
  readonly off: (player: PlayerId, clause: ClauseId) => boolean;
  /** Whether the text that the device implements has that sentence, be it switched off or not. */
  readonly isMeantBy: (player: PlayerId, clause: ClauseId) => boolean;
  /** How a MAY is set there; `undefined` where it is not. */
  readonly option: (player: PlayerId, name: string) => Json | undefined;
  /** Which form of the texts a device is of: the same `text` for the same, and whether it goes by their final names. */
  readonly form: (player: PlayerId) => { readonly text: string; readonly isFinal: boolean };
};

export type Seen<M> = {
  readonly memory: M;
  readonly breaks: readonly Break[];
  readonly shadow: boolean;
  /** The secrets (by name) of which the shadow happened, where a guarantee is judged secret by secret. */
  readonly shadowOf?: readonly string[];
};

export type Guarantee<M extends Json = Json> = {
  /** Its words stand in the ledger (`machines/ledger/guarantees.json`). */
  readonly id: GuaranteeId;
  /** `always`: judged at every step. `finally`: judged when all is quiet. */
  readonly kind: 'always' | 'finally';
  /** The clauses that can concede a break of it. Each has its pair of scenarios in `scenarios/acceptances.yml`. */
  readonly accepts: readonly ClauseId[];
  readonly begin: M;
  /** A step passes. `breaks`: all that broke in it. `shadow`: what the ledger says of its shadow happened in it. */
  readonly see: (memory: M, step: Step, witness: Witness) => Seen<M>;
  /** Whether there is anything to judge in the end; where there is not, a run that stops early leaves nothing open. */
  readonly concerns?: (memory: M) => boolean;
  /** `finally` guarantees are asked once all is quiet. */
  readonly end?: (memory: M, witness: Witness) => readonly Break[];
};
