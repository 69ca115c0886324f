/** The JSON Schema of scenario files, for editors. */
import { schemaText } from '../../sim/scenario/schema.ts';

export const GET = (): Response =>
  new Response(schemaText(), { headers: { 'content-type': 'application/schema+json' } });
