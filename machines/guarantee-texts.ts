/** What people may rely on, guarantee by guarantee. These words stand in the ledger and nowhere else. */
import texts from './ledger/guarantees.json' with { type: 'json' };

/** `secret-convergence`: as scenarios and verdicts name it. */
export type GuaranteeId = keyof typeof texts;

export type GuaranteeText = {
  /** For lanes, heads of columns and badges: at most 22 characters. */
  readonly short: string;
  /** What a person may rely on: a sentence with a subject, which could be false. */
  readonly promise: string;
  /** What it means for people when it breaks: a sentence. */
  readonly ifBroken: string;
  /** Who may rely on it: `the one who is invited`. */
  readonly forWhom: string;
  /** What must have happened for `holds` to say anything: a sentence. */
  readonly shadow: string;
};

/** Every guarantee of the ledger, in the order in which they are told. */
export const guaranteeTexts: Readonly<Record<GuaranteeId, GuaranteeText>> = texts;
export const guaranteeIds = Object.keys(texts) as readonly GuaranteeId[];

/** Whether the ledger has a guarantee of that name. */
export const isGuaranteeId = (name: string): name is GuaranteeId => Object.hasOwn(texts, name);

/** The words for a guarantee. Names that people write are checked where they are read: one that is not in the ledger is a bug here. */
export const guaranteeText = (id: string): GuaranteeText => {
  if (isGuaranteeId(id)) return guaranteeTexts[id];
  throw new Error(
    `machines/ledger/guarantees.json has no words for “${id}”: is it a new guarantee, or a misspelt one?`,
  );
};
