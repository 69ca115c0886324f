import { optionsBy, readingsBy } from '../settings.ts';

/** What MSC4268 leaves to whoever invites and whoever is invited. */
export const bundleOptions = {
  'share history by': {
    kind: { is: 'one of', words: ['bundle', 'forwarding'] },
    text: 'How someone who is invited gets the keys to what was said before: as a bundle (the usual), or forwarded one by one.',
  },
  'warn first contact': { kind: { is: 'switch' }, text: 'Whether to warn before inviting somebody never met before.' },
  'identity change': {
    kind: { is: 'one of', words: ['refuse', 'share', 'ask'] },
    text: 'What becomes of sharing when the one to be invited has a new identity (the usual: refuse).',
  },
  'decline when closed': {
    kind: { is: 'switch' },
    text: 'Whether history is not offered while the room is closed to newcomers.',
  },
  'bundle window': {
    kind: { is: 'count', max: 8760 },
    text: 'For how many hours after joining a bundle is taken (the usual: 24).',
  },
  'bundle size': {
    kind: { is: 'count', max: 100_000_000 },
    text: 'The largest bundle that is fetched, in bytes (the usual: any).',
  },
  'warn expired': {
    kind: { is: 'switch' },
    text: 'Whether the user is told that a bundle was gone, or could not be fetched.',
  },
  'invite prompt': {
    kind: { is: 'one of', words: ['none', 'ask'] },
    text: 'Whether the user is asked before an invitation that shares history goes out (the usual: none).',
  },
} as const;
export const optionOf = optionsBy(bundleOptions);

/** Questions whose readings these charts take: first the inviter's, then the invitee's. */
export const bundleQuestions = [
  'q15',
  'q23',
  'q24',
  'q28',
  'q37',
  'q49',
  'q19',
  'q29',
  'q30',
  'q31',
  'q32',
  'q33',
  'q34',
  'q35',
  'q36',
  'q38',
  'q39',
  'q50',
] as const;
export const readingOf = readingsBy(bundleQuestions);
