/** Charts as plain descriptions, read from the machines' own configuration. */
import { chartsFor } from '../machines/charts.ts';
import type { DeviceSettings } from '../machines/types.ts';
import type { ChartDescription } from '../sim/runs/figures/charts.ts';

type Target = { readonly on: string; readonly to: string; readonly guards: readonly string[] };

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const guardsOf = (guard: unknown): readonly string[] => {
  if (typeof guard === 'string') return [guard];
  const { guards } = record(guard);
  return Array.isArray(guards) ? guards.flatMap(guardsOf) : [];
};

/** One entry of `on`, or `always`: a name, an object, or a list of these. */
const targets = (on: string, value: unknown): readonly Target[] => {
  if (typeof value === 'string') return [{ on, to: value.replace(/^\./, ''), guards: [] }];
  if (Array.isArray(value)) return value.flatMap((one) => targets(on, one));
  const { target, guard } = record(value);
  return typeof target === 'string' ? [{ on, to: target.replace(/^\./, ''), guards: guardsOf(guard) }] : [];
};

const leaving = (config: unknown): readonly Target[] => {
  const { on, always } = record(config);
  return [...Object.entries(record(on)).flatMap(([event, value]) => targets(event, value)), ...targets('', always)];
};

/** The charts of a device with these settings, by id. */
export const describeCharts = (settings: DeviceSettings): ReadonlyMap<string, ChartDescription> =>
  new Map(
    chartsFor(settings).map(({ id, machine }) => {
      const config: unknown = machine.config;
      const { states, initial } = record(config);
      const described = Object.entries(record(states)).map(
        ([name, state]) => [name, { transitions: leaving(state) }] as const,
      );
      return [
        id,
        {
          id,
          initial: typeof initial === 'string' ? initial : (described[0]?.[0] ?? ''),
          anywhere: leaving(config),
          states: Object.fromEntries(described),
        },
      ];
    }),
  );
