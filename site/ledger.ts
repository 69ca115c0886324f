/** The ledger as the pages read it. */
import clauses from '../machines/ledger/clauses.json' with { type: 'json' };
import properties from '../machines/ledger/properties.json' with { type: 'json' };
import questions from '../machines/ledger/questions.json' with { type: 'json' };
import { clauseWords, guaranteeWords, sentence } from '../sim/figures/words.ts';
import type { PlayerId, Turn, Verdict } from '../sim/types.ts';

export type Clause = {
  readonly id: string;
  readonly proposal: string;
  readonly section: string;
  readonly level: string;
  readonly party: string;
  readonly kind: string;
  /** The guarantee it is about. */
  readonly property: string;
  readonly statement: string;
  readonly when_skipped: string;
};
const byId = new Map<string, Clause>((clauses as readonly Clause[]).map((clause) => [clause.id, clause]));
/** The sentence of that id, if the ledger has it. */
export const clauseOf = (id: string): Clause | undefined => byId.get(id);
export const clauseCount = byId.size;
export const questionCount = questions.length;
export const guaranteeCount = Object.keys(properties).length;
/** What a guarantee promises, in one sentence. */
export const promise = (guarantee: string): string =>
  (properties as Readonly<Record<string, string>>)[guarantee] ?? guaranteeWords(guarantee);

/** A clause in words people can click: `Cross signed only`. */
export const clauseTitle = (id: string): string => sentence(clauseWords(id));

/** For whom alone a clause is off; nothing when it is for everyone. */
const forOne = (player: PlayerId | undefined): string => (player === undefined ? '' : ` for ${player}`);

/** The name of a switch: `Cross signed only for alice.phone`, or another dial in words. */
export const switchName = (turn: Turn): string =>
  turn.turn === 'off' ? `${clauseTitle(turn.clause)}${forOne(turn.for)}` : turnWords(turn);

/** A turned dial in words: `without cross signed only`, `q07 read as B`. */
export const turnWords = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return `without “${clauseWords(turn.clause)}”${forOne(turn.for)}`;
    case 'reading':
      return `${turn.question} read as ${turn.reading}`;
    case 'revision':
      return `${turn.proposal}: ${turn.revision}`;
  }
};

export const proposals: Readonly<Record<string, string>> = {
  MSC4385: 'Pushed secrets',
  MSC4268: 'Room history for newcomers',
  MSC4287: 'The wish for key backup',
  MSC1946: 'Requested secrets',
  MSC1219: 'Key backup',
  MSC4147: 'Keys within the envelope',
  MSC4153: 'Unsigned devices',
  MSC1756: 'Cross-signing',
};

const badges: Readonly<Record<Verdict, readonly [symbol: string, word: string, tone: string]>> = {
  holds: ['✓', 'holds', 'ok'],
  happens: ['✓', 'happens', 'ok'],
  breaks: ['✕', 'breaks', 'bad'],
  never: ['✕', 'never happens', 'bad'],
  accepted: ['≈', 'accepted by the text', 'sub'],
  unsettled: ['?', 'unsettled', 'open'],
};
export const badgeOf = (verdict: Verdict) => badges[verdict];
