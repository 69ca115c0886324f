/** What of a run would be seen of a device if it were played by a client: what leaves it, and what a client shows. */
import type { GuaranteeId } from '../../../machines/guarantee-texts.ts';
import { ownerIn } from '../../engine/player.ts';
import type { Moment, PlayerId, Run, Step } from '../../engine/types.ts';
import { secretSentIn } from '../../guarantees/evidence/requests.ts';
import type { ShownKind } from '../seat/client.ts';

/**
 * What a client has to show for a guarantee to be measured with it in a seat at all; `null`: it rests on what no client shows (what a
 * person is told and asked, which preference is gone by, when something was heard).
 */
const needs: Readonly<Record<GuaranteeId, readonly ShownKind[] | null>> = {
  'secret-authenticity': ['secrets'],
  'secret-convergence': ['secrets', 'letters'],
  'secret-confidentiality': ['secrets'],
  'backup-key-integrity': ['secrets', 'backup'],
  'device-authenticity': ['roomKeys', 'gifts', 'shares'],
  'history-liveness': ['roomKeys', 'gifts'],
  'history-completeness': ['roomKeys', 'gifts', 'shares'],
  'history-confidentiality': ['roomKeys', 'gifts'],
  'forward-exclusion': ['roomKeys', 'gifts', 'shares'],
  'attribution-honesty': ['roomKeys', 'messages'],
  'cache-integrity': ['roomKeys'],
  'room-scoping': ['roomKeys'],
  'bundle-consistency': ['roomKeys', 'imports', 'shares'],
  'closed-room': ['roomKeys', 'messages', 'shares'],
  'room-access': ['roomKeys', 'messages', 'shares'],
  'data-durability': ['roomKeys', 'secrets', 'backup'],
  'server-distrust': null,
  'consent-awareness': null,
  'notice-truth': null,
  'failure-diagnosability': null,
  'preference-fidelity': null,
  'preference-convergence': null,
  'interop-compat': null,
  availability: null,
};

/** Why a guarantee cannot be measured with a client that shows these; `null`: it can. */
export const unseen = (guarantee: GuaranteeId, shows: readonly ShownKind[]): string | null => {
  const wanted = needs[guarantee];
  if (wanted === null) return 'it rests on what a person is told, or on when something is heard, which no client shows';
  const missing = wanted.filter((kind) => !shows.includes(kind));
  return missing.length === 0 ? null : `the client does not show its ${missing.join(' and ')}`;
};

/** Whether a device decides in a run to send a secret: to whom, only its inside says. */
export const sendsSecrets = ({ steps }: Run, seat: PlayerId): boolean =>
  steps.some(({ moments }) => moments.some((moment) => secretSentIn(moment)?.player === seat));

const noticesSeen: Readonly<Record<string, ShownKind>> = {
  message: 'messages',
  'unreadable message': 'messages',
  'bundle imported': 'imports',
};
const patchesSeen: Readonly<Record<string, ShownKind>> = {
  secret: 'secrets',
  'forget secret': 'secrets',
  backup: 'backup',
  'room keys': 'roomKeys',
  'room key given': 'gifts',
  'history shared': 'shares',
  pin: 'master',
};

/** A moment as it would be seen; `null`: it would not. */
const seenOf = (moment: Moment, seat: PlayerId, shows: readonly ShownKind[]): Moment | null => {
  const isShown = (kind: ShownKind | undefined): boolean => kind !== undefined && shows.includes(kind);
  switch (moment.kind) {
    case 'heard':
    case 'state':
    case 'clause':
      return moment.player === seat ? null : moment;
    case 'discarded': {
      if (moment.player !== seat) return moment;
      const { cause: _, ...discarded } = moment;
      return isShown('letters') ? discarded : null;
    }
    case 'stored': {
      if (moment.player !== seat) return moment;
      const { patch } = moment;
      if (patch.patch === 'backed up') return moment;
      if (patch.patch === 'pin' && !patch.user.startsWith(`@${ownerIn(seat)}:`)) return null;
      return isShown(patchesSeen[patch.patch]) ? moment : null;
    }
    case 'shown': {
      if (moment.player !== seat) return moment;
      const { notice } = moment;
      if (!isShown(noticesSeen[notice.about])) return null;
      return notice.about === 'unreadable message' ? { ...moment, notice: { ...notice, withheldBy: null } } : moment;
    }
    case 'delivery': {
      if (moment.to !== seat) return moment;
      if (!isShown('letters')) return null;
      const { facts } = moment;
      return { ...moment, facts: { ...facts, secretPublic: null, publishedPublic: null } };
    }
    default:
      return moment;
  }
};

/** A step as it would be seen. */
export const seenFrom =
  (seat: PlayerId, shows: readonly ShownKind[]) =>
  (step: Step): Step => ({ ...step, moments: step.moments.flatMap((moment) => seenOf(moment, seat, shows) ?? []) });
