/**
 * What the command line says and how: colour on terminals only, errors as one clear line. Everything printed goes through here, and
 * nothing that a file, its name or the wire brought along is obeyed by the terminal.
 */
import { randomBytes } from 'node:crypto';
import type { Verdict } from '../engine/types.ts';
import { nearest } from '../scenario/nearest.ts';
import { shown } from '../scenario/showing.ts';
import { io } from './io.ts';

/** A mistake in what was asked for: one line, exit code 2, nothing written. */
export class Mistake extends Error {}

/** A name that is none of `known`: what is wrong, and the nearest of them, or `otherwise` where none is near. */
export const misnamed = (wrong: string, word: string, known: Iterable<string>, otherwise = ''): Mistake => {
  const near = nearest(word, known);
  return new Mistake(`${wrong}${near === null ? otherwise : `: did you mean ${near}?`}`);
};

/** What stands before a colour until it is printed: nobody who writes a file can know it. */
const ink = `\u001b${randomBytes(12).toString('hex')}`;
const paint =
  (code: number) =>
  (text: string): string =>
    io().isColoured ? `${ink}${code}m${text}${ink}0m` : text;

/** A text as the terminal gets it: colours of ours, and no other character that it would obey. */
const forTerminal = (text: string): string => {
  const [plain = '', ...painted] = text.split(ink);
  return [
    shown(plain),
    ...painted.map(
      (part) => `\u001b[${part.slice(0, part.indexOf('m') + 1)}${shown(part.slice(part.indexOf('m') + 1))}`,
    ),
  ].join('');
};

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

/** `12 345`. */
export const thousands = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
/** `1 run`, `2 runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${thousands(count)} ${count === 1 ? one : many}`;

export const symbols: Readonly<Record<Verdict, string>> = {
  holds: '✓',
  breaks: '✕',
  accepted: '≈',
  unsettled: '?',
  happens: '✓',
  never: '✕',
};
const tint: Readonly<Record<Verdict, (text: string) => string>> = {
  holds: green,
  breaks: red,
  accepted: yellow,
  unsettled: yellow,
  happens: green,
  never: red,
};
/** `✓ holds`: always symbol and word. */
export const verdictWord = (verdict: Verdict): string => tint[verdict](`${symbols[verdict]} ${verdict}`);

/** Progress of long work, on the error stream of a terminal: one line that is written over. */
export const progress = (text: string): void => {
  if (io().showsProgress) io().err(`\r\u001b[2K${forTerminal(text)}`);
};

export const print = (text: string): void => {
  io().out(`${forTerminal(text)}\n`);
};

/** The same for machines. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** What went wrong, on the error stream. */
export const complain = (text: string): void => {
  io().err(`${forTerminal(text)}\n`);
};
