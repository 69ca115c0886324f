import { always, type Registration } from '../registration.ts';
import { roomsChart } from './chart.ts';
import { roomsParts } from './parts.ts';

export const rooms: Registration = {
  proposals: [],
  charts: [{ name: 'rooms', chart: roomsChart, parts: roomsParts, runs: always }],
};
