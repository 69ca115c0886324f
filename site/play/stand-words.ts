/** What is said where no attack is left that the text does not concede: how much was searched, and what it concedes. */
import { counted, large } from '../../sim/runs/figures/counted.ts';

/** A break that the text concedes, by the name of the guarantee and of the clause. */
export type ConcededName = { readonly name: string; readonly clause: string };

/** `“Keys are filed right” still breaks, which the text concedes by “…”.` */
export const concededWords = (all: readonly ConcededName[]): readonly string[] =>
  all.map(({ name, clause }) => `“${name}” still breaks, which the text concedes by “${clause}”.`);

/** That nothing was at stake for some guarantees, by their names, is said beside it that they hold. */
export const idleWords = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `Nothing was at stake there for ${names.map((name) => `“${name}”`).join(', ')}: ${names.length === 1 ? 'its shadow' : 'their shadows'} never happened.`,
      ];

/** @param idle names of guarantees for which nothing was at stake; `more` how many clauses are on beyond the `fewest` that do it */
export const safeWords = (
  worlds: number,
  { conceded, idle }: { readonly conceded: readonly ConcededName[]; readonly idle: readonly string[] },
  more: number,
  fewest: number,
): string => {
  const found =
    conceded.length === 0
      ? `✓ No attack is left: ${large(worlds)} worlds were searched, all there are, and what is to be kept breaks in none.`
      : `✓ No attack is left but what the text concedes: ${large(worlds)} worlds were searched, all there are. ${concededWords(conceded).join(' ')}`;
  const least = more === 0 ? 'Fewer do not.' : `It can be done with ${counted(fewest, 'clause')}.`;
  return [found, ...idleWords(idle), least].join(' ');
};
