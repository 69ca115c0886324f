/** Every sentence of pushed secrets, bundles and the preference carries some scenario's verdict, or says why nobody misses it. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ledger from '../machines/ledger/clauses.json' with { type: 'json' };
import { implementedClauses } from '../machines/parts.ts';
import { guarantees } from '../sim/properties/index.ts';
import { runStory } from '../sim/run.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import type { Scenario } from '../sim/types.ts';

const scenarios: readonly Scenario[] = globSync('scenarios/**/*.yaml')
  .sort()
  .flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok ? [parsed.scenario] : [];
  });

/** Keys that do not go together cannot bear the signature of an identity known from before: one sentence stands in for three. */
const maskedByOwner =
  'keys that only a letter tells of must be signed by the pinned identity (4147-owner-via-cross-signing), which signs none that do not go together';

const maskedByWorksTest =
  'the signing keys of an identity can be tested against their published halves, so that the works test refuses every false one; only a device that lacks a true one would differ';

/** Clauses that no verdict depends on, and why: each is a finding about the text. */
const missedByNobody: Readonly<Record<string, string>> = {
  '4385-push-reverify-cross-signing': maskedByWorksTest,
  '4385-send-reverify-cross-signing': maskedByWorksTest,
  '4385-both-alt-notice-and-ask':
    'a design the proposal rejects, here as an option: it has no promise of its own to keep',
  '4147-ed25519-mismatch': maskedByOwner,
  '4147-user-id-match': maskedByOwner,
  '4147-self-signature': maskedByOwner,
  '4268-label-messages':
    'who supplied the keys is shown already (4268-show-provenance): where on the screen it stands is more than any promise here speaks of',
};

const changedBy = (clause: string): readonly string[] =>
  scenarios.flatMap(({ id, expect: expected, without }) =>
    without
      .filter(({ turns }) => turns.length === 1 && turns[0]?.turn === 'off' && turns[0].clause === clause)
      .flatMap(({ expect: other }) =>
        other
          .filter((one) => expected.every((base) => base.guarantee !== one.guarantee || base.verdict !== one.verdict))
          .map(({ guarantee }) => `${id}: ${guarantee}`),
      ),
  );

describe('the library', () => {
  const pushedSecrets = ledger.filter(({ proposal }) => proposal === 'MSC4385');

  const heeded = new Set(implementedClauses.filter(({ kind }) => kind !== 'format').map(({ clause }) => clause));
  const ofBundles = ledger.filter(
    ({ id, proposal }) => (proposal === 'MSC4268' || proposal === 'MSC4147') && heeded.has(id),
  );

  const ofPreference = ledger.filter(({ id, proposal }) => proposal === 'MSC4287' && heeded.has(id));

  it.each([...pushedSecrets, ...ofBundles, ...ofPreference].map(({ id }) => id))(
    'has a verdict that changes without %s, or a reason why none does',
    (id) => {
      if (id in missedByNobody) expect(changedBy(id)).toEqual([]);
      else expect(changedBy(id)).not.toEqual([]);
    },
  );

  it('puts every guarantee to the test: its shadow happens somewhere, and somewhere it breaks', () => {
    const runs = scenarios.flatMap((scenario) =>
      [[], ...scenario.without.map(({ turns }) => turns)].map((turns) => runStory(scenario, { turns })),
    );
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

  it('has titles that are claims, each once', () => {
    const titles = scenarios.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(scenarios.length).toBeGreaterThanOrEqual(27);
  });
});
