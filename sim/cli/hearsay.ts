/** The command line. What it comes to stands in `exitCodes`. */
import { type Command, readGiven } from './command.ts';
import { type Io, withIo } from './io.ts';
import { exitCodes, exitCodeWords, faultLines } from './outcome.ts';
import { bold, complain, dim, Mistake, misnamed, print } from './terminal.ts';
import { version } from './version.ts';

/** Commands are loaded when they are asked for: most need only a part of the house. */
export const commands: ReadonlyMap<string, () => Promise<Command>> = new Map(
  Object.entries({
    run: async () => (await import('./commands/run.ts')).run,
    explore: async () => (await import('./commands/explore.ts')).explore,
    ablate: async () => (await import('./commands/ablate.ts')).ablate,
    replay: async () => (await import('./commands/replay.ts')).replay,
    wander: async () => (await import('./commands/wander.ts')).wander,
    sweep: async () => (await import('./commands/sweep.ts')).sweep,
    work: async () => (await import('./commands/work.ts')).working,
    merge: async () => (await import('./commands/sweep.ts')).merge,
    export: async () => (await import('./commands/export.ts')).exporting,
    clauses: async () => (await import('./commands/clauses.ts')).clauses,
    guarantees: async () => (await import('./commands/guarantees.ts')).guarantees,
    diff: async () => (await import('./commands/diff.ts')).diff,
    ask: async () => (await import('./commands/ask.ts')).ask,
    findings: async () => (await import('./commands/findings.ts')).findings,
    bless: async () => (await import('./commands/bless.ts')).bless,
    clients: async () => (await import('./commands/clients.ts')).clients,
    verbs: async () => (await import('./commands/verbs.ts')).verbs,
    serve: async () => (await import('./commands/serve.ts')).serving,
    open: async () => (await import('./commands/open.ts')).open,
    init: async () => (await import('./commands/init.ts')).init,
    completion: async () => (await import('./commands/completion.ts')).completion(commands),
    start: async () => (await import('./commands/start.ts')).start,
  }),
);

const overview = async (): Promise<void> => {
  print(`${bold('hearsay')}: what may a device believe?`);
  print('');
  for (const load of commands.values()) {
    const { usage, text } = await load();
    print(`  hearsay ${usage}`);
    print(dim(`      ${text}`));
  }
  print('');
  print('A scenario is named by its id, part of it, a file, or a folder of files. hearsay COMMAND --help says more.');
  print('Exit codes:');
  for (const words of exitCodeWords) print(`  ${words}`);
};

const helpFor = ({ usage, text, flags }: Command): void => {
  print(`hearsay ${usage}`);
  print(text);
  for (const [name, { value, text: about }] of Object.entries(flags))
    print(`  --${name}${value === undefined ? '' : ` ${value}`}  ${dim(about)}`);
};

const unknown = (name: string): Mistake =>
  misnamed(`unknown command “${name}”`, name, commands.keys(), ': npx hearsay help lists those there are');

const answer = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    print(version());
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const [word] = rest;
    const load = commands.get(word ?? '');
    if (load === undefined && word !== undefined && name === 'help') throw unknown(word);
    if (load === undefined) await overview();
    else helpFor(await load());
    return 0;
  }
  const load = commands.get(name);
  if (load === undefined) throw unknown(name);
  const command = await load();
  const given = readGiven(rest, command.flags);
  if (given.flags.help === true) {
    helpFor(command);
    return 0;
  }
  // A variable of a shell that is not set: part of every name, it would name everything.
  if (given.words.includes('') && command.isLineBegun?.(given.words) !== true)
    throw new Mistake('a word is empty: a name expected (a variable that is not set?)');
  return command.run(given);
};

/** What is reported is read by others: names and passwords of an address are not told. */
const withoutSecrets = (arg: string): string => arg.replace(/(\w+:\/\/)[^/]*@/, '$1…@');

/** Does what the words behind `hearsay` say. @returns its exit code; never throws */
export const hearsay = (args: readonly string[], io: Io): Promise<number> =>
  withIo(io, async () => {
    try {
      return await answer(args);
    } catch (error) {
      if (error instanceof Mistake) {
        complain(error.message);
        return exitCodes['wrong input'];
      }
      for (const line of faultLines(error)) complain(line);
      complain(
        `please report it with this line: npx hearsay ${args.map((arg) => `'${withoutSecrets(arg)}'`).join(' ')}`,
      );
      return exitCodes['fault of hearsay'];
    }
  });
