import type { Compared, Row } from '../../clients/compare/compare.ts';
import { seatsOf } from '../../clients/compare/seats.ts';
import type { Scenario } from '../../engine/types.ts';
import type { Measured as Kept, MeasuredRow } from '../../ledger/clients/measured.ts';
import { isSeed } from '../../runs/trace.ts';
import { oneLine } from '../../scenario/showing.ts';
import { checkMeasured, keepingIn } from '../clients-file.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { scenariosFor } from '../library.ts';
import { exitCodes } from '../outcome.ts';
import { namedOrOwn } from '../places.ts';
import { crewFlags, tellSetAside, withCrew } from '../sweep/crew.ts';
import { jobOf } from '../sweep/kind.ts';
import { seatKind, seatKindOf } from '../sweep/kinds/seat.ts';
import { builtInNamed, refuseToHand, type Seated, seatedBy, usualClient } from '../sweep/kinds/seated.ts';
import { planDigest } from '../sweep/plan.ts';
import { inShell } from '../sweep/reads.ts';
import { shelfOf } from '../sweep/shelf.ts';
import {
  bold,
  complain,
  dim,
  green,
  Mistake,
  misnamed,
  plural,
  print,
  printJson,
  verdictWord,
  yellow,
} from '../terminal.ts';
import { type Asking, enforcing } from './clients-clauses.ts';

/** All that is measured of one scenario. */
type Measured = { readonly scenario: Scenario; readonly seats: readonly Compared[] };

type Asked = Seated & { readonly name: string };

const askedFor = (given: Given): Asked => {
  const name = textFlag(given, 'client') ?? usualClient;
  return { name, ...seatedBy(name) };
};

/** What has a line ask that client with that seed; nothing where both are the usual ones. */
const flagsFor = (name: string, seed: string): readonly string[] => [
  ...(name === usualClient ? [] : [`--client ${inShell(name)}`]),
  ...(seed === '1' ? [] : [`--seed ${seed}`]),
];
/** The line that has one seat again. */
const lineOf = ({ id }: Scenario, { seat }: Compared, name: string, seed: string): string =>
  [`npx hearsay clients ${id} --seat ${seat}`, ...flagsFor(name, seed)].join(' ');

const rowLines = (row: Row): readonly string[] => {
  const said = ({ verdict, at }: Row['model']): string => `${verdictWord(verdict)}${at === null ? '' : ` (${at})`}`;
  const model = `    ${row.guarantee.padEnd(26)}model ${said(row.model)}`;
  if (row.is === 'not measured') return [`${model}  ${dim(`real not measured: ${oneLine(row.because)}`)}`];
  const head = `${model}  real ${said(row.real)}`;
  if (row.is === 'agree') return [`${head}  ${green('agree')}`];
  const whys = [row.model.why, row.real.why].flatMap((why, nth) =>
    why === null ? [] : [`      ${nth === 0 ? 'model' : 'real'}: ${oneLine(why)}`],
  );
  return [`${head}  ${yellow('differ')}`, ...whys];
};

const seatLines = (one: Compared): readonly string[] =>
  one.is === 'not played'
    ? [`  ${one.seat}  ${dim(`not played: ${one.reasons.map(oneLine).join('; ')}`)}`]
    : [
        `  ${one.seat}`,
        ...one.rows.flatMap(rowLines),
        ...(one.explained.length === 0
          ? []
          : [`      as the model with one setting turned: ${one.explained.join(', or ')}`]),
      ];

const scenarioLines = ({ scenario, seats }: Measured, name: string, seed: string): readonly string[] => [
  `${bold(oneLine(scenario.title))}  ${dim(scenario.id)}`,
  ...seats.flatMap((one) => [
    ...seatLines(one),
    ...(one.is === 'played' ? [dim(`      ${lineOf(scenario, one, name, seed)}`)] : []),
  ]),
];

const verb = (count: number, does: string): string => `${count} ${does}${count === 1 ? 's' : ''}`;

/** `82 scenarios have it in a seat …` */
const summary = (all: readonly Measured[]): string => {
  const played = all.filter(({ seats }) => seats.some(({ is }) => is === 'played'));
  const rows = all.flatMap(({ seats }) => seats.flatMap((one) => (one.is === 'played' ? one.rows : [])));
  const count = (is: Row['is']): number => rows.filter((row) => row.is === is).length;
  return `${plural(played.length, 'scenario')} of ${all.length} with it in a seat: ${plural(rows.length, 'verdict')}, ${verb(count('agree'), 'agree')}, ${verb(count('differ'), 'differ')}, ${count('not measured')} not measured`;
};

/** Whether somebody who holds a client to the model has something to mend: it comes to something else, or did not stay with it. */
const isFailing = (one: Compared): boolean =>
  one.is === 'played' && (one.rows.some(({ is }) => is === 'differ') || one.notes.some(({ is }) => is === 'trouble'));

/** Why there is nothing to compare. */
const nobodyPlays = (all: readonly Measured[], name: string): string => {
  const these = all.length === 1 ? 'this scenario' : `any of these ${all.length} scenarios`;
  return all.some(({ seats }) => seats.length > 0)
    ? `${oneLine(name)} can play no seat of ${these}, for the reasons that stand with each. Name another scenario`
    : `no device of ${these} is in honest hands, and only such a seat is played. Name another scenario`;
};

/** What is kept of a row: verdicts, and on which evidence where they differ. */
const plainRow = (row: Row): MeasuredRow => {
  const { guarantee } = row;
  const plain = ({ verdict, at }: Row['model']) => ({ verdict, at });
  const model = plain(row.model);
  if (row.is === 'not measured') return { guarantee, is: row.is, model, because: row.because };
  const why = { model: row.model.why, real: row.real.why };
  return { guarantee, is: row.is, model, real: plain(row.real), ...(row.is === 'differ' ? { why } : {}) };
};

/** As 2026-11-30. */
const today = (): string => new Date().toISOString().slice(0, 10);

/** @param day when it was measured, as 2026-11-30 */
const plainOf = (all: readonly Measured[], { hello, name }: Asked, seed: string, day: string): Kept => ({
  client: { name: hello.name, version: hello.version },
  day,
  seed,
  names: 'production',
  scenarios: Object.fromEntries(
    all.map(({ scenario, seats }) => [
      scenario.id,
      Object.fromEntries(
        seats.map((one) => [
          one.seat,
          one.is === 'not played'
            ? { is: one.is, reasons: one.reasons }
            : {
                is: one.is,
                rows: one.rows.map(plainRow),
                explained: one.explained,
                line: lineOf(scenario, one, name, seed),
              },
        ]),
      ),
    ]),
  ),
});

/** Who does the jobs of a client: a command is started on this machine, and by whoever typed it. */
const kindFor = (given: Given, asked: Asked) => {
  if (builtInNamed(asked.name) !== null) return seatKind;
  refuseToHand(given);
  return seatKindOf(asked.name, asked);
};

const comparing = (given: Given, seed: string): Promise<number> => {
  const files = scenariosFor(namedOrOwn(given.words));
  const only = textFlag(given, 'seat');
  const seatsThere = [...new Set(files.flatMap(({ scenario }) => seatsOf(scenario)))];
  if (only !== undefined && !seatsThere.includes(only))
    throw misnamed(
      `--seat ${only}: none of these scenarios has that device in honest hands`,
      only,
      seatsThere,
      seatsThere.length > 12 ? '' : `: ${seatsThere.join(', ') || 'no device'} expected`,
    );
  const out = textFlag(given, 'out');
  if (out !== undefined) checkMeasured(out);
  const asked = askedFor(given);
  const { hello, kind: kindOfClient } = asked;
  const { name, version } = hello;
  const ids = new Set(files.map(({ scenario }) => scenario.id));
  const keep =
    out === undefined
      ? undefined
      : keepingIn(
          out,
          { client: { name, version }, seed, hello, kind: kindOfClient },
          (id, seat) => ids.has(id) && (only === undefined || seat === only),
        );
  const isJson = given.flags.json === true;
  const seats = files.map(({ scenario }) => ({
    scenario,
    jobs: seatsOf(scenario)
      .filter((seat) => only === undefined || seat === only)
      .map((seat) => jobOf(seatKind, { scenario: scenario.id, seat, client: asked.name, version, seed })),
  }));
  const jobs = seats.flatMap((one) => one.jobs);
  if (!isJson) print(`${bold(oneLine(name))} ${oneLine(version)}`);
  const kind = kindFor(given, asked);
  const shelf = shelfOf(files);
  return withCrew(given, { kind, shelf, plan: planDigest(jobs, shelf) }, async ({ doAll }) => {
    const known = await doAll(jobs);
    const all = seats.map(
      (one): Measured => ({
        scenario: one.scenario,
        seats: one.jobs.flatMap((job) => known.done.get(job.name) ?? []),
      }),
    );
    if (!isJson)
      for (const measured of all)
        if (measured.seats.length > 0) for (const line of scenarioLines(measured, asked.name, seed)) print(line);
    const plain = plainOf(all, asked, seed, today());
    keep?.(
      plain,
      all.map(({ scenario }) => scenario),
    );
    if (isJson) printJson(plain);
    else print(summary(all));
    tellSetAside(kind, jobs, known);
    if (known.setAside.size > 0) return exitCodes['fault of hearsay'];
    if (given.flags.strict === true && all.some(({ seats: each }) => each.some(isFailing)))
      return exitCodes['not as expected'];
    // Of a share nobody knows yet what the others come to.
    const isWhole = known.done.size === jobs.length;
    if (!isWhole || all.some(({ seats: each }) => each.some(({ is }) => is === 'played')))
      return exitCodes['as expected'];
    complain(`nothing was compared: ${nobodyPlays(all, asked.name)}`);
    return exitCodes['wrong input'];
  });
};

export const clients: Command = {
  usage: 'clients [scenario …], clients --clauses [clause …]',
  text: 'Scenarios with a real client in a seat, once for each (of the folder scenarios/ where you stand, or of the library, where none is named): the verdicts beside those of the model, and why it cannot play the others. Or, clause by clause, the known ways to a break played against it: does it enforce the clause?',
  flags: {
    client: {
      type: 'string',
      value: 'CLIENT',
      text: `${usualClient}, the production crypto library (the usual); js-sdk, the whole client with it; or a command that speaks JSON lines`,
    },
    clauses: {
      type: 'boolean',
      text: 'clauses instead of scenarios (the usual: all of which a way to a break is known): does the client enforce each?',
    },
    seat: { type: 'string', value: 'DEVICE', text: 'only in this seat, as alice.phone' },
    ...crewFlags,
    seed: { type: 'string', value: 'SEED', text: 'all chance, the client’s too (1)' },
    strict: {
      type: 'boolean',
      text: 'ends with 1 where a verdict differs from the model’s, or where the client ended, went silent or spoke nonsense (the usual: with 0, as a difference need be nobody’s fault)',
    },
    json: { type: 'boolean', text: 'for machines' },
    out: {
      type: 'string',
      value: 'FILE',
      text: 'writes the same as JSON to a file; what it has of other scenarios and seats stays, of those that are gone it goes',
    },
  },
  run: (given) => {
    const seed = textFlag(given, 'seed') ?? '1';
    if (!isSeed(seed)) throw new Mistake(`--seed ${seed}: letters, digits, _ ~ - expected`);
    if (given.flags.clauses === true) {
      if (given.flags.strict === true)
        throw new Mistake('--strict goes by verdicts beside the model’s: leave out --clauses, or --strict');
      const asking = (): Asking => {
        const asked = askedFor(given);
        return { ...asked, flags: flagsFor(asked.name, seed), seed };
      };
      return enforcing(given, asking, today());
    }
    return comparing(given, seed);
  },
};
