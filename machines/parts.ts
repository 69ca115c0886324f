/** Every part of every chart that is a sentence of a proposal: which chart it is in, and how it speaks. */
import { preferenceParts } from './backup-preference/chart.ts';
import { preferenceElsewhere } from './backup-preference/elsewhere.ts';
import { envelopeParts } from './envelope/chart.ts';
import { identityParts } from './identity/clauses.ts';
import { inboxParts } from './inbox/chart.ts';
import { backupParts } from './key-backup/clauses.ts';
import { bundlesElsewhere } from './key-bundle/elsewhere.ts';
import { inviteeParts } from './key-bundle/invitee.ts';
import { inviterParts } from './key-bundle/inviter.ts';
import { exportParts } from './key-export/chart.ts';
import { roomKeysParts } from './room-keys/chart.ts';
import { roomsParts } from './rooms/chart.ts';
import { secretPushParts } from './secret-push/chart.ts';
import { requestParts } from './secret-request/clauses.ts';
import type { ClauseId, ClauseKind } from './types.ts';

export type ImplementedClause = {
  readonly clause: ClauseId;
  readonly chart: string;
  readonly kind: ClauseKind;
  /** Checked when something is read, done when something happens, or both. */
  readonly checks: boolean;
  readonly does: boolean;
};

/** Charts differ in their contexts; here only the kind of a part counts, and whether it checks or does. */
type Shape = {
  readonly kind: ClauseKind | 'plain';
  readonly permits?: unknown;
  readonly permitsItem?: unknown;
  readonly perform?: unknown;
  readonly isDoneBy?: string;
};

const charts: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  envelope: envelopeParts,
  identity: identityParts,
  inbox: inboxParts,
  'backup-preference': preferenceParts,
  'key-backup': backupParts,
  rooms: roomsParts,
  'room-keys': roomKeysParts,
  'key-export': exportParts,
  'key-bundle-inviter': inviterParts,
  'key-bundle-invitee': inviteeParts,
  'secret-request': requestParts,
  'secret-push': secretPushParts,
};

export const implementedClauses: readonly ImplementedClause[] = Object.entries(charts).flatMap(([chart, parts]) =>
  Object.entries(parts).flatMap(([clause, { kind, permits, permitsItem, perform, isDoneBy }]) =>
    kind === 'plain'
      ? []
      : [
          {
            clause,
            chart,
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
export const elsewhere: Readonly<Record<ClauseId, string>> = {
  '4385-both-compromise-argument':
    'an acceptance: guarantees call a break by a stolen, still signed device accepted while it is on',
  '4147-stolen-device':
    'an admission: why a device was logged out is nowhere to be seen, and guarantees call what a stolen one signed accepted',
  '4147-identity-reset-gap':
    'an admission: what was signed by an identity that is gone can be checked by nobody, and is refused as any other unsigned keys',
  '4147-size': 'a fact about sizes: no client does anything about it',
  '4268-leave-old-assumption':
    'the habit of the specification before, which stays under every revision: who was given a session and is gone ends it',
  '4268-rotation-assumption-issue': 'says of other clients that what they do is not enough; what is, is said elsewhere',
  '4268-draft-placeholders': 'an empty heading: what is sent instead of a bundle is the option “share history by”',
  ...bundlesElsewhere,
  ...preferenceElsewhere,
};
