/**
 * `npm run sweep:killing`: a sweep of two thousand jobs by one process, by two, and ten times by two of which one after another is ended at
 * random. All twelve reports must be the same bytes. Prints what it took; ends with 1 where a report differs.
 */
import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { dice } from '../../engine/chance.ts';
import { scenariosFor } from '../library.ts';
import { version } from '../version.ts';
import type { Done } from './job.ts';
import { type Job, type Plan, planOf, type Sweep } from './plan.ts';
import { inProcesses } from './pool.ts';
import { headOf } from './record.ts';
import { reportOf } from './report.ts';

const file = new URL('./worker-main.ts', import.meta.url);
const sweep: Sweep = {
  scenarios: ['secret-push/', 'backup-preference/'],
  settings: [null, '4385-push-cross-signed-only', 'q07: B'],
  seeds: 6,
  way: { is: 'story' },
};
const jobsWanted = 2000;
const times = 10;
/** Between two ends, in milliseconds, at most. */
const killEveryMs = 1200;

const all = planOf(sweep, scenariosFor(sweep.scenarios));
if (all.jobs.length < jobsWanted) throw new Error(`only ${all.jobs.length} jobs: take more seeds`);
const plan: Plan = { ...all, jobs: all.jobs.slice(0, jobsWanted) };

type Came = { readonly report: string; readonly ms: number; readonly killed: number };
/** @param roll whose dice end processes; `null`: nobody does */
const run = async (workers: number, roll: ((sides: number) => number) | null): Promise<Came> => {
  const done = new Map<string, Done>();
  const setAside = new Map<string, string>();
  const running = new Set<ChildProcess>();
  let killed = 0;
  let isOver = false;
  const kill = (): void => {
    if (isOver || roll === null) return;
    const victim = [...running][roll(Math.max(1, running.size))];
    if (victim?.kill('SIGKILL') === true) killed += 1;
    setTimeout(kill, roll(killEveryMs));
  };
  kill();
  const began = performance.now();
  await inProcesses<Job, Done>(plan.jobs, {
    file,
    workers,
    patienceMs: 120_000,
    onDone: ({ name }, one) => void done.set(name, one),
    onSetAside: ({ name }, why) => void setAside.set(name, why),
    onWorker: (worker) => {
      running.add(worker);
      worker.once('exit', () => running.delete(worker));
    },
  });
  isOver = true;
  const report = JSON.stringify(reportOf(plan, headOf(plan, version()), { done, setAside }));
  return { report, ms: performance.now() - began, killed };
};

const one = await run(1, null);
console.log(`one process: ${plan.jobs.length} jobs in ${(one.ms / 1000).toFixed(1)} s`);
const two = await run(2, null);
console.log(`two: ${(two.ms / 1000).toFixed(1)} s, ${(two.ms / one.ms).toFixed(2)} of one's time`);
let differ = two.report === one.report ? 0 : 1;
for (let nth = 1; nth <= times; nth += 1) {
  const roll = dice(`killing ${nth}`);
  const came = await run(2, roll);
  const isSame = came.report === one.report;
  if (!isSame) differ += 1;
  console.log(
    `${nth}: ${came.killed} processes ended, ${(came.ms / 1000).toFixed(1)} s: ${isSame ? 'the same report' : 'ANOTHER REPORT'}`,
  );
}
process.exitCode = differ === 0 ? 0 : 1;
