import { appendFileSync } from 'node:fs';
import type { UserId } from '../../../machines/types.ts';
import { type Command, countFlag, textFlag } from '../command.ts';
import { exitCodes, faultLines } from '../outcome.ts';
import { resolved } from '../places.ts';
import { readText } from '../reading.ts';
import { password } from '../serve/company.ts';
import { type Entry, entryLine, firstLine, isUser, readLog, replayed } from '../serve/log.ts';
import { type Served, serve } from '../serve/server.ts';
import { complain, dim, green, Mistake, plural, print, red } from '../terminal.ts';
import { write } from '../writing.ts';

const usual: readonly UserId[] = ['@alice:example.org', '@bob:example.org'];
const usersOf = (words: readonly string[]): readonly UserId[] => {
  for (const word of words) if (!isUser(word)) throw new Mistake(`${word}: a user expected, as in @alice:example.org`);
  const twice = words.find((word, nth) => words.indexOf(word) !== nth);
  if (twice !== undefined) throw new Mistake(`${twice} is named twice`);
  return words.length === 0 ? usual : words;
};

/** Plays a log again. @returns 0 where every answer is the same */
const check = (file: string): number => {
  const read = readText(resolved(file));
  if (!read.ok) throw new Mistake(`--check ${file} ${read.why}`);
  const log = readLog(read.text);
  if (log === null) throw new Mistake(`--check ${file}: no log of hearsay serve`);
  const { same, differs } = replayed(log);
  if (differs === null) {
    print(green(`${plural(same, 'answer')}, all as in the log`));
    return exitCodes['as expected'];
  }
  print(red(`line ${differs.nth + 2} is answered otherwise now: ${JSON.stringify(differs.now)}`));
  return exitCodes['not as expected'];
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
  usage: 'serve [@USER:SERVER …] [--port N] [--log FILE] [--check FILE]',
  text: 'The homeserver of the simulator over HTTP on this machine, for real clients; POST /_hearsay/moves plays the attacker.',
  flags: {
    port: { type: 'string', value: 'N', text: 'of the first server; others follow (8008)' },
    log: { type: 'string', value: 'FILE', text: 'all that is asked and answered, a line each' },
    check: {
      type: 'string',
      value: 'FILE',
      text: 'serves nothing: plays such a log again, and says whether every answer is the same',
    },
  },
  run: async (given) => {
    const checked = textFlag(given, 'check');
    if (checked !== undefined) return check(checked);
    const users = usersOf(given.words);
    const log = textFlag(given, 'log');
    if (log !== undefined) write(`--log ${log}`, log, `${firstLine(users)}\n`);
    const path = log === undefined ? null : resolved(log);
    const served = await begin(users, countFlag(given, 'port', 8008, 65_000), (entry) => {
      if (path !== null) appendFileSync(path, `${entryLine(entry)}\n`);
    });
    for (const [name, address] of served.addresses)
      print(`${address}  ${users.filter((user) => user.endsWith(`:${name}`)).join(' ')}  password: ${password}`);
    complain(dim('Ctrl+C stops'));
    await new Promise((stopped) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stopped);
    });
    await served.close();
    return exitCodes['as expected'];
  },
};
