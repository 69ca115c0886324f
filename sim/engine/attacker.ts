/**
 * An attacker: a player who overhears, acts, and knows what it has seen and made. Part of the world, plain JSON.
 *
 * Whatever differs here makes another world, so it is kept small and in canonical order: how something came to be known is
 * said once, in the step in which it was learned, and what has been opened is not kept sealed.
 */
import type { JsonObject } from '../../machines/json.ts';
import type {
  BackupSessionData,
  KeyPair,
  MegolmOutbound,
  OlmAccount,
  OlmSession,
  StoredSecret,
  Term,
} from '../../machines/suite.ts';
import type { PlayerId } from './types.ts';

/** Something an attacker knows. `term` is the key or text itself; `what` says it in words. */
export type Known = { readonly what: string; readonly term: string };

/** A recorded thing that a key may open one day. */
export type Sealed =
  /** An entry of a key backup, as it went over the wire or lies on the server. */
  | {
      readonly sealed: 'backup entry';
      readonly room: string;
      readonly session: string;
      readonly data: BackupSessionData;
    }
  /** A secret in account data, under a secret storage key. */
  | { readonly sealed: 'stored secret'; readonly name: string; readonly data: StoredSecret }
  /** Something said in a room, under a room key. */
  | {
      readonly sealed: 'room event';
      readonly room: string;
      readonly event: string;
      readonly session: string;
      readonly ciphertext: string;
    };

/** What opens messages to one device: its account and its sessions by the peer's Curve25519 key. */
export type OlmKeys = {
  readonly player: PlayerId;
  readonly account: OlmAccount;
  readonly olm: Readonly<Record<Term, readonly OlmSession[]>>;
};

/** A to-device event as an honest server would deliver it. */
export type Recorded = JsonObject;

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
  /** A set, in the order of `what` and then of terms. No term twice. */
  readonly knows: readonly Known[];
  /** To-device events it has seen on their way, by recipient (`@user:server DEVICE`), oldest first. */
  readonly recorded: Readonly<Record<string, readonly Recorded[]>>;
  /** What it has seen and could not open, by a name of its own. */
  readonly hoard: Readonly<Record<string, Sealed>>;
  /** Olm keys of devices it runs, by recipient: kept where somebody who shares with it records what goes there. */
  readonly olmKeys: Readonly<Record<string, OlmKeys>>;
  /** What it holds back, by recipient, oldest first. */
  readonly withheld: Readonly<Record<string, readonly Recorded[]>>;
  /** Open secret requests it has seen: whoever carries them can answer them. */
  readonly requests: readonly { readonly requestId: string; readonly name: string; readonly by: PlayerId }[];
  /** Megolm sessions it has made to be taken for others', by room and the device they are said to be of. Absent: none. */
  readonly forged?: Readonly<Record<string, MegolmOutbound>>;
};

/** An attacker that has seen nothing yet. */
export const newAttacker = (who: Pick<Attacker, 'name' | 'plays' | 'of' | 'server' | 'runs'>): Attacker => ({
  ...who,
  backups: [],
  knows: [],
  recorded: {},
  hoard: {},
  olmKeys: {},
  withheld: {},
  requests: [],
});

/** The device of an attacker whose device is as everybody's. */
export const phoneOf = (name: string): PlayerId => `${name}.phone`;
