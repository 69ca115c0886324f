/** User-interactive authentication with one flow of one stage, the password ("User-Interactive Authentication API"). */
import { type JsonObject, objectAt, stringAt, without } from '../../machines/json.ts';
import type { UserId } from '../../machines/types.ts';
import { type Answered, refuse, type SignedInCall } from './routing.ts';
import { at, patchUser, put, userOf } from './state.ts';
import type { Homeserver } from './types.ts';

/** What the login and authentication bodies name: `@alice:example.org`, or `alice` on this server. */
export const identifiedUser = (server: Homeserver, body: JsonObject): UserId | undefined => {
  const identifier = objectAt(body, 'identifier');
  const type = stringAt(identifier, 'type');
  const name =
    type === undefined || type === 'm.id.user' ? (stringAt(identifier, 'user') ?? stringAt(body, 'user')) : undefined;
  return name === undefined || name.startsWith('@') ? name : `@${name}:${server.name}`;
};

const operationOf = (call: SignedInCall): string => `${call.method} ${call.path}`;

/** 401 with the flows and a session: a new one, or the one that goes on. */
const challenge = (call: SignedInCall, goesOn: string | undefined, why: JsonObject): Answered => {
  const { account } = userOf(call.server, call.userId);
  const made = account.made.sessions + 1;
  const session = goesOn ?? `uia_${account.localpart}_${made}`;
  const server =
    goesOn === undefined
      ? patchUser(call.server, call.userId, {
          account: {
            ...account,
            made: { ...account.made, sessions: made },
            sessions: put(account.sessions, session, operationOf(call)),
          },
        })
      : call.server;
  const body = { ...why, session, flows: [{ stages: ['m.login.password'] }], params: {}, completed: [] };
  return { server, response: { status: 401, body } };
};

/**
 * Lets a request through that shows its user's password in `auth`.
 *
 * A session belongs to the request (method and path) that began it, and ends when it is completed. Without `session` the
 * one stage may be completed at once.
 *
 * @returns `passed`: the server to go on with; or `refusal`: 401 with `session` and `flows` (and `M_FORBIDDEN` beside
 *   them when the password was wrong), or 400 for a session that is not of this request
 */
export const authenticate = (
  call: SignedInCall,
  body: JsonObject,
): { readonly passed: Homeserver } | { readonly refusal: Answered } => {
  const auth = objectAt(body, 'auth');
  const session = stringAt(auth, 'session');
  const { account } = userOf(call.server, call.userId);
  if (session !== undefined && at(account.sessions, session) !== operationOf(call)) {
    return { refusal: refuse(call, 400, 'M_UNKNOWN', `Unknown session ID: ${session}`) };
  }
  if (stringAt(auth, 'type') !== 'm.login.password') return { refusal: challenge(call, session, {}) };
  if (identifiedUser(call.server, auth) !== call.userId || stringAt(auth, 'password') !== account.password) {
    return { refusal: challenge(call, session, { errcode: 'M_FORBIDDEN', error: 'Invalid username or password' }) };
  }
  if (session === undefined) return { passed: call.server };
  const done = { ...account, sessions: without(account.sessions, session) };
  return { passed: patchUser(call.server, call.userId, { account: done }) };
};
