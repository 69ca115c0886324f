/** The scenarios with a free part: by which name each stands beside this file. */
import { grounds } from '../../../play/grounds.ts';

export const GET = (): Response =>
  new Response(JSON.stringify(grounds.map(({ id, title }) => ({ id, title, file: `${id}.json` }))), {
    headers: { 'content-type': 'application/json' },
  });
