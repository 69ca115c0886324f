/** `clients --clauses`: the known ways to a break without each clause, with a client in the seat of whoever would leave it out. */
import type { Json, JsonObject } from '../../../machines/json.ts';
import type { ClauseId } from '../../../machines/types.ts';
import { clausesWithAWay, type Sources, scenarioIn, tryClause } from '../../clients/clauses/clauses.ts';
import { companyOf, type Outcome, type Tried, telling } from '../../clients/clauses/tried.ts';
import type { Kind } from '../../clients/compare/seats.ts';
import type { Hello, Seating } from '../../clients/seat/client.ts';
import type { PlayerId } from '../../engine/types.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { layOut } from '../../scenario/layout.ts';
import { oneLine } from '../../scenario/showing.ts';
import { filedAblation, readArenas } from '../arenas.ts';
import { type Given, textFlag } from '../command.ts';
import { aClauseMeasure } from '../file-kinds.ts';
import { scenariosFor } from '../library.ts';
import { bold, dim, green, Mistake, misnamed, plural, print, progress, red, yellow } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

/** Who is asked, and how. `flags`: what has a line ask the same client the same. */
export type Asking = {
  readonly flags: readonly string[];
  readonly seating: Seating;
  readonly hello: Hello;
  readonly kind: Kind;
  readonly seed: string;
};

export const sourcesHere = (): Sources => {
  const ablation = filedAblation();
  if (ablation === null)
    throw new Mistake('scenarios/ablation.json cannot be read: npx hearsay ablate --out writes it');
  return {
    rows: ablation.rows,
    stories: scenariosFor([]).map(({ scenario }) => scenario),
    arenas: [...new Set([...readArenas().values()].map(({ scenario }) => scenario))],
  };
};

/** The line that has a seat again. */
const lineOf = (clause: ClauseId, seat: PlayerId | null, { flags }: Asking): string =>
  [`npx hearsay clients --clauses ${clause}`, ...(seat === null ? [] : [`--seat ${seat}`]), ...flags].join(' ');

const words: Readonly<Record<Outcome['is'], (text: string) => string>> = {
  enforces: green,
  'does not enforce': red,
  'one of several': yellow,
  'not measured': dim,
};
const moreOf = (one: Tried): string => {
  switch (one.is) {
    case 'enforces':
      return '';
    case 'does not enforce':
      return one.why ?? '';
    case 'one of several':
      return `this, or ${one.others.join(', or ')}: ${one.why ?? ''}`;
    case 'not measured':
      return one.because;
  }
};
const rowLine = (one: Tried): string => {
  const more = moreOf(one);
  const what = `${one.guarantee.padEnd(26)}${words[one.is](one.is)}`;
  return `    ${what}${more === '' ? '' : `  ${dim(oneLine(more))}`}`;
};

const isAbove = (clause: ClauseId, { above = [] }: Kind): boolean => above.includes(clause);

const clauseLines = (clause: ClauseId, all: readonly Tried[], asking: Asking): readonly string[] => {
  const seats = [...new Set(all.map(({ seat }) => seat))];
  const layer = isAbove(clause, asking.kind) ? dim('  (in the layer above the library)') : '';
  return [
    `${bold(clause)}${layer}`,
    ...seats.flatMap((seat) => [
      `  ${seat ?? 'nobody’s seat'}`,
      ...all.filter((one) => one.seat === seat).map(rowLine),
      dim(`      ${lineOf(clause, seat, asking)}`),
    ]),
  ];
};

/** The most telling of what is said of a clause. */
const overall = (all: readonly Tried[]): Outcome['is'] =>
  telling.find((is) => all.some((one) => one.is === is)) ?? 'not measured';

const summary = (found: ReadonlyMap<ClauseId, readonly Tried[]>): string => {
  const count = (is: Outcome['is']): number => [...found.values()].filter((all) => overall(all) === is).length;
  return `${plural(found.size, 'clause')}: ${count('enforces')} enforced wherever it shows, ${count('does not enforce')} not, ${count('one of several')} perhaps not, ${count('not measured')} not measured`;
};

/** `model`: the run of the model with the clause off. */
const plainRow = ({ clause, line, ...one }: Tried, asking: Asking): JsonObject =>
  JSON.parse(
    JSON.stringify({ ...one, model: replayCommand(line), line: lineOf(clause, one.seat, asking) }),
  ) as JsonObject;

const plainOf = (found: ReadonlyMap<ClauseId, readonly Tried[]>, asking: Asking, day: string): JsonObject => ({
  about:
    'The ways to a break that are known of each clause (scenarios/ablation.json, and stories that name it in their `without`), played with a real client in the seat of the device that left it out. docs/clients.md says what the words mean.',
  client: { name: asking.hello.name, version: asking.hello.version },
  day,
  seed: asking.seed,
  names: 'production',
  clauses: Object.fromEntries(
    [...found].map(([clause, all]): readonly [string, Json] => [
      clause,
      {
        ...(asking.kind.above === undefined ? {} : { of: isAbove(clause, asking.kind) ? 'layer' : 'library' }),
        rows: all.map((one) => plainRow(one, asking)),
      },
    ]),
  ),
});

/** @param day when it is measured, as 2026-11-30 */
export const enforcing = (given: Given, askingFor: () => Asking, day: string): number => {
  const sources = sourcesHere();
  const known = clausesWithAWay(sources);
  for (const word of given.words)
    if (!known.includes(word))
      throw misnamed(
        `no way to a break is known of a clause “${word}”`,
        word,
        known,
        ': npx hearsay clauses lists the clauses',
      );
  const clauses = given.words.length === 0 ? known : known.filter((clause) => given.words.includes(clause));
  const only = textFlag(given, 'seat');
  const out = textFlag(given, 'out');
  if (out !== undefined) checkOut(aClauseMeasure, `--out ${out}`, out);
  const isJson = given.flags.json === true;
  const asking = askingFor();
  const company = companyOf(asking.seating, asking, scenarioIn(sources));
  if (!isJson) print(`${bold(oneLine(asking.hello.name))} ${oneLine(asking.hello.version)}`);
  const found = new Map<ClauseId, readonly Tried[]>();
  clauses.forEach((clause, nth) => {
    progress(`${nth + 1} of ${clauses.length}  ${clause}`);
    const all = tryClause(clause, sources, company, only);
    progress('');
    if (all.length === 0) return;
    found.set(clause, all);
    if (!isJson) for (const line of clauseLines(clause, all, asking)) print(line);
  });
  if (only !== undefined && found.size === 0)
    throw new Mistake(`--seat ${only}: nobody there leaves out one of these clauses in a way that is known`);
  const text = layOut(plainOf(found, asking, day));
  if (out !== undefined) writeOf(aClauseMeasure, `--out ${out}`, out, `${text}\n`);
  if (isJson) print(text);
  else print(summary(found));
  return 0;
};
