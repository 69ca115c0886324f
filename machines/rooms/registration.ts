import { always, type Registration } from '../registration.ts';
import { roomsChart, roomsParts } from './chart.ts';

export const rooms: Registration = {
  proposals: [],
  charts: [{ name: 'rooms', chart: roomsChart, parts: roomsParts, runs: always }],
};
