/** What happens if a setting is turned, as the ledger's own sentences have it. */
import { ledgerQuestions, skippedWords } from '../../../machines/ledger.ts';
import type { Reading } from '../../../machines/registration.ts';
import type { Turn } from '../../engine/types.ts';
import { options } from '../../scenario/options.ts';
import { capitalised } from '../figures/words.ts';
import { ifFault, isFaultTurn } from './fault-words.ts';
import { switchName } from './setting-words.ts';

/** A switch in two sentences; the first has no full stop. */
export type SettingWords = {
  /** What it is called. */
  readonly text: string;
  /** What happens if it is turned. */
  readonly ifTurned: string;
};

/** What becomes of people under a reading, as the ledger has it: a sentence. */
const riskOf = (question: string, reading: Reading): string => {
  const risk = ledgerQuestions.find(({ id }) => id === question)?.readings[reading].risk;
  return risk === undefined ? 'The text is read that way.' : `${capitalised(risk)}.`;
};

/** A setting as sentences that say what it is, and what happens if it is turned. */
export const settingWords = (turn: Turn): SettingWords => {
  const text = switchName(turn);
  switch (turn.turn) {
    case 'off':
      return { text, ifTurned: skippedWords(turn.clause) ?? 'Nobody keeps this clause.' };
    case 'reading':
      return { text, ifTurned: riskOf(turn.question, turn.reading) };
    case 'revision':
      return {
        text,
        ifTurned:
          turn.revision === 'none'
            ? `No device implements ${turn.proposal}.`
            : `Devices go by another text of ${turn.proposal}.`,
      };
    case 'option':
      return { text, ifTurned: options.get(turn.option)?.text ?? 'Clients may choose so.' };
    case 'spared':
    case 'struck':
    case 'dealt':
      return { text, ifTurned: ifFault(turn) };
  }
};

/** What happens if they are turned, a sentence each; of another text, an option or a fault nothing is known that its name does not say. */
export const risksOf = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap((turn) =>
    turn.turn === 'revision' || turn.turn === 'option' || isFaultTurn(turn) ? [] : [settingWords(turn).ifTurned],
  );
