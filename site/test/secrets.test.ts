/**
 * Nothing secret stands in what is made of a run: neither on its page nor in what it is exported as. Only the whole run as JSON has it,
 * which is what the referee sees.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { oneScenario, scenariosFor } from '../../sim/cli/library.ts';
import type { Run } from '../../sim/engine/types.ts';
import { commentOf } from '../../sim/runs/export/comment.ts';
import { itf } from '../../sim/runs/export/itf.ts';
import { runJson } from '../../sim/runs/export/json.ts';
import { mermaid } from '../../sim/runs/export/mermaid.ts';
import { shiviz } from '../../sim/runs/export/shiviz.ts';
import { sequenceSvg } from '../../sim/runs/figures/sequence.ts';
import { transcript } from '../../sim/runs/transcript.ts';
import { runWithSecrets } from './secrets.ts';

const dist = resolve('dist');
const stories = scenariosFor([]).filter(({ scenario }) => scenario.explore === null);

const exports: Readonly<Record<string, (run: Run) => string>> = {
  'the transcript': transcript,
  'the Mermaid source': mermaid,
  'the ShiViz log': shiviz,
  'the ITF trace': itf,
  'the comment': (run) => commentOf(run, { siblings: [], address: null }),
  'the picture': (run) => sequenceSvg(run, { standalone: true }),
};

const pageOf = (id: string): string =>
  readdirSync(join(dist, 'scenarios', id), { withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => {
      const bytes = readFileSync(join(dist, 'scenarios', id, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    })
    .join('\n');

const foundIn = (text: string, secrets: ReadonlySet<string>): readonly string[] =>
  [...secrets].filter((secret) => text.includes(secret));

/** Keys that stand in a text that everybody can read: the story is about them. */
const published: Readonly<Record<string, readonly string[]>> = {
  'key-bundle/the-sample-of-the-text-is-anybodys': ['aWF6-32KGYaC3A_F'],
};

describe('what is made of a run holds no secret of it', () => {
  it.each(stories.map(({ scenario }) => [scenario.id, scenario] as const))('%s', (id, scenario) => {
    const { run, secrets } = runWithSecrets(scenario);
    expect(secrets.size).toBeGreaterThan(5);
    for (const known of published[id] ?? []) expect(secrets.delete(known)).toBe(true);
    const leaks = Object.entries(exports).map(([name, make]) => [name, foundIn(make(run), secrets)]);
    expect(leaks).toEqual(Object.keys(exports).map((name) => [name, []]));
    expect(foundIn(pageOf(id), secrets)).toEqual([]);
  });
});

it('what is looked for would be found: the whole run has most of it', () => {
  const { scenario } = oneScenario(['secret-push/a-stolen-token-cannot-plant-a-backup-key']);
  const { run, secrets } = runWithSecrets(scenario);
  const found = foundIn(runJson(run), secrets);
  expect(found).toContain('syt_alice_TABLET');
  expect(found.length).toBeGreaterThan(3);
});
