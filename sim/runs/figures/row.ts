/** A row of a picture: one message, or something at one player, with all that hangs on it. */
import type { Judgement, PlayerId } from '../../engine/types.ts';
import type { Outcome } from './outcomes.ts';

/** Who or what is behind a row; drawn by colour, line and mark. */
export type RowKind = 'honest' | 'attacker' | 'forged' | 'dropped' | 'leak';
/** A check, or a duty left undone, and what came of it. */
export type Gate = {
  readonly clause: string;
  readonly player: PlayerId;
  readonly role: string;
  readonly outcome: Outcome;
};
/** A chart changed state. */
export type Capsule = { readonly player: PlayerId; readonly chart: string; readonly from: string; readonly to: string };
export type Learned = { readonly player: PlayerId; readonly what: string };
export type RowVerdict = { readonly guarantee: Judgement['guarantee']; readonly verdict: 'breaks' | 'accepted' };

export type Row = {
  /** Index into `run.steps`. */
  readonly step: number;
  readonly kind: RowKind;
  /** `here`: something at one player alone, `from` and `to` are the same. */
  readonly shape: 'message' | 'here';
  readonly from: PlayerId;
  readonly to: PlayerId;
  /** Ciphertext: drawn as a tube. */
  readonly sealed: boolean;
  /** The receiver opens it. */
  readonly opened: boolean;
  /** It does not arrive. */
  readonly lost: boolean;
  /** The answer to a question of `to`: what matters in the exchange flows back to whoever asked. */
  readonly asked: boolean;
  /** Asked for once and arrived in a later step: the arrow slopes. */
  readonly late: boolean;
  readonly label: string;
  readonly wire: string;
  /** The status of an answer that says no, e.g. `404 M_NOT_FOUND`. */
  readonly refused: string | null;
  readonly gates: readonly Gate[];
  readonly capsules: readonly Capsule[];
  readonly learned: readonly Learned[];
  readonly verdicts: readonly RowVerdict[];
  /** What it led to and was certain only later: in that step (index). */
  readonly causes: readonly (RowVerdict & { readonly certain: number })[];
};

/** The rows of a run, and the steps (indices) that have none because nothing in them needs drawing. */
export type Rows = { readonly rows: readonly Row[]; readonly quiet: readonly number[] };
