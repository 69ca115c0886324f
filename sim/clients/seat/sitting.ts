/** What a thread is told of the child process for which it waits. */
import type { MessagePort } from 'node:worker_threads';

/** Clients that are built in, by name: the production crypto library, and the whole client that has it inside. */
export const builtIns = ['olm-machine', 'js-sdk'] as const;
export type BuiltIn = (typeof builtIns)[number];

/** Who sits there. `command`: a program that speaks JSON lines, and its arguments. `seed`: all its chance. */
export type Sitting = { readonly seed: string; readonly command: readonly string[]; readonly patienceMs: number };
/** What the thread is sent for each: where it is told and says what, and the count of what it has said. */
export type Seated = { readonly port: MessagePort; readonly count: Int32Array; readonly sitting: Sitting };
