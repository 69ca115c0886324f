/** Asking in an address, and what comes of it when somebody turns out to be its owner. */
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { identityServerName, signedFor } from '../identity-server.ts';
import { held } from '../testing.ts';
import { propose } from './events.ts';
import { membershipOf, stateEvent } from './state.ts';

const id = (name: string) => `@${name}:example.org`;
const mail = 'bob@example.com';
const trusted = { id_server: identityServerName, id_access_token: 'token' };
const byMail = { ...trusted, medium: 'email', address: mail };

/** A room of alice and carol, who have level 100 and 0; bob and mallory are outside. */
const world = () => {
  const cast = held(['alice', 'bob', 'carol', 'mallory']);
  const { logIn, now } = cast;
  const alice = logIn('alice', 'PHONE');
  const carol = logIn('carol', 'PHONE');
  const bob = logIn('bob', 'PHONE');
  const room = stringAt(alice('POST', 'createRoom', { name: 'Den', invite: [id('carol')] }).body, 'room_id') ?? '';
  carol('POST', `join/${room}`, {});
  const state = () => now().rooms[room]?.state ?? {};
  return {
    ...cast,
    alice,
    bob,
    carol,
    mallory: logIn('mallory', 'PHONE'),
    room,
    state,
    asks: (body: JsonObject = byMail) => alice('POST', `rooms/${room}/invite`, body),
    binds: (address = mail) => bob('POST', 'account/3pid/bind', { ...trusted, client_secret: 'secret', sid: address }),
    tokens: () => Object.keys(state()['m.room.third_party_invite'] ?? {}),
    isBob: (name = 'bob') => membershipOf(state(), id(name)),
    /** An invitation with that `third_party_invite`, as `sender`. */
    claims: (sender: string, target: string, signed: JsonObject) => {
      const content = { membership: 'invite', third_party_invite: { display_name: 'b...@e...', signed } };
      const draft = { type: 'm.room.member', sender: id(sender), state_key: id(target), content };
      const done = propose(now(), room, draft, 0);
      return 'refused' in done ? done.refused : 'allowed';
    },
  };
};

test('an address that is asked in is told of in the room, and not spelt out', () => {
  const { asks, tokens, state } = world();
  expect(asks()).toEqual({ status: 200, body: {} });
  const [token = ''] = tokens();
  const event = stateEvent(state(), 'm.room.third_party_invite', token);
  expect(event?.sender).toBe(id('alice'));
  expect(event?.content).toMatchObject({ display_name: 'b...@e...', key_validity_url: expect.any(String) });
  expect(stringAt(event?.content, 'public_key')).toMatch(/^[\w+/]{43}$/);
  expect(JSON.stringify(event)).not.toContain(mail);
});

test('its owner is asked in by whoever asked for the address, and joins as others do', () => {
  const { asks, binds, isBob, bob, room, tokens, state } = world();
  asks();
  expect(isBob()).toBe('leave');
  expect(binds()).toEqual({ status: 200, body: {} });
  const event = stateEvent(state(), 'm.room.member', id('bob'));
  expect(event).toMatchObject({
    sender: id('alice'),
    content: {
      membership: 'invite',
      third_party_invite: { display_name: 'b...@e...', signed: { mxid: id('bob'), token: tokens()[0] } },
    },
  });
  const asked = objectAt(objectAt(objectAt(bob('GET', 'sync').body, 'rooms'), 'invite'), room);
  expect(JSON.stringify(asked)).toContain('"sender":"@alice:example.org"');
  expect(bob('POST', `join/${room}`, {}).status).toBe(200);
  expect(isBob()).toBe('join');
});

test('an address that has an owner is an invitation of theirs at once', () => {
  const { asks, binds, isBob, tokens } = world();
  binds();
  asks();
  expect([isBob(), tokens()]).toEqual(['invite', []]);
});

test('another address, and a room that has taken the invitation back, ask nobody in', () => {
  const { alice, asks, binds, isBob, tokens, room } = world();
  asks();
  binds('rob@example.com');
  expect(isBob()).toBe('leave');
  alice('PUT', `rooms/${room}/state/m.room.third_party_invite/${tokens()[0]}`, {});
  expect(binds().status).toBe(200);
  expect(isBob()).toBe('leave');
});

test('whoever is in the room stays in it, and who is banned stays out, whatever address is theirs', () => {
  const { alice, asks, binds, bob, isBob, room } = world();
  alice('POST', `rooms/${room}/invite`, { user_id: id('bob') });
  bob('POST', `join/${room}`, {});
  asks();
  binds();
  expect(isBob()).toBe('join');
  const other = world();
  other.alice('POST', `rooms/${other.room}/ban`, { user_id: id('bob') });
  other.asks();
  other.binds();
  expect(other.isBob()).toBe('ban');
});

test('an address is asked in by those who may ask anybody in', () => {
  const { alice, carol, mallory, room, tokens } = world();
  const asks = (who: typeof alice) => who('POST', `rooms/${room}/invite`, byMail);
  expect(asks(mallory)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  expect(asks(carol).status).toBe(200);
  const levels = alice('GET', `rooms/${room}/state/m.room.power_levels`).body;
  alice('PUT', `rooms/${room}/state/m.room.power_levels`, { ...(isObject(levels) ? levels : {}), invite: 50 });
  expect(asks(carol).status).toBe(403);
  expect(asks(alice).status).toBe(200);
  expect(tokens()).toHaveLength(2);
});

test.each([
  ['no identity server', { medium: 'email', address: mail, id_access_token: 'token' }, 400, 'M_MISSING_PARAM'],
  ['no token for it', { medium: 'email', address: mail, id_server: identityServerName }, 400, 'M_MISSING_PARAM'],
  ['no address', { ...trusted, medium: 'email' }, 400, 'M_MISSING_PARAM'],
  ['a strange identity server', { ...byMail, id_server: 'evil.example' }, 403, 'M_SERVER_NOT_TRUSTED'],
] as const)('nothing is asked in with %s', (_what, body, status, errcode) => {
  const { asks, tokens } = world();
  expect(asks(body)).toMatchObject({ status, body: { errcode } });
  expect(tokens()).toEqual([]);
});

describe('the rules of the room', () => {
  const asked = () => {
    const all = world();
    all.asks();
    const [token = ''] = all.tokens();
    return { ...all, token, signed: signedFor(id('bob'), token) };
  };

  test('take an invitation that the identity server has signed, from whoever asked', () => {
    const { claims, signed } = asked();
    expect(claims('alice', 'bob', signed)).toBe('allowed');
  });

  test('refuse a token under which nobody was asked', () => {
    const { claims } = asked();
    expect(claims('alice', 'bob', signedFor(id('bob'), 'made-up'))).toContain('under that token');
  });

  test('refuse an invitation of somebody else than was signed for', () => {
    const { claims, signed } = asked();
    expect(claims('alice', 'mallory', signed)).toContain('for somebody else');
  });

  test('refuse another sender, also one who may ask anybody in', () => {
    const { claims, signed } = asked();
    expect(claims('carol', 'bob', signed)).toContain('Somebody else has asked');
  });

  test('refuse what the identity server has not signed: nothing, another name, another token, a bent signature', () => {
    const { claims, signed, token } = asked();
    const borrowed = { ...signed, mxid: id('mallory') };
    const [entity = '', own = {}] = Object.entries(objectAt(signed, 'signatures'))[0] ?? [];
    const bent = Object.fromEntries(Object.keys(isObject(own) ? own : {}).map((key) => [key, 'A'.repeat(86)]));
    const all = [
      claims('alice', 'bob', { mxid: id('bob'), token }),
      claims('alice', 'mallory', borrowed),
      claims('alice', 'bob', { ...signedFor(id('bob'), 'another'), token }),
      claims('alice', 'bob', { ...signed, signatures: { [entity]: bent } }),
    ];
    expect(all).toEqual(Array(4).fill('The identity server has not signed that it is them'));
  });

  test('refuse a client that writes such an invitation itself', () => {
    const { carol, room, isBob, token } = asked();
    const content = { membership: 'invite', third_party_invite: { signed: { mxid: id('bob'), token } } };
    const path = `rooms/${room}/state/m.room.member/${encodeURIComponent(id('bob'))}`;
    expect(carol('PUT', path, content).status).toBe(403);
    expect(isBob()).toBe('leave');
  });

  test('do not ask whether who asked is still there', () => {
    const { alice, binds, isBob, room } = asked();
    alice('POST', `rooms/${room}/leave`, {});
    binds();
    expect(isBob()).toBe('invite');
  });
});
