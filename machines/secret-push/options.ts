import { optionsBy } from '../settings.ts';

/** What MSC4385 leaves to a client. */
export const pushOptions = {
  prompt: {
    kind: { is: 'one of', words: ['never', 'accept', 'refuse', 'ask'] },
    text: 'Whether the user is asked before a pushed secret is taken in, and what they answer; `ask` waits for an act.',
  },
  accept: {
    kind: { is: 'words', what: 'secret names' },
    text: 'Which secrets are taken from a push; others are ignored.',
  },
  notify: { kind: { is: 'switch' }, text: 'Whether the user is told of a secret taken in.' },
  reverify: { kind: { is: 'switch' }, text: 'Whether a pushed cross-signing key leads to verifying the sender again.' },
  'stray request id': {
    kind: { is: 'one of', words: ['made up', 'nothing', 'empty', 'number'] },
    text: 'What stands in the request id of a share that nobody asked for, where a client does not leave it out.',
  },
  'notice and ask': { kind: { is: 'switch' }, text: 'Whether a device that notices a change asks its siblings.' },
  'signed backup only': {
    kind: { is: 'switch' },
    text: 'Whether a pushed backup key counts only with a signed version.',
  },
} as const;
export const optionOf = optionsBy(pushOptions);
