/** Which clauses spoke in runs, and which of them a client can forget: worked out when the pages are made. */
import { ledgerClauses } from '../machines/ledger.ts';
import { implementedClauses } from '../machines/parts.ts';
import type { ClauseId, Run } from '../sim/engine/types.ts';

/** The clauses that spoke in runs. */
export const spokenIn = (runs: readonly Run[]): ReadonlySet<ClauseId> =>
  new Set(
    runs.flatMap(({ steps }) =>
      steps.flatMap(({ moments }) => moments.flatMap((one) => (one.kind === 'clause' ? [one.clause] : []))),
    ),
  );

const inCharts = new Set<ClauseId>(implementedClauses.map(({ clause }) => clause));
/** Those of them that a client can forget, in the order of the ledger. */
export const forgettable = (spoken: ReadonlySet<ClauseId>): readonly (typeof ledgerClauses)[number][] =>
  ledgerClauses.filter(({ id }) => spoken.has(id) && inCharts.has(id));
