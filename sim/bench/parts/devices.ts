/**
 * What many devices of one user cost beside half as many: a run from the first login to the verdicts of all guarantees, each size in a process
 * of its own. With place, suite and count as arguments, one run in this process, as the part starts it.
 */
import { runStory } from '../../runs/run.ts';
import { manyDevices, type Place } from '../devices-story.ts';
import { type Part, rounds } from '../measure.ts';
import { node } from '../processes.ts';

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
const msApart = (place: Place, suite: SuiteName, count: number): number =>
  Number(node('sim/bench/parts/devices.ts', place, suite, `${count}`).out);

export const devices: Part = {
  name: 'devices',
  title: 'Twice as many devices of one user, from their logins to all verdicts',
  async *measure({ isLong, runs }) {
    for (const count of isLong ? [50, 100] : [50])
      for (const place of places)
        for (const suite of suites) {
          const pairs = await rounds(runs(3, 5), () => ({
            ours: msApart(place, suite, count),
            other: msApart(place, suite, count / 2),
          }));
          const what = place === 'room' ? 'with a room in which something is said' : 'with their account alone';
          yield { what, ours: `${count} devices, ${suite} suite`, other: `${count / 2} devices`, unit: 'ms', pairs };
        }
  },
};

if (import.meta.main) {
  const [place, suite, count] = process.argv.slice(2);
  const [here, by] = [places.find((one) => one === place), suites.find((one) => one === suite)];
  if (here === undefined || by === undefined) throw new Error('place, suite and count expected');
  console.log(cpuMsOf(() => runStory(manyDevices(Number(count), here), { suite: by })));
}
