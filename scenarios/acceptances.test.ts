/** Every clause by which a guarantee accepts a break has a story in which it does, and the nearest one in which it must not. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ledgerClauses, ledgerRevisions } from '../machines/ledger.ts';
import type { Expectation, Scenario, Turn } from '../sim/engine/types.ts';
import { guarantees } from '../sim/guarantees/index.ts';
import { runStories } from '../sim/runs/run.ts';
import { expectedOf } from '../sim/scenario/claims.ts';
import { parseScenario } from '../sim/scenario/parse.ts';

/** A story, or a variant of it by its key. */
type Half = { readonly scenario: string; readonly without?: string };
type Pair = {
  readonly guarantee: string;
  readonly clause: string;
  readonly applies: Half;
  readonly not: Half;
  /** What is different in the second, in a sentence. */
  readonly why: string;
};

const pairs = (parse(readFileSync('scenarios/acceptances.yml', 'utf8')) ?? []) as readonly Pair[];
const stories: ReadonlyMap<string, Scenario> = new Map(
  globSync('scenarios/**/*.yaml', { exclude: ['scenarios/arenas/*'] }).flatMap((file) => {
    const parsed = parseScenario(readFileSync(file, 'utf8'), file.slice('scenarios/'.length, -'.yaml'.length));
    return parsed.ok ? [[parsed.scenario.id, parsed.scenario] as const] : [];
  }),
);
const declared = guarantees.flatMap(({ id, accepts }) => accepts.map((clause) => [id, clause] as const));

/** What a story says of a guarantee, as it was written down; other tests hold it against the run. */
const claimed = ({ scenario, without }: Half, guarantee: string): Expectation | string => {
  const story = stories.get(scenario);
  if (story === undefined) return `no scenario "${scenario}"`;
  const variant = story.without.find(({ key }) => key === without) ?? null;
  if (without !== undefined && variant === null) return `no "${without}" in ${scenario}`;
  return expectedOf(story, variant).find((one) => one.guarantee === guarantee) ?? `${scenario} says nothing of it`;
};

describe('acceptances', () => {
  it.each(declared)('%s accepts by %s in a story, and not in the nearest one', (guarantee, clause) => {
    const found = pairs.filter((one) => one.guarantee === guarantee && one.clause === clause);
    expect(found.length).toBeGreaterThan(0);
    for (const { applies, not, why } of found) {
      expect(claimed(applies, guarantee)).toMatchObject({ verdict: 'accepted', by: clause });
      expect(claimed(not, guarantee)).toMatchObject({ verdict: 'breaks' });
      expect(why.length).toBeGreaterThan(20);
    }
  });

  /** What a guarantee makes of the story in which it accepts, with more turned. */
  const found = ({ guarantee, applies }: Pair, ...turns: readonly Turn[]) => {
    const story = stories.get(applies.scenario);
    if (story === undefined) throw new Error(`no scenario "${applies.scenario}"`);
    const own = story.without.find(({ key }) => key === applies.without)?.turns ?? [];
    const { variants } = runStories(story, [{ turns: [...own, ...turns] }], { suite: 'symbolic' });
    const judged = variants[0]?.judgements.find((one) => one.guarantee === guarantee);
    return judged?.breaks.flatMap(({ breaks }) => breaks.map(({ acceptedBy }) => acceptedBy)) ?? [];
  };
  /** The texts that do not have the clause, of the proposal that it is of. */
  const lacking = (id: string): readonly Turn[] => {
    const clause = ledgerClauses.find((one) => one.id === id);
    const proposal = clause?.proposal ?? '';
    const isText = proposal.startsWith('MSC');
    return Object.keys(isText ? (ledgerRevisions[proposal] ?? {}) : {})
      .filter((revision) => revision !== 'pr-head' && clause?.revisions.includes(revision) === false)
      .map((revision) => ({ turn: 'revision', proposal, revision }));
  };

  it.each(pairs.map((pair) => [pair.guarantee, pair.clause, pair.applies.scenario, pair] as const))(
    '%s accepts by %s no more where the clause is off, or the text lacks it: %s',
    (_, clause, __, pair) => {
      expect(found(pair)).toContain(clause);
      for (const turn of [{ turn: 'off', clause } as const, ...lacking(clause)])
        expect(found(pair, turn), JSON.stringify(turn)).not.toContain(clause);
    },
  );

  it('are all declared by the guarantee', () => {
    const known = declared.map((one) => one.join(' '));
    expect(
      pairs.map(({ guarantee, clause }) => `${guarantee} ${clause}`).filter((one) => !known.includes(one)),
    ).toEqual([]);
  });
});
