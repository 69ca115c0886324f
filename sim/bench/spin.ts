/** One question, from its source to its verdict: by SPIN, whose search is compiled first, and by a cold command of ours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Verdict } from '../engine/types.ts';
import { hearsay, timed } from './processes.ts';
import { definedFor, modelOf, promela, type Question, toldQuestion } from './spin-questions.ts';

/** Milliseconds: of SPIN its own, the compiler's and the search's. */
export type Asked = {
  readonly verdict: Verdict;
  readonly ms: number;
  readonly parts: Readonly<Record<string, number>>;
};

export const howToInstall = 'apt-get install spin gcc (or brew install spin)';

const said = (command: string, ...args: readonly string[]): string | null => {
  const { status, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  return error !== undefined || status !== 0 ? null : (stdout.split('\n')[0] ?? '').trim();
};
/** Which SPIN and compiler there are; `null` where one is missing. */
export const spinHere = (): string | null => {
  const [spin, gcc] = [said('spin', '-V'), said('gcc', '--version')];
  return spin === null || gcc === null ? null : `${spin.split(' -- ')[0]}, ${gcc}`;
};

/** What the search prints: a break, or that there is none wherever it can get to. Throws where it did not get everywhere. */
const verdictIn = (out: string): Verdict => {
  const errors = /errors: (\d+)/.exec(out)?.[1];
  if (errors === undefined) throw new Error(`SPIN's search does not say what it came to: ${out}`);
  if (errors !== '0') {
    if (!out.includes('assertion violated'))
      throw new Error(`SPIN's search ends otherwise than by an assertion: ${out}`);
    return 'breaks';
  }
  if (/not completed|depth too small|truncated/.test(out)) throw new Error(`SPIN's search is no whole one: ${out}`);
  return 'holds';
};

/**
 * As its manual has it: the search is generated, compiled with `-O2` for assertions alone (`SAFETY`), and run depth first until the first
 * break. That nothing is left to do (`-E`) is no error in these models. `-O0` compiles sooner, and searches slower.
 */
export const askSpin = (question: Question, optimised: '-O2' | '-O0' = '-O2'): Asked => {
  const where = mkdtempSync(join(tmpdir(), 'hearsay-spin-'));
  try {
    const defined = definedFor(question).map((name) => `-D${name}`);
    const spin = timed('spin', [...defined, '-a', fileURLToPath(modelOf(question))], where);
    const gcc = timed('gcc', ['-w', optimised, '-DSAFETY', '-o', 'pan', 'pan.c'], where);
    const pan = timed('./pan', ['-E'], where);
    const parts = { spin: spin.ms, gcc: gcc.ms, pan: pan.ms };
    return { verdict: verdictIn(pan.out), ms: spin.ms + gcc.ms + pan.ms, parts };
  } finally {
    rmSync(where, { recursive: true });
  }
};

/** `hearsay explore`, in a process of its own, as somebody starts it who has Node at hand: a break is replayed with real bytes too. */
export const askHearsay = ({ arena, guarantee, without }: Question): Asked => {
  const turned = without === null ? [] : ['--without', without];
  const given = ['explore', arena, '--guarantee', guarantee, ...turned, '--json'];
  const { out, ms } = hearsay(...given);
  const { found, limit } = JSON.parse(out) as {
    readonly found: readonly { readonly guarantee: string; readonly verdict: Verdict }[];
    readonly limit: string | null;
  };
  const [only, more] = found;
  if (only?.guarantee !== guarantee || more !== undefined)
    throw new Error(`hearsay says nothing of ${toldQuestion({ arena, guarantee, without })}`);
  if (only.verdict === 'holds' && limit !== null) throw new Error(`hearsay's search is no whole one: ${limit}`);
  return { verdict: only.verdict, ms, parts: {} };
};

/** What a search of SPIN's has seen, breadth first, when its time or a gigabyte is up. */
export type Seen = { readonly worlds: number; readonly depth: number; readonly bytes: number };

/** @param defined as for the preprocessor: `MOVES=12` */
export const askSpinFor = (model: string, defined: readonly string[], minutes: number): Seen => {
  const where = mkdtempSync(join(tmpdir(), 'hearsay-spin-'));
  try {
    const text = fileURLToPath(new URL(`${model}.pml`, promela));
    timed('spin', [...defined.map((one) => `-D${one}`), '-a', text], where);
    timed('gcc', ['-w', '-O2', '-DSAFETY', '-DBFS', '-DCOLLAPSE', '-DMEMLIM=1024', '-o', 'pan', 'pan.c'], where);
    const { stdout } = spawnSync('./pan', ['-E', `-Q${minutes}`], { cwd: where, encoding: 'utf8', maxBuffer: 2 ** 28 });
    const told = (pattern: RegExp): number => {
      const [, number] = pattern.exec(stdout) ?? [];
      if (number === undefined) throw new Error(`SPIN's search does not say how far it came: ${stdout}`);
      return Number(number);
    };
    return {
      worlds: told(/([\d.e+]+) states, stored/),
      depth: told(/depth reached (\d+)/),
      bytes: told(/([\d.]+)\s+total actual memory usage/) * 2 ** 20,
    };
  } finally {
    rmSync(where, { recursive: true });
  }
};
