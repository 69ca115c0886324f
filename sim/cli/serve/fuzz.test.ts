/** A few thousand of the requests of `npm run fuzz:serve`. */
import { expect, it } from 'vitest';
import { luckOf } from '../../fuzz/luck.ts';
import { blockSize, fuzzBlock } from './fuzz-run.ts';
import { attemptOf } from './fuzzing.ts';

const known = { tokens: ['token'], segments: ['@alice:example.org', 'PHONE'] };
const drawn = (count: number) => Array.from({ length: count }, (_, nth) => attemptOf(luckOf(`test/${nth}`), known));

it('draws the same requests for the same seed, of more than twenty kinds', () => {
  const bytes = () => drawn(300).map(({ parts }) => parts.map((part) => Buffer.from(part).toString('base64')));
  expect(bytes()).toEqual(bytes());
  expect(new Set(drawn(2000).map(({ kind }) => kind)).size).toBeGreaterThan(20);
});

it('answers or ends each as it should, plays again all that it logs, and loses nothing that two people write meanwhile', async () => {
  const { failures, written, read, came } = await fuzzBlock('test', 0, blockSize);
  expect(failures).toEqual([]);
  expect(written).toBeGreaterThan(200);
  expect(read).toBe(written);
  // Some get through to the homeserver and are done, some are refused there, some before.
  for (const status of ['200', '400', '401', '403', '404', '405', '431'])
    expect(came[status], status).toBeGreaterThan(10);
});
