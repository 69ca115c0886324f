import { appendFileSync } from 'node:fs';
import type { UserId } from '../../../machines/types.ts';
import { type Command, countFlag, noWords, textFlag } from '../command.ts';
import { aScenario, aServerLog, markedScenario } from '../file-kinds.ts';
import { exitCodes, faultLines } from '../outcome.ts';
import { resolved, schemaLine } from '../places.ts';
import { longestText, readText } from '../reading.ts';
import { password } from '../serve/company.ts';
import { type Entry, entryLine, firstLine, isUser, type Log, readLog, replayed } from '../serve/log.ts';
import { notesOf, scenarioOf } from '../serve/scenario.ts';
import { type Served, serve } from '../serve/server.ts';
import { toldToStop } from '../stopping.ts';
import { complain, dim, green, Mistake, plural, print, red } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

const usual: readonly UserId[] = ['@alice:example.org', '@bob:example.org'];
const usersOf = (words: readonly string[]): readonly UserId[] => {
  for (const word of words) if (!isUser(word)) throw new Mistake(`${word}: a user expected, as in @alice:example.org`);
  const twice = words.find((word, nth) => words.indexOf(word) !== nth);
  if (twice !== undefined) throw new Mistake(`${twice} is named twice`);
  return words.length === 0 ? usual : words;
};

/** Throws a `Mistake` for a text that is no log. */
const logIn = (what: string, text: string): Log => {
  const read = readLog(text);
  if (read.ok) return read.log;
  throw new Mistake(`${what} is no log of hearsay serve, as --log writes them: ${read.why}`);
};

/** Plays a log again. @returns 0 where every answer is the same */
const check = (file: string): number => {
  const read = readText(resolved(file), longestText);
  if (!read.ok) throw new Mistake(`--check ${file} ${read.why}`);
  const { same, differs } = replayed(logIn(`--check ${file}`, read.text));
  if (differs === null) {
    print(green(`${plural(same, 'answer')}, all as in the log`));
    return exitCodes['as expected'];
  }
  print(red(`line ${differs.nth + 2} is answered otherwise now: ${JSON.stringify(differs.now)}`));
  return exitCodes['not as expected'];
};

/** Writes what of a log a scenario can tell. */
const keep = (file: string, log: string): number => {
  if (resolved(file) === resolved(log))
    throw new Mistake(`--scenario ${file}: that is the log, and would be written over`);
  checkOut(aScenario, `--scenario ${file}`, file);
  const read = readText(resolved(log), longestText);
  if (!read.ok) throw new Mistake(`${log} ${read.why}`);
  const made = scenarioOf(logIn(log, read.text));
  if (!made.ok) throw new Mistake(`${log} cannot be told as a scenario: ${made.why}`);
  writeOf(aScenario, `--scenario ${file}`, file, markedScenario(`${schemaLine(resolved(file))}${made.text}`));
  const [told, ...besides] = notesOf(made);
  print(`${file}: ${told}`);
  for (const note of besides) print(`  ${note}`);
  print(dim(`npx hearsay run ${file}`));
  return exitCodes['as expected'];
};

const begin = async (users: readonly UserId[], port: number, logged: (entry: Entry) => void): Promise<Served> => {
  const failed = (error: unknown): void => {
    for (const line of faultLines(error)) complain(line);
  };
  try {
    return await serve({ users, port, now: () => Date.now(), logged, failed });
  } catch (error) {
    const code = (error as { readonly code?: string }).code ?? '';
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new Mistake(`port ${port} or one behind it is taken: another one with --port`);
    throw error;
  }
};

export const serving: Command = {
  usage: 'serve [@USER:SERVER …] [--port N] [--log FILE], serve --check LOG, serve --scenario FILE LOG',
  text: 'The homeserver of the simulator over HTTP on this machine, for real clients; POST /_hearsay/moves plays the attacker.',
  flags: {
    port: { type: 'string', value: 'N', text: 'of the first server; others follow (8008)' },
    log: { type: 'string', value: 'FILE', text: 'all that is asked and answered, a line each' },
    scenario: {
      type: 'string',
      value: 'FILE',
      text: 'serves nothing: writes what people did in such a log as a scenario, and says what it cannot tell',
    },
    check: {
      type: 'string',
      value: 'FILE',
      text: 'serves nothing: plays such a log again, and says whether every answer is the same',
    },
  },
  run: async (given) => {
    const checked = textFlag(given, 'check');
    if (checked !== undefined) {
      noWords(given, 'serve --check');
      return check(checked);
    }
    const scenario = textFlag(given, 'scenario');
    if (scenario !== undefined) {
      const [log, ...others] = given.words;
      if (log === undefined || others.length > 0)
        throw new Mistake(`--scenario ${scenario}: one log expected behind it, as --log writes them`);
      return keep(scenario, log);
    }
    const users = usersOf(given.words);
    const log = textFlag(given, 'log');
    if (log !== undefined) writeOf(aServerLog, `--log ${log}`, log, `${firstLine(users)}\n`);
    const path = log === undefined ? null : resolved(log);
    const served = await begin(users, countFlag(given, 'port', 8008, 65_000), (entry) => {
      if (path !== null) appendFileSync(path, `${entryLine(entry)}\n`);
    });
    for (const [name, address] of served.addresses)
      print(`${address}  ${users.filter((user) => user.endsWith(`:${name}`)).join(' ')}  password: ${password}`);
    complain(dim('Ctrl+C stops'));
    await toldToStop();
    await served.close();
    return exitCodes['as expected'];
  },
};
