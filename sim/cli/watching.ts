/** Doing something again whenever a file changes. */
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { io, withIo } from './io.ts';
import { exitCodes } from './outcome.ts';
import { isFolder, isScenarioFile, toldPath } from './places.ts';
import { onStop } from './stopping.ts';
import { complain, dim, Mistake, plural } from './terminal.ts';

/** Editors write a file in several goes: what follows within this is one change. */
const settleMs = 80;

type Watched = { readonly look: (folders: readonly string[]) => void; readonly close: () => void };

/** Calls `changed` when a scenario in one of the folders that were last looked at changes, or a folder there, each itself and not what is within. */
const watched = (changed: () => void): Watched => {
  const open = new Map<string, FSWatcher>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const heard = (folder: string, name: string | null): void => {
    if (name !== null && !isScenarioFile(name) && !isFolder(join(folder, name))) return;
    clearTimeout(waiting);
    waiting = setTimeout(changed, settleMs);
  };
  const leave = (folder: string): void => {
    open.get(folder)?.close();
    open.delete(folder);
  };
  return {
    look: (folders) => {
      for (const folder of open.keys()) if (!folders.includes(folder)) leave(folder);
      for (const folder of folders)
        if (!open.has(folder))
          open.set(
            folder,
            // A folder that goes away is an error on some machines and an event on others.
            watch(folder, (_, name) => heard(folder, name)).on('error', () => leave(folder)),
          );
    },
    close: () => {
      clearTimeout(waiting);
      for (const folder of [...open.keys()]) leave(folder);
    },
  };
};

const briefly = ([first = '', second, ...more]: readonly string[]): string =>
  second === undefined ? first : `${first} and ${plural(1 + more.length, 'folder')} more`;

/**
 * Calls `act` now and whenever a scenario in one of `folders()` changes, comes or goes, until the process is told to stop. What is
 * wrong with a file is said, and its change waited for. Throws a `Mistake` where there is nothing to watch from the beginning.
 *
 * @returns the exit code of the last time
 */
export const watching = async (folders: () => readonly string[], act: () => number): Promise<number> => {
  const mine = io();
  const where = briefly(folders().map(toldPath));
  return new Promise((ended, failed) => {
    let code: number = exitCodes['as expected'];
    let leave = (): void => undefined;
    const stop = (): void => {
      files.close();
      leave();
      ended(code);
    };
    const round = (): void => {
      // A long run ends at once when it is told to: nobody listens, so the process does as processes do.
      leave();
      try {
        // Looked at before it runs, so that what is written meanwhile is seen.
        files.look(folders());
        code = act();
      } catch (error) {
        if (!(error instanceof Mistake)) {
          files.close();
          failed(error);
          return;
        }
        complain(error.message);
        code = exitCodes['wrong input'];
      }
      leave = onStop(stop);
      complain(dim(`watching ${where} (Ctrl+C stops)`));
    };
    const files = watched(() => withIo(mine, round));
    round();
  });
};
