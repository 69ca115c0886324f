/** The thread that runs cases, so that one which never ends can be told and ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { realSuite } from '../crypto/node/suite.ts';
import { caseName, type Outcome, type Text } from './part.ts';
import { casesOf, parts } from './parts.ts';
import { emptyReport, type Report, reported } from './report.ts';

/** What the thread is given. `progress`: part and case under way, for whoever watches. */
export type Order = {
  readonly seed: string;
  readonly library: readonly Text[];
  /** How many cases of each part, by its name. */
  readonly counts: Readonly<Record<string, number>>;
  readonly progress: SharedArrayBuffer;
};
/** `heapBytes`: what was in use after each tenth of the cases. */
export type Told = {
  readonly part: string;
  readonly report: Report;
  readonly ms: number;
  readonly heapBytes: readonly number[];
};

const { seed, library, counts, progress } = workerData as Order;
const underWay = new Int32Array(progress);

for (const [at, part] of parts.entries()) {
  const began = performance.now();
  const run = casesOf(part, { seed, library, bytes: realSuite, shrinks: false });
  let report = emptyReport;
  const heapBytes: number[] = [];
  const count = counts[part.name] ?? 0;
  for (let nth = 0; nth < count; nth += 1) {
    Atomics.store(underWay, 0, at);
    Atomics.store(underWay, 1, nth);
    const outcome: Outcome = run(nth);
    report = reported(report, caseName(part, seed, nth), outcome);
    if (Math.floor(((nth + 1) * 10) / count) > heapBytes.length) heapBytes.push(process.memoryUsage().heapUsed);
  }
  parentPort?.postMessage({ part: part.name, report, ms: performance.now() - began, heapBytes } satisfies Told);
}
