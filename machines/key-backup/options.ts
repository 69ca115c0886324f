import { optionsBy } from '../settings.ts';

/** What MSC1219 leaves to a client. */
export const backupOptions = {
  'new backup prompt': {
    kind: { is: 'one of', words: ['never', 'accept', 'refuse', 'ask'] },
    text: 'Whether the user is asked before a new backup version is used, and what they answer; `ask` waits for an act.',
  },
} as const;
export const optionOf = optionsBy(backupOptions);
