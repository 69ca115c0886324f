/** A turned dial, written: `4385-push-encrypted`, `q07: B`, `MSC4385: send-variant`, several joined with ` + `. */
import type { Turn } from '../types.ts';
import { clauses, proposals, questions } from './ledger.ts';
import { nearest } from './nearest.ts';

export type WrongTurn = { readonly message: string; readonly expected: string; readonly nearest: string | null };
export type ReadTurns = { readonly turns: readonly Turn[]; readonly wrong: readonly WrongTurn[] };

const turnsMax = 16;

/** Reads the key of a `without` entry. Never throws. */
export const readTurns = (key: string): ReadTurns => {
  const parts = key.split('+').map((part) => part.trim());
  const turns: Turn[] = [];
  const wrong: WrongTurn[] = [];
  if (parts.length > turnsMax)
    return { turns, wrong: [{ message: 'too many dials turned', expected: `at most ${turnsMax}`, nearest: null }] };
  for (const part of parts) {
    const read = readTurn(part);
    if ('turn' in read) turns.push(read);
    else wrong.push(read);
  }
  return { turns, wrong };
};

const readTurn = (part: string): Turn | WrongTurn => {
  const colon = part.indexOf(':');
  if (colon < 0) return clauses.has(part) ? { turn: 'off', clause: part } : unknown(part, 'a clause', clauses.keys());
  const name = part.slice(0, colon).trim();
  const value = part.slice(colon + 1).trim();
  if (questions.has(name))
    return value === 'A' || value === 'B'
      ? { turn: 'reading', question: name, reading: value }
      : unknown(value, `a reading of ${name}`, ['A', 'B']);
  const revisions = proposals.get(name);
  if (revisions === undefined)
    return unknown(name, 'a question or a proposal', [...questions.keys(), ...proposals.keys()]);
  return revisions.has(value) || value === 'none'
    ? { turn: 'revision', proposal: name, revision: value }
    : unknown(value, `a revision of ${name}`, [...revisions.keys(), 'none']);
};

const unknown = (word: string, what: string, known: Iterable<string>): WrongTurn => {
  const names = [...known];
  return {
    message: `“${word.slice(0, 60)}” is not ${what}`,
    expected: names.length <= 12 ? `${what}: ${names.join(', ')}` : what,
    nearest: nearest(word, names),
  };
};

/** A turned dial as a `without` key has it. */
export const turnKey = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return turn.clause;
    case 'reading':
      return `${turn.question}: ${turn.reading}`;
    case 'revision':
      return `${turn.proposal}: ${turn.revision}`;
  }
};

export const turnsKey = (turns: readonly Turn[]): string => turns.map(turnKey).join(' + ');
