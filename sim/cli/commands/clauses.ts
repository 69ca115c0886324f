import {
  type Change,
  isMissedBesideOthersOnly,
  ledgerClauses,
  placeWords,
  type Registered,
  registry,
} from '../../ledger/registry.ts';
import { proposals } from '../../scenario/ledger.ts';
import type { Command } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { bold, dim, Mistake, misnamed, plural, print, printJson } from '../terminal.ts';
import { clauseLines, levelsOf } from './clause-lines.ts';

/** The proposal a word means: `MSC4268`, `msc4268` or `4268`. Throws a `Mistake` that names the nearest. */
export const proposalNamed = (word: string): string => {
  const wanted = /^\d+$/.test(word) ? `MSC${word}` : word.toUpperCase();
  if (proposals.has(wanted)) return wanted;
  throw misnamed(
    `no proposal “${word}” here`,
    wanted,
    proposals.keys(),
    `: one of ${[...proposals.keys()].join(', ')} expected`,
  );
};

/** The sentence a word means; `null` for a word that is a proposal's, if anything. Throws a `Mistake` that names the nearest. */
const clauseNamed = (word: string): string | null => {
  if (!word.includes('-')) return null;
  const ids = ledgerClauses.map(({ id }) => id);
  const found = ids.find((id) => id === word.toLowerCase());
  if (found !== undefined) return found;
  throw misnamed(`no clause “${word}” here`, word, ids, ': npx hearsay clauses lists them');
};

/** A verdict counts once for each guarantee of a scenario, however many entries change it. */
const verdictsIn = (changes: readonly Change[]): number =>
  new Set(changes.map(({ scenario, guarantee }) => `${scenario} ${guarantee}`)).size;

const plain = ({ clause, place, changes, missedByNobody }: Registered) => ({
  id: clause.id,
  name: clause.name,
  proposal: clause.proposal,
  kind: clause.kind,
  level: clause.level,
  section: clause.section,
  guarantee: clause.guarantee,
  revisions: clause.revisions,
  levels: Object.fromEntries(levelsOf({ clause }).map(({ revision, level }) => [revision, level])),
  statement: clause.statement,
  place,
  verdicts: verdictsIn(changes),
  changes,
  missedByNobody,
});

const table = (rows: readonly Registered[]): readonly string[] => {
  const idWidth = Math.max(0, ...rows.map(({ clause }) => clause.id.length));
  const kindWidth = Math.max(4, ...rows.map(({ clause }) => clause.kind.length));
  const levelWidth = Math.max(0, ...rows.map(({ clause }) => clause.level.length));
  const head = `  ${'clause'.padEnd(idWidth)}  ${'kind'.padEnd(kindWidth)}  ${'level'.padEnd(levelWidth)}  verdicts  where`;
  const lines = rows.map(({ clause, place, changes }) => {
    const count = verdictsIn(changes);
    const worth = count === 0 ? dim('—'.padStart(8)) : String(count).padStart(8);
    return `  ${clause.id.padEnd(idWidth)}  ${clause.kind.padEnd(kindWidth)}  ${clause.level.padEnd(levelWidth)}  ${worth}  ${dim(placeWords(place))}`;
  });
  return [dim(head), ...lines];
};

const summary = (rows: readonly Registered[]): string => {
  const count = (is: 'chart' | 'elsewhere' | undefined): number => rows.filter(({ place }) => place?.is === is).length;
  const missed = rows.filter(({ changes }) => changes.length > 0).length;
  const beside = rows.filter(isMissedBesideOthersOnly).length;
  const places = `${count('chart')} in charts, ${count('elsewhere')} elsewhere, ${count(undefined)} not yet`;
  const stoodIn = beside === 0 ? '' : `, without ${beside} of these only where others are off as well`;
  return `${plural(rows.length, 'clause')}: ${places}; without ${missed} of them some verdict changes${stoodIn}`;
};

export const clauses: Command = {
  usage: 'clauses [PROPOSAL|CLAUSE] [--json]',
  text: 'The clauses of the proposals: kind, level, how many verdicts of scenarios change without each, and where it is; of one clause, which.',
  flags: { json: { type: 'boolean', text: 'the same with each statement and each verdict, as JSON' } },
  names: () => [...proposals.keys(), ...ledgerClauses.map(({ id }) => id)],
  run: ({ words, flags }) => {
    const [word, more] = words;
    if (more !== undefined) throw new Mistake('name one proposal or one clause, or none for all of them');
    const one = word === undefined ? null : clauseNamed(word);
    const wanted = word === undefined || one !== null ? null : proposalNamed(word);
    const library = scenariosFor([]).map(({ scenario }) => scenario);
    const rows = registry(library).filter(({ clause }) =>
      one === null ? wanted === null || clause.proposal === wanted : clause.id === one,
    );
    if (flags.json === true) {
      printJson(rows.map(plain));
      return 0;
    }
    if (one !== null) {
      for (const line of rows.flatMap((row) => clauseLines(row, library))) print(line);
      return 0;
    }
    for (const proposal of new Set(rows.map(({ clause }) => clause.proposal))) {
      print(bold(proposal));
      for (const line of table(rows.filter(({ clause }) => clause.proposal === proposal))) print(line);
      print('');
    }
    print(summary(rows));
    return 0;
  },
};
