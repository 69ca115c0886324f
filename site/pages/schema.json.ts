/** The JSON Schema of scenario files, for editors. */
import { scenarioSchema } from '../../sim/scenario/schema.ts';

export const GET = (): Response =>
  new Response(JSON.stringify(scenarioSchema()), { headers: { 'content-type': 'application/schema+json' } });
