#!/usr/bin/env node
/**
 * `npm run vectors -- [directory]`: runs every vector file of a directory (the repository's own by default) and says, file
 * by file, what passed, failed or is unknown. Ends with 0 when all passed, 1 when something failed or is unknown, 2 when
 * it could not be run as asked.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../../machines/json.ts';
import { type Outcome, runFile } from './run.ts';

const ownVectors = fileURLToPath(new URL('./data', import.meta.url));
const widest = 160;

const shortened = (text: string): string =>
  text.length > widest ? `${text.slice(0, widest)}… (${text.length} characters)` : text;

/** Ends the program: the command was given something it cannot run. */
const misused = (message: string): never => {
  console.error(`vectors: ${message}`);
  process.exit(2);
};

const reasonOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

const filesIn = (directory: string): readonly string[] => {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) return misused(`there is no directory ${directory}`);
  if (!found.isDirectory()) return misused(`${directory} is no directory`);
  const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return names.length > 0 ? names.sort() : misused(`${directory} holds no .json files`);
};

const parsed = (path: string): Json => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (reason) {
    return misused(`${path} is no JSON: ${reasonOf(reason)}`);
  }
};

const report = ({ id, kind, result, checks }: Outcome): readonly string[] => {
  if (result === 'unknown') return [`  unknown  ${id} (kind ${kind}): no check knows this shape`];
  return checks
    .filter(({ ok }) => !ok)
    .flatMap(({ name, expected, got }) => [
      `  failed   ${id} (kind ${kind}): ${name}`,
      `             expected ${shortened(expected)}`,
      `             got      ${shortened(got)}`,
    ]);
};

const main = (): void => {
  const [directory = ownVectors, ...more] = process.argv.slice(2);
  if (more.length > 0 || directory.startsWith('-')) misused('usage: npm run vectors -- [directory]');
  // Everything is read before anything is run: bad input prints one line and no half report.
  const files = filesIn(directory).map((name) => ({ name, file: parsed(join(directory, name)) }));
  let notPassed = 0;
  let passed = 0;
  let checks = 0;
  for (const { name, file } of files) {
    const outcomes = runFile(file);
    if (outcomes === null) {
      notPassed++;
      console.log(`${name}: no list of vectors, counted as 1 unknown`);
      continue;
    }
    const count = (result: Outcome['result']) => outcomes.filter((outcome) => outcome.result === result).length;
    const sum = outcomes.reduce((total, outcome) => total + outcome.checks.length, 0);
    console.log(
      `${name}: ${count('passed')} passed, ${count('failed')} failed, ${count('unknown')} unknown (${sum} checks)`,
    );
    for (const line of outcomes.flatMap(report)) console.log(line);
    passed += count('passed');
    notPassed += outcomes.length - count('passed');
    checks += sum;
  }
  const place = relative(process.cwd(), directory) || directory;
  console.log(`${place}: ${passed} passed, ${notPassed} not, ${checks} checks in ${files.length} files`);
  process.exitCode = notPassed === 0 ? 0 : 1;
};

main();
