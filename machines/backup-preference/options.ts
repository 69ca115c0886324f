import { optionsBy } from '../settings.ts';

/** What MSC4287 leaves to a client. */
export const preferenceOptions = {
  'backup by default': {
    kind: { is: 'one of', words: ['on', 'off', 'ask'] },
    text: 'Whether a client backs up where its user has chosen nothing (the usual: on).',
  },
  'nothing stated': {
    kind: { is: 'one of', words: ['record', 'off'] },
    text: 'What a client of the first text of MSC4287 does where nothing that counts is stored: it decides by its default and records that, or it backs up nothing (the usual: the first where its default is on, the second where it is off).',
  },
  preference: {
    kind: { is: 'one of', words: ['follow', 'prompt', 'confirm', 'ignore'] },
    text: 'What a stored choice about key backup does at sign-in: it is followed (the usual), marked in a prompt, confirmed by the user, or left alone.',
  },
  monitor: {
    kind: { is: 'one of', words: ['off', 'ask', 'follow'] },
    text: 'What a running client does when the stored choice changes: nothing (the usual), ask, or follow.',
  },
} as const;
export const optionOf = optionsBy(preferenceOptions);
