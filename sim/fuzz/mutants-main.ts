/** `npm run mutants -- <paths>`: breaks code in small ways, and says which of these no test and no story notices. Needs Node. */
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundled, testFiles } from './mutants/bundling.ts';
import { plant } from './mutants/planting.ts';
import { type Told, type Tries, triesWith } from './mutants/trying.ts';
import type { DryFile } from './mutants/worker.ts';
import { countsOf, type Exclusion, type MutationReport, percentOf, wrongExclusions } from './survivors.ts';

const usage = `npm run mutants -- <file or folder …> [--at-least PERCENT] [--patience SECONDS] [--workers N] [--out FILE]

--patience says how long tests beside a file, stories and other tests may take for one mutant, each (4 s).
--out writes what is told to a file as well.
Exit codes: 0 as many fell as were asked for, 1 fewer did or an exclusion is idle, 2 the command is wrong or tests fail without any mutant.`;

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

/** The dry run, without the tests that fail in it: these tell of no mutant. */
const sound = (dry: readonly DryFile[]): readonly DryFile[] =>
  dry.map((file) => ({
    ...file,
    tests: file.tests.map((test) => (test.failure === null ? test : { ...test, hits: null })),
  }));

const failing = (dry: readonly DryFile[]): readonly string[] =>
  dry.flatMap(({ file, tests }) =>
    tests.flatMap(({ name, failure }) => (failure === null ? [] : [`${file}: ${name}: ${failure.split('\n')[0]}`])),
  );

type Found = {
  readonly report: MutationReport;
  readonly failing: readonly string[];
};

const foundIn = async (files: readonly string[], patienceMs: number, workers: number): Promise<Found> => {
  const { sources, planted, mutants } = await plant(files);
  const tests = testFiles();
  const scripts = await bundled(planted, tests);
  const threads: Tries[] = Array.from({ length: workers }, () => triesWith(scripts));
  try {
    const dry: DryFile[] = [];
    const [first] = threads;
    for (const file of tests) if (first !== undefined) dry.push(await first.dryRun(file));
    const usable = sound(dry);
    console.error(`${mutants.length} mutants, ${dry.reduce((sum, one) => sum + one.tests.length, 0)} tests`);
    const told = new Map<string, Told>();
    const open = mutants.values();
    const work = async (tries: Tries): Promise<void> => {
      // One iterator for all threads: each takes the next that is left.
      for (const mutant of open) {
        told.set(mutant.id, await tries.fateOf(mutant, usable, patienceMs));
        if (told.size % 100 === 0) console.error(`${told.size} of ${mutants.length} tried`);
      }
    };
    await Promise.all(threads.map(work));
    const report: MutationReport = {
      files: Object.fromEntries(
        [...sources].map(([file, source]) => {
          const own = mutants.filter((one) => one.file === file);
          return [
            file,
            { source, mutants: own.map(({ id, mutant }) => ({ ...mutant, status: told.get(id)?.fate ?? 'Survived' })) },
          ];
        }),
      ),
    };
    return { report, failing: failing(dry) };
  } finally {
    await Promise.all(threads.map((tries) => tries.end()));
  }
};

/** What people read: survivors, then counts by file, by folder and of all. */
const linesOf = ({ report, failing }: Found, exclusions: readonly Exclusion[]) => {
  const { counts, idle } = countsOf(report, exclusions);
  const folders = Map.groupBy(counts, ({ file }) => file.slice(0, file.lastIndexOf('/') + 1));
  const sumOf = (some: typeof counts): string => {
    const [killed, survived, excluded] = (['killed', 'survived', 'excluded'] as const).map((what) =>
      some.reduce((sum, one) => sum + one[what], 0),
    );
    return `${killed} killed, ${survived} survived, ${excluded} excluded (${percentOf(some).toFixed(1)} %)`;
  };
  const lines = [
    ...counts.flatMap(({ survivors }) => survivors),
    '',
    ...counts.map((count) => `${count.file}: ${sumOf([count])}`),
    '',
    ...[...folders].map(([folder, some]) => `${folder}: ${sumOf(some)}`),
    `all: ${sumOf(counts)}`,
    ...idle.map(({ file, line, reason }) => `an exclusion nothing needs any more: ${file}, ${line} (${reason})`),
    ...failing.map((test) => `fails without any mutant, and was left out: ${test}`),
  ];
  return { lines, percent: percentOf(counts), isIdle: idle.length > 0 };
};

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'at-least': { type: 'string', default: '0' },
      patience: { type: 'string', default: '4' },
      workers: { type: 'string', default: '1' },
      out: { type: 'string' },
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
  const patience = Number(values.patience);
  if (!(patience > 0)) return wrong(`--patience ${values.patience}: a number of seconds expected`);
  if (!/^[1-9]\d?$/.test(values.workers)) return wrong(`--workers ${values.workers}: a whole number expected`);
  const nothing = positionals.find((path) => filesOf(path).length === 0);
  if (nothing !== undefined) return wrong(`${nothing}: no source file there`);
  const files = [...new Set(positionals.flatMap(filesOf))];
  if (files.length === 0) return wrong('nothing to break: a file or a folder expected');
  const exclusions: unknown = JSON.parse(readFileSync(exclusionsFile, 'utf8'));
  const mistake = wrongExclusions(exclusions);
  if (mistake !== null) return wrong(`${exclusionsFile}: ${mistake}`);

  const began = performance.now();
  const found = await foundIn(files, patience * 1000, Number(values.workers));
  const { lines, percent, isIdle } = linesOf(found, exclusions as readonly Exclusion[]);
  console.log(lines.join('\n'));
  console.log(`${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  if (values.out !== undefined) writeFileSync(values.out, `${lines.join('\n')}\n`);
  if (found.failing.length > 0) return 2;
  return percent >= atLeast && !isIdle ? 0 : 1;
};

process.exitCode = await main().catch((error: unknown) =>
  wrong(error instanceof Error ? error.message : String(error)),
);
