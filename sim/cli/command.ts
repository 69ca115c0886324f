import { dirname } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isFolder, resolved } from './places.ts';
import { Mistake, misnamed } from './terminal.ts';

type Flag = {
  readonly type: 'string' | 'boolean';
  readonly text: string;
  readonly value?: string;
  /** What goes to this file is told anyway, and soon: whether it can be written is seen when all is told. */
  readonly isToldBefore?: true;
};
export type Flags = Readonly<Record<string, Flag>>;
export type Given = {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
};

/** One command: what it is for, what it takes, and its exit code (`exitCodes` in `outcome.ts`). */
export type Command = {
  readonly usage: string;
  readonly text: string;
  readonly flags: Flags;
  /** What its words can be, as shells complete them; left out where they are files, or there are none. */
  readonly names?: () => readonly string[];
  /** Whether its words are a line that somebody has begun, of which one may be empty yet. Usual: they are not. */
  readonly isLineBegun?: (words: readonly string[]) => boolean;
  readonly run: (given: Given) => Promise<number> | number;
};

/** What takes minutes should not be lost for a misspelt folder: where a file goes is looked at before anything is done. */
const checkFile = (flag: string, file: string): void => {
  const path = resolved(file);
  if (isFolder(path)) throw new Mistake(`${flag} ${file}: that is a folder, a file expected`);
  if (!isFolder(dirname(path))) throw new Mistake(`${flag} ${file}: there is no folder ${dirname(path)}`);
};

/** Reads what stands behind a command's name. Throws a `Mistake` for flags it does not have. */
export const readGiven = (args: readonly string[], flags: Flags): Given => {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type }] of Object.entries(flags)) options[name] = { type };
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const known = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (known === undefined) {
      const names = Object.keys(flags).map((flag) => `--${flag}`);
      throw misnamed(`unknown flag ${token.rawName}`, `--${token.name}`, names, ': --help lists those there are');
    }
    if (known.type === 'string' && (token.value === undefined || token.value === ''))
      throw new Mistake(`${token.rawName} needs a value`);
    if (seen.has(token.name)) throw new Mistake(`${token.rawName} is given twice: once expected`);
    seen.add(token.name);
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag?.value === 'FILE' && flag.isToldBefore !== true && token.value !== undefined)
      checkFile(token.rawName, token.value);
    if (known.type === 'boolean' && token.value !== undefined) throw new Mistake(`${token.rawName} takes no value`);
  }
  return { words: positionals, flags: values as Given['flags'] };
};

export const textFlag = ({ flags }: Given, name: string): string | undefined =>
  typeof flags[name] === 'string' ? flags[name] : undefined;

/** For commands that take flags alone. */
export const noWords = ({ words: [word] }: Given, command: string): void => {
  if (word !== undefined) throw new Mistake(`${command} takes no words, and “${word}” is one`);
};

/** A whole number from 1 to `max`. */
export const countFlag = (given: Given, name: string, usual: number, max: number): number => {
  const text = textFlag(given, name);
  if (text === undefined) return usual;
  const count = /^[1-9][0-9_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (!(count <= max)) throw new Mistake(`--${name} ${text}: a whole number from 1 to ${max} expected`);
  return count;
};

export const oneOf = <T extends string>(given: Given, name: string, words: readonly T[], usual: T): T => {
  const text = textFlag(given, name) ?? usual;
  const known = words.find((word) => word === text);
  if (known === undefined) throw misnamed(`--${name} ${text}`, text, words, `: ${words.join(' or ')} expected`);
  return known;
};
