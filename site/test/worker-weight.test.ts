/** What a page fetches to run a story: measured packed, as a server sends it. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleParts } from './bundle.ts';

/** Bytes of a run alone, without what it is told and drawn with. */
const runMax = 200_000;

it('has a run weigh no more than 200 kB, without a parser of files and without a sentence of the ledger', async () => {
  const parts = await bundleParts(`
    import { runStory } from '/sim/runs/run.ts';
    globalThis.runStory = runStory;`);
  const code = [...parts.values()].join('\n');
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(runMax);
  expect(code).toContain('4385-push-cross-signed-only');
  expect(code).not.toContain('Only take pushes from cross-signed devices');
  expect(code).not.toContain('YAMLParseError');
});
