import { expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { hasNews } from './index.ts';
import * as tamper from './tamper.ts';
import { crossSigningKey, deviceKeys, held, identity } from './testing.ts';

const alice = '@alice:example.org';
const event = (n: number): JsonObject => ({ type: 'm.test', sender: alice, content: { n } });

const world = () => {
  const all = held(['alice']);
  const phone = all.logIn('alice', 'PHONE');
  const sync = (since?: string) => {
    const { body } = phone('GET', 'sync', undefined, since === undefined ? undefined : { since });
    return {
      next: stringAt(body, 'next_batch') ?? '',
      events: objectAt(body, 'to_device').events,
      lists: objectAt(body, 'device_lists').changed,
    };
  };
  return { ...all, phone, sync };
};

test('an injected event is delivered like any other', () => {
  const { change, sync, now } = world();
  const { next } = sync();
  change((server) => tamper.enqueue(server, alice, 'PHONE', event(1)));
  expect(hasNews(now(), alice, 'PHONE', next)).toBe(true);
  expect(sync(next).events).toEqual([event(1)]);
});

test('a rewritten queue is what the device gets, also of events it has seen', () => {
  const { change, sync, phone, now } = world();
  for (const n of [1, 2]) phone('PUT', `sendToDevice/m.test/${n}`, { messages: { [alice]: { PHONE: { n } } } });
  expect(tamper.queue(now(), alice, 'PHONE')).toEqual([event(1), event(2)]);
  const { next } = sync();
  change((server) => tamper.setQueue(server, alice, 'PHONE', tamper.queue(server, alice, 'PHONE').toReversed()));
  expect(sync(next).events).toEqual([event(2), event(1)]);
});

test('a device made up by the operator can do what a device can, and cannot take the place of one', () => {
  const { change, now, speak } = world();
  const added = tamper.addDevice(now(), alice, 'GHOST');
  change(() => added.server);
  expect(speak(added.accessToken)('GET', 'account/whoami').body).toMatchObject({ user_id: alice, device_id: 'GHOST' });
  expect(() => tamper.addDevice(now(), alice, 'PHONE')).toThrow(/has a device PHONE already/);
});

test('swapped identities and device keys are served, and announced', () => {
  const { change, sync, phone } = world();
  phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE') });
  phone('POST', 'keys/device_signing/upload', identity(alice, 'A'));
  const { next } = sync();
  const forged = {
    master: crossSigningKey(alice, 'master', 'M'),
    selfSigning: crossSigningKey(alice, 'self_signing', 'S'),
    userSigning: crossSigningKey(alice, 'user_signing', 'U'),
  };
  const keys = deviceKeys(alice, 'PHONE', ' forged');
  change((server) => tamper.setDeviceKeys(tamper.setIdentity(server, alice, forged), alice, 'PHONE', keys));
  expect(phone('POST', 'keys/query', { device_keys: { [alice]: [] } }).body).toMatchObject({
    master_keys: { [alice]: forged.master },
    self_signing_keys: { [alice]: forged.selfSigning },
    device_keys: { [alice]: { PHONE: keys } },
  });
  expect(sync(next).lists).toEqual([alice]);
});

test('a planted backup version is the current one, and the one before it can still be shown', () => {
  const { change, phone, now } = world();
  const version = (public_key: string) => ({ algorithm: 'm.test', auth_data: { public_key } });
  expect(tamper.previousBackup(now(), alice)).toBeNull();
  phone('POST', 'room_keys/version', version('hers'));
  const sealed = { first_message_index: 0, forwarded_count: 0, is_verified: false, session_data: {} };
  phone('PUT', 'room_keys/keys/room/session', sealed, { version: '1' });
  expect(tamper.backupEntries(now(), alice)).toEqual(phone('GET', 'room_keys/keys', undefined, { version: '1' }).body);
  const hers = phone('GET', 'room_keys/version').body;
  change((server) => tamper.addBackupVersion(server, alice, version('planted')));
  expect(phone('GET', 'room_keys/version').body).toMatchObject({ version: '2', auth_data: { public_key: 'planted' } });
  expect(tamper.previousBackup(now(), alice)).toEqual(hers);
  expect(tamper.backupEntries(now(), alice)).toEqual({ rooms: {} });
});

test('a self-signing key put below the master key that is there is served with it, and announced', () => {
  const { change, sync, phone, now } = world();
  expect([tamper.masterKey(now(), alice), tamper.crossSigningKey(now(), alice, 'master')]).toEqual([null, null]);
  phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE') });
  phone('POST', 'keys/device_signing/upload', identity(alice, 'A'));
  const { next } = sync();
  const before = phone('POST', 'keys/query', { device_keys: { [alice]: [] } }).body;
  expect(tamper.masterKey(now(), alice)).toEqual(objectAt(before, 'master_keys')[alice]);
  const key = crossSigningKey(alice, 'self_signing', 'S');
  change((server) => tamper.setSelfSigning(server, alice, key));
  expect(tamper.crossSigningKey(now(), alice, 'self_signing')).toBe('S');
  const after = phone('POST', 'keys/query', { device_keys: { [alice]: [] } }).body;
  expect([objectAt(after, 'master_keys'), objectAt(after, 'self_signing_keys')]).toEqual([
    objectAt(before, 'master_keys'),
    { [alice]: key },
  ]);
  expect(sync(next).lists).toEqual([alice]);
});

test('a change that never happened can be announced', () => {
  const { change, sync } = world();
  const { next } = sync();
  expect(sync(next).lists).toEqual([]);
  change((server) => tamper.announce(server, alice, alice));
  expect(sync(next).lists).toEqual([alice]);
});

test('the next one-time key is the one that is claimed next, and looking does not use it up', () => {
  const { phone, now } = world();
  expect(tamper.nextOneTimeKey(now(), alice, 'PHONE')).toBeNull();
  phone('POST', 'keys/upload', {
    one_time_keys: { 'signed_curve25519:A': { key: 'a' }, 'signed_curve25519:B': { key: 'b' } },
  });
  const next = tamper.nextOneTimeKey(now(), alice, 'PHONE');
  expect(next).toEqual({ 'signed_curve25519:A': { key: 'a' } });
  const claim = { one_time_keys: { [alice]: { PHONE: 'signed_curve25519' } } };
  const claimed = objectAt(objectAt(phone('POST', 'keys/claim', claim).body, 'one_time_keys'), alice);
  expect(claimed.PHONE).toEqual(next);
  expect(tamper.nextOneTimeKey(now(), alice, 'PHONE')).toEqual({ 'signed_curve25519:B': { key: 'b' } });
});

test('the operator sees which backup key is in use, and what account data there is', () => {
  const { phone, now } = world();
  expect([tamper.currentBackupKey(now(), alice), tamper.accountDataTypes(now(), alice)]).toEqual([null, []]);
  phone('POST', 'room_keys/version', { algorithm: 'm.test', auth_data: { public_key: 'hers' } });
  const self = `user/${encodeURIComponent(alice)}/account_data`;
  phone('PUT', `${self}/m.two`, { n: 2 });
  phone('PUT', `${self}/m.one`, { n: 1 });
  expect(tamper.currentBackupKey(now(), alice)).toBe('hers');
  expect(tamper.accountDataTypes(now(), alice)).toEqual(['m.one', 'm.two']);
  expect([tamper.accountData(now(), alice, 'm.two'), tamper.accountData(now(), alice, 'm.three')]).toEqual([
    { n: 2 },
    null,
  ]);
});

test('the operator sees the files that are there, puts others in their place, and adds some that nobody uploaded', () => {
  const { change, now, phone } = world();
  const upload = (data: string) =>
    stringAt(phone('POST', '/_matrix/media/v3/upload', { data }).body, 'content_uri') ?? '';
  const download = (uri: string) => {
    const [, server, id] = /^mxc:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    return phone('GET', `/_matrix/client/v1/media/download/${server}/${id}`).body;
  };
  const uris = ['AAAA', 'BBBB'].map(upload);
  const [first, second] = tamper.fileIds(now());
  expect([first, second].map((id) => tamper.fileData(now(), id ?? ''))).toEqual(['AAAA', 'BBBB']);
  change((server) => tamper.setFile(server, second ?? '', 'CCCC'));
  expect(uris.map((uri) => objectAt({ file: download(uri) }, 'file').data)).toEqual(['AAAA', 'CCCC']);
  const added = tamper.addFile(now(), alice, 'DDDD');
  change(() => added.server);
  expect(objectAt({ file: download(added.uri) }, 'file').data).toBe('DDDD');
  expect(tamper.isServed(now(), 'none', 0)).toBe(false);
  expect(() => tamper.setFile(now(), 'none', 'EEEE')).toThrow(/no file none/);
});
