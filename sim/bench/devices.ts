/**
 * What many devices of one user cost beside half as many: a run from the first login to the verdicts of all guarantees. Ratios of
 * one run on one machine, each size in a process of its own, in turns. With place, suite and count as arguments, one run in this
 * process, as `devicesBench` starts it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runStory } from '../runs/run.ts';
import { manyDevices, type Place } from './devices-story.ts';
import { median } from './measure.ts';

const suites = ['symbolic', 'real'] as const;
const places = ['account', 'room'] as const;
type SuiteName = (typeof suites)[number];

/** Milliseconds of the processor, which are the same however busy the machine is. */
const cpuMsOf = (run: () => unknown): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** Milliseconds, measured inside: loading the program is no part of it. */
const msApart = (place: Place, suite: SuiteName, count: number): number => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), place, suite, `${count}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`a run with ${count} devices failed: ${stderr}`);
  return Number(stdout);
};

/** Prints what each size costs, and how much more than half of it. `long`: up to 100 devices. */
export const devicesBench = (long = false): void => {
  const counts = long ? [25, 50, 100] : [25, 50];
  for (const place of places)
    for (const suite of suites) {
      const turns = [1, 2, 3].map(() => counts.map((count) => msApart(place, suite, count)));
      const costs = counts.map((_, nth) => median(turns.map((turn) => turn[nth] ?? 0)));
      const told = costs.map((ms, nth) => {
        const half = costs[nth - 1];
        return `${counts[nth]} in ${Math.round(ms)} ms${half === undefined ? '' : ` (${(ms / half).toFixed(1)} times as long)`}`;
      });
      console.log(`devices of one user, ${place}, ${suite} suite: ${told.join(', ')}`);
    }
};

if (import.meta.main) {
  const [place, suite, count] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const [here, by] = [places.find((one) => one === place), suites.find((one) => one === suite)];
  if (here === undefined || by === undefined) devicesBench(process.argv.includes('--long'));
  else console.log(cpuMsOf(() => runStory(manyDevices(Number(count), here), { suite: by })));
}
