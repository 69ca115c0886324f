/** What becomes of a question or an upload that nobody answered: whoever reaches no server has not asked, and asks once it is back. */
import type { BackupParts, On } from './events.ts';

export const waitingParts = {
  /** No answer is none: it says neither that there is a backup nor that there is not. */
  'nobody answered': { kind: 'plain', permits: (_, { status }: On<'backup.described'>) => status === 0 },
  'waits for a sync': { kind: 'plain', perform: () => ({ effects: [{ type: 'await sync' }] }) },
  'upload had no answer': { kind: 'plain', permits: (_, { status }: On<'backup.uploaded'>) => status === 0 },
  'waits to upload again': {
    kind: 'plain',
    perform: () => ({ context: { isUnsent: true }, effects: [{ type: 'await sync' }] }),
  },
  'something is unsent': { kind: 'plain', permits: ({ isUnsent }) => isUnsent },
  'has sent it': { kind: 'plain', perform: () => ({ context: { isUnsent: false } }) },
} satisfies BackupParts;
