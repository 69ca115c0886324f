/** The runs of a scenario as text, beside its page: `run.txt`. */

import { briefText } from '../../../sim/runs/brief.ts';
import { type Entry, entries } from '../../runs.ts';

export const getStaticPaths = () =>
  entries.map((entry) => ({ params: { file: `${entry.scenario.id}/run` }, props: { entry } }));

export const GET = ({ props: { entry } }: { readonly props: { readonly entry: Entry } }): Response => {
  const [base, ...others] = entry.variants.map(({ run }) => run);
  const text = base === undefined ? '' : briefText(base, others);
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
