import { always, type Registration } from '../registration.ts';
import { keyExportChart } from './chart.ts';
import { exportParts } from './parts.ts';

export const keyExport: Registration = {
  proposals: [],
  charts: [{ name: 'key-export', chart: keyExportChart, parts: exportParts, runs: always }],
};
