/** The second thread of `hearsay run`: see `results.ts`. It is told which code to run, and then what there is to do. */
import { parentPort } from 'node:worker_threads';
import { libraryRun } from './ahead.ts';
import type { Share } from './results.ts';

const first = parentPort;
if (first === null) throw new Error('this is a worker thread of `hearsay run`, and does nothing by itself');
let ready: ReturnType<typeof libraryRun> | null = null;
first.on('message', async (told: { readonly pack: string | null } | Share) => {
  if ('pack' in told) ready = libraryRun(told.pack);
  else if (ready !== null) first.postMessage((await ready).code.takeShare(told, 'back'));
});
