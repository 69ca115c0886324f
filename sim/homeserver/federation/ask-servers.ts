/** Servers that reach each other: a client's request with the questions between servers that it takes. */
import { respond } from '../index.ts';
import { at, put } from '../state.ts';
import type { ClientRequest, ClientResponse, FederationAnswer, FederationRequest, Homeserver } from '../types.ts';
import { respondToServer } from './answering.ts';

export type Servers = Readonly<Record<string, Homeserver>>;

const unreached = (name: string): ClientResponse => ({
  status: 502,
  body: { errcode: 'M_UNKNOWN', error: `${name} could not be reached` },
});

/** Asks another server; `null` when it cannot be reached. */
export type Ask = (asked: FederationRequest) => ClientResponse | null;

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
 * @param along how a question gets to another server and its answer back, made of how it does when nothing is wrong
 * @returns the answer, all servers after it, and what was asked in order
 */
export const respondAmong = (
  servers: Servers,
  name: string,
  request: ClientRequest,
  nowMs: number,
  along: (ask: Ask) => Ask = (ask) => ask,
): { readonly servers: Servers; readonly response: ClientResponse; readonly asked: readonly FederationAnswer[] } => {
  const own = at(servers, name);
  if (own === undefined) throw new Error(`there is no server ${name}: was the cast checked?`);
  let others = servers;
  const { last, asked } = rounds(
    name,
    request,
    (answers) => {
      const answered = respond(own, request, nowMs, answers);
      return { last: answered, asks: answered.asks ?? [] };
    },
    along((ask) => {
      const other = at(others, ask.to);
      if (other === undefined) return null;
      const answered = respondToServer(other, name, ask, nowMs);
      others = put(others, ask.to, answered.server);
      return answered.response;
    }),
  );
  return { servers: put(others, name, last.server), response: last.response, asked };
};

/**
 * Has `name` answer again and again until it need not ask any more.
 *
 * @param answer its answer with what others have answered so far, and whom it asks yet
 * @param ask asks another server; `null` when it is not there
 */
export const rounds = <T>(
  name: string,
  request: ClientRequest,
  answer: (answers: readonly FederationAnswer[]) => { readonly last: T; readonly asks: readonly FederationRequest[] },
  ask: Ask,
): { readonly last: T; readonly asked: readonly FederationAnswer[] } => {
  let answers: readonly FederationAnswer[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const { last, asks } = answer(answers);
    if (asks.length === 0) return { last, asked: answers };
    for (const asked of asks) {
      const response = (asked.to === name ? null : ask(asked)) ?? unreached(asked.to);
      answers = [...answers, { asked, response }];
    }
  }
  throw new Error(`${request.method} ${request.path} on ${name} goes on asking: is an answer not recognised as one?`);
};
