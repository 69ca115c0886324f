/** What a child writes to its standard error, as far as it is passed on to ours. */
import { writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { shown } from '../../scenario/showing.ts';

/** How much of it is passed on, in characters. */
const passedOnMax = 65_536;

/** It is written at once: the thread that asked stands still meanwhile, and may end before it does anything else. */
const write = (text: string): void => {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
};

/** Passes on its lines as they may be shown, and all of it is read: a child whose output nobody reads stands still. */
export const passOn = (from: Readable, program: string, to: (text: string) => void = write): void => {
  let left = passedOnMax;
  let isOver = false;
  let begun = '';
  const passLines = (text: string): void => to(shown(text.replaceAll('\r\n', '\n')));
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    if (isOver) return;
    const piece = begun + text.slice(0, left);
    const isAll = text.length <= left;
    left -= text.length;
    isOver = !isAll;
    const ends = piece.lastIndexOf('\n') + 1;
    begun = isAll ? piece.slice(ends) : '';
    if (isAll) {
      if (ends > 0) passLines(piece.slice(0, ends));
      return;
    }
    if (piece !== '') passLines(piece.endsWith('\n') ? piece : `${piece}\n`);
    to(shown(`${program}: what else it writes to its standard error is left out\n`));
  });
  from.on('end', () => {
    if (begun !== '') passLines(`${begun}\n`);
    begun = '';
  });
};
