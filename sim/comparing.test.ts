import { describe, expect, it } from 'vitest';
import { compare, differingIn, partingOf } from './comparing.ts';
import { runStory } from './run.ts';
import { aliceAndDevices } from './testing.ts';
import type { Moment, Step } from './types.ts';

const step = (id: string, ...moments: readonly Moment[]): Step => ({
  choice: { id, who: 'alice', sentence: `alice does ${id}` },
  moments,
});
const fault = (what: string): Moment => ({ kind: 'fault', player: 'alice.phone', fault: what });
const clause = (id: string): Moment => ({
  kind: 'clause',
  player: 'alice.phone',
  chart: 'rooms',
  clause: id,
  role: 'guard',
  says: 'permits',
  off: false,
});

describe('two runs of one scenario', () => {
  it('part where another choice is made', () => {
    const parting = partingOf({ steps: [step('act'), step('sync')] }, { steps: [step('act'), step('wake')] });
    expect(parting).toEqual({
      step: 1,
      one: { choice: 'alice does sync', moment: null },
      other: { choice: 'alice does wake', moment: null },
    });
  });

  it('part where something else happens, told from the first moment that differs', () => {
    const one = { steps: [step('act', fault('rain'), fault('snow'))] };
    const other = { steps: [step('act', fault('rain'), fault('hail'))] };
    expect(partingOf(one, other)).toMatchObject({
      step: 0,
      one: { moment: expect.stringContaining('snow') },
      other: { moment: expect.stringContaining('hail') },
    });
  });

  it('part where one of them ends', () => {
    expect(partingOf({ steps: [] }, { steps: [step('act')] })).toMatchObject({ step: 0, one: { choice: null } });
  });

  it('do not part where only clauses speak otherwise', () => {
    expect(partingOf({ steps: [step('act', clause('one'))] }, { steps: [step('act', clause('other'))] })).toBeNull();
  });
});

describe('a scenario under two sets of dials', () => {
  const scenario = aliceAndDevices({
    devices: ['phone', 'laptop'],
    story: [
      [{ who: 'alice.laptop', verb: 'reset backup', args: { 'reset backup': true } }],
      [{ who: 'everyone', verb: 'settle', args: { settle: true } }],
    ],
  });
  const off = [{ turn: 'off', clause: '4385-both-unsolicited-share' }] as const;

  it('differs in the verdicts that a dial changes, and says which clauses speak in one run alone', () => {
    const compared = compare(scenario, [[], off], 'symbolic');
    expect(differingIn(compared).map(({ guarantee, one, other }) => [guarantee, one.verdict, other.verdict])).toEqual([
      ['secret-convergence', 'holds', 'breaks'],
    ]);
    expect(compared.parting).not.toBeNull();
    expect(compared.only[0]).toContain('4385-push-works-test');
    expect(compared.lines[1]).toContain('off=4385-both-unsolicited-share');
    expect(compared.verdicts).toHaveLength(runStory(scenario, { suite: 'symbolic' }).judgements.length);
  });

  it('is the same under the same dials', () => {
    const compared = compare(scenario, [off, off], 'symbolic');
    expect([differingIn(compared), compared.parting, compared.only]).toEqual([[], null, [[], []]]);
  });
});
