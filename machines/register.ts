/** Which charts a device runs, in their fixed order. A further proposal is one folder and one line here. */
import { backupPreferenceChart } from './backup-preference/chart.ts';
import type { Chart } from './chart.ts';
import type { Without } from './clauses.ts';
import { envelopeChart } from './envelope/chart.ts';
import { identityChart } from './identity/chart.ts';
import { inboxChart } from './inbox/chart.ts';
import { keyBackupChart } from './key-backup/chart.ts';
import { inviteeChart } from './key-bundle/invitee.ts';
import { inviterChart } from './key-bundle/inviter.ts';
import { keyExportChart } from './key-export/chart.ts';
import { notIn } from './revisions.ts';
import { roomKeysChart } from './room-keys/chart.ts';
import { roomsChart } from './rooms/chart.ts';
import { secretPushChart } from './secret-push/chart.ts';
import { secretRequestChart } from './secret-request/chart.ts';
import type { DeviceDials } from './types.ts';

type Entry = { readonly chart: (without: Without) => Chart; readonly runs: (dials: DeviceDials) => boolean };

const implemented = (proposal: string) => (dials: DeviceDials) => (dials.implements[proposal] ?? 'none') !== 'none';

const register: readonly Entry[] = [
  { chart: envelopeChart, runs: () => true },
  { chart: identityChart, runs: () => true },
  { chart: inboxChart, runs: () => true },
  { chart: roomsChart, runs: () => true },
  { chart: roomKeysChart, runs: () => true },
  { chart: keyExportChart, runs: () => true },
  // Before the backup itself, so that this holds back while the user's wish is being asked for.
  { chart: backupPreferenceChart, runs: implemented('MSC4287') },
  { chart: keyBackupChart, runs: implemented('MSC1219') },
  { chart: inviterChart, runs: () => true },
  { chart: inviteeChart, runs: implemented('MSC4268') },
  { chart: secretRequestChart, runs: implemented('MSC1946') },
  { chart: secretPushChart, runs: implemented('MSC4385') },
];

const made = new Map<string, readonly Chart[]>();

/** The charts of a device with these dials. Made once for each set of texts and clauses off. */
export const chartsFor = (dials: DeviceDials): readonly Chart[] => {
  const entries = register.map((entry) => entry.runs(dials));
  const without = { off: [...dials.off].sort(), ...notIn(dials.implements) };
  const key = JSON.stringify([entries, without]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const charts = register.filter((_, nth) => entries[nth]).map(({ chart }) => chart(without));
  made.set(key, charts);
  return charts;
};
