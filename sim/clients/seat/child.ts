/** A child process in a seat: one line of JSON for what it is told, one line for what it says, both with the same `id`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isObject } from '../../../machines/json.ts';
import { faultLine, readJson } from '../../scenario/json-text.ts';
import type { Said, Told, Trouble } from './client.ts';
import { ending, hasGroups } from './ending.ts';
import { passOn } from './passing-on.ts';
import { patienceAtStartMs } from './patience.ts';
import { saidIn } from './reading.ts';
import type { Sitting } from './sitting.ts';

/** The longest line that is read, in characters. */
const lineMax = 8_000_000;

/** The longest that a line may grow before it ends, in bytes. */
const lineBytesMax = 4 * lineMax;
/** How long is waited for the last words of a child that has ended, in milliseconds: somebody it left behind may hold its output open. */
const lastWordsMs = 500;

export type Child = {
  readonly tell: (told: Told) => Promise<Said | Trouble>;
  /** Ends it and whomever it has started, but who has left its process group. */
  readonly end: () => void;
};

/**
 * Starts it. What it does wrong from then on is a value, and so is a command that cannot be started. It is ended as soon as it is in trouble,
 * and with this process, however that ends.
 */
export const startChild = ({ command, seed, patienceMs }: Sitting): Child => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: hasGroups,
    env: { ...process.env, HEARSAY_SEED: seed, PYTHONHASHSEED: '0' },
  });
  const end = ending(child);
  let over: Trouble | null = null;
  let hear: ((said: Said | Trouble) => void) | null = null;
  const say = (said: Said | Trouble): void => {
    if ('trouble' in said) {
      over ??= said;
      end();
    }
    const to = hear;
    hear = null;
    to?.(said);
  };
  child.on('error', (error) => say({ trouble: 'dead', why: `${program} cannot be started: ${whyNotStarted(error)}` }));
  child.on('exit', (code, signal) => {
    const dead: Trouble = {
      trouble: 'dead',
      why: `${program} ended with ${code === null ? String(signal) : `exit code ${code}`}`,
    };
    // Whomever it has started does not outlive it, and what it has said last is heard first.
    end();
    child.on('close', () => say(dead));
    setTimeout(() => say(dead), lastWordsMs);
  });
  child.stdin.on('error', () => undefined); // it is told of by `exit`
  passOn(child.stderr, program);

  let sinceLine = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    const last = bytes.lastIndexOf('\n');
    sinceLine = last < 0 ? sinceLine + bytes.length : bytes.length - last - 1;
    if (sinceLine > lineBytesMax)
      say({ trouble: 'nonsense', why: `a line of more than ${lineBytesMax} bytes that does not end` });
  });
  let id = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Of whom it is known that they are in trouble, nothing more is.
    if (over !== null) return;
    say(
      hear === null
        ? { trouble: 'nonsense', why: `a line that nobody asked for: ${line.slice(0, 80)}` }
        : lineIn(line, id),
    );
  });
  const tell = (told: Told): Promise<Said | Trouble> =>
    new Promise((resolve) => {
      if (over !== null) return resolve(over);
      id += 1;
      const ms = told.op === 'hello' ? Math.max(patienceMs, patienceAtStartMs) : patienceMs;
      const late = setTimeout(() => {
        const what = sinceLine === 0 ? 'nothing' : `no line that ends (${sinceLine} bytes of one)`;
        say({ trouble: 'silent', why: `${what} was said to “${told.op}” within ${ms} ms` });
      }, ms);
      hear = (said) => {
        clearTimeout(late);
        resolve(said);
      };
      child.stdin.write(`${JSON.stringify({ id, ...told })}\n`);
    });
  return { tell, end };
};

const whyNotStarted = (error: Error & { readonly code?: string }): string =>
  error.code === 'ENOENT' ? 'there is no such program' : error.code === 'EACCES' ? 'it may not be run' : error.message;

const lineIn = (line: string, id: number): Said | Trouble => {
  const nonsense = (why: string): Trouble => ({ trouble: 'nonsense', why });
  if (line.length > lineMax) return nonsense(`a line of ${line.length} characters`);
  const read = readJson(line);
  if (!read.ok) return nonsense(`no JSON that can be read: ${line.slice(0, 80)} (${faultLine(read)})`);
  const { value } = read;
  if (!isObject(value)) return nonsense('no object');
  if (value.id !== id) return nonsense(`it answers ${JSON.stringify(value.id)}, and was told ${id}`);
  const said = saidIn(value);
  return typeof said === 'string' ? nonsense(said) : said;
};
