/** Which charts a device runs, in their fixed order. */
import type { Chart } from './chart.ts';
import { register } from './register.ts';
import { notIn } from './revisions.ts';
import type { DeviceSettings } from './types.ts';

const registered = register.flatMap(({ charts }) => charts);

/** The charts of a device with these dials. */
export const chartsFor = (dials: DeviceSettings): readonly Chart[] => {
  const without = { off: [...dials.off].sort(), ...notIn(dials.implements) };
  return registered.filter(({ runs }) => runs(dials)).map(({ chart }) => chart(without));
};
