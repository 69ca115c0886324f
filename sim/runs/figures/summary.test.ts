import { describe, expect, test } from 'vitest';
import { guaranteeIds } from '../../../machines/guarantee-texts.ts';
import type { Judgement, Run } from '../../engine/types.ts';
import { refused } from '../planted-key-testing.ts';
import { runSummary } from './sequence.ts';

describe('what a picture says of its run in one sentence', () => {
  const [some] = refused.judgements;
  if (some === undefined) throw new Error('the run of the figures judges nothing');
  const judged = (verdicts: readonly (readonly [Judgement['guarantee'], Judgement['verdict']])[]): Run => ({
    ...refused,
    judgements: verdicts.map(([guarantee, verdict]) => ({ ...some, guarantee, verdict, cause: null, certain: null })),
  });
  const all = guaranteeIds.map((id) => [id, 'holds'] as const);

  test('is limited to what was judged, where that is not every guarantee there is', () => {
    expect(runSummary(judged(all))).toMatch(/^\d+ steps\. No guarantee breaks\.$/);
    expect(runSummary(judged(all.slice(1)))).toMatch(/^\d+ steps\. None of the guarantees asked about here breaks\.$/);
    expect(runSummary(judged([]))).toMatch(/^\d+ steps\. No guarantee is asked about here\.$/);
  });

  test('names a break that the text accepts, too', () => {
    expect(runSummary(judged([...all.slice(1), [guaranteeIds[0] ?? 'availability', 'accepted']]))).toMatch(
      /^\d+ steps\. .+ breaks at the end \(the text accepts it\)\.$/,
    );
  });
});
