import { always, type Registration } from '../registration.ts';
import { roomKeysChart, roomKeysParts } from './chart.ts';
import { roomKeysOptions, roomKeysQuestions } from './options.ts';

export const roomKeys: Registration = {
  proposals: [],
  charts: [{ name: 'room-keys', chart: roomKeysChart, parts: roomKeysParts, runs: always }],
  options: roomKeysOptions,
  questions: roomKeysQuestions,
  missedByNobody: {
    'spec-megolm-replay':
      'guarantees know what somebody said in a room, and not how often: a message that is shown twice is one that they wrote',
  },
};
