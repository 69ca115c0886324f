/** A homeserver that real clients can talk to within one process: the one place where its state is held and moves on. */
import { respond } from '../homeserver/index.ts';
import type { ClientRequest, ClientResponse, Homeserver } from '../homeserver/types.ts';

export type Holder = {
  readonly send: (request: ClientRequest) => ClientResponse;
  /** The state after all requests so far. */
  readonly now: () => Homeserver;
};

/** Holds `begin` and lets each request move it on, all at the virtual time `nowMs`. */
export const holdHomeserver = (begin: Homeserver, nowMs = 0): Holder => {
  let server = begin;
  const send = (request: ClientRequest): ClientResponse => {
    const done = respond(server, request, nowMs);
    server = done.server;
    return done.response;
  };
  return { send, now: () => server };
};
