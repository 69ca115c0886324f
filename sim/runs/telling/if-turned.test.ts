import { describe, expect, it } from 'vitest';
import type { Judgement, Run, Turn } from '../../engine/types.ts';
import { planted, refused } from '../planted-key-testing.ts';
import { fatesOf, standWords, switchNames } from './if-turned.ts';
import { risksOf } from './risks.ts';

const [some] = refused.judgements;
if (some === undefined) throw new Error('the run that is told of judges nothing');
const judged = (verdicts: Partial<Record<Judgement['guarantee'], Judgement['verdict']>>): Run => ({
  ...refused,
  judgements: Object.entries(verdicts).map(([guarantee, verdict]) => ({
    ...some,
    guarantee: guarantee as Judgement['guarantee'],
    verdict,
  })),
});

const off: Turn = { turn: 'off', clause: '4385-push-cross-signed-only' };
const other: Turn = { turn: 'off', clause: '4385-push-candidate-selection' };
const reading: Turn = { turn: 'reading', question: 'q09', reading: 'B' };
const revision: Turn = { turn: 'revision', proposal: 'MSC4385', revision: 'send-variant' };

describe('beside a setting', () => {
  it('stand the guarantees that would not hold, by name, and the other way round those that would', () => {
    const fates = fatesOf(refused, planted);
    expect(fates.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'open']);
    expect(fates[0]?.words).toMatch(/^“Secrets are genuine”.* would not hold$/);
    expect(fatesOf(planted, refused)).toEqual([
      { words: expect.stringMatching(/^“Secrets are genuine”.* would hold$/), tone: 'ok' },
    ]);
    expect(fatesOf(refused, refused)).toEqual([{ words: 'these verdicts would be the same', tone: 'open' }]);
  });

  it('is each fate by itself, and of more than two guarantees the rest is counted', () => {
    const here = judged({
      'secret-authenticity': 'holds',
      'secret-convergence': 'holds',
      'backup-key-integrity': 'holds',
      'history-liveness': 'holds',
      availability: 'breaks',
    });
    const there = judged({
      'secret-authenticity': 'breaks',
      'secret-convergence': 'breaks',
      'backup-key-integrity': 'breaks',
      'history-liveness': 'accepted',
      availability: 'holds',
    });
    expect(fatesOf(here, there)).toEqual([
      { words: '“Secrets are genuine”, “Secrets are current” and 1 more would not hold', tone: 'bad' },
      { words: '“History arrives” would not hold, which the text accepts', tone: 'warn' },
      { words: '“Client stays usable” would hold', tone: 'ok' },
    ]);
  });

  it('is said of two clauses that both are in force', () => {
    expect(switchNames([off])).toBe('Only take pushes from cross-signed devices');
    expect(switchNames([off, other])).toBe(`“${switchNames([off])}” and “${switchNames([other])}”`);
    expect([[off], [off, other], [reading], [reading, revision], [off, reading]].map(standWords)).toEqual([
      'is in force. Without it',
      'are both in force; without both',
      'is not chosen. With it',
      'are not chosen; with both',
      'stand otherwise here; with both turned',
    ]);
  });

  it('stands what happens, but nothing of another text', () => {
    expect(risksOf([off, revision])).toEqual([
      'A thief with a token logs in a device and pushes a backup key of their own.',
    ]);
  });
});
