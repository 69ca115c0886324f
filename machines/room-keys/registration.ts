import { always, type Registration } from '../registration.ts';
import { roomKeysChart, roomKeysParts } from './chart.ts';

export const roomKeys: Registration = {
  proposals: [],
  charts: [{ name: 'room-keys', chart: roomKeysChart, parts: roomKeysParts, runs: always }],
  options: {
    'forwarded keys': {
      kind: { is: 'one of', words: ['own', 'any', 'none'] },
      text: 'Whose forwarded room keys are taken: of own devices (the usual), of anybody, or none.',
    },
    'label authors': {
      kind: { is: 'switch' },
      text: 'Whether a message is said to be shared even by whoever wrote it, as early clients did.',
    },
    'share with': {
      kind: { is: 'one of', words: ['everyone', 'signed'] },
      text: 'Which devices get room keys: all (the usual), or only those that are cross-signed.',
    },
  },
};
