import { describe, expect, test } from 'vitest';
import { type Json, objectAt } from '../../machines/json.ts';
import { deviceKeys, held, type Speak } from './testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
const oneTimeKey = (text: string) => ({
  key: text,
  signatures: { [alice]: { 'ed25519:PHONE': `signature of ${text}` } },
});

const world = () => {
  const { logIn, now } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE') });
  return { now, phone, bob: logIn('bob', 'DESK') };
};
const upload = (speak: Speak, ...names: readonly string[]) =>
  speak('POST', 'keys/upload', {
    one_time_keys: Object.fromEntries(names.map((name) => [`signed_curve25519:${name}`, oneTimeKey(name)])),
  });
const claimFrom = (speak: Speak, device = 'PHONE', algorithm = 'signed_curve25519'): Json =>
  objectAt(
    objectAt(
      speak('POST', 'keys/claim', { one_time_keys: { [alice]: { [device]: algorithm } } }).body,
      'one_time_keys',
    ),
    alice,
  )[device] ?? null;

describe('an upload', () => {
  test('is answered with what there is now', () => {
    const { phone } = world();
    expect(upload(phone, 'A', 'B').body).toEqual({ one_time_key_counts: { signed_curve25519: 2 } });
    expect(phone('POST', 'keys/upload', {}).body).toEqual({ one_time_key_counts: { signed_curve25519: 2 } });
  });

  test('of the same key again changes nothing, whatever its new signature', () => {
    const { phone, now } = world();
    upload(phone, 'A');
    const before = now();
    const again = { key: 'A', signatures: { [alice]: { 'ed25519:PHONE': 'made again' } } };
    expect(phone('POST', 'keys/upload', { one_time_keys: { 'signed_curve25519:A': again } }).status).toBe(200);
    expect(now()).toBe(before);
  });

  test('of another key under a known id is refused as a whole', () => {
    const { phone } = world();
    upload(phone, 'A');
    const body = {
      one_time_keys: { 'signed_curve25519:B': oneTimeKey('B'), 'signed_curve25519:A': oneTimeKey('other') },
    };
    expect(phone('POST', 'keys/upload', body)).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_PARAM' } });
    expect(phone('POST', 'keys/upload', {}).body).toEqual({ one_time_key_counts: { signed_curve25519: 1 } });
  });

  test.each([
    ['user', deviceKeys(bob, 'PHONE')],
    ['device', deviceKeys(alice, 'LAPTOP')],
  ] as const)('of keys in the name of another %s is refused', (_whose, device_keys) => {
    expect(world().phone('POST', 'keys/upload', { device_keys })).toMatchObject({
      status: 400,
      body: { errcode: 'M_INVALID_PARAM' },
    });
  });
});

describe('a query', () => {
  test('answers for every local user it is asked about, with nothing where there is nothing', () => {
    const { bob: speak } = world();
    const asked = { [alice]: [], [bob]: [], '@nobody:example.org': [] };
    expect(speak('POST', 'keys/query', { device_keys: asked }).body).toEqual({
      device_keys: { [alice]: { PHONE: deviceKeys(alice, 'PHONE') }, [bob]: {}, '@nobody:example.org': {} },
      master_keys: {},
      self_signing_keys: {},
      user_signing_keys: {},
      failures: {},
    });
  });

  test.each([
    [['PHONE'], ['PHONE']],
    [['LAPTOP'], []],
    [[], ['PHONE']],
  ] as const)('for the devices %j shows %j', (wanted, shown) => {
    const { body } = world().bob('POST', 'keys/query', { device_keys: { [alice]: wanted } });
    expect(Object.keys(objectAt(objectAt(body, 'device_keys'), alice))).toEqual(shown);
  });

  test('names servers that it could not ask', () => {
    const { body } = world().bob('POST', 'keys/query', { device_keys: { '@carol:elsewhere.org:8448': [] } });
    expect(body).toMatchObject({ device_keys: {}, failures: { 'elsewhere.org:8448': { status: 503 } } });
  });

  test.each([
    [{}, 'M_BAD_JSON'],
    [{ device_keys: [] }, 'M_BAD_JSON'],
    [{ device_keys: { [alice]: 'all' } }, 'M_INVALID_PARAM'],
  ])('with the body %j is refused', (body, errcode) => {
    expect(world().bob('POST', 'keys/query', body)).toMatchObject({ status: 400, body: { errcode } });
  });
});

describe('a claim', () => {
  test('gives each one-time key once, the oldest first, then the fallback key again and again', () => {
    const { phone, bob: speak } = world();
    upload(phone, 'B', 'A');
    upload(phone, 'C');
    const fallback = { ...oneTimeKey('F'), fallback: true };
    phone('POST', 'keys/upload', { fallback_keys: { 'signed_curve25519:F': fallback } });
    for (const name of ['B', 'A', 'C'])
      expect(claimFrom(speak)).toEqual({ [`signed_curve25519:${name}`]: oneTimeKey(name) });
    for (let time = 0; time < 2; time += 1) expect(claimFrom(speak)).toEqual({ 'signed_curve25519:F': fallback });
  });

  test('of a fallback key that is used already is no news', () => {
    const { phone, bob: speak, now } = world();
    phone('POST', 'keys/upload', { fallback_keys: { 'signed_curve25519:F': oneTimeKey('F') } });
    claimFrom(speak);
    const before = now();
    claimFrom(speak);
    expect(now()).toBe(before);
  });

  test.each([
    ['a device without keys', 'PHONE', 'signed_curve25519'],
    ['a device that is not there', 'NOWHERE', 'signed_curve25519'],
    ['another algorithm', 'PHONE', 'curve25519'],
  ])('finds nothing for %s', (_what, device, algorithm) => {
    expect(claimFrom(world().bob, device, algorithm)).toBeNull();
  });

  test('of a one-time key and the first use of a fallback key reach the device with its sync', () => {
    const { phone, bob: speak } = world();
    const told = () => {
      const { body } = phone('GET', 'sync');
      return [
        objectAt(body, 'device_one_time_keys_count'),
        objectAt({ body }, 'body').device_unused_fallback_key_types,
      ];
    };
    upload(phone, 'A');
    phone('POST', 'keys/upload', { fallback_keys: { 'signed_curve25519:F': oneTimeKey('F') } });
    expect(told()).toEqual([{ signed_curve25519: 1 }, ['signed_curve25519']]);
    claimFrom(speak);
    expect(told()).toEqual([{ signed_curve25519: 0 }, ['signed_curve25519']]);
    claimFrom(speak);
    expect(told()).toEqual([{ signed_curve25519: 0 }, []]);
    phone('POST', 'keys/upload', { fallback_keys: { 'signed_curve25519:F': oneTimeKey('F') } });
    expect(told()).toEqual([{ signed_curve25519: 0 }, []]);
    phone('POST', 'keys/upload', { fallback_keys: { 'signed_curve25519:G': oneTimeKey('G') } });
    expect(told()).toEqual([{ signed_curve25519: 0 }, ['signed_curve25519']]);
  });
});

describe('changes between two tokens', () => {
  test('name the users whose keys changed and were ever asked for', () => {
    const { phone, bob: speak } = world();
    const changed = (from: string) => speak('GET', 'keys/changes', undefined, { from, to: 's9' }).body;
    speak('POST', 'keys/query', { device_keys: { [alice]: [] } });
    expect(changed('s0')).toEqual({ changed: [], left: [] });
    phone('POST', 'keys/upload', { device_keys: deviceKeys(alice, 'PHONE', ' anew') });
    expect(changed('s0')).toEqual({ changed: [alice], left: [] });
    expect(changed('s1')).toEqual({ changed: [], left: [] });
  });

  test.each([
    [{}, 'M_MISSING_PARAM'],
    [{ from: 's0' }, 'M_MISSING_PARAM'],
    [{ from: 'yesterday', to: 's1' }, 'M_INVALID_PARAM'],
  ] as const)('with the query %j are refused', (query, errcode) => {
    expect(world().bob('GET', 'keys/changes', undefined, query)).toMatchObject({ status: 400, body: { errcode } });
  });
});
