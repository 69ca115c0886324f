/** Every guarantee, in the order they are drawn. A further one is a file and a line here. */
import { attributionHonesty } from './attribution-honesty.ts';
import { availability } from './availability.ts';
import { backupKeyIntegrity } from './backup-key-integrity.ts';
import { bundleConsistency } from './bundle-consistency.ts';
import { cacheIntegrity } from './cache-integrity.ts';
import { closedRoom } from './closed-room.ts';
import { consentAwareness } from './consent-awareness.ts';
import { dataDurability } from './data-durability.ts';
import { deviceAuthenticity } from './device-authenticity.ts';
import { failureDiagnosability } from './failure-diagnosability.ts';
import { forwardExclusion } from './forward-exclusion.ts';
import { historyCompleteness } from './history-completeness.ts';
import { historyConfidentiality } from './history-confidentiality.ts';
import { historyLiveness } from './history-liveness.ts';
import { interopCompat } from './interop-compat.ts';
import { noticeTruth } from './notice-truth.ts';
import { preferenceConvergence } from './preference-convergence.ts';
import { preferenceFidelity } from './preference-fidelity.ts';
import { roomAccess } from './room-access.ts';
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
  roomAccess,
  noticeTruth,
  closedRoom,
  interopCompat,
] as readonly unknown[] as readonly Guarantee[];
