/** Who sits in a seat, by the name that `--client` has. */
import { type Kind, olmMachineKind } from '../../../clients/compare/seats.ts';
import { type Hello, isTrouble, PROTOCOL, type Seating } from '../../../clients/seat/client.ts';
import { type BuiltIn, builtIns } from '../../../clients/seat/sitting.ts';
import { builtIn, childProcess } from '../../../clients/seat/threads.ts';
import { nearest } from '../../../scenario/nearest.ts';
import { oneLine } from '../../../scenario/showing.ts';
import { type Given, textFlag } from '../../command.ts';
import { wordsIn } from '../../shell-words.ts';
import { Mistake } from '../../terminal.ts';

export type Seated = { readonly seating: Seating; readonly hello: Hello; readonly kind: Kind };

export const usualClient: BuiltIn = 'olm-machine';
const library = '@matrix-org/matrix-sdk-crypto-wasm';
/** What each built-in client is made of. It comes with a clone, and not with the package. */
const madeOf: Readonly<Record<BuiltIn, readonly string[]>> = {
  'olm-machine': [library],
  'js-sdk': ['matrix-js-sdk', library],
};
const isInstalled = (name: string): boolean => {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
};

/** `null`: it is no built-in one. */
export const builtInNamed = (name: string): BuiltIn | null => builtIns.find((one) => one === name) ?? null;

/** `null`: it is no built-in one. Throws a `Mistake` where what it is made of is not there. */
const builtInCalled = (name: string): Seating | null => {
  const who = builtInNamed(name);
  if (who === null) return null;
  const missing = madeOf[who].filter((one) => !isInstalled(one));
  if (missing.length > 0)
    throw new Mistake(`${who} is not installed: npm i -D ${missing.join(' ')}, or another client with --client`);
  return builtIn(who);
};

/** Who is to sit down. A child process says by itself which texts it goes by: what it does not say, it may be asked. */
export const seatedBy = (name: string): Seated => {
  const near = nearest(name, builtIns);
  // A program may be called like one of these; there has to be one, then.
  const otherwise =
    near === null || near === name
      ? `: ${builtIns.join(', ')}, or a command that speaks JSON lines (docs/clients.md) expected`
      : `: did you mean ${near}?`;
  const words = wordsIn(name);
  if (words === null) throw new Mistake(`--client ${name}: a quote in it is not closed`);
  if (words.length === 0) throw new Mistake(`--client is empty${otherwise}`);
  const seating = builtInCalled(name) ?? childProcess(words);
  const client = seating('hello');
  const said = client.tell({ op: 'hello', protocol: PROTOCOL, seed: 'hello' });
  client.close();
  // Who speaks is meant, and speaks wrongly.
  const speaks =
    isTrouble(said) && said.trouble === 'nonsense' ? '; docs/clients.md says how a client speaks' : otherwise;
  if (isTrouble(said)) throw new Mistake(`--client ${name}: ${oneLine(said.why)}${speaks}`);
  if (!('hello' in said))
    throw new Mistake(`--client ${name}: it does not say hello; docs/clients.md says how a client speaks`);
  const kind = name === usualClient ? olmMachineKind : { ...olmMachineKind, above: [] };
  return { seating, hello: said.hello, kind };
};

const known = new Map<string, Seated>();
/** It says hello once in a process. */
export const builtInOnce = (client: string): Seated => {
  const seated = known.get(client) ?? seatedBy(client);
  known.set(client, seated);
  return seated;
};

/** Throws a `Mistake` where it is of another version than the one that was asked for. */
export const sameVersion = (client: string, seated: Seated, version: string): Seated => {
  const own = seated.hello.version;
  if (own === version) return seated;
  throw new Mistake(`${client} is ${oneLine(own)} there, and ${oneLine(version)} where it was asked for`);
};

/** A command is started on this machine, and by whoever typed it. Throws a `Mistake` where it is to be handed to others. */
export const refuseToHand = (given: Given): void => {
  if (textFlag(given, 'redis') !== undefined)
    throw new Mistake('--redis: a command is no client that is handed to others: name one that is built in');
};
