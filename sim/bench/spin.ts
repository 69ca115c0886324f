/** SPIN on the twin model, where it and a C compiler are installed: from source to verdict, every step timed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Size } from '../explorer/bench/twin.ts';

export type Order = 'depth first' | 'breadth first';

export type SpinRun = {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  /** From starting the verifier to its end, in milliseconds of wall clock. */
  readonly runMs: number;
  /** The search alone, by SPIN's own clock (10 ms steps): without starting up and laying out its table. */
  readonly searchMs: number;
  /** Of states and hash table, without the stack. */
  readonly bytes: number;
};

export type Spin = {
  /** Generating and compiling the verifier. */
  readonly compileMs: number;
  readonly run: () => SpinRun;
};

const isThere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;
export const missingForSpin = (): readonly string[] => ['spin', 'gcc'].filter((command) => !isThere(command));

const source = fileURLToPath(new URL('../explorer/bench/twin.pml', import.meta.url));

const ran = (command: string, args: readonly string[], cwd: string): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stdout}${stderr}`);
  return stdout;
};

const numberIn = (text: string, pattern: RegExp): number => {
  const found = text.match(pattern)?.[1];
  if (found === undefined) throw new Error(`SPIN's report has no ${pattern}: another version?\n${text}`);
  return Number(found);
};

/** SPIN's hash table as wide as fits the states best: measured, others differ by less than runs do. */
const widthFor = (states: number): number => Math.ceil(Math.log2(states)) + 1;

/**
 * Compiles a verifier for safety without reductions, at -O3, with all that SPIN need not check left out, and lets `use` run it.
 * `order`: depth first is what SPIN is best at; breadth first is what finds a shortest way.
 *
 * @param states about how many there are
 */
export const withSpin = <T>(
  size: Size,
  signedOnly: boolean,
  order: Order,
  states: number,
  use: (spin: Spin) => T,
): T => {
  const folder = mkdtempSync(join(tmpdir(), 'twin-'));
  try {
    copyFileSync(source, join(folder, 'twin.pml'));
    const sizes = Object.entries({ ...sizeOf(size), SIGNED: signedOnly ? 1 : 0 }).map(([name, n]) => `-D${name}=${n}`);
    const options = ['-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-DNOCLAIM', '-DMEMLIM=3000'];
    const begun = performance.now();
    const isBreadth = order === 'breadth first';
    ran('spin', [...sizes, ...(isBreadth ? ['-DBREADTH'] : []), '-a', 'twin.pml'], folder);
    ran('gcc', ['-O3', '-w', ...options, ...(isBreadth ? ['-DBFS'] : []), '-o', 'pan', 'pan.c'], folder);
    const compileMs = performance.now() - begun;
    return use({ compileMs, run: () => runIn(folder, widthFor(states)) });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const runIn = (folder: string, width: number): SpinRun => {
  const begun = performance.now();
  const report = ran(join(folder, 'pan'), ['-m3000000', `-w${width}`, '-E'], folder);
  const runMs = performance.now() - begun;
  if (/max search depth too small|out of memory/.test(report)) throw new Error(`SPIN did not finish: ${report}`);
  return {
    states: numberIn(report, /(\d+) states, stored/),
    transitions: numberIn(report, /(\d+) transitions/),
    errors: numberIn(report, /errors: (\d+)/),
    runMs,
    searchMs: Math.max(10, 1000 * numberIn(report, /elapsed time ([\d.]+) seconds/)),
    bytes:
      2 ** 20 *
      (numberIn(report, /([\d.]+)\s+actual memory usage for states/) +
        numberIn(report, /([\d.]+)\s+memory used for hash table/)),
  };
};

const sizeOf = ({ versions, room, losses, repeats, forgeries }: Size) => ({
  VERSIONS: versions,
  ROOM: room,
  LOSSES: losses,
  REPEATS: repeats,
  FORGERIES: forgeries,
});
