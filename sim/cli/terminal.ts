/** What the command line says and how: colour on terminals only, errors as one clear line. */
import type { Verdict } from '../types.ts';

/** A mistake in what was asked for: one line, exit code 2, nothing written. */
export class Mistake extends Error {}

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
const paint =
  (code: number) =>
  (text: string): string =>
    coloured ? `\u001b[${code}m${text}\u001b[0m` : text;
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

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
  if (process.stderr.isTTY === true) process.stderr.write(`\r\u001b[2K${text}`);
};

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
