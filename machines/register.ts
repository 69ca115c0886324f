/** Which charts a device runs, in their fixed order. A further proposal is one folder and one line here. */
import type { Chart } from './chart.ts';
import { identityChart } from './identity/chart.ts';
import { inboxChart } from './inbox/chart.ts';
import { keyBackupChart } from './key-backup/chart.ts';
import { secretPushChart } from './secret-push/chart.ts';
import { secretRequestChart } from './secret-request/chart.ts';
import type { ClauseId, DeviceDials } from './types.ts';

type Entry = { readonly chart: (off: readonly ClauseId[]) => Chart; readonly runs: (dials: DeviceDials) => boolean };

const implemented = (proposal: string) => (dials: DeviceDials) => (dials.implements[proposal] ?? 'none') !== 'none';

const register: readonly Entry[] = [
  { chart: identityChart, runs: () => true },
  { chart: inboxChart, runs: () => true },
  { chart: keyBackupChart, runs: implemented('MSC1219') },
  { chart: secretRequestChart, runs: implemented('MSC1946') },
  { chart: secretPushChart, runs: implemented('MSC4385') },
];

const made = new Map<string, readonly Chart[]>();

/** The charts of a device with these dials. Made once for each set of proposals and clauses off. */
export const chartsFor = (dials: DeviceDials): readonly Chart[] => {
  const entries = register.map((entry) => entry.runs(dials));
  const key = JSON.stringify([entries, [...dials.off].sort()]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const charts = register.filter((_, nth) => entries[nth]).map(({ chart }) => chart([...dials.off].sort()));
  made.set(key, charts);
  return charts;
};
