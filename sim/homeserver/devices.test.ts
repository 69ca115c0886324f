import { expect, test } from 'vitest';
import { stringAt } from '../../machines/json.ts';
import { deviceKeys, held, passwordAuth } from './testing.ts';

const phoneAndLaptop = () => {
  const world = held(['alice', 'bob']);
  return { ...world, phone: world.logIn('alice', 'PHONE'), laptop: world.logIn('alice', 'LAPTOP') };
};

test('a user lists, reads and renames devices of their own', () => {
  const { phone } = phoneAndLaptop();
  expect(phone('PUT', 'devices/LAPTOP', { display_name: 'Work' })).toEqual({ status: 200, body: {} });
  expect(phone('GET', 'devices').body).toEqual({
    devices: [{ device_id: 'PHONE' }, { device_id: 'LAPTOP', display_name: 'Work' }],
  });
  expect(phone('GET', 'devices/LAPTOP').body).toEqual({ device_id: 'LAPTOP', display_name: 'Work' });
});

test.each([
  ['GET', 'devices/NOWHERE'],
  ['PUT', 'devices/NOWHERE'],
  ['DELETE', 'devices/NOWHERE'],
  ['GET', 'devices/__proto__'],
] as const)('%s %s is not found', (method, path) => {
  expect(phoneAndLaptop().phone(method, path, {})).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
});

test('deleting a device asks for the password, and then the device is gone', () => {
  const { phone, laptop } = phoneAndLaptop();
  const asked = phone('DELETE', 'devices/LAPTOP', {});
  expect(asked).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }], completed: [], params: {} },
  });
  expect(laptop('GET', 'account/whoami').status).toBe(200);
  const auth = passwordAuth('alice', stringAt(asked.body, 'session'));
  expect(phone('DELETE', 'devices/LAPTOP', { auth })).toEqual({ status: 200, body: {} });
  expect(laptop('GET', 'account/whoami').status).toBe(401);
});

test('a wrong password keeps the session open, and says so', () => {
  const { phone } = phoneAndLaptop();
  const session = stringAt(phone('DELETE', 'devices/LAPTOP', {}).body, 'session');
  const auth = { ...passwordAuth('alice', session), password: 'guess' };
  expect(phone('DELETE', 'devices/LAPTOP', { auth })).toMatchObject({
    status: 401,
    body: { errcode: 'M_FORBIDDEN', session },
  });
  expect(phone('DELETE', 'devices/LAPTOP', { auth: passwordAuth('alice', session) }).status).toBe(200);
});

test('the password of somebody else deletes nothing', () => {
  const { phone, laptop } = phoneAndLaptop();
  expect(phone('DELETE', 'devices/LAPTOP', { auth: passwordAuth('bob') }).status).toBe(401);
  expect(laptop('GET', 'account/whoami').status).toBe(200);
});

test('a session is good for the request that began it, and for nothing else', () => {
  const { phone } = phoneAndLaptop();
  const session = stringAt(phone('DELETE', 'devices/PHONE', {}).body, 'session');
  expect(phone('DELETE', 'devices/LAPTOP', { auth: passwordAuth('alice', session) })).toMatchObject({
    status: 400,
    body: { errcode: 'M_UNKNOWN' },
  });
});

test('several devices go at once', () => {
  const { phone, laptop } = phoneAndLaptop();
  expect(phone('POST', 'delete_devices', { devices: ['LAPTOP', 'NOWHERE'], auth: passwordAuth('alice') })).toEqual({
    status: 200,
    body: {},
  });
  expect(laptop('GET', 'account/whoami').status).toBe(401);
});

test('the name of a device stands beside its keys, without touching what was signed', () => {
  const { phone } = phoneAndLaptop();
  const keys = deviceKeys('@alice:example.org', 'PHONE');
  phone('POST', 'keys/upload', { device_keys: keys });
  phone('PUT', 'devices/PHONE', { display_name: 'Pocket' });
  const shown = phone('POST', 'keys/query', { device_keys: { '@alice:example.org': [] } });
  expect(shown.body).toMatchObject({
    device_keys: { '@alice:example.org': { PHONE: { ...keys, unsigned: { device_display_name: 'Pocket' } } } },
  });
});
