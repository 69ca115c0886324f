/** A scenario with a free part as data: what a page plays or searches. */
import type { APIRoute } from 'astro';
import type { Scenario } from '../../../../sim/engine/types.ts';
import { grounds } from '../../../play/grounds.ts';

export const getStaticPaths = () => grounds.map((scenario) => ({ params: { id: scenario.id }, props: { scenario } }));

export const GET: APIRoute<{ scenario: Scenario }> = ({ props: { scenario } }) =>
  new Response(JSON.stringify(scenario), { headers: { 'content-type': 'application/json' } });
