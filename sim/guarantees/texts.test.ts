/** Guarantees and their words in the ledger: each has the other, and the words say what they are to say. */
import { describe, expect, it } from 'vitest';
import { guaranteeIds, guaranteeText, guaranteeTexts, isGuaranteeId } from '../../machines/guarantee-texts.ts';
import { ledgerClauses } from '../../machines/ledger.ts';
import { guarantees } from './index.ts';

/** One sentence: a capital letter, a full stop, and no other within. */
const sentence = /^[A-Z][^.!?]+\.$/;
const texts = Object.entries(guaranteeTexts);

describe('the words of guarantees', () => {
  it('are there for each guarantee that is judged, and for no other', () => {
    const judged = guarantees.map(({ id }) => id);
    expect(judged.toSorted()).toEqual(guaranteeIds.toSorted());
    expect(new Set(judged).size).toBe(judged.length);
  });

  it.each(texts)('of %s are a short name, a promise with a subject, and whom it hurts how', (id, text) => {
    const { short, promise, ifBroken, forWhom, shadow } = text;
    expect(short.length).toBeLessThanOrEqual(22);
    // A short name is said with "no more" behind it: it has a verb, and no full stop.
    expect(short).toMatch(/^[A-Z][a-z]+( [a-z]+)+$/);
    expect([promise, ifBroken, shadow].filter((one) => !sentence.test(one))).toEqual([]);
    expect(promise.split(' ').length).toBeGreaterThanOrEqual(12);
    expect(forWhom).toMatch(/^[a-z][^.]+$/);
    expect(Object.values(text).join(' ')).not.toContain(id);
  });

  it('are said of one guarantee each', () => {
    for (const field of ['short', 'promise', 'ifBroken', 'shadow'] as const)
      expect(new Set(texts.map(([, text]) => text[field])).size, field).toBe(texts.length);
  });

  it('are found by the names of the ledger alone', () => {
    expect(isGuaranteeId('secret-authenticity')).toBe(true);
    expect(isGuaranteeId('constructor')).toBe(false);
    expect(() => guaranteeText('secret-authenticty')).toThrow(/no words for “secret-authenticty”/);
  });

  it('are what every sentence of the ledger points to', () => {
    const lost = ledgerClauses.filter(({ guarantee }) => !isGuaranteeId(guarantee));
    expect(lost.map(({ id, guarantee }) => `${id}: ${guarantee}`)).toEqual([]);
  });
});
