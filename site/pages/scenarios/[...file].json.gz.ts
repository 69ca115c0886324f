/** What the steps of a scenario carried, in full, and what can be turned in it: `steps.json.gz` beside its page, fetched when somebody opens a step. */
import { gzipSync } from 'node:zlib';
import type { APIContext } from 'astro';
import { commentHead } from '../../../sim/runs/export/comment.ts';
import { lettersFile } from '../../letters.ts';
import { type Entry, entries } from '../../runs.ts';
import { settingList, shortened } from '../../settings.ts';

export const getStaticPaths = () =>
  entries.map((entry) => ({ params: { file: `${entry.scenario.id}/steps` }, props: { entry } }));

// Packed on the disk too: of all that stands beside a page, this is read by the script alone.
export const GET = ({ props: { entry }, site }: APIContext<{ readonly entry: Entry }>): Response => {
  const [base, ...others] = entry.variants;
  const address = site === undefined ? null : new URL(`.${base.href}`, site).href;
  const siblings = others.map(({ run }) => run);
  const comment = commentHead(base.run, { siblings, address });
  const file = lettersFile(base.run, { comment, settings: shortened(settingList(base.run, siblings)) });
  return new Response(new Uint8Array(gzipSync(file, { level: 9 })), {
    headers: { 'content-type': 'application/gzip' },
  });
};
