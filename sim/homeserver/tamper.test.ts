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
