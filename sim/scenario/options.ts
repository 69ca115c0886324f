/** The MAYs a client can choose, by name. A further option is one line here. */

export type OptionKind =
  | { readonly is: 'switch' }
  | { readonly is: 'one of'; readonly words: readonly string[] }
  | { readonly is: 'words'; readonly what: string };

export const options: ReadonlyMap<string, { readonly kind: OptionKind; readonly text: string }> = new Map([
  [
    'prompt',
    {
      kind: { is: 'one of', words: ['never', 'accept', 'refuse', 'ask'] },
      text: 'Whether the user is asked before a pushed secret is taken in, and what they answer; `ask` waits for an act.',
    },
  ],
  [
    'accept',
    { kind: { is: 'words', what: 'secret names' }, text: 'Which secrets are taken from a push; others are ignored.' },
  ],
  ['notify', { kind: { is: 'switch' }, text: 'Whether the user is told of a secret taken in.' }],
  [
    'reverify',
    { kind: { is: 'switch' }, text: 'Whether a pushed cross-signing key leads to verifying the sender again.' },
  ],
  ['notice and ask', { kind: { is: 'switch' }, text: 'Whether a device that notices a change asks its siblings.' }],
  ['confirm share', { kind: { is: 'switch' }, text: 'Whether the user is asked before a requested secret is shared.' }],
  [
    'signed backup only',
    { kind: { is: 'switch' }, text: 'Whether a pushed backup key counts only with a signed version.' },
  ],
]);

/** What devices implement when a file says nothing. What is not named here is not implemented. */
export const implementedByDefault: Readonly<Record<string, string>> = {
  MSC4385: 'push-variant',
  MSC1946: 'spec-v1.19',
  MSC1219: 'spec-v1.19',
  MSC4153: 'none',
};

export const identifierForms = ['stable', 'unstable', 'both'] as const;
