/**
 * What a command sees of whoever asks: where its words go, whether in colour, and in which folder one stands. It goes with the call
 * (`AsyncLocalStorage`), so that one process can answer several, each with its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The folder in which `machines/`, `sim/` and `scenarios/` are: that of a clone, or `build/` of the package. */
export const root = resolve(import.meta.dirname, '../..');
/** Whether this runs from sources: in a clone there is also what makes the site and the documents. */
export const isClone = existsSync(resolve(root, 'package.json'));
/** The folder of `package.json`. */
export const packageFolder = isClone ? root : dirname(root);

export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `out` shows colours. */
  readonly isColoured: boolean;
  /** Whether `err` shows how far long work has come, in a line that is written over. */
  readonly showsProgress: boolean;
  /** The folder in which one stands, absolute. */
  readonly here: string;
};

/** npm runs the scripts of `package.json` in the folder of that file, and says where it was called. */
const standsIn = (): string => {
  const isScript = ['hearsay', 'replay', 'bless', 'start'].includes(process.env.npm_lifecycle_event ?? '');
  return isScript && process.cwd() === root ? (process.env.INIT_CWD ?? root) : process.cwd();
};

/** What this process was started with. */
export const processIo = (): Io => ({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isColoured: process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb',
  showsProgress: process.stderr.isTTY === true,
  here: standsIn(),
});

const current = new AsyncLocalStorage<Io>();

/** Calls `use`; whatever it prints, and whatever path it resolves, goes by `io`. */
export const withIo = <T>(io: Io, use: () => T): T => current.run(io, use);

/** That of the command which is running; the process's own where none is. */
export const io = (): Io => current.getStore() ?? processIo();
