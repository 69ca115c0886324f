import { expect, test } from 'vitest';
import { stringAt } from '../../machines/json.ts';
import { held } from './testing.ts';

const upload = '/_matrix/media/v3/upload';
const download = (uri: string) => `/_matrix/client/v1/media/download/${uri.slice('mxc://'.length)}`;
/** Base64 of that many zero bytes. */
const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64').replaceAll('=', '');

test('what one user uploads another downloads, under any file name', () => {
  const { logIn } = held(['alice', 'bob']);
  const file = { content_type: 'application/octet-stream', data: 'c2VhbGVk' };
  const uri = stringAt(logIn('alice', 'PHONE')('POST', upload, file, { filename: 'a' }).body, 'content_uri') ?? '';
  expect(uri).toMatch(/^mxc:\/\/example\.org\/[A-Za-z0-9_-]+$/);
  const desk = logIn('bob', 'DESK');
  expect(desk('GET', download(uri))).toEqual({ status: 200, body: file });
  expect(desk('GET', `${download(uri)}/bundle.bin`)).toEqual({ status: 200, body: file });
});

test('every upload has its own address', () => {
  const phone = held(['alice']).logIn('alice', 'PHONE');
  const uris = [1, 2].map(() => stringAt(phone('POST', upload, { data: zeros(1) }).body, 'content_uri'));
  expect(new Set(uris).size).toBe(2);
});

test.each([
  [16, 200],
  [17, 413],
])('with a limit of 16 bytes, an upload of %i is answered %i', (bytes, status) => {
  const phone = held(['alice'], { uploadBytesMax: 16 }).logIn('alice', 'PHONE');
  expect(phone('GET', '/_matrix/client/v1/media/config').body).toEqual({ 'm.upload.size': 16 });
  const answer = phone('POST', upload, { content_type: 'application/octet-stream', data: zeros(bytes) });
  expect(answer.status).toBe(status);
  if (status !== 200) expect(answer.body).toMatchObject({ errcode: 'M_TOO_LARGE' });
});

test.each([
  ['nothing', {}],
  ['a text that is no base64', { data: 'not base64!' }],
  ['a text of an impossible length', { data: 'abcde' }],
])('%s cannot be uploaded', (_what, body) => {
  expect(held(['alice']).logIn('alice', 'PHONE')('POST', upload, body)).toMatchObject({
    status: 400,
    body: { errcode: 'M_BAD_JSON' },
  });
});

test.each(['example.org/media9', 'elsewhere.org/media1', 'example.org/__proto__'])('%s is not found', (address) => {
  const phone = held(['alice']).logIn('alice', 'PHONE');
  phone('POST', upload, { data: zeros(1) });
  expect(phone('GET', download(`mxc://${address}`))).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
});
