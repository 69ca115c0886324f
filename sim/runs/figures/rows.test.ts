import { describe, expect, test } from 'vitest';
import type { Moment, Run } from '../../engine/types.ts';
import { planted, refused } from '../planted-key-testing.ts';
import { isShut } from './layout.ts';
import { miniSvg } from './mini.ts';
import { rowWords } from './row-words.ts';
import { rowsOf } from './rows.ts';
import { sequenceSvg } from './sequence.ts';
import { namesIn } from './sides.ts';

describe('rows', () => {
  const { rows, quiet } = rowsOf(planted);

  test('every step has a row or is listed as quiet, and never both', () => {
    const drawn = new Set(rows.map(({ step }) => step));
    expect(planted.steps.map((_, index) => drawn.has(index) !== quiet.includes(index))).toEqual(
      planted.steps.map(() => true),
    );
    expect(quiet).toEqual([5, 9]);
  });

  test('a sealed push is told by what was inside, and a rogue device’s by its colour', () => {
    expect(rows.find(({ step, shape }) => step === 4 && shape === 'message')).toMatchObject({
      kind: 'attacker',
      sealed: true,
      label: 'Pushes a backup key to Alice’s phone',
    });
    expect(rows.find(({ step }) => step === 1)).toMatchObject({
      kind: 'honest',
      sealed: true,
      opened: true,
      label: 'Offered a backup key by Alice’s laptop',
    });
    expect(rows.find(({ step, sealed }) => step === 7 && sealed)).toMatchObject({
      kind: 'attacker',
      label: 'Offered a backup key by Mallory’s tablet',
    });
  });

  test('key queries that decide nothing and syncs that bring nothing are not drawn', () => {
    const looking = rows.filter(({ wire }) => wire.includes('keys/query') || wire.includes('keys/claim'));
    expect(looking.map(({ step, gates }) => [step, gates.length > 0])).toEqual([
      [0, true],
      [8, true],
    ]);
    expect(rows.filter(({ wire }) => wire.includes('/sync')).map(({ lost }) => lost)).toEqual([true]);
  });

  test('what an attacker learns stands at the row that teaches it', () => {
    expect(rows.flatMap(({ step, learned }) => learned.map(({ what }) => [step, what]))).toEqual([
      [3, 'a backup key of its own'],
      [12, 'room key of !Earlier:example.org'],
    ]);
  });

  test('a guarantee breaks at the check that was off', () => {
    const broken = rows.filter(({ verdicts }) => verdicts.some(({ guarantee }) => guarantee === 'secret-authenticity'));
    expect(broken).toHaveLength(1);
    expect(broken[0]?.gates.map(({ outcome }) => outcome)).toContainEqual({
      is: 'off',
      would: { is: 'thrown away' },
    });
  });

  test('the same check switched on is shut, and the story ends there', () => {
    const last = rowsOf(refused).rows.findLast(({ step }) => step === 7);
    expect(last !== undefined && isShut(last)).toBe(true);
    expect(miniSvg(refused, { prefix: 'm', named: true })).toContain('✓ refused');
  });

  test('a refusal that another permission follows is not a shut gate', () => {
    const row = rows.find(({ step, label }) => step === 7 && label.startsWith('Reads backup'));
    expect(row?.gates.map(({ outcome }) => outcome.is)).toEqual(['passed', 'not on this ground', 'passed', 'passed']);
    expect(row !== undefined && isShut(row)).toBe(false);
  });

  test('the same question asked twice in a row is one row, unless the first answer was refused', () => {
    const asked = planted.steps[1]?.moments.find(
      ({ kind, ...moment }) => kind === 'request' && 'path' in moment && moment.path.endsWith('/room_keys/version'),
    );
    if (asked === undefined) throw new Error('nobody reads a version');
    const gate = (says: 'permits' | 'refuses'): Moment => ({
      kind: 'clause',
      player: 'alice.phone',
      chart: 'key-backup',
      clause: '1219-trust-before-upload',
      role: 'guard',
      says,
      off: false,
    });
    const labels = (says: 'permits' | 'refuses') =>
      rowsOf({
        ...planted,
        steps: [
          {
            choice: { id: 'x', who: 'alice.phone', sentence: 'x', kind: 'story' },
            moments: [asked, gate(says), asked],
          },
        ],
        judgements: [],
      }).rows.map(({ label }) => label);
    expect(labels('permits')).toEqual(['Reads backup v2, twice']);
    expect(labels('refuses')).toEqual(['Reads backup v2', 'Reads backup v2']);
  });

  test('a break is marked at the step that did it and at the one in which it is certain', () => {
    const { rows } = rowsOf(planted);
    const told = { guarantee: 'secret-authenticity', verdict: 'breaks' };
    expect(rows.filter(({ causes }) => causes.length > 0).map(({ step, causes }) => [step, causes])).toEqual([
      [4, [{ ...told, certain: 7 }]],
      [7, [{ guarantee: 'secret-convergence', verdict: 'breaks', certain: 8 }]],
    ]);
    expect(rows.filter(({ verdicts }) => verdicts.some((one) => one.guarantee === told.guarantee))).toMatchObject([
      { step: 7 },
    ]);
    const [causing] = rows.filter(({ causes }) => causes.length > 0);
    expect(causing === undefined ? '' : rowWords(causing, namesIn(planted))).toContain(
      'leads to secret-authenticity, certain in step 8',
    );
    const svg = sequenceSvg(planted);
    expect([
      svg.match(/class="due no"/g)?.length,
      svg.includes('Secrets are genuine breaks in step 5, certain in step 8'),
    ]).toEqual([2, true]);
    expect(miniSvg(planted, { prefix: 'm', named: true })).toContain('● does it');
  });

  test('all that broke is marked, each guarantee once at a step', () => {
    const one = { at: 'alice.phone', about: null, why: 'w', acceptedBy: null };
    const judgements = planted.judgements.map((judgement) =>
      judgement.guarantee === 'backup-key-integrity'
        ? {
            ...judgement,
            breaks: [
              { cause: 7, certain: 7, breaks: [one, { ...one, why: 'v' }] },
              { cause: 7, certain: 12, breaks: [{ ...one, acceptedBy: 'x' }] },
            ],
          }
        : judgement,
    );
    const marks = rowsOf({ ...planted, judgements }).rows.flatMap(({ step, verdicts }) =>
      verdicts.filter(({ guarantee }) => guarantee === 'backup-key-integrity').map(({ verdict }) => [step, verdict]),
    );
    expect(marks).toEqual([
      [7, 'breaks'],
      [12, 'accepted'],
    ]);
  });

  test('a step that decides a guarantee is drawn even if nothing else happens in it', () => {
    const run: Run = {
      ...planted,
      judgements: planted.judgements.map((one) =>
        one.guarantee === 'secret-authenticity'
          ? { ...one, certain: 9, breaks: one.breaks.map((broken) => ({ ...broken, certain: 9 })) }
          : one,
      ),
    };
    expect(rowsOf(run).quiet).toEqual([5]);
    expect(rowsOf(run).rows.find(({ step }) => step === 9)?.verdicts).toEqual([
      { guarantee: 'secret-authenticity', verdict: 'breaks' },
    ]);
  });
});
