/** The ways out of a page: texts, threads, and the file that a scenario is read from. */

import type { LedgerClause, LedgerQuestion } from '../machines/registration.ts';
import packageText from '../package.json' with { type: 'json' };
import type { Scenario } from '../sim/engine/types.ts';
import type { Finding } from '../sim/ledger/findings/list.ts';
import { type Link, linksOfClause, linksOfFinding, linksOfQuestion, linksOfScenario } from '../sim/ledger/links.ts';

export type { Link } from '../sim/ledger/links.ts';
export { linksOfProposal } from '../sim/ledger/links.ts';

/** What there is a page, or a row, of. */
export type Thing =
  | { readonly scenario: Scenario }
  | { readonly clause: LedgerClause }
  | { readonly question: LedgerQuestion }
  | { readonly finding: Finding };

/** Where a thing leads out to: one https address at least, each once. */
export const linksOf = (thing: Thing): readonly Link[] => {
  if ('scenario' in thing) return linksOfScenario(thing.scenario);
  if ('clause' in thing) return linksOfClause(thing.clause);
  if ('question' in thing) return linksOfQuestion(thing.question);
  return linksOfFinding(thing.finding);
};

const repository: string | null =
  'repository' in packageText && typeof packageText.repository === 'string' ? packageText.repository : null;

/**
 * Where a scenario's own file is read: on the code host, if `package.json` names one under `repository`
 * (`https://github.com/<owner>/<name>`), otherwise as this site serves it.
 */
export const sourceOf = ({ scenario: { id } }: { readonly scenario: Pick<Scenario, 'id'> }): Link => ({
  text: 'Its file (YAML)',
  href: repository === null ? `/scenarios/${id}/scenario.yaml` : `${repository}/blob/main/scenarios/${id}.yaml`,
});
