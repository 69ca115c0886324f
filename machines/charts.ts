/** Which charts a device runs, in their fixed order. */
import type { Chart } from './chart.ts';
import { register } from './register.ts';
import { notIn } from './revisions.ts';
import type { DeviceDials } from './types.ts';

const registered = register.flatMap(({ charts }) => charts);
const made = new Map<string, readonly Chart[]>();
// Devices of one run share their dials, mostly: whose charts are asked for again is known without a comparison.
const known = new WeakMap<DeviceDials, readonly Chart[]>();

/** The charts of a device with these dials. Made once for each set of texts and clauses off. */
export const chartsFor = (dials: DeviceDials): readonly Chart[] => {
  const charts = known.get(dials) ?? chartsBy(dials);
  known.set(dials, charts);
  return charts;
};

const chartsBy = (dials: DeviceDials): readonly Chart[] => {
  const off = [...dials.off].sort();
  const key = JSON.stringify([off, dials.implements]);
  const alike = made.get(key);
  if (alike !== undefined) return alike;
  const without = { off, ...notIn(dials.implements) };
  const charts = registered.filter(({ runs }) => runs(dials)).map(({ chart }) => chart(without));
  made.set(key, charts);
  return charts;
};
