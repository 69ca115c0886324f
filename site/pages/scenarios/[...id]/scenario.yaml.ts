/** The file that a scenario is read from, as it is. */
import { entries } from '../../../runs.ts';

export const getStaticPaths = () =>
  entries.map(({ scenario, source }) => ({ params: { id: scenario.id }, props: { source } }));

export const GET = ({ props }: { readonly props: { readonly source: string } }): Response =>
  new Response(props.source, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
