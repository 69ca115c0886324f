/** What the steps of a scenario carried, in full: `steps.json.gz` beside its page, fetched when somebody opens a step. */
import { gzipSync } from 'node:zlib';
import { lettersFile } from '../../letters.ts';
import { type Entry, entries } from '../../runs.ts';

export const getStaticPaths = () =>
  entries.map((entry) => ({ params: { file: `${entry.scenario.id}/steps` }, props: { entry } }));

// Packed on the disk too: of all that stands beside a page, this is read by the script alone.
export const GET = ({ props: { entry } }: { readonly props: { readonly entry: Entry } }): Response =>
  new Response(new Uint8Array(gzipSync(lettersFile(entry.variants[0].run), { level: 9 })), {
    headers: { 'content-type': 'application/gzip' },
  });
