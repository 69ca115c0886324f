import { always, type Registration } from '../registration.ts';
import { inboxChart, inboxParts } from './chart.ts';

export const inbox: Registration = {
  proposals: [],
  charts: [{ name: 'inbox', chart: inboxChart, parts: inboxParts, runs: always }],
};
