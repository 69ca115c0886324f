/**
 * `npm run sweep:killing`: a sweep of two thousand jobs, and ten times the same by two processes of which one after another is ended at
 * random: all reports must be the same bytes. Before that a longer one by one process and by two, which tells what a second is worth: each
 * has to make its code fast anew, as if some five hundred jobs more were to be done, so that a short sweep tells of that alone. With
 * `-- --redis URL` it is workers (`hearsay work`) that are ended, with all they have. Prints what it took; ends with 1 where a report
 * differs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../../bench/measure.ts';
import { dice } from '../../engine/chance.ts';
import { root } from '../io.ts';
import { scenariosFor } from '../library.ts';
import { asked, wholeNumber } from '../words.ts';
import { headOf, workerFile } from './crew.ts';
import type { Job } from './kind.ts';
import { type RunCame, type RunTask, runKind } from './kinds/run.ts';
import { modelVersion } from './model-version.ts';
import { type Plan, planDigest, planOf, type Sweep } from './plan.ts';
import { type Heard, inProcesses } from './pool.ts';
import { readRedis } from './redis/connect.ts';
import { openHandOut } from './redis/hand-out.ts';
import { reportOf } from './report.ts';
import { shelfOf } from './shelf.ts';

// As `hearsay` has it: processes come up in half the time.
process.env.NODE_COMPILE_CACHE ??= enableCompileCache().directory;

const usage = `npm run sweep:killing -- [--rounds 10] [--jobs 2000] [--pairs 1] [--pair-jobs 16000] [--redis URL]

Exit codes: 0 the same report each time, 1 one differs, 2 the command is wrong.`;
const options = asked(usage, (args) => {
  const { values } = parseArgs({
    args,
    options: {
      redis: { type: 'string' },
      rounds: { type: 'string', default: '10' },
      jobs: { type: 'string', default: '2000' },
      pairs: { type: 'string', default: '1' },
      'pair-jobs': { type: 'string', default: '16000' },
    },
  });
  return {
    redis: values.redis,
    rounds: wholeNumber('--rounds', values.rounds, 0),
    jobs: wholeNumber('--jobs', values.jobs),
    pairs: wholeNumber('--pairs', values.pairs, 0),
    pairJobs: wholeNumber('--pair-jobs', values['pair-jobs']),
  };
});
const sweep: Sweep = {
  scenarios: ['secret-push/', 'backup-preference/'],
  settings: [null, '4385-push-cross-signed-only', 'q07: B'],
  seeds: 60,
  way: { is: 'story' },
};
/** Jobs that are done between two ends, at most: not after a time, as on a busy machine nobody would ever come up. */
const killEvery = options.redis === undefined ? 100 : 400;
/** One in so many is ended before it has come up. */
const stillborn = 5;
const patienceMs = 120_000;

const files = scenariosFor(sweep.scenarios);
const all = planOf(
  sweep,
  files.map(({ scenario }) => scenario),
);
const shelf = shelfOf(files);
/** A share of it, of all its scenarios. */
const planWith = (count: number): Plan => {
  if (all.jobs.length < count) throw new Error(`only ${all.jobs.length} jobs: take more seeds`);
  const each = Math.floor(all.jobs.length / count);
  return { ...all, jobs: all.jobs.filter((_, nth) => nth % each === 0).slice(0, count) };
};

type Came = { readonly report: string; readonly ms: number; readonly cpuMs: number; readonly killed: number };
type Roll = (sides: number) => number;

/** Processor time of a process and of those it has waited for, in milliseconds; 0 where the system does not tell. */
const cpuMsOf = (pid: number | undefined): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
  } catch {
    return 0;
  }
};

/** Processes of which the dice end one after another. */
const victims = (roll: Roll | null) => {
  const running = new Set<ChildProcess>();
  let killed = 0;
  const kill = (victim: ChildProcess | undefined): void => {
    if (victim?.kill('SIGKILL') === true) killed += 1;
  };
  let left = roll?.(killEvery) ?? Number.POSITIVE_INFINITY;
  return {
    running,
    add: (one: ChildProcess): void => {
      running.add(one);
      one.once('exit', () => running.delete(one));
      if (roll?.(stillborn) === 0) one.once('spawn', () => kill(one));
    },
    onDone: (): void => {
      left -= 1;
      if (left > 0 || roll === null) return;
      left = 1 + roll(killEvery);
      // Not at once: whoever has just answered would never be in the middle of anything.
      setTimeout(() => kill([...running][roll(Math.max(1, running.size))]), roll(40));
    },
    killed: () => killed,
  };
};

const gathered = (plan: Plan) => {
  const done = new Map<string, RunCame>();
  const setAside = new Map<string, string>();
  const heard: Heard<Job<RunTask>, unknown> = {
    onDone: ({ name, task }, value) => {
      const came = runKind.readCame(value, task);
      if (came === null) throw new Error(`what came back of ${name} is no answer`);
      done.set(name, came);
    },
    onSetAside: ({ name }, why) => {
      console.log(`  set aside: ${name}: ${why}`);
      setAside.set(name, why);
    },
  };
  return {
    heard,
    report: () =>
      JSON.stringify(reportOf(plan, headOf({ kind: runKind, plan: planDigest(plan.jobs, shelf) }), { done, setAside })),
  };
};

/** @param roll whose dice end processes; `null`: nobody does */
const byProcesses = async (plan: Plan, workers: number, roll: Roll | null): Promise<Came> => {
  const { heard, report } = gathered(plan);
  const { running, add, onDone, killed } = victims(roll);
  let cpuMs = 0;
  const began = performance.now();
  let left = plan.jobs.length;
  await inProcesses<Job<RunTask>, unknown>(plan.jobs, {
    file: workerFile,
    first: { kind: runKind.id, shelf },
    workers,
    patienceMs,
    onDone: (job, came) => {
      heard.onDone(job, came);
      onDone();
      left -= 1;
      if (left === 0) cpuMs = [...running].reduce((sum, { pid }) => sum + cpuMsOf(pid), 0);
    },
    onSetAside: heard.onSetAside,
    onWorker: add,
  });
  return { report: report(), ms: performance.now() - began, cpuMs, killed: killed() };
};

const hearsay = fileURLToPath(new URL('../hearsay.mjs', import.meta.url));

/** By so many workers of one process each; one that is ended is followed by another. */
const byWorkers = async (url: string, plan: Plan, workers: number, roll: Roll | null): Promise<Came> => {
  const { heard, report } = gathered(plan);
  const { running, add, onDone, killed } = victims(roll);
  let isOver = false;
  const begin = (): void => {
    if (isOver) return;
    const words = ['work', '--redis', url, '--workers', '1', '--silence', '2'];
    const worker = spawn(process.execPath, [hearsay, ...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    add(worker);
    worker.once('exit', begin);
  };
  const out = await openHandOut(runKind, {
    at: readRedis(url),
    version: modelVersion(),
    plan: planDigest(plan.jobs, shelf),
    shelf,
    patienceMs,
    isKept: false,
  });
  const began = performance.now();
  for (let nth = 0; nth < workers; nth += 1) begin();
  await out.doAll(plan.jobs, {
    onDone: (job, came) => {
      heard.onDone(job, came);
      onDone();
    },
    onSetAside: heard.onSetAside,
  });
  const ms = performance.now() - began;
  isOver = true;
  await out.close(true);
  await Promise.all(
    [...running].map((one) => {
      one.kill('SIGTERM');
      return new Promise((resolve) => one.once('exit', resolve));
    }),
  );
  return { report: report(), ms, cpuMs: 0, killed: killed() };
};

const { redis } = options;
const by = (plan: Plan, workers: number, roll: Roll | null): Promise<Came> =>
  redis === undefined ? byProcesses(plan, workers, roll) : byWorkers(redis, plan, workers, roll);
const who = redis === undefined ? 'process' : 'worker';
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

let differ = 0;
const ratios: number[] = [];
for (let nth = 0; nth < options.pairs; nth += 1) {
  const plan = planWith(options.pairJobs);
  const one = await by(plan, 1, null);
  const two = await by(plan, 2, null);
  if (one.report !== two.report) differ += 1;
  ratios.push(two.ms / one.ms);
  const cpu = one.cpuMs === 0 ? '' : `; of the processor ${seconds(one.cpuMs)} and ${seconds(two.cpuMs)}`;
  const same = one.report === two.report ? 'the same report' : 'ANOTHER REPORT';
  console.log(
    `${plan.jobs.length} jobs: one ${who} ${seconds(one.ms)}, two ${seconds(two.ms)}, ${(two.ms / one.ms).toFixed(2)} of one’s time${cpu}: ${same}`,
  );
}
if (ratios.length > 1)
  console.log(`in the middle ${median(ratios).toFixed(2)}, at best ${Math.min(...ratios).toFixed(2)}`);
const { rounds } = options;
if (rounds > 0) {
  const plan = planWith(options.jobs);
  const known = await by(plan, 1, null);
  console.log(`${plan.jobs.length} jobs by one ${who}: ${seconds(known.ms)}`);
  for (let nth = 1; nth <= rounds; nth += 1) {
    const came = await by(plan, 2, dice(`killing ${nth}`));
    const isSame = came.report === known.report;
    if (!isSame) differ += 1;
    console.log(`${nth}: ${came.killed} ended, ${seconds(came.ms)}: ${isSame ? 'the same report' : 'ANOTHER REPORT'}`);
  }
}
process.exitCode = differ === 0 ? 0 : 1;
