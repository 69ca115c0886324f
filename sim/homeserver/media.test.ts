import { describe, expect, test } from 'vitest';
import { stringAt } from '../../machines/json.ts';
import { held, type Speak } from './testing.ts';

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

describe('a quota', () => {
  test('is for all files of one user together, and for nobody else', () => {
    const { logIn } = held(['alice', 'bob'], { mediaBytesMax: 16 });
    const phone = logIn('alice', 'PHONE');
    const put = (speak: Speak, bytes: number) => speak('POST', upload, { data: zeros(bytes) });
    expect([put(phone, 10).status, put(phone, 6).status]).toEqual([200, 200]);
    expect(put(phone, 1)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    expect(put(logIn('bob', 'DESK'), 16).status).toBe(200);
  });

  test('has room again when files have expired', () => {
    const { logIn, pass } = held(['alice'], { mediaBytesMax: 16, mediaKeptMs: 1000 });
    const phone = logIn('alice', 'PHONE');
    const put = () => phone('POST', upload, { data: zeros(16) }).status;
    expect([put(), put()]).toEqual([200, 403]);
    pass(1000);
    expect(put()).toBe(200);
  });
});

test('a file is there as long as it is kept, and not found afterwards', () => {
  const { logIn, pass } = held(['alice'], { mediaKeptMs: 1000 });
  const phone = logIn('alice', 'PHONE');
  const uri = stringAt(phone('POST', upload, { data: zeros(1) }).body, 'content_uri') ?? '';
  pass(999);
  expect(phone('GET', download(uri)).status).toBe(200);
  pass(1);
  expect(phone('GET', download(uri))).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
});

test('a file that lies with another repository goes under the name of that, and is found', () => {
  const { logIn } = held(['alice'], { mediaName: 'media.example' });
  const phone = logIn('alice', 'PHONE');
  const uri = stringAt(phone('POST', upload, { data: zeros(1) }).body, 'content_uri') ?? '';
  expect(uri).toBe('mxc://media.example/media1');
  expect(phone('GET', download(uri))).toMatchObject({ status: 200, body: { data: zeros(1) } });
  expect(phone('GET', download('mxc://elsewhere.example/media1')).status).toBe(404);
});

describe('an address for an upload to come', () => {
  const day = 24 * 60 * 60 * 1000;
  const world = () => {
    const { logIn, pass } = held(['alice', 'bob']);
    const phone = logIn('alice', 'PHONE');
    const { body } = phone('POST', '/_matrix/media/v1/create', {});
    const uri = stringAt(body, 'content_uri') ?? '';
    const put = (speak: Speak) => speak('PUT', `${upload}/${uri.slice('mxc://'.length)}`, { data: 'c2VhbGVk' });
    return { logIn, pass, phone, body, uri, put };
  };

  test('has nothing to download until it has come, and then the file, once and for all', () => {
    const { phone, body, uri, put } = world();
    expect(body).toEqual({ content_uri: uri, unused_expires_at: day });
    expect(phone('GET', download(uri))).toMatchObject({ status: 504, body: { errcode: 'M_NOT_YET_UPLOADED' } });
    expect(put(phone)).toEqual({ status: 200, body: {} });
    expect(phone('GET', download(uri)).body).toMatchObject({ data: 'c2VhbGVk' });
    expect(put(phone)).toMatchObject({ status: 409, body: { errcode: 'M_CANNOT_OVERWRITE_MEDIA' } });
  });

  test('is for whoever asked for it, and for a day', () => {
    const { logIn, pass, phone, put } = world();
    expect(put(logIn('bob', 'DESK'))).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
    pass(day);
    expect(put(phone)).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  });
});
