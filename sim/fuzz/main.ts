/** `npm run fuzz`: random scenarios, letters, requests, texts and walks, and what none of them may do. Needs Node. */
import { globSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { realSuite } from '../crypto/node/suite.ts';
import { caseName, type Part, type Text } from './part.ts';
import { blockSize, casesOf, parts } from './parts.ts';
import { causeLines } from './report.ts';
import type { Order, Told } from './worker-main.ts';

const usage = `npm run fuzz -- [--scenarios N] [--letters N] [--requests N] [--texts N] [--walks N] [--seed S]
npm run fuzz -- --only 'scenario/1/4711'    one case again, made as small as it can be

Exit codes: 0 nothing failed, 1 something did, 2 the command is wrong.`;

/** As many as take a few minutes. */
const usual = { scenario: 10_000, letter: 50_000, request: 100_000, text: 10_000, walk: 1_000 } as const;

/** A case that takes longer than this is a hang. */
const patienceMs = 60_000;

const library = (): readonly Text[] =>
  globSync('scenarios/**/*.yaml')
    .sort()
    .map((file) => ({ id: file.slice('scenarios/'.length, -'.yaml'.length), text: readFileSync(file, 'utf8') }));

const say = (text: string): void => console.log(text);

/** One case, whose name is `part/seed/number`; `null` where it names none. */
const again = (name: string): number | null => {
  const [partName, seed = '', number = ''] = name.split('/');
  const part = parts.find((one) => one.name === partName);
  if (part === undefined || seed === '' || !/^\d+$/.test(number)) return null;
  const { failure, looks, digest } = casesOf(part, { seed, library: library(), bytes: realSuite, shrinks: true })(
    Number(number),
  );
  if (failure !== null) say(`${failure.cause}\n${JSON.stringify(failure.message)}\n\n${failure.shrunk}`);
  else say(['nothing is wrong with it', ...looks].join('\n'));
  say(`\ndigest ${digest}`);
  return failure === null ? 0 : 1;
};

/** The smallest form of the first case of each cause. */
const small = (part: Part, name: string): string => {
  const [, seed = '1', number = '0'] = name.split('/');
  return (
    casesOf(part, { seed, library: library(), bytes: realSuite, shrinks: true })(Number(number)).failure?.shrunk ??
    '(it did not fail again)'
  );
};

const tell = (part: Part, { report, ms, heapBytes }: Told): boolean => {
  const seconds = (ms / 1000).toFixed(1);
  const failed = [...report.causes.values()].reduce((sum, { times }) => sum + times, 0);
  say(
    `${part.name}: ${report.cases * part.perCase} in ${seconds} s, ${failed === 0 ? 'none failed' : `${failed} cases failed`}; digest ${report.digest}`,
  );
  // What piles up shows here; a few cases say nothing.
  if (heapBytes.length === 10)
    say(`  memory after each tenth: ${heapBytes.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')} MB`);
  for (const cause of [...report.causes.values()].sort((one, other) => other.times - one.times)) {
    for (const line of causeLines(cause)) say(`  ${line}`);
    for (const line of small(part, cause.first).split('\n')) say(`      ${line}`);
  }
  for (const [look, name] of report.looks) say(`  verdict to look at: ${look}\n    npm run fuzz -- --only '${name}'`);
  return failed === 0;
};

/** All parts, in a thread that is watched: 0 where nothing failed. */
const all = (seed: string, counts: Order['counts']): Promise<number> =>
  new Promise((resolve) => {
    const progress = new SharedArrayBuffer(8);
    const underWay = new Int32Array(progress);
    const order: Order = { seed, library: library(), counts, progress };
    const worker = new Worker(new URL('./worker-main.ts', import.meta.url), { workerData: order });
    let last = { at: -1, nth: -1, since: performance.now() };
    let isWell = true;
    const watch = setInterval(() => {
      const now = { at: Atomics.load(underWay, 0), nth: Atomics.load(underWay, 1) };
      if (now.at !== last.at || now.nth !== last.nth) last = { ...now, since: performance.now() };
      // The first case of a block makes what all of it share.
      const patience = now.nth % blockSize === 0 ? patienceMs * 3 : patienceMs;
      const part = parts[now.at];
      if (performance.now() - last.since < patience || part === undefined) return;
      say(`a case does not end:\n  npm run fuzz -- --only '${caseName(part, seed, now.nth)}'`);
      isWell = false;
      void worker.terminate();
    }, 1000);
    worker.on('message', (told: Told) => {
      const part = parts.find(({ name }) => name === told.part);
      if (part !== undefined && !tell(part, told)) isWell = false;
    });
    worker.on('error', (error) => {
      say(`the fuzzer itself fell: ${error instanceof Error ? error.stack : String(error)}`);
      isWell = false;
    });
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(isWell ? 0 : 1);
    });
  });

const main = async (): Promise<number> => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      scenarios: text,
      letters: text,
      requests: text,
      texts: text,
      walks: text,
      seed: text,
      only: text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    say(usage);
    return 0;
  }
  const { only, seed = '1' } = values;
  if (only !== undefined) return again(only) ?? wrong(`--only ${only} names no case`);
  if (!/^[A-Za-z0-9-]{1,32}$/.test(seed)) return wrong(`--seed ${seed}: letters, digits and hyphens expected`);
  const counts: Record<string, number> = {};
  for (const part of parts) {
    const given = values[`${part.name}s`];
    const count = given === undefined ? usual[part.name] : Number(given);
    if (!Number.isSafeInteger(count) || count < 0) return wrong(`--${part.name}s ${given}: a whole number expected`);
    counts[part.name] = Math.ceil(count / part.perCase);
  }
  return all(seed, counts);
};

const wrong = (message: string): number => {
  console.error(`${message}\n\n${usage}`);
  return 2;
};

process.exitCode = await main().catch((error: unknown) =>
  wrong(error instanceof Error ? error.message : String(error)),
);
