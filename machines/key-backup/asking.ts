/** Whether the person is asked before a new backup version is used, and what becomes of a no (MSC1219, "Possible UX"). */
import { show } from '../notice.ts';
import { type BackupContext, backupName } from './context.ts';
import { type BackupParts, words } from './events.ts';
import { optionOf } from './options.ts';

const { performs, permits, store } = words;

const prompt = ({ me }: BackupContext) => optionOf(me, 'new backup prompt') ?? 'never';

export const askingParts = {
  'the user is asked about it': permits(
    (context) =>
      prompt(context) !== 'never' &&
      context.used !== null &&
      context.described !== null &&
      context.used !== backupName(context, context.described),
  ),
  'asks about the new version': performs((context) => ({
    effects: [
      show('use new backup', 'The key backup has a new version. Back up to it?', {
        version: context.described?.version,
      }),
      ...(prompt(context) === 'accept' ? [{ type: 'person answers', act: { type: 'user.accepts' } } as const] : []),
      ...(prompt(context) === 'refuse' ? [{ type: 'person answers', act: { type: 'user.refuses' } } as const] : []),
    ],
  })),
  /** MSC1219, "Possible UX": a refusal is remembered on this client, for the version that it was about. */
  '1219-remember-refusal': {
    kind: 'duty',
    perform: ({ described, turnedDown }) => ({
      context: { turnedDown: described === null ? turnedDown : [...turnedDown, described.version] },
    }),
  },
  'was turned down before': permits(
    ({ described, turnedDown }) => described !== null && turnedDown.includes(described.version),
  ),
  'does without it': performs(() => ({
    context: { trustedBy: null },
    effects: [store({ patch: 'backup', backup: null })],
  })),
} satisfies BackupParts;
