import { expect, test } from 'vitest';
import { held } from './testing.ts';

const c = '/_matrix/client/v3';

test.each([
  ['an unknown path', 'GET', `${c}/rooms/nowhere/tea`, 404, 'M_UNRECOGNIZED'],
  ['a path outside the API', 'GET', '/', 404, 'M_UNRECOGNIZED'],
  ['a known path with another method', 'DELETE', `${c}/sync`, 405, 'M_UNRECOGNIZED'],
  ['a segment that is not percent-encoding', 'GET', `${c}/devices/%E0%A4%A`, 400, 'M_INVALID_PARAM'],
] as const)('%s is answered as such before any token is looked at', (_what, method, path, status, errcode) => {
  expect(held([]).speak(null)(method, path)).toMatchObject({ status, body: { errcode } });
});

test.each([
  ['GET', `${c}/sync`],
  ['POST', `${c}/keys/upload`],
  ['POST', '/_matrix/client/v1/login/get_token'],
  ['PUT', `${c}/sendToDevice/m.test/1`],
  ['GET', `${c}/room_keys/version`],
  ['POST', '/_matrix/media/v3/upload'],
  ['GET', `${c}/capabilities`],
] as const)('%s %s is for people with an access token', (method, path) => {
  const { speak } = held(['alice']);
  expect(speak(null)(method, path)).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } });
  for (const token of ['syt_alice_PHONE_1', '', '__proto__']) {
    expect(speak(token)(method, path)).toMatchObject({ status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } });
  }
});

test('ids in paths are percent-decoded', () => {
  const { logIn } = held(['alice']);
  const phone = logIn('alice', 'PHONE/ +é');
  expect(phone('GET', 'devices/PHONE%2F%20%2B%C3%A9').body).toEqual({ device_id: 'PHONE/ +é' });
});

test('what a real client asks before it starts is answered', () => {
  const { speak, logIn } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  expect(speak(null)('GET', '/_matrix/client/versions').body).toMatchObject({
    versions: expect.arrayContaining(['v1.11']),
  });
  expect(speak(null)('GET', 'login').body).toMatchObject({
    flows: expect.arrayContaining([{ type: 'm.login.password' }]),
  });
  expect(phone('GET', 'capabilities').body).toMatchObject({ capabilities: { 'm.get_login_token': { enabled: true } } });
  expect(phone('GET', 'pushrules/').body).toMatchObject({ global: { override: [] } });
  expect(phone('GET', 'pushrules/global/').body).toMatchObject({ override: [] });
});

test('filters are kept, by user', () => {
  const { logIn } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  const mine = 'user/@alice%3Aexample.org/filter';
  expect(phone('POST', mine, { room: { timeline: { limit: 1 } } }).body).toEqual({ filter_id: '0' });
  expect(phone('POST', mine, {}).body).toEqual({ filter_id: '1' });
  expect(phone('GET', `${mine}/0`).body).toEqual({ room: { timeline: { limit: 1 } } });
  expect(phone('GET', `${mine}/2`)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  expect(logIn('bob', 'DESK')('GET', `${mine}/0`)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
});

test('half a character is no path, and names nobody on another server', () => {
  const { logIn } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  for (const path of ['join/!den\ud800:b.example', 'profile/@\udfff:b.example', 'sendToDevice/\ud800/t1'])
    expect(phone(path.startsWith('send') ? 'PUT' : path.startsWith('join') ? 'POST' : 'GET', path)).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
  const room = phone('POST', 'createRoom', {}).body as { readonly room_id: string };
  const invited = phone('POST', `rooms/${encodeURIComponent(room.room_id)}/invite`, { user_id: '@\ud800:b.example' });
  expect(invited.status).toBeGreaterThanOrEqual(400);
  expect(phone('POST', 'keys/query', { device_keys: { '@\ud800:b.example': [] } }).status).toBe(200);
});
