/** The matrix by proposal: the clauses that somebody misses, those that nobody does, and the guarantees they have to do with. */
import type { GuaranteeId } from '../machines/guarantee-texts.ts';
import { type Attack, judged, type Line, singles } from './ablation.ts';
import { allProposals } from './proposals.ts';

export type Matrix = {
  readonly proposal: string;
  readonly name: string;
  readonly lines: readonly Line[];
  readonly unmissed: readonly Line[];
  readonly guarantees: readonly GuaranteeId[];
  /** The attack that a cell tells of: everyone's, or else that of one who skips it alone. */
  readonly attackIn: (line: Line, guarantee: GuaranteeId) => Attack | undefined;
};

const attacksOf = ({ attacks, mixed }: Line): readonly Attack[] => [...attacks, ...mixed];
const attackIn: Matrix['attackIn'] = (line, guarantee) => attacksOf(line).find((one) => one.guarantee === guarantee);

/** In the order of the house. */
export const matrices: readonly Matrix[] = allProposals.flatMap(({ id: proposal, name }) => {
  const all = singles.filter(({ clauses: [clause] }) => clause?.proposal === proposal);
  const lines = all.filter((line) => attacksOf(line).length > 0);
  const guarantees = judged.filter((guarantee) => lines.some((line) => attackIn(line, guarantee) !== undefined));
  return all.length === 0
    ? []
    : [{ proposal, name, lines, unmissed: all.filter((line) => !lines.includes(line)), guarantees, attackIn }];
});
