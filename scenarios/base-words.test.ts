import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clauseName } from '../machines/naming.ts';
import type { Scenario } from '../sim/engine/types.ts';
import { capitalised } from '../sim/runs/figures/words.ts';
import { baseWords, revisionWords, textWords } from '../sim/runs/telling/base-words.ts';
import { defaultSettings, hasRooms } from '../sim/scenario/by-default.ts';
import { proposals } from '../sim/scenario/ledger.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const parsedOf = (source: string, id: string): Scenario => {
  const parsed = parseScenario(source, id);
  if (!parsed.ok) throw new Error(`${id}: ${parsed.errors.map(({ message }) => message).join('\n')}`);
  return parsed.scenario;
};
const library = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .map((path) => {
    const source = readFileSync(join(import.meta.dirname, path), 'utf8');
    return { id: path, source, scenario: parsedOf(source, path.replace(/\.yaml$/, '')) };
  });
/** Whether it is called as one would be that chose nothing. */
const isPlain = (scenario: Scenario): boolean => {
  const everyone = defaultSettings(hasRooms(scenario));
  return (
    baseWords(scenario) === capitalised(textWords({ about: scenario.about, settings: { everyone, byDevice: {} } }))
  );
};
const small = (settings: string): string =>
  baseWords(
    parsedOf(
      `title: t\nabout: [MSC4268]\nwhy: w\ncast:\n  servers: [example.org]\n  users:\n    alice: { server: example.org, devices: [phone] }\n    bob: { server: example.org, devices: [phone, laptop] }\n  rooms:\n    den: { history: shared, members: [alice] }\n${settings}story: [{ alice.phone: sync }]\nexpect: { availability: holds }\n`,
      'key-bundle/t',
    ),
  );

describe('what a run as written is', () => {
  test('a file that chooses nothing goes by the texts that it is about', () => {
    const silent = library.filter(({ source }) => !/^dials:|skips:/m.test(source));
    expect(silent.length).toBeGreaterThan(100);
    expect(silent.filter(({ scenario }) => !isPlain(scenario)).map(({ id }) => id)).toEqual([]);
  });

  test('a file that chooses says so, except where it chooses what holds anyway', () => {
    const choosing = library.filter(({ source }) => /^dials:|skips:/m.test(source));
    expect(choosing.length).toBeGreaterThan(100);
    expect(choosing.filter(({ scenario }) => isPlain(scenario)).map(({ id }) => id)).toEqual([
      'interactions/an-honest-inviter-vouches-for-what-her-server-made-up.yaml',
      'room-keys/the-flag-survives-the-backup.yaml',
    ]);
  });

  test('every clause that is off, every reading, option and device of the library is in the words', () => {
    const missing = library.flatMap(({ id, scenario }) => {
      const { everyone, byDevice } = scenario.settings;
      const words = baseWords(scenario);
      const all = [everyone, ...Object.values(byDevice)];
      const due = all.flatMap(({ off, readings, options }) => [
        ...off.map((clause) => `without “${clauseName(clause)}”`),
        ...Object.entries(readings).map(([question, reading]) => `with reading ${reading} of ${question}`),
        ...Object.keys(options).map((name) => `with “${name}”`),
      ]);
      const has = (part: string): boolean => words.toLowerCase().includes(part.toLowerCase());
      return due.filter((part) => !has(part)).map((part) => `${id}: ${part}`);
    });
    expect(missing).toEqual([]);
  });

  test('no two texts of a proposal have the same words', () => {
    for (const [proposal, revisions] of proposals) {
      const words = [...revisions.keys(), 'none'].map((revision) => revisionWords(proposal, revision));
      expect(new Set(words).size).toBe(words.length);
      expect(words.join(' ')).not.toMatch(/seed|variant|pr-head|as as/);
    }
  });

  test.each([
    ['', 'As MSC4268 merged'],
    ['dials: { implements: { MSC4268: merged } }\n', 'As MSC4268 merged'],
    [
      'dials: { implements: { MSC4287: merged }, readings: { q23: B } }\n',
      'As MSC4287 merged, with reading B of q23 (no, nothing is shared)',
    ],
    [
      'dials: { implements: { MSC4268: seed-draft }, options: { forwarded keys: any } }\n',
      'As MSC4268 of March 2025, with “forwarded keys”: any',
    ],
    [
      'dials: { implements: { bob.phone: { MSC4268: none }, bob.laptop: { MSC4268: none } } }\n',
      'At Bob’s phone and Bob’s laptop: without MSC4268',
    ],
    [
      'dials: { identifiers: unstable, off: { bob.phone: [4268-inviter-match] } }\n',
      'Under the trial names; at Bob’s phone: without “Only take a bundle from whoever invited you”',
    ],
  ])('%j', (settings, words) => {
    expect(small(settings)).toBe(words);
  });
});
