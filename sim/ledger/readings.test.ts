import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutSetting } from '../../machines/ledger.ts';
import { register } from '../../machines/register.ts';
import type { Scenario } from '../engine/types.ts';
import { parseScenario } from '../scenario/parse.ts';
import { turnsKey } from '../scenario/written.ts';
import { askingsOf, ledgerQuestions, standingWords, withoutSettingOf } from './readings.ts';

/** Questions whose readings some chart asks for, by its code. */
const asked = new Set(
  globSync('machines/**/*.ts')
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/reading\w*\([^()]*, '(q\d\d)'\)/g)].map(([, id]) => id),
    ),
);

const scenarioOf = (settings: string, without: string): Scenario => {
  const parsed = parseScenario(
    `title: A claim\nabout: [MSC4385]\nwhy: because\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone, laptop] }\n${settings}story:\n  - everyone: settle\nexpect:\n  secret-authenticity: { holds: true, shadow: never }\n${without}`,
    'a-claim',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.scenario;
};
const askedIn = (scenario: Scenario) =>
  askingsOf('q08', [scenario]).map(({ beside, isAside }) => [turnsKey(beside), isAside]);
const q08 = ledgerQuestions.find(({ id }) => id === 'q08');

describe('the open questions', () => {
  it('are each a setting of some device, or have a reason why they are none', () => {
    expect(ledgerQuestions.length).toBeGreaterThanOrEqual(48);
    for (const question of ledgerQuestions)
      expect([question.id, withoutSettingOf(question) === null]).toEqual([question.id, asked.has(question.id)]);
    // What is asked for is declared in the registrations, and the other way round: nothing is read that nobody may turn.
    expect([...new Set(register.flatMap(({ questions = [] }) => questions))].sort()).toEqual([...asked].sort());
    const ids = new Set(ledgerQuestions.map(({ id }) => id));
    expect(Object.keys(withoutSetting).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('are turned by scenarios that are set to a reading, as they are and with their other settings', () => {
    const turned = scenarioOf(
      'dials:\n  readings: { alice.phone: { q08: A } }\n',
      'without:\n  4385-push-same-user:\n    secret-authenticity: breaks\n',
    );
    expect(askedIn(turned)).toEqual([
      ['', false],
      ['4385-push-same-user', true],
    ]);
  });

  it('are turned by entries of `without`, with what is turned beside', () => {
    const turned = scenarioOf(
      '',
      'without:\n  "q08: A":\n    secret-authenticity: breaks\n  "4385-push-same-user + q08: B":\n    secret-authenticity: breaks\n  4385-push-same-user:\n    secret-authenticity: breaks\n',
    );
    expect(askedIn(turned)).toEqual([
      ['', false],
      ['4385-push-same-user', false],
    ]);
    expect(q08 && standingWords(q08, [turned, turned])).toBe('turned by 1 scenario');
  });

  it('stay settings where no scenario turns them', () => {
    expect(askedIn(scenarioOf('', ''))).toEqual([]);
    expect(q08 && standingWords(q08, [])).toBe('a setting without a scenario');
  });
});
