/** What can be turned in a scenario of the library, and how it changes: numbers, names and faults beside clauses. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run, Scenario } from '../../sim/engine/types.ts';
import { runStory } from '../../sim/runs/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { turnableIn, wrongTurns } from '../../sim/scenario/turns.ts';
import { inFull, type Setting } from '../setting-list.ts';
import { knownSettings, settingList, shortened } from '../settings.ts';
import { namesNow, nextOfAll, toggled, valued, valueNow, withName } from '../turned-state.ts';

const scenarioAt = (id: string): Scenario => {
  const parsed = parseScenario(readFileSync(`scenarios/${id}.yaml`, 'utf8'), id);
  if (!parsed.ok) throw new Error(`${id} is no scenario`);
  return parsed.scenario;
};
const told = (id: string): Run => runStory(scenarioAt(id), { suite: 'symbolic' });
const settingsOf = (run: Run): readonly Setting[] => settingList(run, []).groups.flatMap(({ settings }) => settings);
const ofKind = <K extends Setting['is']>(settings: readonly Setting[], kind: K) =>
  settings.filter((one): one is Extract<Setting, { readonly is: K }> => one.is === kind);

const faulty = 'backup-preference/a-look-before-writing-spares-a-choice';
const pushed = 'secret-push/a-stolen-token-cannot-plant-a-backup-key';

describe('what can be turned', () => {
  it('is each line that goes wrong, and any accident before any line at any device', () => {
    const run = told(faulty);
    const settings = settingsOf(run);
    const { story } = run.scenario;
    const faults = ofKind(settings, 'fault');
    expect(faults.map(({ turn }) => turn)).toEqual([{ turn: 'spared', line: 2 }]);
    expect(faults[0]?.name).toBe('Line 2: example.org fails account_data for alice.tablet');
    const [accidents] = ofKind(settings, 'accidents');
    expect(accidents?.lines).toHaveLength(story.length);
    expect(accidents?.devices).toEqual(['alice.phone', 'alice.laptop', 'alice.tablet', 'alice.desk']);
    for (const at of accidents?.devices ?? [])
      for (const { name: fault } of accidents?.faults ?? [])
        expect(wrongTurns([{ turn: 'struck', line: story.length, fault, at }], turnableIn(run.scenario))).toEqual([]);
  });

  it('is also what no few words can say: a number, and which of some names', () => {
    const settings = settingsOf(told(pushed));
    const [accept] = ofKind(settings, 'names');
    if (accept === undefined) throw new Error('no list can be turned');
    expect(accept.names).toContain('m.megolm_backup.v1');
    expect(namesNow([], accept)).toEqual(accept.names);
    const without = withName([], accept, 'm.megolm_backup.v1');
    expect(namesNow(without, accept)).toEqual(accept.names.filter((name) => name !== 'm.megolm_backup.v1'));
    expect(valued(without, accept, null)).toEqual([]);
    const bundled = settingsOf(told('key-bundle/a-bundle-sent-two-hours-after-the-join-is-late-for-an-hour'));
    const window = ofKind(bundled, 'count').find(({ option }) => option === 'bundle window');
    if (window === undefined) throw new Error('no number can be turned');
    const turns = valued([], window, 1);
    expect(valueNow(turns, window)).toBe(1);
    expect(valued(turns, window, window.written)).toEqual([]);
  });

  it('can all be run, and is told shortly in its file', () => {
    const run = told(faulty);
    const list = settingList(run, []);
    expect(inFull(shortened(list), knownSettings)).toEqual(list);
    const [fault] = ofKind(settingsOf(run), 'fault');
    if (fault === undefined) throw new Error('nothing goes wrong');
    const turns = toggled([], fault.turn);
    expect(nextOfAll([], list)).toContainEqual(turns);
    expect(toggled(turns, fault.turn)).toEqual([]);
    const spared = runStory(run.scenario, { turns, suite: 'symbolic' });
    expect(spared.judgements).not.toEqual(run.judgements);
  });
});
