/** `npm run mutants -- <paths>`: breaks code in small ways, and says which of these no test and no story notices. Needs Node. */
import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countsOf, type Exclusion, type MutationReport, percentOf, wrongExclusions } from './survivors.ts';

const usage = `npm run mutants -- <file or folder …> [--at-least PERCENT] [--workers N]

Exit codes: 0 as many fell as were asked for, 1 fewer did, 2 the command is wrong or the tests fail without any mutant.`;

const reportFile = '.cache/mutants/report.json';
const exclusionsFile = 'mutants.exclusions.json';

const wrong = (message: string): number => {
  console.error(`${message}\n\n${usage}`);
  return 2;
};

/** Source files below these paths: no tests, and no helpers of tests. */
const filesOf = (path: string): readonly string[] => {
  const bare = path.replace(/\/+$/, '').replace(/^\.\//, '');
  const isFolder = statSync(bare, { throwIfNoEntry: false })?.isDirectory() === true;
  return globSync(isFolder ? `${bare}/**/*.ts` : bare)
    .filter((file) => !/\.test\.ts$|testing\.ts$/.test(file))
    .sort();
};

const stryker = (files: readonly string[], workers: string): Promise<number> =>
  new Promise((resolve) => {
    const args = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'stryker.config.json'];
    const child = spawn(process.execPath, [...args, '--mutate', files.join(','), '--concurrency', workers], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'at-least': { type: 'string', default: '0' },
      workers: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const atLeast = Number(values['at-least']);
  if (!(atLeast >= 0 && atLeast <= 100))
    return wrong(`--at-least ${values['at-least']}: a number from 0 to 100 expected`);
  if (!/^[1-9]\d?$/.test(values.workers)) return wrong(`--workers ${values.workers}: a whole number expected`);
  const nothing = positionals.find((path) => filesOf(path).length === 0);
  if (nothing !== undefined) return wrong(`${nothing}: no source file there`);
  const files = [...new Set(positionals.flatMap(filesOf))];
  if (files.length === 0) return wrong('nothing to break: a file or a folder expected');
  const exclusions: unknown = JSON.parse(readFileSync(exclusionsFile, 'utf8'));
  const mistake = wrongExclusions(exclusions);
  if (mistake !== null) return wrong(`${exclusionsFile}: ${mistake}`);

  rmSync(reportFile, { force: true });
  const began = performance.now();
  const code = await stryker(files, values.workers);
  if (code !== 0) return wrong(`StrykerJS ended with ${code}: do the tests pass without any mutant?`);
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as MutationReport;
  const { counts, idle } = countsOf(report, exclusions as readonly Exclusion[]);
  for (const { survivors } of counts) for (const line of survivors) console.log(line);
  console.log('');
  for (const count of counts) {
    const { file, killed, survived, excluded } = count;
    console.log(
      `${file}: ${killed} killed, ${survived} survived, ${excluded} excluded (${percentOf([count]).toFixed(1)} %)`,
    );
  }
  const percent = percentOf(counts);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`all: ${percent.toFixed(1)} % killed in ${minutes} minutes`);
  for (const { file, line, reason } of idle)
    console.log(`an exclusion nothing needs any more: ${file}, ${line} (${reason})`);
  return percent >= atLeast && idle.length === 0 ? 0 : 1;
};

process.exitCode = await main().catch((error: unknown) =>
  wrong(error instanceof Error ? error.message : String(error)),
);
