/** The command line. Exit codes: 0 as expected, 1 some verdict is not, 2 a mistake in what was asked for. */
import { nearest } from '../scenario/nearest.ts';
import { type Command, readGiven } from './command.ts';
import { bold, dim, Mistake, print } from './terminal.ts';

/** Commands are loaded when they are asked for: most need only a part of the house. */
const commands: Readonly<Record<string, (args?: readonly string[]) => Promise<Command>>> = {
  run: async (args) => {
    if (args !== undefined) {
      const { isWholeLibrary, runAhead } = await import('./ahead.ts');
      if (isWholeLibrary(args)) return runAhead();
    }
    return (await import('./commands/run.ts')).run;
  },
  explore: async () => (await import('./commands/explore.ts')).explore,
  ablate: async () => (await import('./commands/ablate.ts')).ablate,
  replay: async () => (await import('./commands/replay.ts')).replay,
  wander: async () => (await import('./commands/wander.ts')).wander,
  export: async () => (await import('./commands/export.ts')).exporting,
  clauses: async () => (await import('./commands/clauses.ts')).clauses,
  diff: async () => (await import('./commands/diff.ts')).diff,
  ask: async () => (await import('./commands/ask.ts')).ask,
  findings: async () => (await import('./commands/findings.ts')).findings,
  bless: async () => (await import('./commands/bless.ts')).bless,
  verbs: async () => (await import('./commands/verbs.ts')).verbs,
  start: async () => (await import('./commands/start.ts')).start,
};

const overview = async (): Promise<void> => {
  print(`${bold('hearsay')}: what may a device believe?`);
  print('');
  for (const load of Object.values(commands)) {
    const { usage, text } = await load();
    print(`  hearsay ${usage}`);
    print(dim(`      ${text}`));
  }
  print('');
  print('A scenario is named by its id, part of it, or a file. hearsay COMMAND --help says more.');
};

const helpFor = ({ usage, text, flags }: Command): void => {
  print(`hearsay ${usage}`);
  print(text);
  for (const [name, { value, text: about }] of Object.entries(flags))
    print(`  --${name}${value === undefined ? '' : ` ${value}`}  ${dim(about)}`);
};

const main = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const load = commands[rest[0] ?? ''];
    if (load === undefined) await overview();
    else helpFor(await load());
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const near = nearest(name, Object.keys(commands));
    throw new Mistake(`unknown command “${name}”${near === null ? '' : `: did you mean ${near}?`}`);
  }
  const command = await load(rest);
  const given = readGiven(rest, command.flags);
  if (given.flags.help === true) {
    helpFor(command);
    return 0;
  }
  return command.run(given);
};

// Whoever reads only the beginning (`| head`) has what they wanted.
process.stdout.on('error', (error: { readonly code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
