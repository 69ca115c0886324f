/** What becomes of a question or an upload that nobody answered: whoever reaches no server has not asked, and asks once it is back. */
import { type BackupParts, type On, words } from './events.ts';

const { causes, performs, permits, remembers } = words;

export const waitingParts = {
  /** No answer is none: it says neither that there is a backup nor that there is not. */
  'nobody answered': permits((_, { status }: On<'backup.described'>) => status === 0),
  'waits for a sync': causes(() => ({ type: 'await sync' })),
  'upload had no answer': permits((_, { status }: On<'backup.uploaded'>) => status === 0),
  'waits to upload again': performs(() => ({ context: { isUnsent: true }, effects: [{ type: 'await sync' }] })),
  'something is unsent': permits(({ isUnsent }) => isUnsent),
  'has sent it': remembers(() => ({ isUnsent: false })),
} satisfies BackupParts;
