import { type Command, textFlag } from '../command.ts';
import { aScenario } from '../file-kinds.ts';
import { bytesOf, keysOf } from '../open/given.ts';
import { kinds } from '../open/kinds.ts';
import { openFile } from '../open/open.ts';
import { exitCodes } from '../outcome.ts';
import { resolved, schemaLine } from '../places.ts';
import { bold, dim, Mistake, print } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';

export const open: Command = {
  usage: 'open FILE [--passphrase FROM] [--recovery-key FROM] [--keys FILE] [--out FILE]',
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
    const { is, spec } = kinds[result.kind];
    print(`${file}: ${bold(is)} ${dim(spec)}`);
    for (const line of result.inside) print(`  ${line}`);
    for (const line of result.closed) print(`  closed: ${line}`);
    if (!result.start.can) {
      if (out !== undefined) throw new Mistake(`--out ${out}: no scenario can be made of it: ${result.start.why}`);
      print(dim(`  no scenario can be made of it: ${result.start.why}`));
      return exitCodes['as expected'];
    }
    if (out === undefined) {
      print(dim('  --out FILE writes a scenario to start from'));
      return exitCodes['as expected'];
    }
    const made = result.start.made();
    if (!made.ok) throw new Mistake(`--out ${out}: no scenario can be made of it: ${made.why}`);
    writeOf(aScenario, `--out ${out}`, out, `${schemaLine(resolved(out))}${made.text}`);
    print(`${out} is written`);
    for (const note of made.notes) print(`  ${note}`);
    print(dim(`npx hearsay run ${out}`));
    return exitCodes['as expected'];
  },
};
