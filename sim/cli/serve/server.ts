/** The homeserver of the simulator over HTTP on loopback: one port a server, all in one process, and one order in which things happen. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { UserId } from '../../../machines/types.ts';
import { hasNews } from '../../homeserver/index.ts';
import { at } from '../../homeserver/state.ts';
import type { ClientRequest, ClientResponse } from '../../homeserver/types.ts';
import { answered, companyOf, type Event } from './company.ts';
import { controlAnswer } from './control.ts';
import type { Entry } from './log.ts';
import { refusal, requestIn } from './request.ts';
import { write, writeAllowed } from './response.ts';
import { makeWaiting } from './waiting.ts';

export type Serving = {
  /** Accounts: `@alice:example.org`. Each server that is named is served. */
  readonly users: readonly UserId[];
  /** Of the first server; others follow. 0: whichever are free. */
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called with all that happens, in order. */
  readonly logged: (entry: Entry) => void;
  /** Called with an exception that nobody expected: whoever asked gets 500, and all is as it was before. */
  readonly failed: (error: unknown) => void;
  /** Usual: `usualPatience`. */
  readonly patience?: Patience;
};
/** How long a client may take, in milliseconds; whoever takes longer is cut off, and nobody else waits meanwhile. */
export type Patience = {
  /** For the head of a request: its first line and its headers. */
  readonly headMs: number;
  /** For all of a request. */
  readonly requestMs: number;
  /** Without taking anything of an answer that is there for it. */
  readonly answerMs: number;
};
export const usualPatience: Patience = { headMs: 20_000, requestMs: 60_000, answerMs: 60_000 };

export type Served = {
  /** Server name → its address: `http://127.0.0.1:8008`. */
  readonly addresses: ReadonlyMap<string, string>;
  /** How many syncs wait for news. */
  readonly waiting: () => number;
  /** How many connections are open. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** A sync waits no longer than this, whatever it asks for. */
const syncMsMax = 60_000;
/** A connection that is kept is closed by whoever opened it: a client that has just been busy may be about to ask by it. */
const keptMsMax = 10 * 60_000;
/** How long a connection stays that was told to go. */
const farewellMs = 1_000;
const loopback = '127.0.0.1';

/** How long a request wants to wait for news, in milliseconds; 0 for what is answered at once. */
const patienceOf = ({ method, path, query = {} }: ClientRequest): number => {
  if (method !== 'GET' || path !== '/_matrix/client/v3/sync' || query.since === undefined) return 0;
  if (query.full_state === 'true') return 0;
  const ms = Number(query.timeout ?? 0);
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), syncMsMax) : 0;
};

const timeouts = ({ headMs, requestMs }: Patience): ServerOptions => ({
  requestTimeout: requestMs,
  headersTimeout: Math.min(headMs, requestMs),
  keepAliveTimeout: keptMsMax,
  // How often is looked who is late.
  connectionsCheckingInterval: Math.max(10, Math.ceil(Math.min(headMs, requestMs) / 4)),
});

/** What is no HTTP, or too slow, is told so as far as it can be, and waited for no longer. */
const turnedAway = (error: Error & { readonly code?: string }, socket: Duplex): void => {
  const told =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  // More may be wrong with it, and is told once.
  if (!socket.writable) return;
  socket.end(`HTTP/1.1 ${told}\r\nConnection: close\r\n\r\n`);
  // What it goes on sending is read and dropped for a moment: ended at once, it would not hear why.
  socket.resume();
  const ended = setTimeout(() => socket.destroy(), farewellMs);
  socket.once('close', () => clearTimeout(ended));
};

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(port, loopback, () => ready((server.address() as AddressInfo).port));
  });

/** Begins to serve. Rejects with the error of the system where a port cannot be had. */
export const serve = async (serving: Serving): Promise<Served> => {
  const { users, port, now, logged, failed, patience = usualPatience } = serving;
  let servers = companyOf(users);
  const waiting = makeWaiting();
  const addresses = new Map<string, string>();
  const sockets = new Set<Socket>();

  /** What is written and not taken for long ends the connection. */
  const say = (...[to, ...answer]: Parameters<typeof write>): void => {
    write(to, ...answer);
    if (!to.writableFinished) to.setTimeout(patience.answerMs);
  };

  const act = (event: Event): ClientResponse => {
    const before = servers;
    const after = answered(before, event);
    servers = after.servers;
    logged({ event, response: after.response });
    if (servers !== before) waiting.changed();
    return after.response;
  };

  const isNews = (name: string, { accessToken, query = {} }: ClientRequest): boolean => {
    const server = at(servers, name);
    const owner = server === undefined ? undefined : at(server.tokens, accessToken ?? '');
    // Whoever is not logged in any more is to hear of it.
    return (
      server === undefined || owner === undefined || hasNews(server, owner.user, owner.device, query.since ?? null)
    );
  };

  const answer = async (name: string, message: IncomingMessage, to: ServerResponse): Promise<void> => {
    const [path = ''] = (message.url ?? '').split('?');
    if (path.startsWith('/_hearsay/')) {
      const response = await controlAnswer(message, path, (move) => act({ at: now(), server: name, move }));
      say(to, path, response, { isForPages: false, isLast: !message.complete });
      return;
    }
    if (message.method === 'OPTIONS') {
      writeAllowed(to);
      return;
    }
    if (path === '/.well-known/matrix/client') {
      say(to, path, { status: 200, body: { 'm.homeserver': { base_url: addresses.get(name) ?? '' } } });
      return;
    }
    const read = await requestIn(message, at(servers, name)?.config.uploadBytesMax ?? 0);
    if (!read.ok) {
      say(to, path, read.response, { isLast: !message.complete });
      return;
    }
    const request = read.value;
    const ms = patienceOf(request);
    if (ms > 0) {
      const left = new AbortController();
      to.once('close', () => left.abort());
      await waiting.until(() => isNews(name, request), ms, left.signal);
      // Nobody is there to hear what would count as told.
      if (left.signal.aborted) return;
    }
    say(to, path, act({ at: now(), server: name, request }));
  };

  const handle = (name: string) => (message: IncomingMessage, to: ServerResponse) => {
    answer(name, message, to).catch((error: unknown) => {
      // A body that breaks off is nobody's fault.
      if (message.destroyed && !message.complete) return;
      failed(error);
      say(to, '', refusal(500, 'M_UNKNOWN', 'This is a fault of hearsay'), { isLast: true });
    });
  };

  const open: Server[] = [];
  const close = async (): Promise<void> => {
    waiting.end();
    await Promise.all(
      open.map((server) => {
        const ended = new Promise((done) => server.close(done));
        server.closeAllConnections();
        return ended;
      }),
    );
  };
  try {
    for (const [nth, name] of Object.keys(servers).entries()) {
      const server = createServer(timeouts(patience), handle(name));
      server.on('clientError', turnedAway);
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      open.push(server);
      addresses.set(name, `http://${loopback}:${await listening(server, port === 0 ? 0 : port + nth)}`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { addresses, waiting: waiting.count, connections: () => sockets.size, close };
};
