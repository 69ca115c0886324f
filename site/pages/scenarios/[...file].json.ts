/** What the steps of a scenario carried, in full: `steps.json` beside its page, fetched when somebody opens it. */
import { lettersFile } from '../../letters.ts';
import { type Entry, entries } from '../../runs.ts';

export const getStaticPaths = () =>
  entries.map((entry) => ({ params: { file: `${entry.scenario.id}/steps` }, props: { entry } }));

export const GET = ({ props: { entry } }: { readonly props: { readonly entry: Entry } }): Response =>
  new Response(lettersFile(entry.variants[0].run), { headers: { 'content-type': 'application/json' } });
