import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { crossSigningKey, deviceKeys, held, identity, passwordAuth, type Speak } from './testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
const carol = '@carol:example.org';

const world = () => {
  const { logIn, now } = held(['alice', 'bob', 'carol']);
  const phone = logIn('alice', 'PHONE');
  const desk = logIn('bob', 'DESK');
  phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE') });
  desk('POST', 'keys/upload', { device_keys: deviceKeys(bob, 'DESK') });
  phone('POST', 'keys/device_signing/upload', identity(alice, 'A'));
  desk('POST', 'keys/device_signing/upload', identity(bob, 'B'));
  return { logIn, now, phone, desk, carol: logIn('carol', 'PAD') };
};
const shown = (speak: Speak, user: string): JsonObject =>
  objectAt({ body: speak('POST', 'keys/query', { device_keys: { [user]: [] } }).body }, 'body');
const masterOf = (speak: Speak, user: string) => objectAt(objectAt(shown(speak, user), 'master_keys'), user);
const signed = (object: JsonObject, by: string, key: string): JsonObject => ({
  ...object,
  signatures: { [by]: { [`ed25519:${key}`]: `signature by ${key}` } },
});
const sign = (speak: Speak, user: string, keyId: string, object: JsonObject) =>
  speak('POST', 'keys/signatures/upload', { [user]: { [keyId]: object } });

describe('cross-signing keys', () => {
  test('are for everybody, but for the user-signing key', () => {
    const { phone, desk } = world();
    const { master_key, self_signing_key, user_signing_key } = identity(alice, 'A');
    const forAll = { master_keys: { [alice]: master_key }, self_signing_keys: { [alice]: self_signing_key } };
    expect(shown(phone, alice)).toMatchObject({ ...forAll, user_signing_keys: { [alice]: user_signing_key } });
    expect(shown(desk, alice)).toMatchObject({ ...forAll, user_signing_keys: {} });
  });

  test('can be uploaded the first time, and the same ones again, without a password', () => {
    expect(world().phone('POST', 'keys/device_signing/upload', identity(alice, 'A'))).toEqual({
      status: 200,
      body: {},
    });
  });

  test('are replaced only by somebody with the password', () => {
    const { phone } = world();
    const asked = phone('POST', 'keys/device_signing/upload', identity(alice, 'new'));
    expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ['m.login.password'] }] } });
    expect(masterOf(phone, alice)).toEqual(identity(alice, 'A').master_key);
    const auth = passwordAuth('alice', stringAt(asked.body, 'session'));
    expect(phone('POST', 'keys/device_signing/upload', { ...identity(alice, 'new'), auth })).toEqual({
      status: 200,
      body: {},
    });
    expect(masterOf(phone, alice)).toEqual(identity(alice, 'new').master_key);
  });

  test.each([
    [
      'a master key that says it is something else',
      { master_key: crossSigningKey(carol, 'self_signing', 'C MSK') },
      400,
      'M_INVALID_PARAM',
    ],
    ['a master key of somebody else', { master_key: crossSigningKey(bob, 'master', 'C MSK') }, 400, 'M_INVALID_PARAM'],
    [
      'a key object without a key',
      { master_key: { user_id: carol, usage: ['master'], keys: {} } },
      400,
      'M_INVALID_PARAM',
    ],
    [
      'a master key that is called like a device',
      { master_key: crossSigningKey(carol, 'master', 'PAD') },
      403,
      'M_FORBIDDEN',
    ],
    [
      'a self-signing key without a master key',
      { self_signing_key: crossSigningKey(carol, 'self_signing', 'C SSK', 'C MSK') },
      400,
      'M_MISSING_PARAM',
    ],
    [
      'a self-signing key that another master key signed',
      {
        master_key: crossSigningKey(carol, 'master', 'C MSK'),
        self_signing_key: crossSigningKey(carol, 'self_signing', 'C SSK', 'A MSK'),
      },
      400,
      'M_INVALID_SIGNATURE',
    ],
  ])('are refused: %s', (_what, body, status, errcode) => {
    const { carol: speak } = world();
    expect(speak('POST', 'keys/device_signing/upload', body)).toMatchObject({ status, body: { errcode } });
    expect(masterOf(speak, carol)).toEqual({});
  });
});

describe('a signature', () => {
  const phoneKeys = deviceKeys(alice, 'PHONE');
  const masterA = identity(alice, 'A').master_key;
  const masterB = identity(bob, 'B').master_key;

  test('of the self-signing key on an own device joins those that are there, for everybody', () => {
    const { phone, desk } = world();
    expect(sign(phone, alice, 'PHONE', signed(phoneKeys, alice, 'A SSK')).body).toEqual({ failures: {} });
    const seen = objectAt(objectAt(objectAt(shown(desk, alice), 'device_keys'), alice), 'PHONE');
    expect(seen).toEqual({
      ...phoneKeys,
      signatures: { [alice]: { 'ed25519:PHONE': 'self-signature', 'ed25519:A SSK': 'signature by A SSK' } },
    });
  });

  test('of an own device on the own master key is for everybody', () => {
    const { phone, desk } = world();
    sign(phone, alice, 'A MSK', signed(masterA, alice, 'PHONE'));
    expect(masterOf(desk, alice)).toEqual(signed(masterA, alice, 'PHONE'));
  });

  test('of the user-signing key on the master key of another is for the signer alone', () => {
    const { phone, desk, carol: third } = world();
    expect(sign(phone, bob, 'B MSK', signed(masterB, alice, 'A USK')).body).toEqual({ failures: {} });
    expect(masterOf(phone, bob)).toEqual(signed(masterB, alice, 'A USK'));
    expect(masterOf(desk, bob)).toEqual(masterB);
    expect(masterOf(third, bob)).toEqual(masterB);
  });

  test('does not carry over to a new identity', () => {
    const { phone, desk } = world();
    sign(phone, bob, 'B MSK', signed(masterB, alice, 'A USK'));
    desk('POST', 'keys/device_signing/upload', { ...identity(bob, 'new'), auth: passwordAuth('bob') });
    expect(masterOf(phone, bob)).toEqual(identity(bob, 'new').master_key);
  });

  test('on a device is gone with the device', () => {
    const { logIn, phone } = world();
    sign(phone, alice, 'PHONE', signed(phoneKeys, alice, 'A SSK'));
    phone('POST', 'logout', {});
    const again = logIn('alice', 'PHONE');
    again('POST', 'keys/upload', { device_keys: phoneKeys });
    expect(objectAt(objectAt(shown(again, alice), 'device_keys'), alice)).toEqual({ PHONE: phoneKeys });
  });

  test.each<[string, string, string, JsonObject, string]>([
    ['of the master key on a device', alice, 'PHONE', signed(phoneKeys, alice, 'A MSK'), 'M_INVALID_SIGNATURE'],
    [
      'of the self-signing key on the master key',
      alice,
      'A MSK',
      signed(masterA, alice, 'A SSK'),
      'M_INVALID_SIGNATURE',
    ],
    ['of a device on the master key of another', bob, 'B MSK', signed(masterB, alice, 'PHONE'), 'M_INVALID_SIGNATURE'],
    ['filed under the name of another', bob, 'B MSK', signed(masterB, bob, 'DESK'), 'M_INVALID_SIGNATURE'],
    ['on changed keys', alice, 'PHONE', signed({ ...phoneKeys, algorithms: [] }, alice, 'A SSK'), 'M_INVALID_PARAM'],
    [
      'on a device that is not there',
      alice,
      'NOWHERE',
      signed(deviceKeys(alice, 'NOWHERE'), alice, 'A SSK'),
      'M_NOT_FOUND',
    ],
    ['on a device of another', bob, 'DESK', signed(deviceKeys(bob, 'DESK'), alice, 'A USK'), 'M_NOT_FOUND'],
  ])('%s is listed as a failure and not kept', (_what, user, keyId, object, errcode) => {
    const { phone } = world();
    const before = shown(phone, user);
    expect(sign(phone, user, keyId, object)).toMatchObject({
      status: 200,
      body: { failures: { [user]: { [keyId]: { errcode } } } },
    });
    expect(shown(phone, user)).toEqual(before);
  });

  test('that fails does not take the others down', () => {
    const { phone } = world();
    const body = { [alice]: { NOWHERE: phoneKeys, PHONE: signed(phoneKeys, alice, 'A SSK') } };
    expect(
      Object.keys(objectAt(objectAt(phone('POST', 'keys/signatures/upload', body).body, 'failures'), alice)),
    ).toEqual(['NOWHERE']);
    expect(objectAt(objectAt(shown(phone, alice), 'device_keys'), alice)).toMatchObject({
      PHONE: signed(phoneKeys, alice, 'A SSK'),
    });
  });
});
