/** Every part of every chart that is a sentence of a proposal: which chart it is in, and how it speaks. */
import { register } from './register.ts';
import type { Unbuilt } from './registration.ts';
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
 * Sentences that have their place outside the charts: no client can skip them by itself, so there is nothing to
 * switch off in a device, but guarantees know them.
 */
export const elsewhere: Readonly<Record<ClauseId, string>> = Object.fromEntries(
  register.flatMap((folder) => Object.entries(folder.elsewhere ?? {})),
);

/** Sentences that no chart has a part for and that guarantees do not know either: where they are instead, or why nowhere. */
export const unbuilt: Readonly<Record<ClauseId, Unbuilt>> = Object.fromEntries(
  register.flatMap((folder) => Object.entries(folder.unbuilt ?? {})),
);
