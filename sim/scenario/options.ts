/** The MAYs a client can choose, by name. A further option is one line here. */

export type OptionKind =
  | { readonly is: 'switch' }
  | { readonly is: 'one of'; readonly words: readonly string[] }
  | { readonly is: 'words'; readonly what: string }
  /** A whole number from 1. */
  | { readonly is: 'count'; readonly max: number };

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
  [
    'share history by',
    {
      kind: { is: 'one of', words: ['bundle', 'forwarding'] },
      text: 'How someone who is invited gets the keys to what was said before: as a bundle (the usual), or forwarded one by one.',
    },
  ],
  [
    'warn first contact',
    { kind: { is: 'switch' }, text: 'Whether to warn before inviting somebody never met before.' },
  ],
  [
    'identity change',
    {
      kind: { is: 'one of', words: ['refuse', 'share', 'ask'] },
      text: 'What becomes of sharing when the one to be invited has a new identity (the usual: refuse).',
    },
  ],
  [
    'decline when closed',
    { kind: { is: 'switch' }, text: 'Whether history is not offered while the room is closed to newcomers.' },
  ],
  [
    'bundle window',
    { kind: { is: 'count', max: 8760 }, text: 'For how many hours after joining a bundle is taken (the usual: 24).' },
  ],
  [
    'bundle size',
    { kind: { is: 'count', max: 100_000_000 }, text: 'The largest bundle that is fetched, in bytes (the usual: any).' },
  ],
  [
    'warn expired',
    { kind: { is: 'switch' }, text: 'Whether the user is told that a bundle was gone when it was fetched.' },
  ],
  [
    'invite prompt',
    {
      kind: { is: 'one of', words: ['none', 'ask'] },
      text: 'Whether the user is asked before an invitation that shares history goes out (the usual: none).',
    },
  ],
  [
    'forwarded keys',
    {
      kind: { is: 'one of', words: ['own', 'any', 'none'] },
      text: 'Whose forwarded room keys are taken: of own devices (the usual), of anybody, or none.',
    },
  ],
  [
    'label authors',
    {
      kind: { is: 'switch' },
      text: 'Whether a message is said to be shared even by whoever wrote it, as early clients did.',
    },
  ],
  [
    'backup by default',
    {
      kind: { is: 'one of', words: ['on', 'off', 'ask'] },
      text: 'Whether a client backs up where its user has chosen nothing (the usual: on).',
    },
  ],
  [
    'preference',
    {
      kind: { is: 'one of', words: ['follow', 'prompt', 'confirm', 'ignore'] },
      text: 'What a stored choice about key backup does at sign-in: it is followed (the usual), marked in a prompt, confirmed by the user, or left alone.',
    },
  ],
  [
    'monitor',
    {
      kind: { is: 'one of', words: ['off', 'ask', 'follow'] },
      text: 'What a running client does when the stored choice changes: nothing (the usual), ask, or follow.',
    },
  ],
  ['lazy members', { kind: { is: 'switch' }, text: 'Whether a sync leaves out members who said nothing.' }],
  [
    'share with',
    {
      kind: { is: 'one of', words: ['everyone', 'signed'] },
      text: 'Which devices get room keys: all (the usual), or only those that are cross-signed.',
    },
  ],
]);

/** What devices implement when a file says nothing. What is not named here is not implemented. */
export const implementedByDefault: Readonly<Record<string, string>> = {
  MSC4385: 'push-variant',
  MSC1946: 'spec-v1.19',
  MSC1219: 'spec-v1.19',
  MSC4153: 'none',
  MSC4147: 'spec-v1.19',
  MSC4287: 'none',
};

/** The same where there are rooms: what is about rooms says nothing anywhere else. */
export const implementedInRooms: Readonly<Record<string, string>> = {
  ...implementedByDefault,
  MSC4268: 'merged',
};

export const identifierForms = ['stable', 'unstable', 'both'] as const;
