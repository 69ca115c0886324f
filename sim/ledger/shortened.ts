/**
 * The ledger without its prose, as files that are kept beside it: `standing.json` is what devices and judges decide by, `naming.json`
 * what a run is told with. A page that runs a story fetches these, and not what every sentence says.
 */
import clauses from '../../machines/ledger/clauses.json' with { type: 'json' };
import questions from '../../machines/ledger/questions.json' with { type: 'json' };
import texts from '../../machines/ledger/revisions.json' with { type: 'json' };
import type { NamedClause, NamedQuestion } from '../../machines/naming.ts';
import type { LedgerClause } from '../../machines/registration.ts';

const nameOf = ({ name, refusing, refusing_what, refusing_by_reading, kept_by }: LedgerClause): NamedClause => ({
  name,
  ...(refusing === undefined ? {} : { refusing }),
  ...(refusing_what === undefined ? {} : { refusing_what }),
  ...(refusing_by_reading === undefined ? {} : { refusing_by_reading }),
  ...(kept_by === undefined ? {} : { kept_by }),
});

const standing = {
  texts: Object.fromEntries(Object.entries(texts).map(([proposal, all]) => [proposal, Object.keys(all)])),
  questions: questions.map(({ id }) => id),
  clauses: Object.fromEntries(
    [...Map.groupBy(clauses, ({ proposal }) => proposal)].map(([proposal, all]) => [
      proposal,
      Object.fromEntries(all.map(({ id, revisions }) => [id, revisions])),
    ]),
  ),
};

const naming: { readonly clauses: Record<string, NamedClause>; readonly questions: Record<string, NamedQuestion> } = {
  clauses: Object.fromEntries((clauses as readonly LedgerClause[]).map((clause) => [clause.id, nameOf(clause)])),
  questions: Object.fromEntries(
    questions.map(({ id, name, readings: { A, B } }) => [id, { name, A: A.words, B: B.words }]),
  ),
};

/** One entry a line, so that a diff of it can be read. */
const textOf = (file: Readonly<Record<string, unknown>>, deep: number, indent = ''): string =>
  `{\n${Object.entries(file)
    .map(([key, value]) => {
      const isWithin = deep > 1 && typeof value === 'object' && value !== null && !Array.isArray(value);
      const text = isWithin
        ? textOf(value as Readonly<Record<string, unknown>>, deep - 1, `${indent} `)
        : JSON.stringify(value);
      return `${indent} ${JSON.stringify(key)}: ${text}`;
    })
    .join(',\n')}\n${indent}}`;

/** The files of `machines/ledger/` that are made of the others there, by name. */
export const shortened: Readonly<Record<string, string>> = {
  'standing.json': `${textOf(standing, 3)}\n`,
  'naming.json': `${textOf(naming, 2)}\n`,
};
