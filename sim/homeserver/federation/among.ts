/** Servers that reach each other: a client's request with the questions between servers that it takes. */
import { respond } from '../index.ts';
import { at, put } from '../state.ts';
import type { ClientRequest, ClientResponse, FederationAnswer, Homeserver } from '../types.ts';
import { respondToServer } from './answering.ts';

export type Servers = Readonly<Record<string, Homeserver>>;

const unreached = (name: string): ClientResponse => ({
  status: 502,
  body: { errcode: 'M_UNKNOWN', error: `${name} could not be reached` },
});

/** No request asks so often: whoever comes here asks for ever. */
const roundsMax = 20;

/**
 * Answers a client's request among several servers: asks, at once, what has to be asked of those that are there.
 *
 * Every question changes the server that is asked, as a one-time key claimed is gone; the server that asks changes once, with
 * the last answer. A server that is not among `servers` cannot be reached, which is an
 * answer too: 502.
 *
 * @param name the server the request is for, one of `servers`; throws when it is not
 * @param nowMs virtual milliseconds
 * @returns the answer, all servers after it, and what was asked in order
 */
export const respondAmong = (
  servers: Servers,
  name: string,
  request: ClientRequest,
  nowMs: number,
): { readonly servers: Servers; readonly response: ClientResponse; readonly asked: readonly FederationAnswer[] } => {
  const own = at(servers, name);
  if (own === undefined) throw new Error(`there is no server ${name}: was the cast checked?`);
  let others = servers;
  let answers: readonly FederationAnswer[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const { server, response, asks = [] } = respond(own, request, nowMs, answers);
    if (asks.length === 0) return { servers: put(others, name, server), response, asked: answers };
    for (const asked of asks) {
      const other = asked.to === name ? undefined : at(others, asked.to);
      const answered = other === undefined ? null : respondToServer(other, name, asked, nowMs);
      if (answered !== null) others = put(others, asked.to, answered.server);
      answers = [...answers, { asked, response: answered?.response ?? unreached(asked.to) }];
    }
  }
  throw new Error(`${request.method} ${request.path} on ${name} goes on asking: is an answer not recognised as one?`);
};
