/** Every guarantee, in the order they are drawn. A further one is a file and a line here. */
import type { ClauseId } from '../../machines/types.ts';
import { backupKeyIntegrity } from './backup-key-integrity.ts';
import { consentAwareness } from './consent-awareness.ts';
import { dataDurability } from './data-durability.ts';
import { secretAuthenticity } from './secret-authenticity.ts';
import { secretConfidentiality } from './secret-confidentiality.ts';
import { secretConvergence } from './secret-convergence.ts';
import type { Guarantee } from './types.ts';

export const guarantees: readonly Guarantee[] = [
  secretAuthenticity,
  secretConfidentiality,
  secretConvergence,
  backupKeyIntegrity,
  consentAwareness,
  dataDurability,
] as readonly unknown[] as readonly Guarantee[];

/** Clauses that guarantees themselves go by (`witness.off`): whether a break is accepted, or whom a promise is made to. */
export const judgedBy: readonly ClauseId[] = [
  '4385-both-compromise-argument',
  '4385-push-legacy-ignore',
  '4385-push-legacy-wasted',
];
