/** `/_hearsay/`: by this whoever tests clients plays the attacker. Pages in a browser cannot reach it. */
import type { IncomingMessage } from 'node:http';
import type { ClientResponse } from '../../homeserver/types.ts';
import { type Move, moveNames, readMove } from './moves.ts';
import { jsonBody, refusal } from './request.ts';

/** A page that somebody lured here by a name of its own asks with that name; loopback has these. */
const hosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * What is answered at `path`: `GET /_hearsay/moves` lists the moves there are, `POST /_hearsay/moves` does one.
 *
 * @param act does it
 * @returns 400 `M_BAD_JSON` or `M_NOT_JSON` for what is no move, 404 for what is not there, 403 for who has no business here
 */
export const controlAnswer = async (
  message: IncomingMessage,
  path: string,
  act: (move: Move) => ClientResponse,
): Promise<ClientResponse> => {
  if (!hosts.test(message.headers.host ?? '') || message.headers.origin !== undefined)
    return refusal(403, 'M_FORBIDDEN', 'The control endpoint is for programs on this machine');
  if (path !== '/_hearsay/moves') return refusal(404, 'M_UNRECOGNIZED', 'Unrecognized request');
  if (message.method === 'GET') return { status: 200, body: { moves: moveNames } };
  if (message.method !== 'POST') return refusal(405, 'M_UNRECOGNIZED', 'Unrecognized request');
  const read = await jsonBody(message);
  if (!read.ok) return read.response;
  const move = readMove(read.value);
  return typeof move === 'string' ? refusal(400, 'M_BAD_JSON', move) : act(move);
};
