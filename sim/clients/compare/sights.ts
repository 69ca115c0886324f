/** What of a run would be seen of a device if it were played by a client: what leaves it, and what a client shows. */
import type { Moment, PlayerId, Step } from '../../engine/types.ts';
import type { ShownKind } from '../seat/client.ts';

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
      if (patch.patch === 'pin' && !patch.user.startsWith(`@${seat.split('.')[0]}:`)) return null;
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
