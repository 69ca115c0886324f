/** The twin has exactly the states SPIN counts: nothing is omitted, nothing counted twice. */
import { describe, expect, it } from 'vitest';
import { transition } from 'xstate';
import { search } from '../engine/search.ts';
import counts from './counts.json' with { type: 'json' };
import { type DeviceEvent, type DeviceState, deviceMachine, firstState, keyOf, stepDevice } from './device.ts';
import { makeTwin } from './twin.ts';

describe('the twin model', () => {
  it.each(counts.sizes)('has as many states and transitions as SPIN counts at $name', (size) => {
    const twin = makeTwin(size, true);
    const outcome = search(twin.model);
    // SPIN counts reaching the first state as a transition too.
    expect(outcome).toMatchObject({ verdict: 'holds', worlds: size.states, transitions: size.transitions - 1 });
    expect(twin.local.worked()).toBeLessThan(1000);
    expect(outcome.bytes / outcome.worlds).toBeLessThanOrEqual(64);
  });

  it('has as many when searched depth first', () => {
    const [, size] = counts.sizes;
    if (size === undefined) throw new Error('there are no sizes');
    expect(search(makeTwin(size, true).model, { order: 'depth first' }).worlds).toBe(size.states);
  });

  it('is broken without the clause, on a shortest way of two steps: forge, take', () => {
    for (const size of counts.sizes) {
      const { verdict, path } = search(makeTwin(size, false).model);
      expect([verdict, path?.length]).toEqual(['breaks', 3]);
    }
  });

  it('never takes a forged push where pushes must be signed, and takes it where they need not be', () => {
    const forged = { type: 'push', from: 3, version: 2 } as const;
    expect(stepDevice(firstState(0, true), forged)).toMatchObject({ state: { context: { held: 0 } }, sent: [] });
    expect(stepDevice(firstState(0, false), forged).state.context.held).toBe(2);
  });

  it('tells a device that waits from one that does not', () => {
    const calm = firstState(0, true);
    const rotated = stepDevice(calm, { type: 'rotate', version: 1 }).state;
    const told = stepDevice(rotated, { type: 'tell', peer: 1 });
    expect(told.sent).toEqual([{ to: 1, message: { kind: 'push', from: 0, version: 1 } }]);
    expect(new Set([calm, rotated, told.state].map(keyOf)).size).toBe(3);
    const answered = [1, 2].reduce(
      (state, from) => stepDevice(state, { type: 'ack', from, version: 1 }).state,
      rotated,
    );
    expect(answered.value).toBe('calm');
  });

  it('steps a device as the public transition does, from every state it can be in', () => {
    const events: readonly DeviceEvent[] = [
      ...[1, 2].map((version) => ({ type: 'rotate' as const, version })),
      ...[0, 1, 2].map((peer) => ({ type: 'tell' as const, peer })),
      { type: 'tell again' },
      ...(['push', 'ack'] as const).flatMap((type) =>
        [1, 2, 3].flatMap((from) => [1, 2].map((version) => ({ type, from, version }))),
      ),
    ];
    const states = new Map<string, DeviceState>();
    const first = firstState(0, true);
    states.set(keyOf(first), first);
    for (const state of states.values())
      for (const event of events) {
        const [after, actions] = transition(deviceMachine, state, event);
        const mine = stepDevice(state, event);
        expect([keyOf(mine.state), mine.sent]).toEqual([keyOf(after), actions.map(({ params }) => params)]);
        expect(mine.state === state).toBe(after === state);
        if (!states.has(keyOf(after))) states.set(keyOf(after), after);
      }
    expect(states.size).toBeGreaterThan(10);
  });
});
