import { describe, expect, it } from 'vitest';
import type { LedgerClause } from './registry.ts';
import { levelIn, sameness, textChanges } from './revision-diff.ts';

const clause = (id: string, revisions: readonly string[], more: Partial<LedgerClause> = {}): LedgerClause => ({
  id,
  name: id,
  proposal: 'MSC4268',
  revisions,
  section: '',
  level: 'STATED',
  party: 'sender',
  kind: 'guard',
  guarantee: 'history-confidentiality',
  statement: '',
  when_skipped: '',
  ...more,
});
const idsOf = (clauses: readonly LedgerClause[]): readonly string[] => clauses.map(({ id }) => id);

describe('two revisions of a text', () => {
  const clauses = [
    clause('stays', ['seed-diff', 'merged']),
    clause('goes', ['seed-draft', 'seed-diff'], { superseded_by: 'comes' }),
    clause('comes', ['merged', 'spec-v1.19']),
    clause('is-elsewhere', ['merged'], { proposal: 'MSC4147' }),
    clause('hardens', ['seed-diff', 'merged', 'spec-v1.19'], {
      level_by_revision: { 'seed-diff': 'SHOULD', 'spec-v1.19': 'MUST' },
    }),
  ];

  it('differ in what came and what went, and one may take the place of another', () => {
    const { came, went, replaced, strength } = textChanges('MSC4268', 'seed-diff', 'merged', clauses);
    expect([idsOf(came), idsOf(went), strength]).toEqual([['comes'], ['goes'], []]);
    expect(replaced).toEqual([{ old: 'goes', by: 'comes' }]);
  });

  it('can be read backwards', () => {
    const { came, went, replaced } = textChanges('MSC4268', 'merged', 'seed-diff', clauses);
    expect([idsOf(came), idsOf(went)]).toEqual([['goes'], ['comes']]);
    expect(replaced).toEqual([{ old: 'comes', by: 'goes' }]);
  });

  it('differ in strength where a sentence stays and its word changes', () => {
    const { strength } = textChanges('MSC4268', 'merged', 'spec-v1.19', clauses);
    expect(strength).toEqual([{ clause: clauses[4], from: 'SHOULD', to: 'MUST' }]);
  });

  it('take the strength of a sentence from the nearest text that says it', () => {
    const levels = { level: 'MAY', level_by_revision: { two: 'SHOULD', four: 'MUST' } };
    const levelsIn = ['one', 'two', 'three', 'four'].map((revision) =>
      levelIn(levels, revision, ['one', 'two', 'three', 'four']),
    );
    expect(levelsIn).toEqual(['SHOULD', 'SHOULD', 'SHOULD', 'MUST']);
    expect(levelIn({ level: 'MAY' }, 'one', ['one'])).toBe('MAY');
  });

  it('are told apart by devices where charts go by their sentences, and only there', () => {
    expect(sameness('MSC4268', 'seed-diff', 'merged')).toBeNull();
    expect(sameness('MSC4147', 'merged', 'spec-v1.19')).toBeNull();
    expect(sameness('MSC4385', 'push-variant', 'send-variant')).toBeNull();
    expect(sameness('MSC4385', 'push-variant', 'pr-head')).toBeNull();
    expect(sameness('MSC1219', 'merged', 'spec-v1.19')).toMatch(/do the same under both/);
  });
});
