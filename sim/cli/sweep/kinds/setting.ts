/** Settings as jobs name them: by a key as in a scenario's `without`. */
import type { Scenario, Turn } from '../../../engine/types.ts';
import { readTurns, turnableIn } from '../../../scenario/turns.ts';
import { Mistake } from '../../terminal.ts';
import { inShell } from '../reads.ts';

/** The most steps of a walk. */
export const stepsMost = 400;

/** The turns of a setting; none for `null`. Throws a `Mistake` where the scenario does not have it. */
export const turnsOf = (setting: string | null, scenario: Scenario): readonly Turn[] => {
  if (setting === null) return [];
  const { turns, wrong } = readTurns(setting, turnableIn(scenario));
  if (wrong[0] !== undefined) throw new Mistake(`${setting}: ${wrong[0].message}`);
  return turns;
};

/** The same as a flag of a command; nothing for `null`. */
export const withSetting = (setting: string | null): string =>
  setting === null ? '' : ` --without ${inShell(setting)}`;
