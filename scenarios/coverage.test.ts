/** Every sentence that a client here can skip carries some scenario's verdict, or says why nobody misses it. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../sim/engine/types.ts';
import { guarantees } from '../sim/guarantees/index.ts';
import { isMissedBesideOthersOnly, registry } from '../sim/ledger/registry.ts';
import { runStories } from '../sim/runs/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

const scenarios: readonly Scenario[] = globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] })
  .sort()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok ? [parsed.scenario] : [];
  });

/** Sentences that are missed only where others are off too: `hearsay clauses` with one of them says which, and where. */
const stoodInFor: readonly string[] = [
  '4385-send-reverify-cross-signing',
  '4385-push-reverify-cross-signing',
  '4385-both-alt-notice-and-ask',
  '4268-one-list-only',
  '4147-ed25519-mismatch',
  '4147-self-signature',
  '1946-cancel-others',
  'spec-olm-sender',
  'spec-olm-recipient',
  'spec-olm-recipient-keys',
  'spec-olm-sender-keys',
  'spec-device-self-signature',
  'spec-device-id-no-master',
  'spec-key-not-replaced',
];

/** Those of which no guarantee can tell whether they were kept: the registration of their folder says why. */
const unseen: readonly string[] = [];

const rows = registry(scenarios).filter(({ place }) => place?.is === 'chart');

describe('the library', () => {
  it.each(rows.map((row) => [row.clause.id, row] as const))(
    'has a verdict that changes without %s, or a reason why none does',
    (_, { changes, missedByNobody }) => {
      if (missedByNobody === null) expect(changes).not.toEqual([]);
      else expect(changes).toEqual([]);
    },
  );

  it('misses every guard, every duty and everything that people are to see, but for what no guarantee sees', () => {
    const heeded = rows.filter(({ clause: { kind } }) => kind === 'guard' || kind === 'duty' || kind === 'ui');
    expect(heeded.length).toBeGreaterThanOrEqual(100);
    expect(heeded.filter(({ changes }) => changes.length === 0).map(({ clause }) => clause.id)).toEqual(unseen);
  });

  it('misses a sentence by itself, but for these, for which others stand in', () => {
    expect(rows.filter(isMissedBesideOthersOnly).map(({ clause }) => clause.id)).toEqual(stoodInFor);
  });

  it('puts every guarantee to the test: its shadow happens somewhere, and somewhere it breaks', () => {
    const runs = scenarios.flatMap((scenario) => {
      const { story, variants } = runStories(scenario, scenario.without, { suite: 'symbolic' });
      return [story, ...variants];
    });
    for (const { id } of guarantees) {
      const judgements = runs.flatMap((run) => run.judgements.filter(({ guarantee }) => guarantee === id));
      expect([
        id,
        judgements.some(({ shadow }) => shadow),
        judgements.some(({ verdict }) => verdict === 'breaks'),
        judgements.some(({ verdict }) => verdict === 'holds'),
      ]).toEqual([id, true, true, true]);
    }
  });

  it('has a run of the condition that a title names', () => {
    const conditional = scenarios.filter(({ explore, title }) => explore === null && /\bunless\b/.test(title));
    expect(conditional.length).toBeGreaterThan(15);
    expect(conditional.filter(({ without }) => without.length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('has titles that are claims, each once', () => {
    const titles = scenarios.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(scenarios.length).toBeGreaterThanOrEqual(27);
  });
});
