/**
 * A record is held by whoever writes it: of two that write one at a time the second would put its own in the place of what the first goes on
 * writing into. Beside the record lies a file with the number of the process and its machine, as long as it is held.
 */
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isObject } from '../../../machines/json.ts';
import { oneLine } from '../../scenario/showing.ts';
import { isFile, isThere } from '../places.ts';
import { Mistake } from '../terminal.ts';
import { written } from '../writing.ts';

type Holder = { readonly process: number; readonly machine: string };

const codeOf = (error: unknown): string | undefined => (error as { readonly code?: string }).code;

/** `null`: what is there names nobody, as when it was cut short. */
const holderIn = (path: string): Holder | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isObject(value) || typeof value.machine !== 'string') return null;
    return Number.isInteger(value.process) ? { process: Number(value.process), machine: value.machine } : null;
  } catch {
    return null;
  }
};

const isRunning = (process_: number): boolean => {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, and is there.
    return codeOf(error) === 'EPERM';
  }
};

/** Those that this process holds. One that only names it was left by another that had its number, as the first process of a container has. */
const ours = new Set<string>();

/** What keeps others from it; `null`: nothing, whoever held it was ended. */
const whyHeld = (path: string): string | null => {
  const holder = holderIn(path);
  if (holder === null) return null;
  const isHere = holder.machine === hostname();
  if (isHere && (holder.process === process.pid ? !ours.has(path) : !isRunning(holder.process))) return null;
  const who = `process ${holder.process}${isHere ? '' : ` of ${oneLine(holder.machine)}`}`;
  return `${who} writes it: wait for that; where it is no hearsay, or was ended, remove ${path}`;
};

/** @returns lets go of it. Throws a `Mistake` where another process holds it, or nothing can be written there. */
export const held = (what: string, record: string): (() => void) => {
  // A pipe or a terminal is no file that could be put in the place of.
  if (isThere(record) && !isFile(record)) return () => undefined;
  // Of a file with two names, one by a link, there is one holder.
  const path = `${isFile(record) ? realpathSync(record) : record}.held`;
  const own = JSON.stringify({ process: process.pid, machine: hostname() } satisfies Holder);
  try {
    writeFileSync(path, own, { flag: 'wx' });
  } catch (error) {
    const why = codeOf(error) === 'EEXIST' ? whyHeld(path) : null;
    if (why !== null) throw new Mistake(`${what}: ${why}`);
    written(what, () => writeFileSync(path, own));
  }
  ours.add(path);
  const release = (): void => {
    ours.delete(path);
    rmSync(path, { force: true });
  };
  process.once('exit', release);
  return () => {
    process.off('exit', release);
    release();
  };
};
