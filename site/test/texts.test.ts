/** What the pages about the texts say of them, held against the ledger itself. */
import { describe, expect, it } from 'vitest';
import { allRevised, type Clause, changesOf, clauses, levelIn, revisionsOf, spanWords } from '../texts.ts';

const clauseOf = (id: string): Clause => {
  const found = clauses.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the ledger has no clause ${id}`);
  return found;
};
const idsIn = (proposal: string, revision: string): readonly string[] =>
  clauses
    .filter((one) => one.proposal === proposal && one.revisions.includes(revision))
    .map(({ id }) => id)
    .toSorted();

describe('a text and the one before it', () => {
  it.each(allRevised)('of %s: what was there, less what went, with what came, is what is there', (proposal) => {
    const changes = changesOf(proposal);
    expect(changes).toHaveLength(revisionsOf(proposal).length - 1);
    for (const { from, to, came, went, replaced } of changes) {
      const gone = new Set([...went, ...replaced.map(({ old }) => old)].map(({ id }) => id));
      const fresh = new Set([...came, ...replaced.map(({ now }) => now)].map(({ id }) => id));
      const kept = idsIn(proposal, from).filter((id) => !gone.has(id));
      expect([...kept, ...fresh].toSorted()).toEqual(idsIn(proposal, to));
      expect(gone.size + kept.length).toBe(idsIn(proposal, from).length);
    }
  });

  it('tell of a clause that grew stronger, and of one that gave way', () => {
    const last = changesOf('MSC4268').at(-1);
    expect(last?.strength).toContainEqual({
      clause: clauseOf('4268-only-flagged-sessions'),
      from: 'STATED',
      to: 'MUST',
    });
    const [toPush] = changesOf('MSC4385');
    expect(toPush?.replaced.map(({ old, now }) => [old.id, now.id])).toContainEqual([
      '4385-send-cross-signed-only',
      '4385-push-cross-signed-only',
    ]);
  });
});

describe('a clause', () => {
  it('is as strong as the last text said that spoke of its strength, and has none where it does not stand', () => {
    const clause = clauseOf('4268-flag-true-when-open');
    expect(revisionsOf('MSC4268').map(({ name }) => levelIn(clause, name))).toEqual([
      'STATED',
      'STATED',
      'STATED',
      'STATED',
      'SHOULD',
    ]);
    expect(levelIn(clauseOf('4268-only-flagged-sessions'), 'seed-draft')).toBeNull();
    expect(levelIn(clauseOf('4268-only-flagged-sessions'), 'seed-diff-before')).toBe('STATED');
  });

  it.each([
    ['4268-flag-true-when-open', 'every text'],
    ['4268-only-flagged-sessions', 'from seed-diff-before on'],
    ['4268-decline-when-currently-closed', 'spec-v1.19 only'],
    ['4268-leave-old-assumption', 'until seed-diff'],
    ['4268-label-messages', 'seed-diff-before to merged'],
  ])('%s stands in: %s', (id, words) => {
    expect(spanWords(clauseOf(id))).toBe(words);
  });
});
