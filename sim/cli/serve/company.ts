/** The servers that are served, and how each request changes them: pure, so that a list of requests says all that happened. */
import type { UserId } from '../../../machines/types.ts';
import { respondAmong, type Servers } from '../../homeserver/federation/ask-servers.ts';
import { delivered, destinationsOf, nextTransaction } from '../../homeserver/federation/links.ts';
import { receiveTransaction } from '../../homeserver/federation/receiving.ts';
import { emptyHomeserver, registerUser } from '../../homeserver/index.ts';
import { at, put, serverOf } from '../../homeserver/state.ts';
import type { ClientRequest, ClientResponse } from '../../homeserver/types.ts';
import { type Move, moved } from './moves.ts';
import { refusalOf } from './refusing.ts';

/** The password of every account. */
export const password = 'secret';

/** Servers by name, in the order in which users name them, each with its accounts. */
export const companyOf = (users: readonly UserId[]): Servers =>
  users.reduce<Servers>((servers, user) => {
    const name = serverOf(user);
    const localpart = user.slice(1, user.indexOf(':'));
    return put(servers, name, registerUser(at(servers, name) ?? emptyHomeserver(name), localpart, password));
  }, {});

/** What comes to a server: a client's request, or a move of whoever runs it. `at`: milliseconds since the epoch. */
export type Event = { readonly at: number; readonly server: string } & (
  | { readonly request: ClientRequest }
  | { readonly move: Move }
);
export type After = { readonly servers: Servers; readonly response: ClientResponse };

/** More than this waits for nobody: servers that go on answering each other are a fault of ours. */
const transactionsMax = 10_000;

/** Hands over all that waits between servers: here they are always in reach of each other. The very same where nothing waits. */
const exchanged = (servers: Servers): Servers => {
  let now = servers;
  for (let count = 0; count < transactionsMax; count += 1) {
    const waiting = Object.values(now).flatMap((server) =>
      destinationsOf(server).flatMap((to) => {
        const transaction = at(now, to) === undefined ? null : nextTransaction(server, to);
        return transaction === null ? [] : [{ server, to, transaction }];
      }),
    );
    const [next] = waiting;
    const other = next === undefined ? undefined : at(now, next.to);
    if (next === undefined || other === undefined) return now;
    const { server, to, transaction } = next;
    now = put(now, to, receiveTransaction(other, server.name, transaction));
    now = put(now, server.name, delivered(at(now, server.name) ?? server, to, transaction.id));
  }
  throw new Error('servers go on sending each other transactions: does one answer what it has heard?');
};

/** What an event is answered, and all servers after it. Servers hear at once what others have for them. */
export const answered = (servers: Servers, event: Event): After => {
  const own = at(servers, event.server);
  const refused = 'move' in event || own === undefined ? null : refusalOf(own, event.request);
  if (refused !== null) return { servers, response: refused };
  const done =
    'move' in event
      ? moved(servers, event.server, event.move, event.at)
      : respondAmong(servers, event.server, event.request, event.at);
  return { servers: exchanged(done.servers), response: done.response };
};
