/** Who reads what: history visibility by membership history, as one table. */
import { describe, expect, test } from 'vitest';
import { type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { held, type Speak } from '../testing.ts';

const alice = '@alice:example.org';
const bob = '@bob:example.org';
type Visibility = 'world_readable' | 'shared' | 'invited' | 'joined';

const world = (visibility: Visibility) => {
  const { logIn } = held(['alice', 'bob']);
  const phone = logIn('alice', 'PHONE');
  const desk = logIn('bob', 'DESK');
  const room = stringAt(
    phone('POST', 'createRoom', {
      name: 'Plans',
      initial_state: [{ type: 'm.room.history_visibility', content: { history_visibility: visibility } }],
    }).body,
    'room_id',
  ) as string;
  let said = 0;
  const acts: Readonly<Record<string, () => unknown>> = {
    says: () => {
      said += 1;
      return phone('PUT', `rooms/${room}/send/m.room.message/${said}`, { body: said });
    },
    invites: () => phone('POST', `rooms/${room}/invite`, { user_id: bob }),
    kicks: () => phone('POST', `rooms/${room}/kick`, { user_id: bob }),
    joins: () => desk('POST', `rooms/${room}/join`, {}),
    leaves: () => desk('POST', `rooms/${room}/leave`, {}),
  };
  return { phone, desk, room, act: (name: string) => acts[name]?.() };
};

/** The numbers of messages among events, in order. */
const numbersIn = (events: unknown): readonly unknown[] =>
  (events as readonly JsonObject[]).flatMap((event) =>
    event.type === 'm.room.message' ? [objectAt(event, 'content').body] : [],
  );

const readBy = (speak: Speak, room: string): readonly unknown[] | number => {
  const { status, body } = speak('GET', `rooms/${room}/messages`, undefined, { dir: 'f', limit: '100' });
  return status === 200 ? numbersIn(objectAt({ body }, 'body').chunk) : status;
};

const stays = ['says', 'invites', 'says', 'joins', 'says'];
const goes = [...stays, 'leaves', 'says'];
const comesBack = [...goes, 'invites', 'says', 'joins', 'says'];
const declines = ['says', 'invites', 'says', 'leaves', 'says'];

/** What happens (alice says 1, 2, 3 …), under which visibility, and what of it bob reads; 403 where he may not look at all. */
const table: readonly (readonly [string, readonly string[], Visibility, readonly number[] | 403])[] = [
  ['was never asked', ['says'], 'world_readable', [1]],
  ['was never asked', ['says'], 'shared', 403],
  ['is asked in', ['says', 'invites', 'says'], 'shared', 403],
  ['is asked in', ['says', 'invites', 'says'], 'invited', 403],
  ['is in', stays, 'world_readable', [1, 2, 3]],
  ['is in', stays, 'shared', [1, 2, 3]],
  ['is in', stays, 'invited', [2, 3]],
  ['is in', stays, 'joined', [3]],
  ['left', goes, 'world_readable', [1, 2, 3, 4]],
  ['left', goes, 'shared', [1, 2, 3]],
  ['left', goes, 'invited', [2, 3]],
  ['left', goes, 'joined', [3]],
  ['came back', comesBack, 'shared', [1, 2, 3, 4, 5, 6]],
  ['came back', comesBack, 'invited', [2, 3, 5, 6]],
  ['came back', comesBack, 'joined', [3, 6]],
  ['declined', declines, 'shared', 403],
  ['declined', declines, 'world_readable', [1, 2, 3]],
  ['was put out', ['says', 'invites', 'joins', 'says', 'kicks', 'says'], 'shared', [1, 2]],
];

describe('bob', () => {
  test.each(table)('%s (%j), and of a room that is %s reads %j', (_what, story, visibility, readable) => {
    const { desk, room, act } = world(visibility);
    for (const one of story) act(one);
    expect(readBy(desk, room)).toEqual(readable);
  });

  test.each(table)(
    '%s (%j), and of a room that is %s is served %j one by one',
    (_what, story, visibility, readable) => {
      const { phone, desk, room, act } = world(visibility);
      for (const one of story) act(one);
      const { chunk } = objectAt(
        { ...phone('GET', `rooms/${room}/messages`, undefined, { dir: 'f', limit: '100' }) },
        'body',
      );
      const messages = (chunk as readonly JsonObject[]).filter(({ type }) => type === 'm.room.message');
      const read = messages.filter((event) => desk('GET', `rooms/${room}/event/${event.event_id}`).status === 200);
      expect(numbersIn(read)).toEqual(readable === 403 ? [] : readable);
    },
  );

  test.each(table.filter(([what]) => what === 'is in' || what === 'came back'))(
    '%s (%j), and a first sync of a room that is %s brings %j',
    (_what, story, visibility, readable) => {
      const { desk, room, act } = world(visibility);
      for (const one of story) act(one);
      const filter = JSON.stringify({ room: { timeline: { limit: 100 } } });
      const joined = objectAt(objectAt(desk('GET', 'sync', undefined, { filter }).body, 'rooms'), 'join');
      expect(numbersIn(objectAt(objectAt(joined, room), 'timeline').events)).toEqual(readable);
    },
  );
});

test('a setting holds for what is said under it, not for what was said before', () => {
  const { phone, desk, room, act } = world('joined');
  act('says');
  phone('PUT', `rooms/${room}/state/m.room.history_visibility`, { history_visibility: 'shared' });
  act('says');
  phone('PUT', `rooms/${room}/state/m.room.history_visibility`, { history_visibility: 'joined' });
  act('says');
  act('invites');
  act('joins');
  expect(readBy(desk, room)).toEqual([2]);
});

test('a change of visibility is seen by whoever may see either side of it', () => {
  const { phone, desk, room, act } = world('joined');
  phone('PUT', `rooms/${room}/state/m.room.history_visibility`, { history_visibility: 'shared' });
  phone('PUT', `rooms/${room}/state/m.room.history_visibility`, { history_visibility: 'joined' });
  phone('PUT', `rooms/${room}/state/m.room.history_visibility`, { history_visibility: 'invited' });
  act('invites');
  act('joins');
  const { body } = desk('GET', `rooms/${room}/messages`, undefined, { dir: 'f', limit: '100' });
  const changes = (objectAt({ body }, 'body').chunk as readonly JsonObject[]).filter(
    ({ type }) => type === 'm.room.history_visibility',
  );
  // A room is made with `shared`, and `joined` is its initial state here. Neither side of the last change is for bob.
  expect(changes.map((event) => objectAt(event, 'content').history_visibility)).toEqual([
    'shared',
    'joined',
    'shared',
    'joined',
  ]);
});

test('whoever left sees the state as it was then, and whoever never came sees none', () => {
  const { phone, desk, room, act } = world('shared');
  const name = () => desk('GET', `rooms/${room}/state/m.room.name`);
  expect(name()).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } });
  for (const one of ['invites', 'joins', 'leaves']) act(one);
  phone('PUT', `rooms/${room}/state/m.room.name`, { name: 'Secret' });
  expect(name().body).toEqual({ name: 'Plans' });
  expect(objectAt({ ...desk('GET', `rooms/${room}/members`) }, 'body').chunk).toMatchObject([
    { state_key: alice, content: { membership: 'join' } },
    { state_key: bob, content: { membership: 'leave' } },
  ]);
  act('says');
  expect(desk('GET', `rooms/${room}/members`, undefined, { membership: 'leave' }).body).toMatchObject({
    chunk: [{ state_key: bob }],
  });
});
