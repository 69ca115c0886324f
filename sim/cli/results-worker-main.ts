/** The second thread of `hearsay run`: see `results.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Share, takeShare } from './results.ts';

if (parentPort === null) throw new Error('this is a worker thread of `hearsay run`, and does nothing by itself');
parentPort.postMessage(takeShare(workerData as Share, () => undefined));
