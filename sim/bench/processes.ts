/** Commands in processes of their own, as somebody starts them who has Node at hand. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const home = fileURLToPath(new URL('../..', import.meta.url));

export type Ended = { readonly out: string; readonly ms: number };

/** Runs it to its end. Throws where it fails. */
export const timed = (command: string, args: readonly string[], cwd = home): Ended => {
  const begun = performance.now();
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const ms = performance.now() - begun;
  if (ended.error !== undefined || ended.status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${ended.error?.message ?? `${ended.stderr}${ended.stdout}`}`);
  return { out: ended.stdout, ms };
};

/** A file of this clone on the same Node. */
export const node = (file: string, ...args: readonly string[]): Ended =>
  timed(process.execPath, [fileURLToPath(new URL(`../../${file}`, import.meta.url)), ...args]);

/** `hearsay …` without npm around it, which would start itself first. */
export const hearsay = (...args: readonly string[]): Ended => node('sim/cli/hearsay.mjs', ...args);
