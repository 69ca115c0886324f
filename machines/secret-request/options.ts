import { optionsBy } from '../settings.ts';

/** What MSC1946 leaves to a client. */
export const requestOptions = {
  'name in answers': { kind: { is: 'switch' }, text: 'Whether an answer says the name of the secret, too.' },
  'confirm share': { kind: { is: 'switch' }, text: 'Whether the user is asked before a requested secret is shared.' },
} as const;
export const optionOf = optionsBy(requestOptions);
