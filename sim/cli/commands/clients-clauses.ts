/** `clients --clauses`: the known ways to a break without each clause, with a client in the seat of whoever would leave it out. */
import type { Json, JsonObject } from '../../../machines/json.ts';
import type { ClauseId } from '../../../machines/types.ts';
import { clausesWithAWay, type Sources } from '../../clients/clauses/clauses.ts';
import { type Outcome, type Tried, telling } from '../../clients/clauses/tried.ts';
import type { Kind } from '../../clients/compare/seats.ts';
import type { PlayerId } from '../../engine/types.ts';
import { replayCommand } from '../../runs/replay-command.ts';
import { layOut } from '../../scenario/layout.ts';
import { oneLine } from '../../scenario/showing.ts';
import { filedAblation, readArenas } from '../arenas.ts';
import { type Given, textFlag } from '../command.ts';
import { aClauseMeasure } from '../file-kinds.ts';
import { scenariosFor } from '../library.ts';
import { tellSetAside, withCrew } from '../sweep/crew.ts';
import { jobOf } from '../sweep/kind.ts';
import { clauseKind, clauseKindOf, foundOf } from '../sweep/kinds/clause.ts';
import { builtInNamed, refuseToHand, type Seated } from '../sweep/kinds/seated.ts';
import { planDigest } from '../sweep/plan.ts';
import { shelfOf } from '../sweep/shelf.ts';
import { bold, dim, green, Mistake, misnamed, plural, print, red, yellow } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

/** Who is asked, and how. `flags`: what has a line ask the same client the same. */
export type Asking = Seated & { readonly name: string; readonly flags: readonly string[]; readonly seed: string };

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

const kindFor = (given: Given, { name, ...seated }: Asking) => {
  if (builtInNamed(name) !== null) return clauseKind;
  refuseToHand(given);
  return clauseKindOf(name, seated);
};

/** @param day when it is measured, as 2026-11-30 */
export const enforcing = async (given: Given, askingFor: () => Asking, day: string): Promise<number> => {
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
  const seat = textFlag(given, 'seat') ?? null;
  const out = textFlag(given, 'out');
  if (out !== undefined && given.flags.shard !== undefined)
    throw new Mistake(
      '--out is written of all clauses that are asked about: put the records of the shares together first',
    );
  if (out !== undefined) checkOut(aClauseMeasure, `--out ${out}`, out);
  const isJson = given.flags.json === true;
  const asking = askingFor();
  const { hello, name: client, seed } = asking;
  if (!isJson) print(`${bold(oneLine(hello.name))} ${oneLine(hello.version)}`);
  const kind = kindFor(given, asking);
  const jobs = clauses.map((clause) =>
    jobOf(kind, { clause, seat, client, version: hello.version, seed, found: foundOf(sources.rows, clause) }),
  );
  const shelf = shelfOf([...scenariosFor([]), ...scenariosFor(['arenas/'])]);
  return withCrew(given, { kind, shelf, plan: planDigest(jobs, shelf) }, async ({ doAll }) => {
    const came = await doAll(jobs);
    const found = new Map<ClauseId, readonly Tried[]>();
    for (const job of jobs) {
      const all = came.done.get(job.name) ?? [];
      if (all.length > 0) found.set(job.task.clause, all);
    }
    if (!isJson) for (const [clause, all] of found) for (const line of clauseLines(clause, all, asking)) print(line);
    if (seat !== null && found.size === 0 && came.done.size === jobs.length)
      throw new Mistake(`--seat ${seat}: nobody there leaves out one of these clauses in a way that is known`);
    const text = layOut(plainOf(found, asking, day));
    if (out !== undefined) writeOf(aClauseMeasure, `--out ${out}`, out, `${text}\n`);
    if (isJson) print(text);
    else print(summary(found));
    tellSetAside(kind, jobs, came);
    return came.setAside.size === 0 ? 0 : 3;
  });
};
