/**
 * MSC1756, and "Key and signature security" of the client-server API: when somebody's master key changes, the user is notified before
 * communication goes on. What was written waits until its person has been told, and, where they want to be asked, has answered.
 */
import { own } from '../json.ts';
import { show } from '../notice.ts';
import { roomOf } from './context.ts';
import { type On, type RoomKeysParts, words } from './events.ts';
import { optionOf } from './options.ts';

const { performs, permits, remembers, store, tellSelf } = words;

type Outbound = On<'room-keys.outbound'>;

export const alarmingParts = {
  'somebody has another identity than before': permits(({ knownChanges }, { changed }: Outbound) =>
    changed.some(({ user, master }) => own(knownChanges, user) !== master),
  ),
  'notes who has changed': remembers(({ hasNewSession }, { changed, isNew }: Outbound) => ({
    changes: changed,
    hasNewSession: hasNewSession || isNew,
  })),
  /**
   * Whoever goes on as a rule goes on after being told of somebody first seen. Whom they have verified only they can give up: what they
   * wrote waits for that (MSC4153, "encrypting to them is blocked until acknowledged").
   */
  '1756-notify-before-communication': {
    kind: 'ui',
    perform: (context) => {
      const users = context.changes.map(({ user }) => user);
      const verified = context.changes.flatMap(({ user, wasVerified }) => (wasVerified === true ? [user] : []));
      const option = optionOf(context.me, 'changed identity') ?? 'go on';
      const does = option === 'go on' && verified.length > 0 ? 'ask' : option;
      const text = `${users.join(', ')} ${users.length === 1 ? 'has' : 'have'} another identity than before. What you write would go to it.${verified.length === 0 ? '' : ` You have verified ${verified.join(', ')}: this is somebody else, or somebody else's doing.`}`;
      return {
        effects: [
          show('identity changed before sending', text, {
            room: roomOf(context),
            users,
            ...(verified.length === 0 ? {} : { verified }),
          }),
          ...(does === 'go on' ? [tellSelf({ type: 'room-keys.goes on' })] : []),
          ...(does === 'desist' ? [tellSelf({ type: 'room-keys.desists' })] : []),
        ],
      };
    },
    otherwise: () => ({ effects: [tellSelf({ type: 'room-keys.goes on' })] }),
  },
  'knows that they have changed': remembers(({ knownChanges, changes }) => ({
    changes: [],
    knownChanges: { ...knownChanges, ...Object.fromEntries(changes.map(({ user, master }) => [user, master])) },
  })),
  /** Whoever accepts it takes it for theirs from now on. */
  'accepts who they are now': performs(({ changes }) => ({
    effects: changes.map(({ user, master }) => store({ patch: 'pin', user, master })),
  })),
  'drops what was written': remembers(() => ({ pending: [], changes: [] })),
} satisfies RoomKeysParts;
