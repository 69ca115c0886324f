/** SPIN on the twin model, where it and a C compiler are installed: from source to verdict, every step timed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Size } from '../explorer/bench/twin.ts';

export type SpinRun = {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  /** Generating and compiling the verifier, and running it, in milliseconds of wall clock. */
  readonly compileMs: number;
  readonly runMs: number;
  /** The search alone, by SPIN's own clock (10 ms steps): without starting up and laying out its table. */
  readonly searchMs: number;
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

/**
 * A safety run without reductions, at -O3, with all that SPIN need not check left out. `order`: depth first is what SPIN
 * is best at; breadth first is what finds a shortest way.
 */
export const runSpin = (size: Size, signedOnly: boolean, order: 'depth first' | 'breadth first'): SpinRun => {
  const folder = mkdtempSync(join(tmpdir(), 'twin-'));
  try {
    copyFileSync(source, join(folder, 'twin.pml'));
    const sizes = Object.entries({ ...sizeOf(size), SIGNED: signedOnly ? 1 : 0 }).map(([name, n]) => `-D${name}=${n}`);
    const options = ['-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-DNOCLAIM', '-DMEMLIM=3000'];
    const begun = performance.now();
    const isBreadth = order === 'breadth first';
    ran('spin', [...sizes, ...(isBreadth ? ['-DBREADTH'] : []), '-a', 'twin.pml'], folder);
    const breadth = isBreadth ? ['-DBFS'] : [];
    ran('gcc', ['-O3', '-w', ...options, ...breadth, '-o', 'pan', 'pan.c'], folder);
    const compiled = performance.now();
    const report = ran(join(folder, 'pan'), ['-m3000000', '-w22', '-E'], folder);
    const done = performance.now();
    if (/max search depth too small|out of memory/.test(report)) throw new Error(`SPIN did not finish: ${report}`);
    return {
      states: numberIn(report, /(\d+) states, stored/),
      transitions: numberIn(report, /(\d+) transitions/),
      errors: numberIn(report, /errors: (\d+)/),
      compileMs: compiled - begun,
      runMs: done - compiled,
      searchMs: Math.max(10, 1000 * numberIn(report, /elapsed time ([\d.]+) seconds/)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const sizeOf = ({ versions, room, losses, repeats, forgeries }: Size) => ({
  VERSIONS: versions,
  ROOM: room,
  LOSSES: losses,
  REPEATS: repeats,
  FORGERIES: forgeries,
});
