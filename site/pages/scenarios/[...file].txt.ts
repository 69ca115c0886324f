/** Runs as text, beside the page of their scenario: `run.txt`, `without-….txt`. */

import { briefFork, briefText } from '../../../sim/runs/brief.ts';
import { type Entry, entries, type Variant } from '../../runs.ts';

type Props = { readonly entry: Entry; readonly variant: Variant };

export const getStaticPaths = () =>
  entries.flatMap((entry) =>
    entry.variants.map((variant) => ({
      params: { file: `${entry.scenario.id}/${variant.name}` },
      props: { entry, variant },
    })),
  );

export const GET = ({ props: { entry, variant } }: { readonly props: Props }): Response => {
  const [base] = entry.variants;
  const text = variant === base ? briefText(base.run) : briefFork(base.run, variant.run, `${base.name}.txt`);
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
