/** Every setting that the texts know, in words, fetched when somebody turns one: pages name them by their places here. */
import { gzipSync } from 'node:zlib';
import { knownSettings } from '../settings.ts';

// Packed on the disk too, as what stands beside scenarios is: it is read by the script alone.
export const GET = (): Response =>
  new Response(new Uint8Array(gzipSync(JSON.stringify(knownSettings), { level: 9 })), {
    headers: { 'content-type': 'application/gzip' },
  });
