/** For tests: a homeserver held in place, and people who speak to it. */
import { type Json, stringAt } from '../../machines/json.ts';
import { respondAmong, type Servers } from './federation/ask-servers.ts';
import { delivered, destinationsOf, nextTransaction } from './federation/links.ts';
import { receiveTransaction } from './federation/receiving.ts';
import { emptyHomeserver, registerUser, respond } from './index.ts';
import type { ClientRequest, ClientResponse, Homeserver, HomeserverConfig } from './types.ts';

export type Speak = (
  method: ClientRequest['method'],
  path: string,
  body?: Json,
  query?: Readonly<Record<string, string>>,
) => ClientResponse;

/** A request with this access token. Paths may leave out `/_matrix/client/v3`. */
const requestOf = (accessToken: string | null, ...[method, path, body, query]: Parameters<Speak>): ClientRequest => ({
  accessToken,
  method,
  path: path.startsWith('/_matrix/') ? path : `/_matrix/client/v3/${path}`,
  ...(body === undefined ? {} : { body }),
  ...(query === undefined ? {} : { query }),
});

/** `example.org` with accounts for these localparts, each with the password `secret`. */
export const held = (localparts: readonly string[], config: Partial<HomeserverConfig> = {}) => {
  let server = localparts.reduce(
    (now, name) => registerUser(now, name, 'secret'),
    emptyHomeserver('example.org', config),
  );
  let nowMs = 0;
  const speak =
    (accessToken: string | null): Speak =>
    (method, path, body, query) => {
      const done = respond(server, requestOf(accessToken, method, path, body, query), nowMs);
      server = done.server;
      return done.response;
    };
  /** Logs in a device and speaks for it. */
  const logIn = (user: string, device_id: string): Speak & { readonly accessToken: string } => {
    const identifier = { type: 'm.id.user', user };
    const { body } = speak(null)('POST', 'login', {
      type: 'm.login.password',
      identifier,
      password: 'secret',
      device_id,
    });
    const accessToken = stringAt(body, 'access_token');
    if (accessToken === undefined) throw new Error(`${user} could not log in: ${JSON.stringify(body)}`);
    return Object.assign(speak(accessToken), { accessToken });
  };
  return {
    speak,
    logIn,
    now: () => server,
    change: (to: (server: Homeserver) => Homeserver) => {
      server = to(server);
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

/** Servers by name with accounts for these localparts, which reach each other; room events wait until they are exchanged. */
export const heldAmong = (casts: Readonly<Record<string, readonly string[]>>) => {
  let servers: Servers = Object.fromEntries(
    Object.entries(casts).map(([name, people]) => [
      name,
      people.reduce((now, one) => registerUser(now, one, 'secret'), emptyHomeserver(name)),
    ]),
  );
  let nowMs = 0;
  /** Servers that cannot be reached. */
  let down: readonly string[] = [];
  const serverNamed = (name: string): Homeserver => {
    const server = servers[name];
    if (server === undefined) throw new Error(`there is no server ${name}`);
    return server;
  };
  const speak =
    (name: string, accessToken: string | null): Speak =>
    (method, path, body, query) => {
      const up = Object.fromEntries(Object.entries(servers).filter(([one]) => one === name || !down.includes(one)));
      const done = respondAmong(up, name, requestOf(accessToken, method, path, body, query), nowMs);
      servers = { ...servers, ...done.servers };
      return done.response;
    };
  const logIn = (userId: string, device_id: string): Speak => {
    const name = userId.slice(userId.indexOf(':') + 1);
    const identifier = { type: 'm.id.user', user: userId };
    const asked = { type: 'm.login.password', identifier, password: 'secret', device_id };
    const token = stringAt(speak(name, null)('POST', 'login', asked).body, 'access_token');
    if (token === undefined) throw new Error(`${userId} could not log in`);
    return speak(name, token);
  };
  /** Delivers the oldest transaction from one server to another: whether there was one. With `isLost` its answer gets lost. */
  const deliver = (from: string, to: string, isLost = false): boolean => {
    const transaction = nextTransaction(serverNamed(from), to);
    if (transaction === null) return false;
    servers = { ...servers, [to]: receiveTransaction(serverNamed(to), from, transaction) };
    if (!isLost) servers = { ...servers, [from]: delivered(serverNamed(from), to, transaction.id) };
    return true;
  };
  return {
    logIn,
    deliver,
    /** Delivers everything, until nothing waits any more. */
    exchange: () => {
      const waiting = () =>
        Object.entries(servers).flatMap(([from, server]) => destinationsOf(server).map((to) => [from, to] as const));
      for (let [next] = waiting(); next !== undefined; [next] = waiting()) deliver(...next);
    },
    now: serverNamed,
    change: (name: string, to: (server: Homeserver) => Homeserver) => {
      servers = { ...servers, [name]: to(serverNamed(name)) };
    },
    cutOff: (...names: readonly string[]) => {
      down = names;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

/** Device keys as a client would upload them, with made-up key texts. */
export const deviceKeys = (user_id: string, device_id: string, salt = '') => ({
  user_id,
  device_id,
  algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
  keys: {
    [`curve25519:${device_id}`]: `curve of ${device_id}${salt}`,
    [`ed25519:${device_id}`]: `ed of ${device_id}${salt}`,
  },
  signatures: { [user_id]: { [`ed25519:${device_id}`]: `self-signature${salt}` } },
});

/** A cross-signing key as a client would upload it; signed by `master` when that is given. */
export const crossSigningKey = (user_id: string, usage: string, publicKey: string, master?: string) => ({
  user_id,
  usage: [usage],
  keys: { [`ed25519:${publicKey}`]: publicKey },
  ...(master === undefined ? {} : { signatures: { [user_id]: { [`ed25519:${master}`]: `signature by ${master}` } } }),
});

/** The three keys of an identity: `<name> MSK`, `<name> SSK`, `<name> USK`. */
export const identity = (userId: string, name: string) => ({
  master_key: crossSigningKey(userId, 'master', `${name} MSK`),
  self_signing_key: crossSigningKey(userId, 'self_signing', `${name} SSK`, `${name} MSK`),
  user_signing_key: crossSigningKey(userId, 'user_signing', `${name} USK`, `${name} MSK`),
});

export const passwordAuth = (user: string, session?: string) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user },
  password: 'secret',
  ...(session === undefined ? {} : { session }),
});
