/** Secrets that somebody gives to open a file with. They come from files, from standard input or from the environment: what stands on a command line is seen by all on the machine, and kept by shells. */
import { readFileSync } from 'node:fs';
import { fromBase64Sized } from '../../crypto/real/base64.ts';
import { fromRecoveryKey } from '../../crypto/real/recovery-key.ts';
import { oneLine } from '../../scenario/showing.ts';
import { type Given, textFlag } from '../command.ts';
import { resolved } from '../places.ts';
import { readBytes } from '../reading.ts';
import { Mistake } from '../terminal.ts';
import { kinds } from './kinds.ts';
import { openFile } from './open.ts';
import { type Keys, nothingHeld } from './opening.ts';

const secretBytesMax = 65_536;
const openBytesMax = 32 * 2 ** 20;

const inEnvironment = (flag: string, name: string): string => {
  const text = process.env[name];
  if (text === undefined || text === '')
    throw new Mistake(`--${flag} env:${oneLine(name)}: the environment has nothing of that name`);
  return text;
};
const inStandardInput = (flag: string): string => {
  try {
    const text = readFileSync(0, 'utf8');
    if (text.length <= secretBytesMax) return text;
  } catch {
    throw new Mistake(`--${flag} -: nothing can be read from standard input`);
  }
  throw new Mistake(`--${flag} -: too much on standard input, at most ${secretBytesMax} bytes`);
};

/** A secret, without the end of its line. Throws a `Mistake` where there is none. */
const secretFlag = (given: Given, flag: string): string | null => {
  const from = textFlag(given, flag);
  if (from === undefined) return null;
  const read = (): string => {
    if (from === '-') return inStandardInput(flag);
    if (from.startsWith('env:')) return inEnvironment(flag, from.slice(4));
    const file = readBytes(resolved(from), secretBytesMax);
    // What stands there may be the secret itself, by mistake: it is not said again.
    if (!file.ok)
      throw new Mistake(
        `--${flag}: the file that it names ${file.why}. A secret does not stand on the command line: a file, - for standard input, or env:NAME expected`,
      );
    return new TextDecoder().decode(file.bytes);
  };
  const secret = read().replace(/\r?\n$/, '');
  if (secret === '') throw new Mistake(`--${flag}: what it names is empty`);
  return secret;
};

const recoveryKeyOf = (given: Given): Uint8Array | null => {
  const text = secretFlag(given, 'recovery-key');
  if (text === null) return null;
  const key = fromRecoveryKey(text) ?? fromBase64Sized(text.trim(), 32);
  if (key === null)
    throw new Mistake(
      '--recovery-key: what stands there is none: twelve groups of four characters expected, or 32 bytes in base64',
    );
  return key;
};

/** The bytes of a file that is opened. Throws a `Mistake` where it cannot be read. */
export const bytesOf = (flag: string, file: string): Uint8Array => {
  const read = readBytes(resolved(file), openBytesMax);
  if (!read.ok) throw new Mistake(`${flag}${file} ${read.why}`);
  return read.bytes;
};

/** All keys that flags give. A file of keys is opened with the others: account data holds the key of a backup. */
export const keysOf = (given: Given): Keys => {
  const passphrase = secretFlag(given, 'passphrase');
  const recoveryKey = recoveryKeyOf(given);
  const keys: Keys = { passphrase, recoveryKey, held: nothingHeld };
  const file = textFlag(given, 'keys');
  if (file === undefined) return keys;
  const open = openFile(bytesOf('--keys ', file), keys);
  if (!open.ok)
    throw new Mistake(`--keys ${file}: ${open.kind === null ? open.why : `${kinds[open.kind].is}; ${open.why}`}`);
  const { sessions, secrets, files } = open.holds;
  if (sessions.size + secrets.size + files.length === 0)
    throw new Mistake(
      `--keys ${file}: ${kinds[open.kind].is}, and no key is in it${open.closed.length === 0 ? '' : ` that is open: ${open.closed.join('; ')}`}`,
    );
  return { ...keys, held: open.holds };
};
