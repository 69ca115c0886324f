/** A search that is told to stop: what it has is kept, whoever told it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hearsay } from './hearsay.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearsay-stopping-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param onProgress called whenever it says how far it is */
const told = async (args: readonly string[], onProgress: () => void) => {
  let said = '';
  const status = await hearsay(args, {
    out: (text) => {
      said += text;
    },
    err: onProgress,
    isColoured: false,
    showsProgress: true,
    here: folder,
  });
  return { status, said };
};

it.each(['SIGINT', 'SIGTERM'] as const)(
  'keeps a search that %s ends, and comes to the same end from there',
  async (signal) => {
    const search = ['explore', 'play/a-stolen-token'];
    const whole = await told(search, () => undefined);
    const keeping = [...search, '--keep', `${signal}.json`];
    let isTold = false;
    const left = await told(keeping, () => {
      if (isTold) return;
      isTold = true;
      process.emit(signal);
    });
    expect(left).toEqual({ status: 0, said: expect.stringContaining('left before its end') });
    expect(left.said).toContain(`kept: ${signal}.json (the same command goes on from there)`);
    const { said } = await told(keeping, () => undefined);
    expect(said.slice(0, said.indexOf('  kept:'))).toBe(whole.said);
    // Nothing listens any longer: whatever runs next ends as processes do.
    expect(process.listenerCount(signal)).toBe(0);
  },
);
