import { describe, expect, it } from 'vitest';
import { initialTransition, transition } from 'xstate';
import { type Chart, hearChart, startChart } from './chart.ts';
import { nothing } from './clauses.ts';
import type { AnyEvent } from './events.ts';
import { register } from './register.ts';

const me = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable' as const,
  readings: {},
  options: {},
  implements: {},
  room: '!den:example.org',
};
const charts: readonly Chart[] = register.flatMap((one) => one.charts.map(({ chart }) => chart(nothing)));
const types = [...new Set(charts.flatMap(({ hears }) => [...hears]))].sort();
const cases = charts.flatMap((chart) =>
  Object.keys(chart.machine.config.states ?? {}).flatMap((value) =>
    types.map((type) => ({ chart, type, state: { ...startChart(chart, me).state, value } })),
  ),
);

/** What comes of it, or the words of what was thrown: charts may rely on what events of ours carry. */
const outcome = (hear: () => unknown): unknown => {
  try {
    return hear();
  } catch (error) {
    return String(error);
  }
};

describe('a chart', () => {
  it('starts as XState’s own pure initial transition has it, from nothing and from what a restart left', () => {
    for (const chart of charts) {
      const { state } = startChart(chart, me);
      for (const persisted of [{}, chart.persists(state.context)]) {
        const step = startChart(chart, me, persisted);
        const [theirs, actions] = initialTransition(chart.machine, { me, ...persisted });
        expect([chart.id, step]).toEqual([
          chart.id,
          { state: { value: theirs.value, context: theirs.context }, effects: actions, said: [] },
        ]);
      }
    }
  });

  it('hears what XState’s own pure transition makes of an event, in each state and for each type', () => {
    let compared = 0;
    for (const { chart, type, state } of cases) {
      if (!chart.reacts(state.value, type)) continue;
      const event: AnyEvent = { type };
      const ours = outcome(() => {
        const { state: after, effects } = hearChart(chart, state, event);
        return [after.value, after.context, effects];
      });
      const theirs = outcome(() => {
        const [after, actions] = transition(chart.machine, chart.machine.resolveState(state), event);
        const emitted = (actions as readonly { readonly type: string; readonly params?: unknown }[]).filter(
          ({ type: kind }) => kind === 'xstate.emit',
        );
        return [after.value, after.context, emitted.map(({ params }) => (params as { event: unknown }).event)];
      });
      expect([chart.id, state.value, type, ours]).toEqual([chart.id, state.value, type, theirs]);
      if (typeof ours !== 'string') compared += 1;
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('comes to nothing where it is said not to react', () => {
    const still = cases.filter(({ chart, type, state }) => !chart.reacts(state.value, type));
    expect(still.length).toBeGreaterThan(1000);
    for (const { chart, type, state } of still) {
      const step = hearChart(chart, state, { type });
      expect([chart.id, type, step.state === state, step.effects, step.said]).toEqual([chart.id, type, true, [], []]);
    }
  });
});
