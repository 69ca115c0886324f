/** One request and its answer, unless something goes wrong with it: offline, faults, lies. */
import { describe, expect, it } from 'vitest';
import { stringAt } from '../../machines/json.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import { stageWith } from '../verbs/port.ts';
import { asksFor, endpointNames, isEndpoint } from './endpoints.ts';
import { call } from './network.ts';
import { begin } from './prologue.ts';
import { aliceAndDevices } from './testing.ts';
import type { Trouble, Veil, World } from './world.ts';

const stage = stageWith(aliceAndDevices({ devices: ['phone', 'laptop'] }), { suite: makeSymbolicSuite('1') });
const world = begin(stage);
const phone = 'alice.phone';
const tokenOf = (player: string): string | null => world.devices[player]?.store.me.accessToken ?? null;
const v3 = '/_matrix/client/v3';

const data = `${v3}/user/%40alice%3Aexample.org/account_data/org.example.note`;
const writes = (now: World, player = phone) =>
  call(stage, now, player, 'example.org', { accessToken: tokenOf(player), method: 'PUT', path: data, body: { n: 1 } });
const reads = (now: World, player = phone) =>
  call(stage, now, player, 'example.org', { accessToken: tokenOf(player), method: 'GET', path: data });
const armed = (how: Trouble['how'], endpoint = 'account_data', player = phone): World => ({
  ...world,
  troubles: [{ player, endpoint, how }],
});
const streamOf = (now: World): number => now.servers['example.org']?.streams['@alice:example.org']?.position ?? 0;

describe('a request', () => {
  it('is done, answered and drawn with both sides', () => {
    const done = writes(world);
    expect([done.answer?.status, reads(done.world).answer?.body]).toEqual([200, { n: 1 }]);
    expect(done.moments).toEqual([
      {
        kind: 'request',
        from: phone,
        to: 'example.org',
        method: 'PUT',
        path: data,
        body: { n: 1 },
        status: 200,
        response: {},
      },
    ]);
  });

  it('of a device that is offline reaches nobody', () => {
    const done = writes({ ...world, offline: [phone] });
    expect([done.answer, done.world.servers]).toEqual([null, world.servers]);
    expect(done.moments).toEqual([{ kind: 'fault', player: phone, fault: 'offline' }]);
    expect(writes({ ...world, offline: ['alice.laptop'] }).answer?.status).toBe(200);
  });

  it('that fails is answered 503, and nothing is done; the next one goes well', () => {
    const done = writes(armed('fail'));
    expect([done.answer?.status, streamOf(done.world), done.world.troubles]).toEqual([503, streamOf(world), []]);
    expect(stringAt(done.answer?.body ?? null, 'errcode')).toBe('M_UNKNOWN');
    expect(done.moments.map(({ kind }) => kind)).toEqual(['request', 'fault']);
    expect(done.moments[1]).toEqual({ kind: 'fault', player: phone, fault: 'fail account_data' });
    expect(writes(done.world).answer?.status).toBe(200);
  });

  it('whose answer is lost is done all the same', () => {
    const done = writes(armed('lose'));
    expect([done.answer, reads(done.world).answer?.body]).toEqual([null, { n: 1 }]);
    expect(done.moments).toMatchObject([{ kind: 'request', status: 200, lost: true }, { kind: 'fault' }]);
  });

  it('that is repeated is done twice and answered once, as the second time', () => {
    const creates = (now: World) =>
      call(stage, now, phone, 'example.org', {
        accessToken: tokenOf(phone),
        method: 'POST',
        path: `${v3}/room_keys/version`,
        body: { algorithm: 'm.megolm_backup.v1.curve25519-aes-sha2', auth_data: { public_key: 'k', signatures: {} } },
      });
    const versionOf = (done: ReturnType<typeof creates>) => Number(stringAt(done.answer?.body, 'version'));
    const done = creates(armed('repeat', 'room_keys/version'));
    expect(versionOf(done)).toBe(versionOf(creates(world)) + 1);
    // The first time made a version as well, of which nobody hears.
    expect(done.moments).toMatchObject([
      { kind: 'request', status: 200, response: { version: String(versionOf(done) - 1) }, lost: true },
      { kind: 'request', status: 200, response: { version: String(versionOf(done)) } },
      { kind: 'fault' },
    ]);
    expect(done.moments[1]).not.toHaveProperty('lost');
  });

  it('that is repeated is seen once where it comes to the same', () => {
    expect(writes(armed('repeat')).moments).toMatchObject([{ kind: 'request', status: 200 }, { kind: 'fault' }]);
  });

  it('goes well as often as a trouble lets pass, and others do not count', () => {
    const [trouble] = armed('lose').troubles;
    const past = { ...world, troubles: [{ ...(trouble as Trouble), past: 2 }] };
    expect(writes(past, 'alice.laptop').world.troubles).toEqual(past.troubles);
    const first = writes(past);
    expect([first.answer?.status, first.world.troubles]).toEqual([200, [{ ...trouble, past: 1 }]]);
    const second = writes(first.world);
    expect([second.answer?.status, second.world.troubles]).toEqual([200, [trouble]]);
    expect(writes(second.world).answer).toBeNull();
  });

  it('after which the client stops is done, and its answer never heard', () => {
    const done = writes(armed('stop'));
    expect([done.answer, done.hasStopped, reads(done.world).answer?.body]).toEqual([null, true, { n: 1 }]);
    expect(writes(armed('lose')).hasStopped).toBeUndefined();
  });

  it('is struck by what was laid for its player and its endpoint only, once, the first first', () => {
    for (const other of [armed('fail', 'account_data', 'alice.laptop'), armed('fail', 'keys/query')])
      expect([writes(other).answer?.status, writes(other).world.troubles]).toEqual([200, other.troubles]);
    const [first, second] = [armed('lose').troubles[0], armed('fail').troubles[0]] as [Trouble, Trouble];
    const twice = { ...world, troubles: [first, second] };
    expect([writes(twice).answer, writes(twice).world.troubles]).toEqual([null, [second]]);
  });
});

describe('a veil', () => {
  const lie = { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'no' } };
  const veil: Veil = { player: phone, about: 'a note', method: 'GET', path: data, ...lie };
  const lied: World = { ...writes(world).world, veils: [veil] };

  it('lies over one player’s answers to one method on one path', () => {
    expect(reads(lied).answer).toEqual(lie);
    expect(reads(lied, 'alice.laptop').answer?.body).toEqual({ n: 1 });
    expect(writes(lied).answer?.status).toBe(200);
    const whoami = call(stage, lied, phone, 'example.org', {
      accessToken: tokenOf(phone),
      method: 'GET',
      path: `${v3}/account/whoami`,
    });
    expect(whoami.answer?.status).toBe(200);
  });

  it('that is about something asked for lies to nobody who asks after something else', () => {
    const asks = (user: string) =>
      call(
        stage,
        { ...world, veils: [{ ...veil, method: 'POST', path: `${v3}/keys/query`, asked: ['device_keys', 'a'] }] },
        phone,
        'example.org',
        {
          accessToken: tokenOf(phone),
          method: 'POST',
          path: `${v3}/keys/query`,
          body: { device_keys: { [user]: [] } },
        },
      ).answer?.status;
    expect([asks('a'), asks('@alice:example.org')]).toEqual([404, 200]);
  });

  it('tells of the parts of what it shows, where they are asked for one by one', () => {
    const none = (error: string) => ({ status: 404, body: { error } });
    const rooms = { 'a b': { sessions: { '1/2': { n: 1 } } } };
    const whole: Veil = {
      ...veil,
      status: 200,
      body: { rooms },
      parts: [
        { of: 'rooms', none: none('no room') },
        { of: 'sessions', none: none('no session') },
      ],
    };
    const asks = (below: string, one: Veil = whole) =>
      call(stage, { ...world, veils: [one] }, phone, 'example.org', {
        accessToken: tokenOf(phone),
        method: 'GET',
        path: `${data}${below}`,
      }).answer;
    expect(asks('')).toEqual({ status: 200, body: { rooms } });
    expect(asks('/a%20b')).toEqual({ status: 200, body: rooms['a b'] });
    expect(asks('/a%20b/1%2F2')).toEqual({ status: 200, body: { n: 1 } });
    expect([asks('/a'), asks('/a/1%2F2'), asks('/a%20b/3')]).toEqual([
      none('no room'),
      none('no session'),
      none('no session'),
    ]);
    expect([asks('/%ff'), asks('/toString'), asks('/__proto__/x')]).toEqual([
      none('no room'),
      none('no room'),
      none('no session'),
    ]);
    expect(asks('/a%20b/1%2F2/n')?.body).toMatchObject({ errcode: 'M_UNRECOGNIZED' });
    expect(asks('/a%20b', { ...veil, ...none('all') })?.body).toMatchObject({ errcode: 'M_UNRECOGNIZED' });
  });

  it('is what is drawn too, and changes nothing at the server', () => {
    const done = reads(lied);
    expect(done.moments).toMatchObject([{ status: 404, response: lie.body }]);
    expect(done.world.servers).toEqual(lied.servers);
  });

  it('edits the truth: puts, adds, leaves out, and nothing where the way does not lead', () => {
    const edited = (edits: Extract<Veil, { edits: unknown }>['edits']) =>
      reads({ ...lied, veils: [{ player: phone, about: 'a note', method: 'GET', path: data, edits }] }).answer;
    expect(edited([{ at: ['n'], put: 2 }])).toEqual({ status: 200, body: { n: 2 } });
    expect(edited([{ at: ['n'] }])?.body).toEqual({});
    expect(edited([{ at: ['m', 'o'], put: 2 }])?.body).toEqual({ n: 1 });
    expect(
      edited([
        { at: ['m'], put: [] },
        { at: ['m'], add: { type: 't' } },
      ])?.body,
    ).toEqual({ n: 1, m: [{ type: 't' }] });
    expect(
      edited([{ at: ['m'], put: [{ type: 't' }, { type: 'u', state_key: 's' }] }, { at: ['m', 'u s'] }])?.body,
    ).toEqual({
      n: 1,
      m: [{ type: 't' }],
    });
  });
});

describe('an endpoint', () => {
  it.each([
    ['sync', `${v3}/sync`],
    ['/sync', `${v3}/sync`],
    ['sendToDevice', `${v3}/sendToDevice/m.room.encrypted/t1`],
    ['sendToDevice/m.secret.request', `${v3}/sendToDevice/m.secret.request/t1`],
    ['room_keys/version', `${v3}/room_keys/version/3`],
    ['room_keys/keys', `${v3}/room_keys/keys`],
    ['account_data', data],
    ['account_data/org.example.note', data],
    ['join', `${v3}/join/!den%3Aexample.org`],
    ['/invite', `${v3}/rooms/!den%3Aexample.org/invite`],
    ['state/m.room.name', `${v3}/rooms/!den%3Aexample.org/state/m.room.name/`],
    ['media/v3/upload', '/_matrix/media/v3/upload'],
    ['media/download', '/_matrix/client/v1/media/download/example.org/media1'],
    ['login/get_token', '/_matrix/client/v1/login/get_token'],
    ['/', `${v3}/account/whoami`],
  ])('%s is asked by %s', (name, path) => {
    expect([isEndpoint(name) || name === '/', asksFor(name, path)]).toEqual([true, true]);
  });

  it.each([
    ['sync', `${v3}/rooms/sync/invite`],
    ['send', `${v3}/sendToDevice/m.room.encrypted/t1`],
    ['login', '/_matrix/client/v1/login/get_token'],
    ['sendToDevice/m.secret.request', `${v3}/sendToDevice/m.room.encrypted/t1`],
    ['ban', `${v3}/rooms/!den%3Aexample.org/unban`],
    ['keys/upload', `${v3}/keys/device_signing/upload`],
    ['nothing', `${v3}/sync`],
  ])('%s is not asked by %s', (name, path) => {
    expect(asksFor(name, path)).toBe(false);
  });

  it('goes by each of its names, and by no other', () => {
    expect(endpointNames.filter((name) => !isEndpoint(name))).toEqual([]);
    expect(['', 'keys', 'constructor', '__proto__', 'sync/x', 'sendToDevice/a/b'].filter(isEndpoint)).toEqual([]);
  });
});
