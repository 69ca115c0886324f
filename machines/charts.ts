/** Which charts a device runs, in their fixed order. */
import type { Chart } from './chart.ts';
import { register } from './register.ts';
import { notIn } from './revisions.ts';
import type { DeviceSettings } from './types.ts';

const registered = register.flatMap(({ charts }) => charts);

/** The charts of a device with these settings. */
export const chartsFor = (settings: DeviceSettings): readonly Chart[] => {
  const without = { off: [...settings.off].sort(), ...notIn(settings.implements) };
  return registered.filter(({ runs }) => runs(settings)).map(({ chart }) => chart(without));
};
