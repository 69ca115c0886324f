/**
 * A process that does jobs, one after another, until whoever began it is done. Its first message says of which kind they are, and brings the
 * scenarios; each further one is a task. See `pool.ts`.
 */
import { Worker } from 'node:worker_threads';
import type { AnyKind, KindId } from './kind.ts';
import { kindNamed } from './kinds/kinds.ts';
import { type Shelf, type Shelved, shelved } from './shelf.ts';

/** What such a process is sent first. */
export type First = { readonly kind: KindId; readonly shelf: Shelf };

if (process.send === undefined) throw new Error('this is a process of `hearsay sweep`, and does nothing by itself');
const channel = process.send.bind(process);
/** Whom nobody listens to any more has nothing to do. */
const send = (message: object | string): void => {
  channel(message, undefined, undefined, (error) => {
    if (error !== null) process.exit();
  });
};

// Whoever is busy for ever hears no message and no end: a thread beside sees that nobody is left to work for.
new Worker(
  'const { ppid } = process; setInterval(() => { if (process.ppid !== ppid) process.kill(process.pid, "SIGKILL"); }, 1000);',
  { eval: true },
).unref();
process.on('disconnect', () => process.exit());

let ready: Promise<{ readonly kind: AnyKind; readonly shelf: Shelved }> | null = null;
const begun = async ({ kind, shelf }: First) => ({ kind: await kindNamed(kind), shelf: shelved(shelf) });

process.on('message', (message: First | { readonly task: unknown }) => {
  if (!('task' in message)) {
    ready = begun(message);
    return;
  }
  const { task } = message;
  ready?.then(({ kind, shelf }) => {
    send(kind.read(task)?.work(shelf) ?? { failed: 'that is no job of this kind' });
  });
});
send('ready');
