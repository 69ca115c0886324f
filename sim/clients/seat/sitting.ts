/** What a thread is told of who is to sit in it. */
import type { MessagePort } from 'node:worker_threads';

/** Who sits there. `command`: a child process that speaks JSON lines, and its arguments. */
export type Sitting =
  | { readonly who: 'olm-machine'; readonly seed: string }
  | { readonly who: 'child'; readonly seed: string; readonly command: readonly string[]; readonly patienceMs: number };
export type WorkerData = { readonly port: MessagePort; readonly count: Int32Array; readonly sitting: Sitting };
