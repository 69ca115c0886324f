/** A thread that waits for child processes, so that the thread which asked can stand still. Told one thing, each says one. */
import { parentPort } from 'node:worker_threads';
import { startChild } from './child.ts';
import type { Said, Told, Trouble } from './client.ts';
import type { Seated } from './sitting.ts';

const seat = ({ port, count, sitting }: Seated): void => {
  const say = (said: Said | Trouble): void => {
    port.postMessage(said);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  const { tell, end } = startChild(sitting);
  port.on('message', (told: Told | 'close') => {
    if (told !== 'close') return void tell(told).then(say);
    end();
    port.close();
  });
  // Whoever asked may be gone without a word.
  port.on('close', end);
};

parentPort?.on('message', seat);
