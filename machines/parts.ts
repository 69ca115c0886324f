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

/**
 * Sentences that have their place outside the charts, and which: no client here can skip them by itself, so that there is nothing to
 * switch off in a device.
 */
export const elsewhere: Readonly<Record<ClauseId, string>> = Object.fromEntries(
  register.flatMap((folder) => Object.entries(folder.elsewhere ?? {})),
);

/** Sentences in charts without which every verdict stays as it is, and why: each is a finding about the text. */
export const missedByNobody: Readonly<Record<ClauseId, string>> = Object.fromEntries(
  register.flatMap((folder) => Object.entries(folder.missedByNobody ?? {})),
);
