/** Whether the person is asked before a new backup version is used, and what becomes of a no (MSC1219, "Possible UX"). */
import type { Change, Part } from '../clauses.ts';
import { show } from '../notice.ts';
import type { DeviceEvent } from '../types.ts';
import type { BackupContext } from './clauses.ts';

type Args = [context: BackupContext, event: DeviceEvent];

const prompt = ({ me }: BackupContext) => me.options['new backup prompt'] ?? 'never';

export const askingParts = {
  'the user is asked about it': {
    kind: 'plain',
    permits: (...[context]: Args) =>
      prompt(context) !== 'never' && context.used !== null && context.used !== context.described?.version,
  },
  'asks about the new version': {
    kind: 'plain',
    perform: (...[context]: Args) => ({
      effects: [
        show('use new backup', 'The key backup has a new version. Back up to it?', {
          version: context.described?.version,
        }),
        ...(prompt(context) === 'accept' ? [{ type: 'tell', event: { type: 'user.accepts' } } as const] : []),
        ...(prompt(context) === 'refuse' ? [{ type: 'tell', event: { type: 'user.refuses' } } as const] : []),
      ],
    }),
  },
  /** MSC1219, "Possible UX": a refusal is remembered on this client, for the version that it was about. */
  '1219-remember-refusal': {
    kind: 'duty',
    perform: (...[context]: Args): Change<BackupContext> => ({
      context: { turnedDown: context.described?.version ?? null },
    }),
  },
  'was turned down before': {
    kind: 'plain',
    permits: (...[context]: Args) => context.turnedDown !== null && context.turnedDown === context.described?.version,
  },
  'does without it': {
    kind: 'plain',
    perform: (): Change<BackupContext> => ({
      context: { trustedBy: null },
      effects: [{ type: 'store', patch: { patch: 'backup', backup: null } }],
    }),
  },
} satisfies Readonly<Record<string, Part<BackupContext>>>;
