/**
 * The homeserver: one pure reducer over the client-server API's own methods, paths and bodies. It is honest: it does what
 * it is asked and carries what it is given unchanged. Whoever wants a liar changes its state from outside (`tamper.ts`).
 */
import { accountRoutes } from './account.ts';
import { accountDataRoutes } from './account-data.ts';
import { backupVersionRoutes } from './backup-versions.ts';
import { crossSigningRoutes } from './cross-signing.ts';
import { deviceKeyRoutes } from './device-keys.ts';
import { deviceRoutes } from './devices.ts';
import { filterRoutes } from './filters.ts';
import { mediaRoutes } from './media.ts';
import { profileRoutes } from './profile.ts';
import { roomKeyRoutes } from './room-keys.ts';
import { createRoutes } from './rooms/create.ts';
import { membershipRoutes } from './rooms/membership.ts';
import { readingRoutes } from './rooms/reading.ts';
import { sendingRoutes } from './rooms/sending.ts';
import { thirdPartyRoutes } from './rooms/third-party-invites.ts';
import { type Answered, type Route, refuse, routerOf } from './routing.ts';
import { serverInfoRoutes } from './server-info.ts';
import { at, put } from './state.ts';
import { syncRoutes } from './sync.ts';
import { toDeviceRoutes } from './to-device.ts';
import type { ClientRequest, FederationAnswer, Homeserver, HomeserverConfig, User } from './types.ts';

export { hasNews } from './sync.ts';
export type {
  ClientRequest,
  ClientResponse,
  FederationAnswer,
  FederationRequest,
  Homeserver,
  HomeserverConfig,
} from './types.ts';

/** Every endpoint for clients. */
export const routes: readonly Route[] = [
  ...syncRoutes,
  ...deviceKeyRoutes,
  ...toDeviceRoutes,
  ...roomKeyRoutes,
  ...backupVersionRoutes,
  ...crossSigningRoutes,
  ...accountDataRoutes,
  ...accountRoutes,
  ...deviceRoutes,
  ...filterRoutes,
  ...mediaRoutes,
  ...profileRoutes,
  ...createRoutes,
  ...membershipRoutes,
  ...thirdPartyRoutes,
  ...sendingRoutes,
  ...readingRoutes,
  ...serverInfoRoutes,
];
/** The one for a request. */
export const routeOf = routerOf(routes);
/** Method and endpoint of a request, whatever it is about: `PUT sendToDevice/:eventType/:txnId`; `null` where there is no such endpoint. */
export const endpointOf = (request: Pick<ClientRequest, 'method' | 'path'>): string | null => {
  const found = routeOf(request);
  return 'route' in found ? `${request.method} ${found.route.pattern.slice(4).join('/')}` : null;
};

const usual: HomeserverConfig = {
  uploadBytesMax: 50 * 1024 * 1024,
  mediaBytesMax: null,
  mediaKeptMs: null,
  mediaName: null,
  loginTokenAsksPassword: false,
};

/**
 * A homeserver with no users.
 *
 * @param name the server name, as it stands in user ids: `example.org`
 * @param config what this server's operator has set differently from the usual 50 MiB per upload and login tokens without a password
 */
export const emptyHomeserver = (name: string, config: Partial<HomeserverConfig> = {}): Homeserver => ({
  name,
  config: { ...usual, ...config },
  users: {},
  tokens: {},
  inboxes: {},
  streams: {},
  media: { made: 0, files: {} },
  rooms: {},
  links: {},
});

const newUser = (localpart: string, password: string): User => ({
  account: {
    localpart,
    password,
    made: { accessTokens: 0, devices: 0, loginTokens: 0, sessions: 0 },
    loginTokens: {},
    sessions: {},
    failedLoginsMs: [],
    filters: [],
  },
  devices: {},
  keys: {},
  crossSigning: { master: null, selfSigning: null, userSigning: null, made: {} },
  accountData: {},
  backup: { made: 0, versions: {} },
  tracks: [],
});

/** The server with an account `@localpart:name`. Throws when there is one: two people of one name are a mistake in a cast. */
export const registerUser = (server: Homeserver, localpart: string, password: string): Homeserver => {
  const userId = `@${localpart}:${server.name}`;
  if (at(server.users, userId) !== undefined)
    throw new Error(`${userId} is registered already: is the name used twice?`);
  return { ...server, users: put(server.users, userId, newUser(localpart, password)) };
};

/**
 * Answers one client-server API request.
 *
 * Where other servers have to be asked (a join there, keys of somebody there), the answer has `asks`, and is what it would be
 * if none of them could be reached. Whoever can reach them asks (`federation/answering.ts`) and comes with the same request, the
 * same server and what they answered; `federation/ask-servers.ts` does so. So every call looks at one server only.
 *
 * @param nowMs virtual milliseconds: of login tokens, the login rate limit, room events and expiry of media
 * @param answers what other servers have answered to the `asks` of earlier calls with this request
 * @returns the answer with the status and body the specification gives for it, and the server after it. The very same
 *   `server` comes back when nothing changed. Errors are standard error responses; nothing is thrown.
 */
export const respond = (
  server: Homeserver,
  request: ClientRequest,
  nowMs: number,
  answers: readonly FederationAnswer[] = [],
): Answered => {
  const found = routeOf(request);
  if ('status' in found) return refuse({ server }, found.status, found.errcode, found.error);
  const call = {
    server,
    method: request.method,
    path: request.path,
    params: found.params,
    query: request.query ?? {},
    body: request.body ?? {},
    nowMs,
    answers,
  };
  if (found.route.open) return found.route.handle(call);
  if (request.accessToken === null) return refuse(call, 401, 'M_MISSING_TOKEN', 'Missing access token');
  const owner = at(server.tokens, request.accessToken);
  if (owner === undefined) {
    return refuse(call, 401, 'M_UNKNOWN_TOKEN', 'Unrecognised access token', { soft_logout: false });
  }
  return found.route.handle({ ...call, userId: owner.user, deviceId: owner.device });
};
