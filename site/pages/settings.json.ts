/** Every setting that the texts know, in words, fetched when somebody turns one: pages name them by their places here. */
import { knownSettings } from '../settings.ts';

export const GET = (): Response =>
  new Response(JSON.stringify(knownSettings), { headers: { 'content-type': 'application/json' } });
