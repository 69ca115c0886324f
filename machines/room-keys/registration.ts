import { always, type Registration } from '../registration.ts';
import { roomKeysChart, roomKeysParts } from './chart.ts';
import { roomKeysOptions, roomKeysQuestions } from './options.ts';

export const roomKeys: Registration = {
  proposals: [],
  charts: [{ name: 'room-keys', chart: roomKeysChart, parts: roomKeysParts, runs: always }],
  options: roomKeysOptions,
  questions: roomKeysQuestions,
  elsewhere: {
    'spec-rotate-once-seen':
      'an admission: whoever has not been told that somebody left goes on, and guarantees call accepted what is sent meanwhile',
  },
};
