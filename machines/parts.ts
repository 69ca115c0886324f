/** Every part of every chart that is a sentence of a proposal: which chart it is in, and how it speaks. */
import { register } from './register.ts';
import type { ClauseId, ClauseKind } from './types.ts';

export type ImplementedClause = {
  readonly clause: ClauseId;
  readonly chart: string;
  readonly kind: ClauseKind;
  /** Checked when something is read, done when something happens, or both. */
  readonly checks: boolean;
  readonly does: boolean;
};

export const implementedClauses: readonly ImplementedClause[] = register
  .flatMap(({ charts }) => charts)
  .flatMap(({ name, parts }) =>
    Object.entries(parts).flatMap(([clause, { kind, permits, permitsItem, perform, isDoneBy }]) =>
      kind === 'plain'
        ? []
        : [
            {
              clause,
              chart: name,
              kind,
              checks: permits !== undefined || permitsItem !== undefined,
              does: perform !== undefined || isDoneBy !== undefined,
            },
          ],
    ),
  );
