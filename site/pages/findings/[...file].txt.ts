/** A finding as Markdown for a comment, beside its page: `comment.txt`. The script of the page puts the run that shows it below, as text. */
import type { APIContext } from 'astro';
import { findingHead } from '../../../sim/ledger/findings/comment.ts';
import type { Finding } from '../../../sim/ledger/findings/list.ts';
import { findingHref, findings, firstShown } from '../../findings.ts';

export const getStaticPaths = () =>
  findings.map((finding) => ({ params: { file: `${finding.id}/comment` }, props: { finding } }));

export const GET = ({ props: { finding }, site }: APIContext<{ readonly finding: Finding }>): Response => {
  const first = firstShown(finding);
  const shown = first === null ? null : { run: first.variant.run, siblings: first.siblings.map(({ run }) => run) };
  const address = site === undefined ? null : new URL(`.${findingHref(finding)}`, site).href;
  return new Response(findingHead(finding, { shown, address }), {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
};
