/** A thread in which somebody sits who waits: the production crypto library, or a child process. Told one thing, it says one thing. */
import { workerData } from 'node:worker_threads';
import { replaceChance } from './chance.ts';
import type { Said, Told, Trouble } from './client.ts';
import type { WorkerData } from './sitting.ts';

type Tells = (told: Told) => Promise<Said | Trouble>;

const machine = async (seed: string): Promise<Tells> => {
  const setClock = replaceChance(seed);
  const [{ turnByTurn }, { olmMachineHello, seatedMachine }] = await Promise.all([
    import('./turns.ts'),
    import('../olm-machine/seated.ts'),
  ]);
  const tell = turnByTurn(seatedMachine);
  return async (told) => {
    if (told.op === 'hello') return { hello: olmMachineHello };
    setClock(told.atMs);
    return tell(told);
  };
};

const { port, count, sitting } = workerData as WorkerData;
const say = (said: Said | Trouble): void => {
  port.postMessage(said);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
};
const begun: Promise<Tells> =
  sitting.who === 'olm-machine'
    ? machine(sitting.seed)
    : import('./child.ts').then(({ startChild }) => startChild(sitting));

port.on('message', (told: Told | 'close') => {
  if (told === 'close') {
    // A child sees the end of what it reads.
    process.exit(0);
  }
  begun
    .then((tell) => tell(told))
    .then(say)
    .catch((error: unknown) => say({ trouble: 'dead', why: error instanceof Error ? error.message : String(error) }));
});
