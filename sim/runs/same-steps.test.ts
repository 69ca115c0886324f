import { describe, expect, it } from 'vitest';
import type { Moment, Run, Step } from '../engine/types.ts';
import { planted, refused } from './planted-key-testing.ts';
import { type Likeness, stepKey, stepsInCommon } from './same-steps.ts';

const clause = (says: 'permits' | 'refuses' | 'done', off = false, id = '4385-push-cross-signed-only'): Moment => ({
  kind: 'clause',
  player: 'alice.phone',
  chart: 'secret-push',
  clause: id,
  role: 'guard',
  says,
  off,
});
const state: Moment = { kind: 'state', player: 'alice.phone', chart: 'secret-push', from: 'idle', to: 'testing' };
const fault: Moment = { kind: 'fault', player: 'alice.phone', fault: 'limited sync' };
const step = (...moments: readonly Moment[]): Step => ({
  choice: { id: 'sync:alice~phone', who: 'alice.phone', sentence: 'alice.phone syncs', kind: 'sync' },
  moments,
});
const running = (...steps: readonly Step[]): Run => ({ ...planted, steps });
const areSame = (one: Step, other: Step, by: Likeness): boolean =>
  stepKey(running(one), one, by) === stepKey(running(other), other, by);

describe('steps of two runs', () => {
  it('are the same for what was done where other checks let pass, and charts were in other states', () => {
    expect(areSame(step(clause('permits'), fault), step(fault, state), 'done')).toBe(true);
    expect(areSame(step(clause('refuses', true)), step(), 'done')).toBe(true);
    expect(areSame(step(clause('permits'), fault), step(fault, state), 'said')).toBe(false);
  });

  it('are not the same where a check refuses in the one alone, whichever check it is', () => {
    expect(areSame(step(clause('refuses')), step(clause('refuses', true)), 'done')).toBe(false);
    expect(areSame(step(clause('refuses')), step(clause('refuses', false, '4385-push-encrypted')), 'done')).toBe(true);
  });

  it('are not the same where another thing came of it', () => {
    expect(areSame(step(fault), step(), 'done')).toBe(false);
  });

  it('say the same where a clause is off that would have permitted', () => {
    expect(areSame(step(clause('permits')), step(clause('permits', true)), 'said')).toBe(true);
    expect(areSame(step(clause('refuses')), step(clause('refuses', true)), 'said')).toBe(false);
  });

  it('are common up to the first that is otherwise, or that one of the runs does not have', () => {
    expect(stepsInCommon(refused, planted)).toBe(7);
    expect(stepsInCommon(running(step(fault)), running(step(fault), step()))).toBe(1);
    expect(stepsInCommon(running(step(fault), step()), running(step(fault)))).toBe(1);
    expect(stepsInCommon(planted, planted)).toBe(planted.steps.length);
  });
});
