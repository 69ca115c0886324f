import { describe, expect, it } from 'vitest';
import { aliceAndDevices } from '../engine/testing.ts';
import type { Moment, Step } from '../engine/types.ts';
import { runStory } from '../runs/run.ts';
import { compare, differingIn, partingLines, partingOf } from './run-diff.ts';

const step = (id: string, ...moments: readonly Moment[]): Step => ({
  choice: { id, who: 'alice', sentence: `alice does ${id}`, kind: 'play' },
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
      choice: 'alice does sync',
      told: {
        step: 1,
        one: { choice: 'alice does sync', moment: null },
        other: { choice: 'alice does wake', moment: null },
      },
    });
  });

  it('part where something else happens, told from the first moment that differs', () => {
    const one = { steps: [step('act', fault('rain'), fault('snow'))] };
    const other = { steps: [step('act', fault('rain'), fault('hail'))] };
    expect(partingOf(one, other)).toMatchObject({
      step: 0,
      told: { one: { moment: expect.stringContaining('snow') }, other: { moment: expect.stringContaining('hail') } },
    });
  });

  it('part where one of them ends', () => {
    expect(partingOf({ steps: [] }, { steps: [step('act')] })).toMatchObject({
      step: 0,
      choice: 'alice does act',
      told: { one: { choice: null } },
    });
  });

  it('part where bytes differ, and it is told from where that shows', () => {
    const upload = (body: string): Moment => ({
      kind: 'request',
      from: 'alice.phone',
      to: 'example.org',
      method: 'POST',
      path: '/_matrix/media/v3/upload',
      body,
      status: 200,
      response: {},
    });
    const one = [step('act', upload('one')), step('sync', fault('rain'))];
    const other = [step('act', upload('other')), step('sync', fault('hail'))];
    const parting = partingOf({ steps: one }, { steps: other });
    expect(parting).toMatchObject({ step: 0, told: { step: 1, one: { moment: expect.stringContaining('rain') } } });
    expect(parting && partingLines(parting, ['A', 'B'])[0]).toBe(
      'they part in step 1: alice does act, which shows in step 2: alice does sync',
    );
    const unseen = partingOf({ steps: one.slice(0, 1) }, { steps: other.slice(0, 1) });
    expect(unseen?.told).toBeNull();
    expect(unseen && partingLines(unseen, ['A', 'B'])).toEqual([
      'they part in step 1: alice does act, in nothing but what envelopes and files hold',
    ]);
  });

  it('do not part where only clauses speak otherwise', () => {
    expect(partingOf({ steps: [step('act', clause('one'))] }, { steps: [step('act', clause('other'))] })).toBeNull();
  });
});

describe('a scenario under two sets of settings', () => {
  const scenario = aliceAndDevices({
    devices: ['phone', 'laptop'],
    story: [
      [{ who: 'alice.laptop', verb: 'reset backup', args: { 'reset backup': true } }],
      [{ who: 'everyone', verb: 'settle', args: { settle: true } }],
    ],
  });
  const off = [{ turn: 'off', clause: '4385-both-unsolicited-share' }] as const;

  it('differs in the verdicts that a setting changes, and says which clauses speak in one run alone', () => {
    const compared = compare(scenario, [[], off], 'symbolic');
    expect(differingIn(compared).map(({ guarantee, one, other }) => [guarantee, one.verdict, other.verdict])).toEqual([
      ['secret-convergence', 'holds', 'breaks'],
    ]);
    expect(compared.parting).not.toBeNull();
    expect(compared.only[0]).toContain('4385-push-works-test');
    expect(compared.lines[1]).toContain('off=4385-both-unsolicited-share');
    expect(compared.verdicts).toHaveLength(runStory(scenario, { suite: 'symbolic' }).judgements.length);
  });

  it('is the same under the same settings', () => {
    const compared = compare(scenario, [off, off], 'symbolic');
    expect([differingIn(compared), compared.parting, compared.only]).toEqual([[], null, [[], []]]);
  });
});
