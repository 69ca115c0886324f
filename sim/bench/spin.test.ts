import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ledgerClauses } from '../../machines/ledger.ts';
import type { Verdict } from '../engine/types.ts';
import { askHearsay, askSpin, howToInstall, spinHere } from './spin.ts';
import { definedFor, isModelled, promela, type Question, questions, toldQuestion } from './spin-questions.ts';

const texts = readdirSync(promela).map((file) => ({ file, text: readFileSync(new URL(file, promela), 'utf8') }));

describe('the Promela texts of arenas', () => {
  it.each(texts)('$file is of an arena that there is, and something is asked of it', ({ file }) => {
    const arena = `arenas/${file.replace('.pml', '')}`;
    expect(existsSync(`scenarios/${arena}.yaml`)).toBe(true);
    expect(questions.map((question) => question.arena)).toContain(arena);
  });

  it('are there for whatever is asked, and know what is to be left out', () => {
    expect(questions.filter((question) => !isModelled(question))).toEqual([]);
    for (const question of questions) {
      const text = readFileSync(new URL(`${question.arena.replace('arenas/', '')}.pml`, promela), 'utf8');
      for (const name of definedFor(question)) expect(text).toMatch(new RegExp(`^#if(def|ndef) ${name}$`, 'm'));
      expect(definedFor(question)).toHaveLength(
        (question.without === null ? 0 : 1) + (text.includes('#ifdef ABOUT_') ? 1 : 0),
      );
    }
  });

  it.each(texts)('$file names clauses that there are', ({ text }) => {
    const named = [...text.matchAll(/\b(?:\d{4}|spec)(?:-[a-z]+)+\b/g)].map(([id]) => id);
    expect(named.length).toBeGreaterThan(2);
    const known = new Set<string>(ledgerClauses.map(({ id }) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

/** `null` where it can be asked; else why not. */
const missing = spinHere() === null ? `skipped: SPIN or gcc is not installed: ${howToInstall}` : null;

describe.skipIf(missing !== null)(`SPIN, asked the same${missing === null ? '' : ` (${missing})`}`, () => {
  const asked = new Map<string, Verdict>();
  const spinSays = (question: Question): Verdict => {
    const told = toldQuestion(question);
    const verdict = asked.get(told) ?? askSpin(question, '-O0').verdict;
    asked.set(told, verdict);
    return verdict;
  };

  it.each(questions.map((question) => [toldQuestion(question), question] as const))(
    'says what we say of %s',
    (_, question) => {
      expect(spinSays(question)).toBe(askHearsay(question).verdict);
    },
  );

  it('comes to both in each text: to a break, and to none', () => {
    for (const arena of new Set(questions.map((question) => question.arena))) {
      const ofThis = questions.filter((question) => question.arena === arena);
      expect(new Set(ofThis.map(spinSays))).toEqual(new Set(['holds', 'breaks']));
    }
  });
});
