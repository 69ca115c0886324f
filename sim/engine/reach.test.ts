/** What people want to say of devices: copies, updates, keys that run out, first contact, rooms one joins by being elsewhere. */
import { describe, expect, it } from 'vitest';
import { requestsOf, scenarioOf, told } from '../runs/story-testing.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Moment, Run } from './types.ts';

const settle = 'everyone: settle';
const alone = ['servers: [example.org]', 'users:', '  alice: { server: example.org, devices: [phone, laptop] }'];
const withOscar = [...alone, 'attackers: { oscar: { plays: lying-server, of: example.org } }'];
const moments = ({ steps }: Run): readonly Moment[] => steps.flatMap((step) => step.moments);
const secretsOf = (run: Run, player: string): readonly string[] =>
  moments(run).flatMap((one) =>
    one.kind === 'stored' && one.player === player && one.patch.patch === 'secret' ? [one.patch.held.secret] : [],
  );
const wrongIn = (cast: readonly string[], ...story: readonly string[]): string => {
  try {
    scenarioOf(cast, story);
    return 'nothing';
  } catch (error) {
    return String(error);
  }
};

describe('a device that comes up from a copy', () => {
  const story = ['alice.phone: { copy: old }', 'alice.laptop: reset backup', settle, 'alice.phone: sync'];
  const back = ['alice.phone: { restore from copy: old }', settle];

  it('has what it had then, and asks on from the old token', () => {
    const run = told(alone, [...story, ...back]);
    const restarted = moments(run).find((one) => one.kind === 'restarted');
    const pushed = secretsOf(run, 'alice.phone').at(-1);
    expect(pushed).toBeDefined();
    expect(Object.values((restarted?.kind === 'restarted' && restarted.holds?.secrets) || {})).not.toContain(pushed);
    const tokens = requestsOf(run, 'alice.phone', 'example.org', '/sync').map(({ query }) => query?.since);
    expect(tokens.at(-1)).not.toBe(tokens.at(-2));
    expect(tokens.slice(0, -1)).toContain(tokens.at(-1));
  });

  it('draws new chances: what it makes now it has not made before', () => {
    const makes = ['alice.phone: reset backup', settle];
    const run = told(alone, [
      'alice.phone: { copy: old }',
      ...makes,
      'alice.phone: { restore from copy: old }',
      ...makes,
    ]);
    const made = secretsOf(run, 'alice.phone');
    expect(new Set(made).size).toBe(made.length);
    const sent = requestsOf(run, 'alice.phone', 'example.org', '/sendToDevice/').map(({ path }) => path);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('stays as it is where there is no such copy', () => {
    const run = told(alone, ['alice.phone: { restore from copy: never-made }']);
    expect(moments(run).filter(({ kind }) => kind === 'restarted')).toEqual([]);
  });
});

describe('a client that is updated', () => {
  const settings = (setting: string): string => `dials: { ${setting} }\n`;
  const resets = ['alice.laptop: reset backup', settle];

  it('goes by another text from then on, and not before', () => {
    const run = told(
      alone,
      [...resets, 'alice.phone: { update to: MSC4385 push-variant }', settle, ...resets],
      settings('implements: { alice.phone: { MSC4385: none } }'),
    );
    expect(secretsOf(run, 'alice.phone')).toHaveLength(1);
    expect(secretsOf(run, 'alice.phone')[0]).toBe(secretsOf(run, 'alice.laptop').at(-1));
  });

  it('goes without what it is updated to be without', () => {
    const run = told(alone, ['alice.phone: { update to: MSC4385 none }', ...resets]);
    expect(secretsOf(run, 'alice.phone')).toEqual([]);
  });

  it.each([
    ['stop keeping', '4385-both-unsolicited-share', '', 0],
    ['start keeping', '4385-both-unsolicited-share', settings('off: [4385-both-unsolicited-share]'), 1],
  ])('%s a clause: the next push is made or not', (verb, clause, more, pushes) => {
    const run = told(alone, [`alice.laptop: { ${verb}: ${clause} }`, ...resets], more);
    expect(secretsOf(run, 'alice.phone')).toHaveLength(pushes);
  });

  it('uses other names from then on', () => {
    const run = told(alone, [...resets, 'alice.laptop: { use names: unstable }', ...resets]);
    const types = moments(run).flatMap((one) =>
      one.kind === 'delivery' && one.to === 'alice.phone' && one.opened !== null ? [one.opened.type] : [],
    );
    expect(types).toEqual(['m.secret.push', 'io.element.msc4385.secret.push']);
  });

  it('knows which texts, sentences and readings there are', () => {
    expect(wrongIn(alone, 'alice.phone: { update to: MSC4385 pushvariant }')).toContain('is not');
    expect(wrongIn(alone, 'alice.phone: { stop keeping: 4385-nonsense }')).toContain('is not a clause');
    expect(wrongIn(alone, 'alice.phone: { start reading: q07 }')).toContain('is not');
  });
});

describe('one-time keys that run out', () => {
  const claims = (run: Run, by: string) =>
    requestsOf(run, by, 'example.org', '/keys/claim').map(({ response }) => JSON.stringify(response));

  it('are each given once, and then the fallback key, again and again', () => {
    const cast = [...alone, 'attackers: { mallory: { plays: other-user, of: example.org } }'];
    const run = told(cast, ['alice.phone: go offline', 'mallory: { claim one-time keys of: alice.phone, times: 5 }']);
    const given = claims(run, 'mallory.phone').slice(-5);
    expect(given.map((one) => one.includes('"fallback":true'))).toEqual([false, false, true, true, true]);
    expect(new Set(given).size).toBe(3);
  });

  it('have the device make another fallback key once the last one was given to somebody', () => {
    const cast = [...alone, 'attackers: { mallory: { plays: other-user, of: example.org } }'];
    const claimsAll = 'mallory: { claim one-time keys of: alice.phone }';
    const run = told(cast, [claimsAll, settle, claimsAll, settle]);
    const keys = claims(run, 'mallory.phone').filter((one) => one.includes('"fallback":true'));
    expect(new Set(keys).size).toBe(2);
    const fallbacks = requestsOf(run, 'alice.phone', 'example.org', '/keys/upload').map(({ body }) =>
      JSON.stringify(body).includes('fallback_keys'),
    );
    expect(fallbacks.filter((one) => one)).toHaveLength(2);
  });

  it('leave nothing to be given where the fallback key is gone too', () => {
    const run = told(withOscar, [
      'alice.phone: go offline',
      'oscar: { exhaust one-time keys: alice.phone, fallback: gone }',
      'alice.laptop: { claim one-time keys of: alice.phone }',
    ]);
    expect(claims(run, 'alice.laptop').at(-1)).toBe('{"one_time_keys":{},"failures":{}}');
  });

  it('are made anew by the device once it is told', () => {
    const run = told(withOscar, ['oscar: { exhaust one-time keys: alice.phone }', settle]);
    const uploads = requestsOf(run, 'alice.phone', 'example.org', '/keys/upload');
    expect(JSON.stringify(uploads.at(-1)?.response)).toContain('"signed_curve25519":2');
  });
});

it('gives two backups one number, where the server is made to', () => {
  const numbers = (story: readonly string[]) =>
    requestsOf(told(withOscar, story), 'alice.laptop', 'example.org', '/room_keys/version')
      .filter(({ method }) => method === 'POST')
      .map(({ response }) => JSON.stringify(response));
  expect(numbers(['oscar: { give backup number again: alice }', 'alice.laptop: reset backup'])).toEqual([
    '{"version":"1"}',
  ]);
  expect(numbers(['alice.laptop: reset backup'])).toEqual(['{"version":"2"}']);
});

describe('who has met whom', () => {
  const cast = (knows: string) => [
    'servers: [example.org]',
    'users:',
    `  alice: { server: example.org, devices: [phone]${knows} }`,
    '  bob: { server: example.org, devices: [phone] }',
    'rooms: { den: { members: [alice] } }',
  ];
  const pins = (knows: string) =>
    moments(told(cast(knows), ['alice: { invite: bob, to: den }', settle])).flatMap((one) =>
      one.kind === 'stored' && one.patch.patch === 'pin' && one.player === 'alice.phone' ? [one.patch.user] : [],
    );

  it('is everybody, unless the cast says otherwise: what is seen first is pinned then', () => {
    expect(pins('')).toEqual([]);
    expect(pins(', knows: [bob]')).toEqual([]);
    expect(pins(', knows: []')).toEqual(['@bob:example.org']);
  });

  it('names people of the cast', () => {
    const text = (knows: string) => wrongIn(cast(knows), 'alice.phone: sync');
    expect(text(', knows: [carol]')).toContain('is not somebody else of the cast');
    expect(text(', knows: [alice]')).toContain('is not somebody else of the cast');
  });
});

describe('a restricted room', () => {
  const users = [
    'servers: [a.example, b.example]',
    'users:',
    '  alice: { server: a.example, devices: [phone] }',
    '  bob: { server: b.example, devices: [phone] }',
    '  carol: { server: a.example, devices: [phone] }',
  ];
  const rooms = (rule: string) => [
    ...users,
    `rooms: { hall: { members: [alice, bob] }, den: { members: [alice], join rule: ${rule}, allow: hall } }`,
  ];
  const joins = (cast: readonly string[], who: string, server: string) =>
    requestsOf(told(cast, [`${who}: { join: den }`]), `${who}.phone`, server, '/join/').map(({ status }) => status);

  it.each(['restricted', 'knock_restricted'])('%s: lets in who is in the room it allows, and nobody else', (rule) => {
    expect(joins(rooms(rule), 'bob', 'b.example')).toEqual([200]);
    expect(joins(rooms(rule), 'carol', 'a.example')).toEqual([403]);
  });

  it('names who of it vouches, on the server that lets them in ("join_authorised_via_users_server")', () => {
    const run = told(rooms('restricted'), ['bob: { join: den }']);
    const [sent] = requestsOf(run, 'b.example', 'a.example', '/send_join/');
    expect(JSON.stringify(sent?.body)).toContain('"join_authorised_via_users_server":"@alice:a.example"');
  });

  it('is made in a story too', () => {
    const cast = [...users, 'rooms: { hall: { members: [alice, bob] } }'];
    const run = told(cast, [
      'alice: { create room: den, join rule: restricted, allow: hall }',
      'bob: { join: "!den:a.example" }',
    ]);
    expect(requestsOf(run, 'bob.phone', 'b.example', '/join/').map(({ status }) => status)).toEqual([200]);
  });

  it('that allows a room has to be restricted, and the room to stand above it', () => {
    const wrong = (den: string): string => {
      const cast = `cast:\n  servers: [a.example]\n  users: { alice: { server: a.example, devices: [phone] } }\n  rooms: { den: { members: [alice], ${den} }, hall: { members: [alice] } }\n`;
      const parsed = parseScenario(
        `title: T\nabout: [MSC4268]\nwhy: W\n${cast}story: [{ alice.phone: sync }]\nexpect: { availability: holds }\n`,
        'test/one',
      );
      return parsed.ok ? 'nothing' : parsed.errors.map(({ message }) => message).join('; ');
    };
    expect(wrong('join rule: restricted, allow: hall')).toContain('is not a room above');
    expect(wrong('join rule: unheard-of')).toContain('is not a join rule');
    expect(wrong('join rule: public')).toBe('nothing');
  });
});
