/** A thread that waits for a child process, so that the thread which asked can stand still. Told one thing, it says one. */
import { workerData } from 'node:worker_threads';
import { startChild } from './child.ts';
import type { Said, Told, Trouble } from './client.ts';
import type { WorkerData } from './sitting.ts';

const { port, count, sitting } = workerData as WorkerData;
const say = (said: Said | Trouble): void => {
  port.postMessage(said);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
};
const { tell, end } = startChild(sitting);

port.on('message', (told: Told | 'close') => {
  if (told !== 'close') return void tell(told).then(say);
  end();
  process.exit(0);
});
