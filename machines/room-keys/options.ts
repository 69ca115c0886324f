import { optionsBy, readingsBy } from '../settings.ts';

/** What is left to a client about room keys. */
export const roomKeysOptions = {
  'forwarded keys': {
    kind: { is: 'one of', words: ['own', 'any', 'none'] },
    text: 'Whose forwarded room keys are taken: of own devices (the usual), of anybody, or none.',
  },
  'label authors': {
    kind: { is: 'switch' },
    text: 'Whether a message is said to be shared even by whoever wrote it, as early clients did.',
  },
  'changed identity': {
    kind: { is: 'one of', words: ['go on', 'ask', 'desist'] },
    text: 'What its person does when somebody they write to has another identity than before: they are told and go on (the usual), are asked first (`ask` waits for an act, as it does for whom they have verified), or do not write.',
  },
  'share with': {
    kind: { is: 'one of', words: ['everyone', 'signed'] },
    text: 'Which devices get room keys: all (the usual), or only those that are cross-signed.',
  },
} as const;
export const optionOf = optionsBy(roomKeysOptions);

/** Questions whose readings are taken here, also for whoever keeps keys elsewhere (`flags.ts`). */
export const roomKeysQuestions = [
  'q15',
  'q16',
  'q17',
  'q18',
  'q19',
  'q20',
  'q21',
  'q22',
  'q25',
  'q26',
  'q27',
  'q35',
  'q37',
  'q52',
] as const;
export const readingOf = readingsBy(roomKeysQuestions);
