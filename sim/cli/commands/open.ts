import { type Command, textFlag } from '../command.ts';
import { aScenario, markedScenario } from '../file-kinds.ts';
import { bytesOf, keysOf } from '../open/given.ts';
import { kinds } from '../open/kinds.ts';
import { openFile } from '../open/open.ts';
import type { Opened, Start } from '../open/opening.ts';
import { exitCodes } from '../outcome.ts';
import { resolved, schemaLine } from '../places.ts';
import { bold, dim, Mistake, print, printJson } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

/** What became of the scenario that it could begin. */
type Started =
  | { readonly is: 'none'; readonly why: string }
  | { readonly is: 'possible' }
  | { readonly is: 'written'; readonly to: string; readonly notes: readonly string[] };

/** Writes it where that is asked for. Throws a `Mistake` where it then cannot be made or written. */
const startedIn = (start: Start, out: string | undefined): Started => {
  if (out === undefined) return start.can ? { is: 'possible' } : { is: 'none', why: start.why };
  const made = start.can ? start.made() : { ok: false as const, why: start.why };
  if (!made.ok) throw new Mistake(`--out ${out}: no scenario can be made of it: ${made.why}`);
  writeOf(aScenario, `--out ${out}`, out, markedScenario(`${schemaLine(resolved(out))}${made.text}`));
  return { is: 'written', to: out, notes: made.notes };
};

const plainOf = ({ kind, inside, closed }: Opened) => ({
  kind,
  is: kinds[kind].is,
  specified: kinds[kind].spec,
  inside,
  closed,
});

const startLines = (scenario: Started): readonly string[] => {
  switch (scenario.is) {
    case 'none':
      return [dim(`  no scenario can be made of it: ${scenario.why}`)];
    case 'possible':
      return [dim('  --out FILE writes a scenario to start from')];
    case 'written':
      return [
        `${scenario.to} is written`,
        ...scenario.notes.map((note) => `  ${note}`),
        dim(`npx hearsay run ${scenario.to}`),
      ];
  }
};

const insideLines = (file: string, { kind, inside, closed }: Opened): readonly string[] => [
  `${file}: ${bold(kinds[kind].is)} ${dim(kinds[kind].spec)}`,
  ...inside.map((line) => `  ${line}`),
  ...closed.map((line) => `  closed: ${line}`),
];

export const open: Command = {
  usage: 'open FILE [--passphrase FROM] [--recovery-key FROM] [--keys FILE] [--json] [--out FILE]',
  text: 'Says what a file of somebody’s client or homeserver is, what is inside as far as keys are given, and writes a scenario to start from where it can.',
  flags: {
    passphrase: {
      type: 'string',
      value: 'FROM',
      text: 'of a key export or of secret storage: from a file, from standard input (-), or from the environment (env:NAME)',
    },
    'recovery-key': {
      type: 'string',
      value: 'FROM',
      text: 'of a key backup or of secret storage, from where a passphrase may come',
    },
    keys: {
      type: 'string',
      value: 'FILE',
      text: 'another such file whose keys open this one: a key export, account data, an event that points to a bundle',
    },
    json: { type: 'boolean', text: 'the same as JSON' },
    out: { type: 'string', value: 'FILE', text: 'writes a scenario to start from' },
  },
  run: (given) => {
    const [file, another] = given.words;
    if (file === undefined || another !== undefined)
      throw new Mistake(
        `open takes one file${file === undefined ? ': a key export, a key backup, a recording of requests and others' : ''}`,
      );
    const out = textFlag(given, 'out');
    if (out !== undefined && resolved(out) === resolved(file))
      throw new Mistake(`--out ${out}: that is the file to be opened, and would be written over`);
    if (out !== undefined) checkOut(aScenario, `--out ${out}`, out);
    const bytes = bytesOf('', file);
    const result = openFile(bytes, keysOf(given));
    if (!result.ok)
      throw new Mistake(`${file}: ${result.kind === null ? result.why : `${kinds[result.kind].is}; ${result.why}`}`);
    if (given.flags.json === true) {
      printJson({ file, ...plainOf(result), scenario: startedIn(result.start, out) });
      return exitCodes['as expected'];
    }
    // What is inside is told also where no scenario can be made of it.
    for (const line of insideLines(file, result)) print(line);
    for (const line of startLines(startedIn(result.start, out))) print(line);
    return exitCodes['as expected'];
  },
};
