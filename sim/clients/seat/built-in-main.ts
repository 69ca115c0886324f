/**
 * A client that is built in, as a child process that speaks JSON lines (`child.ts`): the production crypto library, or the whole client. One
 * has a process to itself, as V8 ends a process in which several threads make ready the same kind of WebAssembly at once.
 */
import { createInterface } from 'node:readline';
import { replaceChance } from './chance.ts';
import type { Said, Told, Trouble } from './client.ts';
import type { BuiltIn } from './sitting.ts';

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
  // What nobody catches is logged by a browser, and ends a process of Node's.
  process.on('unhandledRejection', () => undefined);
  const { jsSdkHello, seatedClient } = await import('../js-sdk/seated.ts');
  const tell = await seatedClient(clock);
  return async (told) => (told.op === 'hello' ? { hello: jsSdkHello } : tell(told));
};

const makes: Readonly<Record<BuiltIn, (seed: string) => Promise<Tells>>> = {
  'olm-machine': machine,
  'js-sdk': wholeClient,
};

/** Lines are said past whatever of the console and the timers is replaced. */
const say = (id: unknown, said: Said | Trouble): void => {
  process.stdout.write(`${JSON.stringify({ id, ...said })}\n`);
};
const begun = makes[process.argv[2] as BuiltIn](process.env.HEARSAY_SEED ?? '1');
// A library that does not come up is told of when something is told.
begun.catch(() => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, ...told } = JSON.parse(line) as Told & { readonly id: number };
    begun
      .then((tell) => tell(told as Told))
      .then((said) => say(id, said))
      .catch((error: unknown) =>
        say(id, { trouble: 'dead', why: error instanceof Error ? error.message : String(error) }),
      );
  })
  .on('close', () => process.exit(0));
