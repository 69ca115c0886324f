/** A turned setting as people read it: what it is called, what it says when it is turned, and what happens then. */
import { clauseName, questionName, readingWords } from '../../../machines/naming.ts';
import type { Reading } from '../../../machines/registration.ts';
import type { PlayerId, Turn } from '../../engine/types.ts';
import { capitalised } from '../figures/words.ts';
import { optionWords, revisionWords } from './base-words.ts';
import { faultTurned } from './fault-words.ts';

/** For whom alone a clause is off; nothing when it is for everyone. */
const forOne = (player: PlayerId | undefined): string => (player === undefined ? '' : ` at ${player}`);

const small = (words: string): string => `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;

/** `q09, does a push answer a request for the same secret? B: no, the request stays open`. */
export const readingTurned = (question: string, reading: Reading): string =>
  `${question}, ${small(questionName(question))} ${reading}: ${readingWords(question, reading)}`;

/** A `without` key with what its readings say: `4385-push-encrypted + q09: B (no, the request stays open)`. */
export const keyWords = (key: string): string =>
  key
    .split(' + ')
    .map((part) => {
      const [, question, letter] = /^(q\d+): ([AB])$/.exec(part) ?? [];
      if (question === undefined || (letter !== 'A' && letter !== 'B')) return part;
      return `${part} (${readingWords(question, letter)})`;
    })
    .join(' + ');

/** A turned setting in words: `without “Only take pushes from cross-signed devices”`, `q09, does a push … B: no, …`. */
export const turnWords = (turn: Turn): string => {
  switch (turn.turn) {
    case 'off':
      return `without “${clauseName(turn.clause)}”${forOne(turn.for)}`;
    case 'reading':
      return readingTurned(turn.question, turn.reading);
    case 'revision':
      return revisionWords(turn.proposal, turn.revision);
    case 'option':
      return optionWords(turn.option, turn.value);
    case 'spared':
    case 'struck':
    case 'dealt':
      return faultTurned(turn);
  }
};

/** The name of a switch: `Only take pushes from cross-signed devices at alice.phone`, or another setting in words. */
export const switchName = (turn: Turn): string =>
  turn.turn === 'off' ? `${clauseName(turn.clause)}${forOne(turn.for)}` : capitalised(turnWords(turn));
