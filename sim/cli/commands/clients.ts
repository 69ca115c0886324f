import { type Compared, compareSeat, type Row } from '../../clients/compare/compare.ts';
import { type Kind, olmMachineKind, seatsOf } from '../../clients/compare/seats.ts';
import { type Hello, isTrouble, PROTOCOL, type Seating } from '../../clients/seat/client.ts';
import { type BuiltIn, builtIns } from '../../clients/seat/sitting.ts';
import { builtIn, childProcess } from '../../clients/seat/threads.ts';
import type { Scenario } from '../../engine/types.ts';
import type { Measured as Kept } from '../../ledger/clients/measured.ts';
import { isSeed } from '../../runs/trace.ts';
import { nearest } from '../../scenario/nearest.ts';
import { oneLine } from '../../scenario/showing.ts';
import { checkMeasured, keepingIn } from '../clients-file.ts';
import { type Command, type Given, textFlag } from '../command.ts';
import { scenariosFor } from '../library.ts';
import {
  bold,
  dim,
  green,
  Mistake,
  misnamed,
  plural,
  print,
  printJson,
  progress,
  verdictWord,
  yellow,
} from '../terminal.ts';
import { type Asking, enforcing } from './clients-clauses.ts';

/** All that is measured of one scenario. */
type Measured = { readonly scenario: Scenario; readonly seats: readonly Compared[] };

type Asked = { readonly name: string; readonly seating: Seating; readonly hello: Hello; readonly kind: Kind };

const usual: BuiltIn = 'olm-machine';
const library = '@matrix-org/matrix-sdk-crypto-wasm';
/** What each built-in client is made of. It comes with a clone, and not with the package. */
const madeOf: Readonly<Record<BuiltIn, readonly string[]>> = {
  'olm-machine': [library],
  'js-sdk': ['matrix-js-sdk', library],
};
const isInstalled = (name: string): boolean => {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
};

/** `null`: it is no built-in one. */
const builtInCalled = (name: string): Seating | null => {
  const who = builtIns.find((one) => one === name);
  if (who === undefined) return null;
  const missing = madeOf[who].filter((one) => !isInstalled(one));
  if (missing.length > 0)
    throw new Mistake(`${who} is not installed: npm i -D ${missing.join(' ')}, or another client with --client`);
  return builtIn(who);
};

/** Who is to sit down. A child process says by itself which texts it goes by: what it does not say, it may be asked. */
const clientFor = (given: Given): Asked => {
  const name = textFlag(given, 'client') ?? usual;
  const near = nearest(name, builtIns);
  // A program may be called like one of these; there has to be one, then.
  const otherwise =
    near === null || near === name
      ? `: ${builtIns.join(', ')}, or a command that speaks JSON lines (docs/clients.md) expected`
      : `: did you mean ${near}?`;
  const words = name.split(' ').filter((word) => word !== '');
  if (words.length === 0) throw new Mistake(`--client is empty${otherwise}`);
  const seating = builtInCalled(name) ?? childProcess(words);
  const client = seating('hello');
  const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: 'hello' });
  client.close();
  // Who speaks is meant, and speaks wrongly.
  const speaks =
    isTrouble(said) && said.trouble === 'nonsense' ? '; docs/clients.md says how a client speaks' : otherwise;
  if (isTrouble(said)) throw new Mistake(`--client ${name}: ${oneLine(said.why)}${speaks}`);
  if (!('hello' in said))
    throw new Mistake(`--client ${name}: it does not say hello; docs/clients.md says how a client speaks`);
  const kind = name === usual ? olmMachineKind : { ...olmMachineKind, above: [] };
  return { name, seating, hello: said.hello, kind };
};

/** What has a line ask that client with that seed; nothing where both are the usual ones. */
const flagsFor = (name: string, seed: string): readonly string[] => [
  ...(name === usual ? [] : [`--client ${name.includes(' ') ? `'${name}'` : name}`]),
  ...(seed === '1' ? [] : [`--seed ${seed}`]),
];
/** The line that has one seat again. */
const lineOf = ({ id }: Scenario, { seat }: Compared, name: string, seed: string): string =>
  [`npx hearsay clients ${id} --seat ${seat}`, ...flagsFor(name, seed)].join(' ');

const rowLines = (row: Row): readonly string[] => {
  const said = ({ verdict, at }: Row['model']): string => `${verdictWord(verdict)}${at === null ? '' : ` (${at})`}`;
  const head = `    ${row.guarantee.padEnd(26)}model ${said(row.model)}  real ${said(row.real)}`;
  if (row.is === 'not measured') return [`${head}  ${dim(`not measured: ${oneLine(row.because)}`)}`];
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

/** `82 scenarios have it in a seat …` */
const summary = (all: readonly Measured[]): string => {
  const played = all.filter(({ seats }) => seats.some(({ is }) => is === 'played'));
  const rows = all.flatMap(({ seats }) => seats.flatMap((one) => (one.is === 'played' ? one.rows : [])));
  const count = (is: Row['is']): number => rows.filter((row) => row.is === is).length;
  return `${plural(played.length, 'scenario')} of ${all.length} with it in a seat: ${plural(rows.length, 'verdict')}, ${count('agree')} agree, ${count('differ')} differ, ${count('not measured')} not measured`;
};

/** What is kept of a row: verdicts, and on which evidence where they differ. */
const plainRow = (row: Row) => ({
  guarantee: row.guarantee,
  is: row.is,
  model: { verdict: row.model.verdict, at: row.model.at },
  real: { verdict: row.real.verdict, at: row.real.at },
  ...(row.is === 'not measured' ? { because: row.because } : {}),
  ...(row.is === 'differ' ? { why: { model: row.model.why, real: row.real.why } } : {}),
});

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

export const clients: Command = {
  usage: 'clients [scenario …], clients --clauses [clause …]',
  text: 'Scenarios with a real client in a seat, once for each: the verdicts beside those of the model, and why it cannot play the others. Or, clause by clause, the known ways to a break played against it: does it enforce the clause?',
  flags: {
    client: {
      type: 'string',
      value: 'CLIENT',
      text: `${usual}, the production crypto library (the usual); js-sdk, the whole client with it; or a command that speaks JSON lines`,
    },
    clauses: {
      type: 'boolean',
      text: 'clauses instead of scenarios (the usual: all of which a way to a break is known): does the client enforce each?',
    },
    seat: { type: 'string', value: 'DEVICE', text: 'only in this seat, as alice.phone' },
    seed: { type: 'string', value: 'SEED', text: 'all chance, the client’s too (1)' },
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
      const asking = (): Asking => {
        const asked = clientFor(given);
        return { ...asked, flags: flagsFor(asked.name, seed), seed };
      };
      return enforcing(given, asking, today());
    }
    const files = scenariosFor(given.words);
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
    const asked = clientFor(given);
    const { name, version } = asked.hello;
    const keep = out === undefined ? undefined : keepingIn(out, { client: { name, version }, seed });
    const isJson = given.flags.json === true;
    if (!isJson) print(`${bold(name)} ${version}`);
    // Each is told as soon as it is measured: all of the library takes ten minutes or more.
    const all = files.map(({ scenario }, nth): Measured => {
      const seats = seatsOf(scenario).filter((seat) => only === undefined || seat === only);
      progress(`${nth + 1} of ${files.length}  ${scenario.id}`);
      const { seating, hello, kind } = asked;
      const measured = {
        scenario,
        seats: seats.map((seat) => compareSeat({ scenario, seat, seating, hello, kind, seed })),
      };
      progress('');
      if (!isJson && seats.length > 0) for (const line of scenarioLines(measured, asked.name, seed)) print(line);
      return measured;
    });
    const plain = plainOf(all, asked, seed, today());
    keep?.(
      plain,
      all.map(({ scenario }) => scenario),
    );
    if (isJson) printJson(plain);
    else print(summary(all));
    return 0;
  },
};
