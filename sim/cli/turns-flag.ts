/** A flag that turns settings. By itself, as it needs all that has settings, and most of a command line does not. */

import type { Scenario, Turn } from '../engine/types.ts';
import { readTurns, turnableIn } from '../scenario/turns.ts';
import { type Given, textFlag } from './command.ts';
import { Mistake } from './terminal.ts';

export const turningFlag = {
  type: 'string',
  value: 'KEY',
  text: 'with a setting turned: a clause id, that id for alice.phone, q07: B, MSC4385: send-variant, bundle window: 1, line 3: no fault',
} as const;

/** The settings that `--name 'KEY'` turns in a scenario, spelled as in its `without`; none without the flag. */
export const turnsFlag = (given: Given, name: string, scenario: Scenario): readonly Turn[] => {
  const key = textFlag(given, name);
  const { turns, wrong } = key === undefined ? { turns: [], wrong: [] } : readTurns(key, turnableIn(scenario));
  const [mistake] = wrong;
  if (mistake === undefined) return turns;
  throw new Mistake(
    `--${name}: ${mistake.message}${mistake.nearest === null ? `: ${mistake.expected} expected` : `: did you mean ${mistake.nearest}?`}`,
  );
};
