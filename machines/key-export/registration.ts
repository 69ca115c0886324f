import { always, type Registration } from '../registration.ts';
import { exportParts, keyExportChart } from './chart.ts';

export const keyExport: Registration = {
  proposals: [],
  charts: [{ name: 'key-export', chart: keyExportChart, parts: exportParts, runs: always }],
};
