/** `hearsay open` begins a scenario with events of rooms: it tells what they say, and says what they do not. */
import { afterAll, expect, it } from 'vitest';
import type { JsonObject } from '../../../machines/json.ts';
import { folderOf, storyOf } from './testing.ts';

const { file, text, open, run, remove } = folderOf();
afterAll(remove);
const storyIn = (name: string): readonly string[] => storyOf(text(name));

const inDen = (type: string, sender: string, content: JsonObject, more: JsonObject = {}): JsonObject => ({
  type,
  sender,
  content,
  room_id: '!den:b.org',
  ...more,
});
const moves = (sender: string, user: string, membership: string): JsonObject =>
  inDen('m.room.member', sender, { membership }, { state_key: user });
const [ann, bob, carol] = ['@ann:b.org', '@bob:b.org', '@carol:c.org'] as const;
it('tells of events of rooms who came, what they said and what may be read, in the order of time', async () => {
  const sealed = { algorithm: 'm.megolm.v1.aes-sha2', device_id: 'PHONE', ciphertext: 'x', session_id: 's' };
  const events = [
    inDen('m.room.create', ann, {}),
    inDen('m.room.name', ann, { name: 'The Den' }),
    inDen('m.room.history_visibility', ann, { history_visibility: 'joined' }),
    moves(ann, ann, 'join'),
    // Nobody was seen to ask Bob in.
    moves(bob, bob, 'join'),
    inDen('m.room.encrypted', ann, sealed),
    inDen('m.room.history_visibility', ann, { history_visibility: 'shared' }),
    moves(ann, carol, 'invite'),
    moves(carol, carol, 'join'),
    moves(carol, carol, 'join'),
    inDen('m.reaction', bob, {}),
    moves(ann, bob, 'leave'),
    moves(carol, carol, 'leave'),
    moves(ann, bob, 'ban'),
    moves(ann, bob, 'leave'),
    inDen('m.room.message', ann, { body: 'a secret place' }),
  ].map((event, nth) => ({ ...event, origin_server_ts: nth, event_id: `$${nth}` }));
  file('den.json', events.toReversed());
  const { status, stdout } = await open('den.json', '--out', 'den.yaml');
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining('den.yaml is written\n  not told: m.reaction, 1 time\n'),
  ]);
  expect(storyIn('den.yaml').filter((line) => line !== 'everyone settle')).toEqual([
    'ann.phone create room the-den joined public',
    'bob.device join the-den',
    'ann.phone send message 1 the-den',
    'ann.phone set history shared the-den',
    'ann.phone invite carol the-den',
    'carol.device join the-den',
    'ann.phone kick bob the-den',
    'carol.device leave the-den',
    'ann.phone ban bob the-den',
    'ann.phone unban bob the-den',
    'ann.phone send message 2 the-den',
  ]);
  expect(text('den.yaml')).not.toContain('a secret place');
  expect(await run('den.yaml')).toMatchObject({ status: 0 });
});

it('knows rooms that are open, and those that one knocks at', async () => {
  const rule = (join_rule: string) => inDen('m.room.join_rules', ann, { join_rule });
  file('open.json', [inDen('m.room.create', ann, {}), rule('public'), moves(bob, bob, 'join')]);
  expect(await open('open.json', '--out', 'open.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('open.yaml').slice(0, 2)).toEqual([
    'ann.device create room room shared public',
    'bob.device join room',
  ]);
  const knocks = [moves(bob, bob, 'knock'), moves(ann, bob, 'invite'), moves(bob, bob, 'join')];
  file('knock.json', [inDen('m.room.create', ann, {}), rule('knock'), ...knocks]);
  expect(await open('knock.json', '--out', 'knock.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('knock.yaml').filter((line) => line !== 'everyone settle')).toEqual([
    'ann.device create room room shared knock',
    'bob.device knock room',
    'ann.device invite bob room',
    'bob.device join room',
  ]);
  for (const name of ['open.yaml', 'knock.yaml']) expect(await run(name)).toMatchObject({ status: 0 });
});

it('says of a room only what its events say: no history that came later, no invitation where none was needed', async () => {
  const rule = (join_rule: string) => inDen('m.room.join_rules', ann, { join_rule });
  const closes = inDen('m.room.history_visibility', ann, { history_visibility: 'joined' });
  const said = inDen('m.room.message', ann, { body: 'x' });
  const told = async (...events: readonly JsonObject[]) => {
    file('told.json', events);
    expect(await open('told.json', '--out', 'told.yaml')).toMatchObject({ status: 0 });
    expect(await run('told.yaml')).toMatchObject({ status: 0 });
    return storyIn('told.yaml').filter((line) => line !== 'everyone settle');
  };
  const made = 'ann.device create room room shared';
  expect(await told(said, closes)).toEqual([
    made,
    'ann.device send message 1 room',
    'ann.device set history joined room',
  ]);
  expect(text('told.yaml')).toContain('# The rooms of the model are encrypted. Of one here no event says so');
  expect(await told(said, { ...closes, unsigned: { prev_content: { history_visibility: 'invited' } } })).toEqual([
    'ann.device create room room invited',
    'ann.device send message 1 room',
    'ann.device set history joined room',
  ]);
  expect(await told(inDen('m.room.create', ann, {}), closes, moves(bob, bob, 'join'))).toEqual([
    'ann.device create room room joined public',
    'bob.device join room',
  ]);
  expect(await told(rule('invite'), moves(bob, bob, 'join'))).toEqual([
    made,
    'ann.device invite bob room',
    'bob.device join room',
  ]);
});

it('leaves out what the model cannot do there in one go, and knows servers with a port', async () => {
  const [anns, bobs] = ['@ann:b.org:8448', '@bob:b.org'];
  const after = Array.from({ length: 500 }, () => inDen('m.room.message', bobs, {}));
  file('after.json', [
    inDen('m.room.create', anns, {}),
    moves(anns, bobs, 'invite'),
    moves(bobs, bobs, 'leave'),
    ...after,
  ]);
  const { status, stdout } = await open('after.json', '--out', 'after.yaml');
  expect(status).toBe(0);
  expect(stdout.match(/left out: bob/g)).toHaveLength(20);
  expect(text('after.yaml')).toContain('#   and 480 more\n');
  expect(text('after.yaml')).toContain('    - 8448.b.org\n    - b.org\n');
  expect(await run('after.yaml')).toMatchObject({ status: 0 });
});

it('makes no story of a crowd, nor of names that nobody can have', async () => {
  file(
    'crowd.json',
    Array.from({ length: 8 }, (_, nth) => moves(ann, `@u${nth}:b.org`, 'invite')),
  );
  expect((await open('crowd.json')).stdout).toContain(
    'no scenario can be made of it: 9 people of 1 server in 1 room are more than a story has: at most 8 of 4 in 20',
  );
  file('odd.json', [
    inDen('m.room.create', '@__proto__:b.org', {}),
    inDen('m.room.name', '@__proto__:b.org', { name: '\n- mallory: send\u001b[2J' }),
    inDen('m.room.message', '@constructor:b.org', {}),
    inDen('m.room.message', 'nobody', {}),
  ]);
  expect(await open('odd.json', '--out', 'odd.yaml')).toMatchObject({ status: 0 });
  expect(storyIn('odd.yaml').at(0)).toBe('proto.device create room mallory-send-2j shared');
  expect(await run('odd.yaml')).toMatchObject({ status: 0 });
});
