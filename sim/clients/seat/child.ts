/** A child process in a seat: one line of JSON for what it is told, one line for what it says, both with the same `id`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isObject } from '../../../machines/json.ts';
import type { Said, Told, Trouble } from './client.ts';
import { patienceAtStartMs } from './patience.ts';
import { saidIn } from './reading.ts';
import type { Sitting } from './sitting.ts';

/** The longest line that is read, in characters. */
const lineMax = 8_000_000;

/** Starts it. What it does wrong from then on is a value, and so is a command that cannot be started. */
export const startChild = ({ command, seed, patienceMs }: Sitting): ((told: Told) => Promise<Said | Trouble>) => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HEARSAY_SEED: seed, PYTHONHASHSEED: '0' },
  });
  let over: Trouble | null = null;
  let hear: ((said: Said | Trouble) => void) | null = null;
  const say = (said: Said | Trouble): void => {
    if ('trouble' in said) over ??= said;
    const to = hear;
    hear = null;
    to?.(said);
  };
  child.on('error', (error) => say({ trouble: 'dead', why: `${program} cannot be started: ${whyNotStarted(error)}` }));
  child.on('exit', (code, signal) =>
    say({ trouble: 'dead', why: `${program} ended with ${code === null ? String(signal) : `exit code ${code}`}` }),
  );
  child.stdin.on('error', () => undefined); // it is told of by `exit`
  process.on('exit', () => child.kill());

  let id = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (hear === null) return; // said too late, or unasked
    say(lineIn(line, id));
  });
  return (told) =>
    new Promise((resolve) => {
      if (over !== null) return resolve(over);
      id += 1;
      const ms = told.op === 'hello' ? Math.max(patienceMs, patienceAtStartMs) : patienceMs;
      const late = setTimeout(
        () => say({ trouble: 'silent', why: `nothing was said to “${told.op}” within ${ms} ms` }),
        ms,
      );
      hear = (said) => {
        clearTimeout(late);
        resolve(said);
      };
      child.stdin.write(`${JSON.stringify({ id, ...told })}\n`);
    });
};

const whyNotStarted = (error: Error & { readonly code?: string }): string =>
  error.code === 'ENOENT' ? 'there is no such program' : error.code === 'EACCES' ? 'it may not be run' : error.message;

const lineIn = (line: string, id: number): Said | Trouble => {
  const nonsense = (why: string): Trouble => ({ trouble: 'nonsense', why });
  if (line.length > lineMax) return nonsense(`a line of ${line.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return nonsense(`no JSON: ${line.slice(0, 80)}`);
  }
  if (!isObject(value)) return nonsense('no object');
  if (value.id !== id) return nonsense(`it answers ${JSON.stringify(value.id)}, and was told ${id}`);
  const said = saidIn(value);
  return typeof said === 'string' ? nonsense(said) : said;
};
