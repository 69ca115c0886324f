/** Login, login tokens, logout, whoami ("Login", "Current account information"). */
import { type JsonObject, stringAt, without } from '../../machines/json.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { removeDevice } from './devices.ts';
import {
  type Answered,
  type Call,
  forAll,
  lacks,
  ok,
  type Route,
  refuse,
  type SignedInCall,
  signedIn,
  withBody,
} from './routing.ts';
import { at, patchUser, put, userOf } from './state.ts';
import type { Homeserver, User } from './types.ts';
import { authenticate, identifiedUser } from './uia.ts';

const loginTokenLifeMs = 120_000;
/** So many wrong passwords within this time, and the next try has to wait. */
const failedLoginsMax = 5;
const failedLoginsWithinMs = 60_000;

const flows = [{ type: 'm.login.password' }, { type: 'm.login.token', get_login_token: true }];

const logIn = withBody((call: Call, body) => {
  const type = stringAt(body, 'type');
  if (type === undefined) return lacks(call, 'type', 'a text');
  if (type === 'm.login.password') return logInWithPassword(call, body);
  if (type === 'm.login.token') return logInWithToken(call);
  return refuse(call, 400, 'M_UNKNOWN', `Unknown login type ${type}`);
});

const logInWithPassword = (call: Call, body: JsonObject): Answered => {
  const userId = identifiedUser(call.server, body);
  const password = stringAt(body, 'password');
  if (userId === undefined) return lacks(call, 'identifier', 'an object');
  if (password === undefined) return lacks(call, 'password', 'a text');
  const user = at(call.server.users, userId);
  if (user === undefined) return refuse(call, 403, 'M_FORBIDDEN', 'Invalid username or password');
  const failures = user.account.failedLoginsMs.filter((failedMs) => call.nowMs - failedMs < failedLoginsWithinMs);
  const [oldest] = failures;
  if (oldest !== undefined && failures.length >= failedLoginsMax) {
    const retryAfterMs = oldest + failedLoginsWithinMs - call.nowMs;
    return refuse(call, 429, 'M_LIMIT_EXCEEDED', 'Too many requests', { retry_after_ms: retryAfterMs });
  }
  if (user.account.password !== password) {
    const account = { ...user.account, failedLoginsMs: [...failures, call.nowMs] };
    const server = patchUser(call.server, userId, { account });
    return refuse({ server }, 403, 'M_FORBIDDEN', 'Invalid username or password');
  }
  const forgiven = { ...user.account, failedLoginsMs: [] };
  return openSession(
    call,
    failures.length === 0 ? call.server : patchUser(call.server, userId, { account: forgiven }),
    userId,
  );
};

const logInWithToken = (call: Call): Answered => {
  const token = stringAt(call.body, 'token');
  if (token === undefined) return lacks(call, 'token', 'a text');
  const owner = Object.entries(call.server.users).find(([, { account }]) => Object.hasOwn(account.loginTokens, token));
  const held = owner === undefined ? undefined : at(owner[1].account.loginTokens, token);
  if (owner === undefined || held === undefined || held.expiresMs <= call.nowMs) {
    return refuse(call, 403, 'M_FORBIDDEN', 'Invalid login token');
  }
  const [userId, { account }] = owner;
  const spent = { ...account, loginTokens: without(account.loginTokens, token) };
  return openSession(call, patchUser(call.server, userId, { account: spent }), userId);
};

/** An access token for the device the body names, or for a new one. A device that logs in again keeps its keys; its old token dies. */
const openSession = (call: Call, server: Homeserver, userId: UserId): Answered => {
  const user = userOf(server, userId);
  const { account } = user;
  const named = stringAt(call.body, 'device_id');
  const fresh = named === undefined ? freshDeviceId(user) : { deviceId: named, made: account.made.devices };
  const deviceId = fresh.deviceId;
  const before = at(user.devices, deviceId);
  const accessTokens = account.made.accessTokens + 1;
  const accessToken = `syt_${account.localpart}_${deviceId}_${accessTokens}`;
  const displayName = before?.displayName ?? stringAt(call.body, 'initial_device_display_name') ?? null;
  const next = patchUser(server, userId, {
    account: { ...account, made: { ...account.made, accessTokens, devices: fresh.made } },
    devices: put(user.devices, deviceId, { displayName, accessToken }),
  });
  const kept = before === undefined ? next.tokens : without(next.tokens, before.accessToken);
  const tokens = put(kept, accessToken, { user: userId, device: deviceId });
  return ok(
    { ...next, tokens },
    { user_id: userId, access_token: accessToken, device_id: deviceId, home_server: server.name },
  );
};

/** Ten capital letters, as servers like to make them, counting up; ids somebody chose already are skipped. */
const freshDeviceId = (user: User): { readonly deviceId: DeviceId; readonly made: number } => {
  for (let made = user.account.made.devices + 1; ; made += 1) {
    const letters = Array.from({ length: 10 }, (_, place) => 65 + (Math.floor(made / 26 ** (9 - place)) % 26));
    const deviceId = String.fromCharCode(...letters);
    if (at(user.devices, deviceId) === undefined) return { deviceId, made };
  }
};

const makeLoginToken = withBody((call: SignedInCall, body) => {
  const checked = call.server.config.loginTokenAsksPassword ? authenticate(call, body) : { passed: call.server };
  if ('refusal' in checked) return checked.refusal;
  const { account } = userOf(checked.passed, call.userId);
  const made = account.made.loginTokens + 1;
  const token = `login_${account.localpart}_${made}`;
  const loginTokens = put(account.loginTokens, token, { expiresMs: call.nowMs + loginTokenLifeMs });
  const server = patchUser(checked.passed, call.userId, {
    account: { ...account, made: { ...account.made, loginTokens: made }, loginTokens },
  });
  return ok(server, { login_token: token, expires_in_ms: loginTokenLifeMs });
});

const logOut = (call: SignedInCall): Answered => ok(removeDevice(call.server, call.userId, call.deviceId));

const logOutAll = (call: SignedInCall): Answered =>
  ok(
    Object.keys(userOf(call.server, call.userId).devices).reduce(
      (server, device) => removeDevice(server, call.userId, device),
      call.server,
    ),
  );

const whoAmI = (call: SignedInCall): Answered =>
  ok(call.server, { user_id: call.userId, device_id: call.deviceId, is_guest: false });

export const accountRoutes: readonly Route[] = [
  forAll('GET', '/_matrix/client/v3/login', (call) => ok(call.server, { flows })),
  forAll('POST', '/_matrix/client/v3/login', logIn),
  signedIn('POST', '/_matrix/client/v1/login/get_token', makeLoginToken),
  signedIn('POST', '/_matrix/client/v3/logout', logOut),
  signedIn('POST', '/_matrix/client/v3/logout/all', logOutAll),
  signedIn('GET', '/_matrix/client/v3/account/whoami', whoAmI),
];
