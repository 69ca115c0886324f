/** What a folder of `machines/` says of itself: the proposals it plays, its charts, and the MAYs it leaves to a client. */
import type { Chart } from './chart.ts';
import type { Without } from './clauses.ts';
import type { GuaranteeId } from './guarantee-texts.ts';
import type { ClauseId, ClauseKind, DeviceSettings } from './types.ts';

/**
 * What becomes of what a guard (or a format that is insisted on) does not let pass: it is `thrown away`, `kept for later`, what is asked
 * for is `not done`, it is `read as` something else, the client `chose` where the text leaves it to clients, or it is only `not on this
 * ground` that it passes, and another may do.
 */
export type Refusing = 'thrown away' | 'kept for later' | 'not done' | 'read as' | 'chose' | 'not on this ground';

/** A sentence of a proposal, as `machines/ledger/clauses.json` has it. */
export type LedgerClause = {
  readonly id: ClauseId;
  /** What it asks for, as a person would say it in at most sixty letters: `Only take pushes from cross-signed devices`. */
  readonly name: string;
  readonly proposal: string;
  /** The texts it stands in. */
  readonly revisions: readonly string[];
  readonly section: string;
  /** Which sentence of that section it is, in the newest text that has the section; from 1. Items of lists count, samples do not. */
  readonly sentence?: number;
  /** `MUST`, `SHOULD`, `MAY`, or `STATED`. */
  readonly level: string;
  /** Who is to keep it. */
  readonly party: string;
  readonly kind: ClauseKind;
  /** What a guard of it means that does not pass; absent where none is ever asked. */
  readonly refusing?: Refusing;
  /** What is then read, chosen or not done, in a few words: `not shareable`, `uploads nothing`. Absent where it is thrown away or kept. */
  readonly refusing_what?: string;
  /** Question → reading → what it means instead where that is read so. */
  readonly refusing_by_reading?: Readonly<Record<string, Partial<Record<Reading, Refusing>>>>;
  /** The duty that keeps for later what does not pass: where it is off that is lost, and so thrown away. */
  readonly kept_by?: ClauseId;
  /** The guarantee it serves. */
  readonly guarantee: GuaranteeId;
  readonly statement: string;
  readonly when_skipped: string;
  /** The same in one sentence of at most ninety letters, for a switch; absent where the first of `when_skipped` is as short. */
  readonly skipped?: string;
  /** Where its strength changed; what is not named is as in the last one named before. */
  readonly level_by_revision?: Readonly<Record<string, string | undefined>>;
  readonly supersedes?: ClauseId;
  readonly superseded_by?: ClauseId;
  readonly note?: string;
};

/** One published text of a proposal. */
export type LedgerText = {
  /** What it is and of when, in words: `the proposal as of 29 May 2025`. */
  readonly source: string;
  /** Forty hex digits, in the repository of the proposals; absent where it is a release of the specification. */
  readonly commit?: string;
  /** Where it can be read, at that commit or in that release; absent where nobody has said. */
  readonly url?: string;
};

export type Reading = 'A' | 'B';
/** Where a text can be read in two ways, as `machines/ledger/questions.json` has it. */
export type LedgerQuestion = {
  readonly id: string;
  readonly proposal: string;
  /** The one text that leaves it open, where others do not. */
  readonly revision?: string;
  /** What it asks, as a person would put it in at most seventy letters, beginning with a word that can be written small. */
  readonly name: string;
  readonly question: string;
  /** Of each reading: what it says, who comes to harm by it, and in a phrase the answer it gives to the name. */
  readonly readings: Readonly<
    Record<Reading, { readonly words: string; readonly text: string; readonly risk: string }>
  >;
};

/** What a client may choose, and between what. */
export type OptionKind =
  | { readonly is: 'switch' }
  | { readonly is: 'one of'; readonly words: readonly string[] }
  | { readonly is: 'words'; readonly what: string }
  /** A whole number from 1. */
  | { readonly is: 'count'; readonly max: number };
export type OptionOf<K extends OptionKind> = { readonly kind: K; readonly text: string };
export type Option = OptionOf<OptionKind>;

/** What stands in for the setting of a question, or why it has none. */
export type WithoutSetting = {
  readonly is: 'another setting' | 'not built' | 'cannot be acted out';
  readonly why: string;
};

export type Proposal = {
  /** `MSC4268`. */
  readonly id: string;
  /** A few words: `Pushed secrets`. */
  readonly name: string;
  /** What it brings and whose word it goes by, in a sentence or two. */
  readonly about: string;
  /** The text that devices implement where a story says nothing. Absent: none, without a word about it. */
  readonly byDefault?: string;
  /** What is about rooms is implemented by default only where there are some. */
  readonly isAboutRooms?: true;
  /**
   * Its charts run as a whole: whichever text is named, they keep all sentences that are built. Otherwise a device goes without
   * those that are not in its text.
   */
  readonly runsWhole?: true;
  /** The charts its page shows, by name; absent: those of the folder. */
  readonly charts?: readonly string[];
  /** Its texts, oldest first, each with where it is from, in words or with its address; its sentences and questions. Absent: `machines/ledger/` has them. */
  readonly texts?: Readonly<Record<string, string | LedgerText>>;
  readonly clauses?: readonly Omit<LedgerClause, 'proposal'>[];
  readonly questions?: readonly Omit<LedgerQuestion, 'proposal'>[];
  /** Questions that no reading is set for, by id. */
  readonly withoutSetting?: Readonly<Record<string, WithoutSetting>>;
};

/** Charts differ in their contexts; here only the kind of a part counts, and whether it checks or does. */
type PartShape = {
  readonly kind: ClauseKind | 'plain';
  readonly permits?: unknown;
  readonly permitsItem?: unknown;
  readonly perform?: unknown;
  readonly isDoneBy?: string;
};

type RegisteredChart = {
  /** The chart's own id. */
  readonly name: string;
  readonly chart: (without: Without) => Chart;
  readonly parts: Readonly<Record<string, PartShape>>;
  /** Whether a device that implements these texts runs it. */
  readonly runs: (settings: Pick<DeviceSettings, 'implements'>) => boolean;
};

export type Registration = {
  /** Those whose sentences are mostly here; none where a folder plays what the specification takes for granted. */
  readonly proposals: readonly Proposal[];
  /** In the order in which a device's charts hear. */
  readonly charts: readonly RegisteredChart[];
  /**
   * Sentences that have their place outside the charts, and which: no client here can skip them by itself, so that there is nothing
   * to switch off in a device. Absent, as what is missed by nobody: `machines/ledger/` has them.
   */
  readonly elsewhere?: Readonly<Record<ClauseId, string>>;
  /** Sentences in a chart that no scenario's verdict depends on, and why: a finding about the text. */
  readonly missedByNobody?: Readonly<Record<ClauseId, string>>;
  /** MAYs, by name. */
  readonly options?: Readonly<Record<string, Option>>;
  /** The questions whose readings its charts take (`settings.ts`). */
  readonly questions?: readonly string[];
};

/** For charts that every device runs. */
export const always = (): boolean => true;
/** For charts of devices that implement some text of a proposal. */
export const implemented =
  (proposal: string) =>
  (settings: Pick<DeviceSettings, 'implements'>): boolean =>
    (settings.implements[proposal] ?? 'none') !== 'none';
