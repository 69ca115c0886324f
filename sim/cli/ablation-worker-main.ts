/** A thread of `hearsay ablate`: does one job after another. See `ablation-workers.ts`. */
import { parentPort } from 'node:worker_threads';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { doJob, type Job } from '../explorer/ablate-whole.ts';
import { readArenas } from './arenas.ts';

const port = parentPort;
if (port === null) throw new Error('this is a worker thread of `hearsay ablate`, and does nothing by itself');
const suite = makeSymbolicSuite('1');
const arenas = readArenas();
port.on('message', (job: Job) => {
  port.postMessage(doJob(suite, arenas, job));
});
