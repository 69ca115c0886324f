/** The second thread of `hearsay run`: see `results.ts`. */
import { parentPort } from 'node:worker_threads';
import { type Share, takeShare } from './results.ts';

const first = parentPort;
if (first === null) throw new Error('this is a worker thread of `hearsay run`, and does nothing by itself');
first.once('message', (share: Share) => {
  first.postMessage(takeShare(share, 'back'));
});
