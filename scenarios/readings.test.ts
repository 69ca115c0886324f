/** Every open question has a story in which it matters how it is read. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scenario, Turn } from '../sim/engine/types.ts';
import { askingsOf, ledgerQuestions, withoutSettingOf } from '../sim/ledger/readings.ts';
import { compare } from '../sim/ledger/run-diff.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const stories: readonly Scenario[] = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .sort()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok && parsed.scenario.explore === null ? [parsed.scenario] : [];
  });

const parts = (question: string, scenario: Scenario, beside: readonly Turn[]): boolean => {
  const read = (reading: 'A' | 'B'): readonly Turn[] => [...beside, { turn: 'reading', question, reading }];
  return compare(scenario, [read('A'), read('B')], 'symbolic').parting !== null;
};

describe('the open questions', () => {
  const turned = ledgerQuestions.filter((question) => withoutSettingOf(question) === null);

  it.each(turned.map(({ id, question }) => [id, question]))('%s parts a story in two: %s', (id) => {
    const askings = askingsOf(id, stories).filter(({ isAside }) => !isAside);
    expect(askings).not.toEqual([]);
    expect(askings.some(({ scenario, beside }) => parts(id, scenario, beside))).toBe(true);
  });
});
