/** When and where something broke, in words. */
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../engine/types.ts';
import { otherBreaks, otherLines, whenText, whereText } from './break-words.ts';

const one = { at: 'a', about: null, why: 'first', acceptedBy: null };
const judgement: Judgement = {
  guarantee: 'secret-convergence',
  verdict: 'breaks',
  cause: 1,
  certain: 3,
  breaks: [
    { cause: 0, certain: 0, breaks: [{ ...one, why: 'conceded', acceptedBy: 'x-argument' }] },
    { cause: 1, certain: 3, breaks: [{ ...one, at: 'b', why: 'second' }, one, { ...one, at: null, why: 'third' }] },
  ],
  at: 'a',
  why: 'first',
  missed: [],
  acceptedBy: null,
  shadow: true,
};

describe('what broke', () => {
  it('is told with the step that did it and the one in which it is certain, where these are two', () => {
    expect([whenText(5, 5), whenText(3, 5)]).toEqual(['in step 6', 'in step 4, certain in step 6']);
    expect(whereText(judgement)).toBe('at a in step 2, certain in step 4');
    expect(whereText({ at: null, cause: 2, certain: 2 })).toBe('in step 3');
    expect(whereText({ at: 'a', cause: null, certain: null })).toBe('at a');
    expect(whereText({ at: null, cause: null, certain: null })).toBe('');
  });

  it('is told whole: the rest of it below what is told first, each with its own steps', () => {
    expect(otherLines(judgement)).toEqual([
      'also at a in step 1: conceded (the text accepts it: x-argument)',
      'also at b in step 2, certain in step 4: second',
      'also in step 2, certain in step 4: third',
    ]);
    expect(otherBreaks({ ...judgement, breaks: [{ cause: 1, certain: 3, breaks: [one] }] })).toEqual([]);
    expect(otherBreaks({ ...judgement, breaks: [] })).toEqual([]);
    // Told first is the one it names, and no other that differs from it in one respect.
    const differing: readonly Partial<Judgement>[] = [
      { cause: 0 },
      { certain: 2 },
      { at: 'z' },
      { why: 'z' },
      { acceptedBy: 'z' },
    ];
    for (const more of differing)
      expect(otherBreaks({ ...judgement, breaks: [{ cause: 1, certain: 3, breaks: [one] }], ...more })).toHaveLength(1);
  });
});
