/** The open questions of the texts: what each asks, and which scenarios act both readings out. Data in, table out. */
import { withoutSetting } from '../../machines/ledger.ts';
import type { LedgerQuestion, WithoutSetting } from '../../machines/registration.ts';
import type { Scenario, Turn } from '../engine/types.ts';
import { turnsKey } from '../scenario/written.ts';

export { ledgerQuestions } from '../../machines/ledger.ts';
export type { LedgerQuestion as Question, Reading } from '../../machines/registration.ts';

/**
 * One scenario in which a question is turned; `beside`: other settings turned together with it. `isAside`: these are of an entry that
 * says nothing of the question itself, in a scenario that is set to one reading throughout.
 */
export type Asking = { readonly scenario: Scenario; readonly beside: readonly Turn[]; readonly isAside: boolean };

/** Why no reading of a question can be set; `null` where both can. */
export const withoutSettingOf = ({ id }: Pick<LedgerQuestion, 'id'>): WithoutSetting | null =>
  withoutSetting[id] ?? null;

const asks = (id: string) => (turn: Turn) => turn.turn === 'reading' && turn.question === id;

/**
 * The scenarios that turn a question: those whose settings set a reading, as they are and with each entry of `without`, and those
 * with an entry in `without` that turns it, once for each set of other settings turned with it.
 */
export const askingsOf = (id: string, scenarios: readonly Scenario[]): readonly Asking[] =>
  scenarios.flatMap((scenario) => {
    const { everyone, byDevice } = scenario.settings;
    const isChosen = [everyone, ...Object.values(byDevice)].some(({ readings }) => readings[id] !== undefined);
    const turned = scenario.without.filter(({ turns }) => turns.some(asks(id)));
    const others = isChosen ? scenario.without.filter((entry) => !turned.includes(entry)) : [];
    const askings = [
      ...(isChosen ? [{ scenario, beside: [], isAside: false }] : []),
      ...turned.map(({ turns }) => ({ scenario, beside: turns.filter((turn) => !asks(id)(turn)), isAside: false })),
      ...others.map(({ turns }) => ({ scenario, beside: turns, isAside: true })),
    ];
    return askings.filter(
      (one, nth) => askings.findIndex(({ beside }) => turnsKey(beside) === turnsKey(one.beside)) === nth,
    );
  });

/** `turned by 2 scenarios`, `a setting without a scenario`, or what stands in for it. */
export const standingWords = (question: LedgerQuestion, scenarios: readonly Scenario[]): string => {
  const count = new Set(askingsOf(question.id, scenarios).map(({ scenario }) => scenario.id)).size;
  if (count > 0) return `turned by ${count === 1 ? '1 scenario' : `${count} scenarios`}`;
  const missing = withoutSettingOf(question);
  return missing === null ? 'a setting without a scenario' : `${missing.is}: ${missing.why}`;
};
