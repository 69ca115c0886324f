import { expect, test } from 'vitest';
import { held } from './testing.ts';

const alice = encodeURIComponent('@alice:example.org');
const bob = encodeURIComponent('@bob:example.org');
const world = () => held(['alice', 'bob']).logIn('alice', 'PHONE');

test('the whole object is replaced, and an empty one stays an empty one', () => {
  const phone = world();
  const path = `user/${alice}/account_data/m.secret_storage.default_key`;
  for (const content of [{ key: 'first', more: 1 }, { key: 'second' }, {}]) {
    expect(phone('PUT', path, content)).toEqual({ status: 200, body: {} });
    expect(phone('GET', path)).toEqual({ status: 200, body: content });
  }
});

test.each<[string, 'GET' | 'PUT', string, unknown, number, string]>([
  ['what was never set', 'GET', `user/${alice}/account_data/m.none`, undefined, 404, 'M_NOT_FOUND'],
  ['a type with a strange name', 'GET', `user/${alice}/account_data/__proto__`, undefined, 404, 'M_NOT_FOUND'],
  ['that of another user', 'GET', `user/${bob}/account_data/m.test`, undefined, 403, 'M_FORBIDDEN'],
  ['setting that of another user', 'PUT', `user/${bob}/account_data/m.test`, {}, 403, 'M_FORBIDDEN'],
  ['setting no object', 'PUT', `user/${alice}/account_data/m.test`, ['a'], 400, 'M_BAD_JSON'],
  ['setting push rules', 'PUT', `user/${alice}/account_data/m.push_rules`, {}, 405, 'M_BAD_JSON'],
])('%s is refused', (_what, method, path, body, status, errcode) => {
  expect(world()(method, path, body as never)).toMatchObject({ status, body: { errcode } });
});
