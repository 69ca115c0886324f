import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import { inboxChart } from './chart.ts';

const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: {},
};
const unknown = { type: 'inbox.unknown type', unknown: 'constructor' };
const done = { type: 'sync.done' };
const outcome = (off: readonly string[], ...events: readonly { readonly type: string }[]) => {
  const chart = inboxChart({ ...nothing, off });
  let step = { ...startChart(chart, me) };
  for (const event of events) step = hearChart(chart, step.state, event);
  return { value: step.state.value, effects: step.effects, said: step.said };
};
const legacy = ['4385-push-legacy-ignore'];

describe('a to-device event of a type that nobody knows', () => {
  it('is skipped, and what came behind it is heard', () => {
    const { value, effects, said } = outcome([], unknown);
    expect({ value, effects }).toEqual({ value: 'reading', effects: [] });
    expect(said).toEqual([{ clause: '4385-push-legacy-ignore', role: 'guard', says: 'refuses', off: false }]);
  });

  it('costs a client that trips over it the rest of the sync, and no more than that', () => {
    const lost = { value: 'stalled', effects: [{ type: 'core', request: { ask: 'drop inbox' } }] };
    expect(outcome(legacy, unknown)).toMatchObject(lost);
    expect(outcome(legacy, unknown, unknown)).toMatchObject({ value: 'stalled', effects: [] });
    expect(outcome(legacy, unknown, done)).toMatchObject({ value: 'reading', effects: [] });
    expect(outcome(legacy, unknown, done, unknown)).toMatchObject(lost);
  });

  it('is forgotten over a restart, and is no matter of a proposal that is implemented', () => {
    const chart = inboxChart(nothing);
    const { context } = startChart(chart, me).state;
    expect(context).toEqual({ me });
    expect(chart.persists(context)).toEqual({});
    const foreign = inboxChart({ ...nothing, foreign: legacy });
    expect(hearChart(foreign, startChart(foreign, me).state, unknown).effects).toEqual([]);
  });
});
