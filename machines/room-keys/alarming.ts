/**
 * MSC1756, and "Key and signature security" of the client-server API: when somebody's master key changes, the user is notified before
 * communication goes on. What was written waits until its person has been told, and, where they want to be asked, has answered.
 */
import { own } from '../json.ts';
import { show } from '../notice.ts';
import { roomOf } from './context.ts';
import type { On, RoomKeysParts } from './events.ts';
import { optionOf } from './options.ts';

type Outbound = On<'room-keys.outbound'>;

export const alarmingParts = {
  'somebody has another identity than before': {
    kind: 'plain',
    permits: ({ knownChanges }, { changed }: Outbound) =>
      changed.some(({ user, master }) => own(knownChanges, user) !== master),
  },
  'notes who has changed': {
    kind: 'plain',
    perform: ({ hasNewSession }, { changed, isNew }: Outbound) => ({
      context: { changes: changed, hasNewSession: hasNewSession || isNew },
    }),
  },
  '1756-notify-before-communication': {
    kind: 'ui',
    perform: (context) => {
      const does = optionOf(context.me, 'changed identity') ?? 'go on';
      const users = context.changes.map(({ user }) => user);
      const text = `${users.join(', ')} ${users.length === 1 ? 'has' : 'have'} another identity than before. What you write would go to it.`;
      return {
        effects: [
          show('identity changed before sending', text, { room: roomOf(context), users }),
          ...(does === 'go on' ? [{ type: 'tell self', event: { type: 'room-keys.goes on' } } as const] : []),
          ...(does === 'desist' ? [{ type: 'tell self', event: { type: 'room-keys.desists' } } as const] : []),
        ],
      };
    },
    otherwise: () => ({ effects: [{ type: 'tell self', event: { type: 'room-keys.goes on' } }] }),
  },
  'knows that they have changed': {
    kind: 'plain',
    perform: ({ knownChanges, changes }) => ({
      context: {
        changes: [],
        knownChanges: { ...knownChanges, ...Object.fromEntries(changes.map(({ user, master }) => [user, master])) },
      },
    }),
  },
  /** Whoever accepts it takes it for theirs from now on. */
  'accepts who they are now': {
    kind: 'plain',
    perform: ({ changes }) => ({
      effects: changes.map(({ user, master }) => ({ type: 'store', patch: { patch: 'pin', user, master } })),
    }),
  },
  'drops what was written': { kind: 'plain', perform: () => ({ context: { pending: [], changes: [] } }) },
} satisfies RoomKeysParts;
