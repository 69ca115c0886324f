/** A thread in which somebody sits who waits: the production crypto library, the whole client, or a child process. Told one thing, it says one. */
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

const wholeClient = async (seed: string): Promise<Tells> => {
  const setNow = replaceChance(seed);
  const { replaceTimers } = await import('../js-sdk/clock.ts');
  const clock = replaceTimers(setNow);
  // Some of it writes to the console past the logger that it is given, and binds that when it is loaded.
  for (const method of ['trace', 'debug', 'log', 'info', 'warn', 'error'] as const) console[method] = () => undefined;
  // What nobody catches is logged by a browser, and ends a thread of Node's.
  process.on('unhandledRejection', () => undefined);
  const { jsSdkHello, seatedClient } = await import('../js-sdk/seated.ts');
  const tell = await seatedClient(clock);
  return async (told) => (told.op === 'hello' ? { hello: jsSdkHello } : tell(told));
};

const { port, count, sitting } = workerData as WorkerData;
const say = (said: Said | Trouble): void => {
  port.postMessage(said);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
};
const sits = async (): Promise<Tells> => {
  switch (sitting.who) {
    case 'olm-machine':
      return machine(sitting.seed);
    case 'js-sdk':
      return wholeClient(sitting.seed);
    case 'child':
      return (await import('./child.ts')).startChild(sitting);
  }
};
const begun = sits();

port.on('message', (told: Told | 'close') => {
  if (told === 'close') {
    // A child sees the end of what it reads.
    void begun.catch(() => undefined).finally(() => process.exit(0));
    return;
  }
  begun
    .then((tell) => tell(told))
    .then(say)
    .catch((error: unknown) => say({ trouble: 'dead', why: error instanceof Error ? error.message : String(error) }));
});
