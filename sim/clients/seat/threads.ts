/**
 * Clients in child processes. A thread waits for them, so that the world can stand still until they have answered. It is one for all: each
 * thread of a clone makes ready the WebAssembly by which Node strips types, and V8 ends a process in which several do that at once.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Client, isTrouble, type Said, type Seating, type Told, type Trouble } from './client.ts';
import { patienceAtStartMs, patienceMs } from './patience.ts';
import type { BuiltIn, Seated, Sitting } from './sitting.ts';

/** Source and compiled code stand beside their own kind. */
const besideThis = (name: string): URL => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
const workerFile = besideThis('worker-main');
const builtInFile = fileURLToPath(besideThis('built-in-main'));

/** A count can be seen before the message that it counts: on a busy machine that takes a moment. `answers`: what the count stands at. */
const received = (port: MessagePort, count: Int32Array, answers: number): Said | Trouble | undefined => {
  for (let look = 0; look < 1000; look += 1) {
    const came = receiveMessageOnPort(port);
    if (came !== undefined) return came.message as Said | Trouble;
    Atomics.wait(count, 0, answers, 5);
  }
  return undefined;
};

let waiting: Worker | null = null;
const waiter = (): Worker => {
  if (waiting !== null) return waiting;
  const worker = new Worker(workerFile);
  worker.unref();
  // What goes wrong there is said by silence here: this thread stands still meanwhile.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    if (waiting === worker) waiting = null;
  });
  waiting = worker;
  return worker;
};

const inThread = (sitting: Sitting, patience: number): Client => {
  const { port1, port2 } = new MessageChannel();
  const count = new Int32Array(new SharedArrayBuffer(4));
  waiter().postMessage({ port: port2, count, sitting } satisfies Seated, [port2]);
  port1.unref();
  let answers = 0;
  let trouble: Trouble | null = null;
  const tell = (told: Told): Said | Trouble => {
    if (trouble !== null) return trouble;
    port1.postMessage(told);
    const ms = told.op === 'hello' ? Math.max(patience, patienceAtStartMs) : patience;
    const waited = Atomics.wait(count, 0, answers, ms);
    if (waited === 'timed-out') {
      trouble = { trouble: 'silent', why: `nothing was said to “${told.op}” within ${ms} ms` };
      port1.postMessage('close');
      return trouble;
    }
    answers += 1;
    // What a child says was read in its thread, by whoever can say what is wrong with it.
    const said = received(port1, count, answers);
    if (said === undefined) {
      trouble = { trouble: 'silent', why: `what was said to “${told.op}” never arrived` };
      return trouble;
    }
    if (isTrouble(said)) trouble = said;
    return said;
  };
  return {
    tell,
    close: () => {
      trouble ??= { trouble: 'dead', why: 'it was closed' };
      port1.postMessage('close');
      port1.close();
    },
  };
};

/** A child process that speaks JSON lines (`docs/clients.md`). @param patience milliseconds for each line */
export const childProcess =
  (command: readonly string[], patience = patienceMs): Seating =>
  (seed) =>
    inThread({ seed, command, patienceMs: patience }, patience + 1000);
/** Somebody who is built in, with chance and clock of their own. */
export const builtIn = (who: BuiltIn): Seating =>
  childProcess([process.execPath, '--disable-warning=ExperimentalWarning', builtInFile, who]);
/** The production crypto library (`OlmMachine`). */
export const olmMachine = builtIn('olm-machine');
/** The whole matrix-js-sdk. */
export const jsSdk = builtIn('js-sdk');
