import { describe, expect, test } from 'vitest';
import { stringAt } from '../../machines/json.ts';
import { registerUser } from './index.ts';
import { deviceKeys, held, passwordAuth } from './testing.ts';

const loginBody = (more: object) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: 'alice' },
  password: 'secret',
  ...more,
});

test('a password logs in a device under the id it asks for', () => {
  const { speak, logIn } = held(['alice']);
  const alice = logIn('alice', 'PHONE');
  expect(alice('GET', 'account/whoami').body).toEqual({
    user_id: '@alice:example.org',
    device_id: 'PHONE',
    is_guest: false,
  });
  expect(
    speak(null)('POST', 'login', loginBody({ identifier: { type: 'm.id.user', user: '@alice:example.org' } })).body,
  ).toMatchObject({
    user_id: '@alice:example.org',
    device_id: 'AAAAAAAAAB',
  });
});

test('a device id made by the server is never one that is taken', () => {
  const { speak, logIn } = held(['alice']);
  logIn('alice', 'AAAAAAAAAB');
  expect(speak(null)('POST', 'login', loginBody({})).body).toMatchObject({ device_id: 'AAAAAAAAAC' });
});

test.each([
  ['a wrong password', loginBody({ password: 'guess' }), 403, 'M_FORBIDDEN'],
  ['an unknown user', loginBody({ identifier: { type: 'm.id.user', user: 'nobody' } }), 403, 'M_FORBIDDEN'],
  [
    'no password',
    { type: 'm.login.password', identifier: { type: 'm.id.user', user: 'alice' } },
    400,
    'M_MISSING_PARAM',
  ],
  ['no user', { type: 'm.login.password', password: 'secret' }, 400, 'M_MISSING_PARAM'],
  ['no type', { password: 'secret' }, 400, 'M_MISSING_PARAM'],
  ['an unknown type', { type: 'm.login.dance' }, 400, 'M_UNKNOWN'],
  ['a body that is no object', 'let me in', 400, 'M_BAD_JSON'],
  ['a made-up login token', { type: 'm.login.token', token: 'login_alice_1' }, 403, 'M_FORBIDDEN'],
] as const)('login with %s is refused', (_what, body, status, errcode) => {
  const { speak } = held(['alice']);
  expect(speak(null)('POST', 'login', body)).toMatchObject({ status, body: { errcode } });
});

test('after five wrong passwords within a minute the sixth try has to wait, even with the right one', () => {
  const { speak, pass } = held(['alice']);
  for (let time = 0; time < 5; time += 1)
    expect(speak(null)('POST', 'login', loginBody({ password: 'guess' })).status).toBe(403);
  pass(1_000);
  expect(speak(null)('POST', 'login', loginBody({}))).toMatchObject({
    status: 429,
    body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 59_000 },
  });
  pass(59_000);
  expect(speak(null)('POST', 'login', loginBody({})).status).toBe(200);
});

test('logging in again as the same device keeps its keys and ends its old token', () => {
  const { logIn, now } = held(['alice']);
  const before = logIn('alice', 'PHONE');
  before('POST', 'keys/upload', { device_keys: deviceKeys('@alice:example.org', 'PHONE') });
  const after = logIn('alice', 'PHONE');
  expect(before('GET', 'account/whoami')).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } });
  expect(after('GET', 'account/whoami').status).toBe(200);
  expect(now().users['@alice:example.org']?.keys.PHONE?.identity).not.toBeNull();
});

describe('a login token', () => {
  const tokenOf = (alice: ReturnType<ReturnType<typeof held>['logIn']>) =>
    stringAt(alice('POST', '/_matrix/client/v1/login/get_token', {}).body, 'login_token') ?? '';

  test('logs in a further device, once', () => {
    const { speak, logIn } = held(['alice']);
    const body = { type: 'm.login.token', token: tokenOf(logIn('alice', 'PHONE')), device_id: 'TABLET' };
    expect(speak(null)('POST', 'login', body)).toMatchObject({
      status: 200,
      body: { user_id: '@alice:example.org', device_id: 'TABLET' },
    });
    expect(speak(null)('POST', 'login', body)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  });

  test('expires after two minutes', () => {
    const { speak, logIn, pass } = held(['alice']);
    const body = { type: 'm.login.token', token: tokenOf(logIn('alice', 'PHONE')) };
    pass(120_000);
    expect(speak(null)('POST', 'login', body).status).toBe(403);
  });

  test('costs the password where the server is set to ask for it', () => {
    const { logIn } = held(['alice'], { loginTokenAsksPassword: true });
    const alice = logIn('alice', 'PHONE');
    const get = (body: object) => alice('POST', '/_matrix/client/v1/login/get_token', { ...body });
    const asked = get({});
    expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ['m.login.password'] }] } });
    expect(get({ auth: passwordAuth('alice', stringAt(asked.body, 'session')) })).toMatchObject({
      status: 200,
      body: { expires_in_ms: 120_000 },
    });
  });
});

test.each([
  ['logout', ['LAPTOP']],
  ['logout/all', []],
] as const)('%s leaves the devices %j and nothing of the others', (path, left) => {
  const { logIn, now } = held(['alice']);
  const phone = logIn('alice', 'PHONE');
  logIn('alice', 'LAPTOP');
  phone('POST', 'keys/upload', { device_keys: deviceKeys('@alice:example.org', 'PHONE') });
  phone('PUT', 'sendToDevice/m.test/1', { messages: { '@alice:example.org': { PHONE: {} } } });
  expect(phone('POST', path, {})).toEqual({ status: 200, body: {} });
  const user = now().users['@alice:example.org'];
  expect(Object.keys(user?.devices ?? {})).toEqual(left);
  expect(user?.keys).toEqual({});
  expect(now().inboxes['@alice:example.org']).toEqual({});
  expect(Object.values(now().tokens).map(({ device }) => device)).toEqual(left);
  expect(phone('GET', 'account/whoami')).toMatchObject({
    status: 401,
    body: { errcode: 'M_UNKNOWN_TOKEN', soft_logout: false },
  });
});

test('registering a name twice is a mistake that is named', () => {
  expect(() => registerUser(held(['alice']).now(), 'alice', 'other')).toThrow(
    /@alice:example.org is registered already/,
  );
});
