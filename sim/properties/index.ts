/** Every guarantee, in the order they are drawn. A further one is a file and a line here. */
import type { ClauseId } from '../../machines/types.ts';
import { attributionHonesty } from './attribution-honesty.ts';
import { availability } from './availability.ts';
import { backupKeyIntegrity } from './backup-key-integrity.ts';
import { bundleConsistency } from './bundle-consistency.ts';
import { cacheIntegrity } from './cache-integrity.ts';
import { consentAwareness } from './consent-awareness.ts';
import { dataDurability } from './data-durability.ts';
import { deviceAuthenticity } from './device-authenticity.ts';
import { failureDiagnosability } from './failure-diagnosability.ts';
import { forwardExclusion } from './forward-exclusion.ts';
import { historyCompleteness } from './history-completeness.ts';
import { historyConfidentiality } from './history-confidentiality.ts';
import { historyLiveness } from './history-liveness.ts';
import { preferenceConvergence } from './preference-convergence.ts';
import { preferenceFidelity } from './preference-fidelity.ts';
import { roomScoping } from './room-scoping.ts';
import { secretAuthenticity } from './secret-authenticity.ts';
import { secretConfidentiality } from './secret-confidentiality.ts';
import { secretConvergence } from './secret-convergence.ts';
import { serverDistrust } from './server-distrust.ts';
import type { Guarantee } from './types.ts';

export const guarantees: readonly Guarantee[] = [
  secretAuthenticity,
  secretConfidentiality,
  secretConvergence,
  backupKeyIntegrity,
  historyConfidentiality,
  historyLiveness,
  historyCompleteness,
  deviceAuthenticity,
  forwardExclusion,
  attributionHonesty,
  cacheIntegrity,
  roomScoping,
  bundleConsistency,
  failureDiagnosability,
  availability,
  consentAwareness,
  dataDurability,
  preferenceFidelity,
  preferenceConvergence,
  serverDistrust,
] as readonly unknown[] as readonly Guarantee[];

/** Clauses that guarantees themselves go by (`witness.off`): whether a break is accepted, or whom a promise is made to. */
export const judgedBy: readonly ClauseId[] = [
  '4147-stolen-device',
  '4268-conflict-impl-defined',
  '4268-forwarder-in-backup-out-of-scope',
  '4268-no-authoritative-sender',
  '4268-ui-sender-indicator',
  '4287-default-freedom',
  '4287-forced-off-attack',
  '4287-forced-on-attack',
  '4287-invalid-may-decide',
  '4287-no-required-monitoring',
  '4287-opt-out',
  '4385-both-compromise-argument',
  '4385-push-legacy-ignore',
  '4385-push-legacy-wasted',
  '4385-send-legacy-discard',
  '4385-send-legacy-wasted',
];
