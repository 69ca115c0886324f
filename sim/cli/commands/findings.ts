import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject, type JsonObject } from '../../../machines/json.ts';
import { realSuite } from '../../crypto/node/suite.ts';
import type { Ablation } from '../../explorer/ablate-data.ts';
import type { DifferenceKind, Measured } from '../../ledger/clients/measured.ts';
import { differencesFile, type ToldClient, toldOf } from '../../ledger/clients/told.ts';
import { readComments } from '../../ledger/findings/comments.ts';
import { evidenceOf } from '../../ledger/findings/evidence.ts';
import type { Given } from '../../ledger/findings/list.ts';
import { findingsText, idleComments } from '../../ledger/findings/markdown.ts';
import { interactions } from '../../scenario/interactions.ts';
import { faultLine, readJson } from '../../scenario/json-text.ts';
import { type Command, noWords, textFlag } from '../command.ts';
import { findingsDocument } from '../file-kinds.ts';
import { isClone, root } from '../io.ts';
import { scenariosFor } from '../library.ts';
import { readText } from '../reading.ts';
import { green, Mistake, plural, print, progress, red } from '../terminal.ts';
import { checkOut, writeOf } from '../writing.ts';
import { storiesAmong } from './run.ts';

const commentsFile = 'scenarios/findings.yml';
const written = 'FINDINGS.md';

const textOf = (file: string): string => {
  const read = readText(join(root, file));
  if (read.ok) return read.text;
  throw new Mistake(`${file} ${read.why}`);
};
/** The object that a file of the clone is the JSON of. Throws a `Mistake` that says where it is none, or which member it has not. */
export const objectOf = (file: string, text: string, ...members: readonly string[]): JsonObject => {
  const read = readJson(text);
  if (!read.ok) throw new Mistake(`${file}:${faultLine(read)}`);
  const lost = members.find((name) => !isObject(read.value) || !Object.hasOwn(read.value, name));
  if (lost !== undefined || !isObject(read.value)) throw new Mistake(`${file}: “${lost}” expected in it`);
  return read.value;
};
const filed = (file: string, ...members: readonly string[]): unknown => objectOf(file, textOf(file), ...members);

/** What was measured of each client (`clients.json`, `clients-….json`), the production library first. */
const clientsIn = (folder: string): readonly ToldClient[] => {
  const files = readdirSync(join(root, folder));
  // Nobody has said what comes of a client's differences where there is no such file: then none of them is told.
  const kindsOf = (file: string): readonly DifferenceKind[] =>
    files.includes(differencesFile(file))
      ? (filed(`${folder}/${differencesFile(file)}`, 'kinds') as { readonly kinds: readonly DifferenceKind[] }).kinds
      : [];
  return files
    .filter((file) => /^clients(-.*)?\.json$/.test(file))
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((file) => toldOf(filed(`${folder}/${file}`, 'client', 'scenarios') as Measured, kindsOf(file)));
};

/** Runs what the document speaks of, and reads what is checked in. */
export const gather = (): Given => {
  const stories = storiesAmong(scenariosFor([]).map(({ scenario }) => scenario));
  progress(`${plural(stories.length, 'scenario', 'scenarios')} under every reading and every text`);
  const evidence = evidenceOf(stories, realSuite);
  progress('');
  const { pairs } = filed('scenarios/ablation.json', 'pairs') as Ablation;
  return {
    comments: readComments(parse(textOf(commentsFile))),
    evidence,
    stories,
    masks: pairs,
    interactions,
    clients: clientsIn('scenarios'),
  };
};

export const findings: Command = {
  usage: 'findings [--out FILE] [--check]',
  text: 'What a reviewer of the texts should know: comments of people, with what runs show and the command that shows it.',
  flags: {
    out: { type: 'string', value: 'FILE', text: 'to a file (FINDINGS.md is written so), not to the terminal' },
    check: { type: 'boolean', text: 'compare with FINDINGS.md: exit code 1 if it says anything else' },
  },
  run: (given) => {
    noWords(given, 'findings');
    if (!isClone) throw new Mistake('FINDINGS.md is written in a clone of the project: the package carries it');
    const out = textFlag(given, 'out');
    if (out !== undefined) checkOut(findingsDocument, `--out ${out}`, out);
    const gathered = gather();
    const idle = idleComments(gathered);
    for (const one of idle) print(red(`${commentsFile} comments on what no run shows: ${one}`));
    const text = findingsText(gathered);
    if (out !== undefined) writeOf(findingsDocument, `--out ${out}`, out, text);
    if (given.flags.check !== true) {
      if (out === undefined) print(text.trimEnd());
      return idle.length === 0 ? 0 : 1;
    }
    const [was, is] = [textOf(written).split('\n'), text.split('\n')];
    const at = is.findIndex((line, nth) => line !== was[nth]);
    if (at < 0 && was.length === is.length) {
      print(green(`${written} says what runs show`));
      return idle.length === 0 ? 0 : 1;
    }
    print(red(`${written} says something else from line ${(at < 0 ? is.length : at) + 1} on:`));
    print(`  there  ${was[at < 0 ? is.length : at] ?? '(nothing)'}`);
    print(`  now    ${at < 0 ? '(nothing)' : is[at]}`);
    print('If the change is meant, read it, then npx hearsay findings --out FINDINGS.md');
    return 1;
  },
};
