/** What a chart may ask of the text its device implements: whether a clause is in it. */
import standing from './ledger/standing.json' with { type: 'json' };
import type { ClauseId, DeviceSettings } from './types.ts';

const home = new Map(
  Object.entries(standing.clauses).flatMap(([proposal, clauses]) =>
    Object.entries(clauses).map(([id, revisions]) => [id, { proposal, revisions }] as const),
  ),
);

/**
 * Whether the text that a device implements has that clause of `machines/ledger/`, be it switched off or not. Where texts differ a chart
 * asks for what differs; a revision's name is the ledger's alone. (The list is read here and not by way of `standing.ts`, which asks the
 * folders whose charts ask this.)
 */
export const hasClause = ({ implements: texts }: Pick<DeviceSettings, 'implements'>, id: ClauseId): boolean => {
  const found = home.get(id);
  return found?.revisions.includes(texts[found.proposal] ?? 'none') === true;
};
