/** What may happen between the requests of a step: offered by what the step asks, and the same as when a story says so. */
import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith } from '../verbs/port.ts';
import { openChoices } from './open-choices.ts';
import { begin } from './prologue.ts';
import { bringsRest } from './quiet.ts';
import { step } from './step.ts';
import { aliceAndDevices } from './testing.ts';
import type { Act, Explore, Moment, Scenario } from './types.ts';
import type { World } from './world.ts';

const suite = makeSymbolicSuite('1');
const cast = aliceAndDevices({ devices: ['phone', 'laptop'] });
const resets: Act = { who: 'alice.laptop', verb: 'reset backup', args: {} };
const playing = (faults: Explore['faults'], more: Partial<Scenario> = {}) =>
  stageWith(
    { ...cast, explore: { acts: [{ act: resets, times: 1 }], faults, until: { depth: 9, worlds: 9 } }, ...more },
    { suite, free: true },
  );
type Stage = ReturnType<typeof playing>;
const ids = (stage: Stage, world: World) => openChoices(stage, world).map(({ id }) => id);
const asked = (moments: readonly Moment[]) =>
  moments.flatMap((moment) => (moment.kind === 'request' ? [`${moment.method} ${moment.path}`] : []));

describe('a fault within a step', () => {
  const stage = playing({ 'stop in a step': 1 });
  const first = begin(stage);
  const whole = step(stage, first, 'play:0').step;

  it('is offered once for each request that the step makes, and not where the budget is used up or there is none', () => {
    const all = asked(whole.moments).length;
    expect(all).toBeGreaterThan(3);
    expect(ids(stage, first)).toEqual([
      'play:0',
      ...Array.from({ length: all }, (_, nth) => `stop_in_a_step:alice~laptop:${nth + 1}:play:0`),
    ]);
    const struck = step(stage, first, 'stop_in_a_step:alice~laptop:2:play:0').world;
    expect([struck.faults, struck.played]).toEqual([{ 'stop in a step': 0 }, [1]]);
    expect(ids(stage, struck).filter((id) => id.startsWith('stop'))).toEqual([]);
    const none = playing({ restart: 1 });
    expect(ids(none, begin(none)).filter((id) => id.startsWith('stop'))).toEqual([]);
  });

  it('cuts the step behind that request: what was asked before is asked, and then the client comes up', () => {
    const before = asked(whole.moments);
    for (let request = 1; request <= before.length; request += 1) {
      const cut = step(stage, first, `stop_in_a_step:alice~laptop:${request}:play:0`).step;
      const at = cut.moments.findIndex(({ kind }) => kind === 'restarted');
      expect(asked(cut.moments.slice(0, at))).toEqual(before.slice(0, request));
    }
  });

  it('is what a story says line by line', () => {
    const told = stageWith(
      {
        ...cast,
        story: [[{ who: 'alice.laptop', verb: 'stop after request', args: { 'stop after request': 3 } }], [resets]],
      },
      { suite },
    );
    const laid = step(told, begin(told), 'act').world;
    const said = step(told, laid, 'act');
    const struck = step(stage, first, 'stop_in_a_step:alice~laptop:3:play:0');
    expect(said.step.moments).toEqual(struck.step.moments);
    expect([said.world.servers, said.world.devices]).toEqual([struck.world.servers, struck.world.devices]);
  });

  it('loses one answer, and the step goes on without it', () => {
    const losing = playing({ 'lost answer in a step': 1 });
    const { moments } = step(losing, begin(losing), 'lost_answer_in_a_step:alice~laptop:2:play:0').step;
    expect(moments.filter((moment) => moment.kind === 'request' && moment.lost === true)).toHaveLength(1);
    expect(moments.some(({ kind }) => kind === 'restarted')).toBe(false);
  });

  it('brings nobody to rest, and is offered of syncs too', () => {
    const once = step(stage, first, 'play:0').world;
    const cuts = openChoices(stage, once).filter((choice) => choice.do === 'interrupted');
    expect(cuts.map(({ id }) => id)).toContain('stop_in_a_step:alice~phone:1:sync:alice~phone');
    expect(cuts.filter(bringsRest)).toEqual([]);
  });

  it('strikes in what free play leads up to only where the file as a whole deals it', () => {
    const story = [[resets]];
    const later = playing({ 'stop in a step': 1 }, { story });
    const anytime = playing({}, { story, faults: { 'stop in a step': 1 } });
    const has = (one: Stage) => ids(one, begin(one)).some((id) => id.startsWith('stop'));
    expect([has(later), has(anytime)]).toEqual([false, true]);
  });
});
