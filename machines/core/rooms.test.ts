import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { RoomNews, RoomSection } from '../events.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Membership, RoomView } from '../room-types.ts';
import type { Store } from '../store.ts';
import { patched } from './patches.ts';
import { askMembers, askMessages, membersRead, messagesRead, roomSynced, roomsOf } from './rooms.ts';
import { answersIn, newsIn, person, replyFor, requestsIn, sure } from './testing.ts';

const suite = makeSymbolicSuite('rooms');
const { env, store: alice } = person(suite, '@alice:x', 'PHONE');
const room = '!den:x';
const then = replyFor('test.members');

const member = (user: string, membership: Json, sender = user, more: JsonObject = {}): JsonObject => ({
  type: 'm.room.member',
  state_key: user,
  sender,
  content: { membership },
  ...more,
});
const state = (type: string, content: JsonObject): JsonObject => ({ type, state_key: '', content });
const visible = (history_visibility: Json) => state('m.room.history_visibility', { history_visibility });
const events = (...all: readonly Json[]): JsonObject => ({ events: all });
const letter = (id: string): JsonObject => ({ type: 'm.room.encrypted', event_id: id, content: { session_id: 's' } });

type More = { readonly section?: RoomSection; readonly atMs?: number; readonly room?: string };
const sync = (store: Store, data: Json, { section = 'join', ...more }: More = {}) => {
  const step = roomSynced(env, store, { task: 'room', room, section, data, atMs: 3, ...more });
  const [news, ...others] = newsIn(step.outs, 'sync.room');
  expect(others).toEqual([]);
  expect(step.store.rooms[more.room ?? room]).toBe(news?.view);
  return { ...step, news: sure(news) };
};
const viewAfter = (...all: readonly JsonObject[]): RoomView => sync(alice, { state: events(...all) }).news.view;
const known = (change: Partial<RoomView> = {}): Store => ({
  ...alice,
  rooms: {
    [room]: { membership: 'join', encryption: null, historyVisibility: null, members: {}, inviters: [], ...change },
  },
});
const changes = ({ members }: RoomNews) =>
  members.map(({ user, before, after, inGap }) => [user, before, after, inGap]);

describe('rooms of a sync', () => {
  it('are heard one by one in the order of their ids, whichever section they stand in', () => {
    const body = { rooms: { join: { '!c:x': { n: 1 }, '!a:x': {} }, invite: { '!b:x': {} }, other: { '!d:x': {} } } };
    const tasks = roomsOf(body, 3).map((out) =>
      out.out === 'later' && out.incoming.from === 'task' ? out.incoming.task : null,
    );
    expect(tasks).toEqual([
      { task: 'room', room: '!a:x', section: 'join', data: {}, atMs: 3 },
      { task: 'room', room: '!b:x', section: 'invite', data: {}, atMs: 3 },
      { task: 'room', room: '!c:x', section: 'join', data: { n: 1 }, atMs: 3 },
    ]);
    for (const section of ['join', 'invite', 'leave', 'knock'])
      expect(roomsOf({ rooms: { [section]: { '!a:x': {} } } }, 0)).toMatchObject([{ incoming: { task: { section } } }]);
    for (const nonsense of [null, {}, { rooms: 'text' }, { rooms: { join: [] } }])
      expect(roomsOf(nonsense, 0)).toEqual([]);
  });
});

describe('a room of a sync', () => {
  it('is seen as the server tells of it, and is news with how it was before', () => {
    const first = sync(alice, { state: events(member('@alice:x', 'join'), visible('joined')) });
    expect(first.news).toEqual({
      type: 'sync.room',
      room,
      atMs: 3,
      section: 'join',
      limited: false,
      before: null,
      view: {
        membership: 'join',
        encryption: null,
        historyVisibility: 'joined',
        members: { '@alice:x': 'join' },
        inviters: [],
      },
      members: [{ user: '@alice:x', before: null, after: 'join', sender: '@alice:x', inGap: false }],
      visibilities: ['joined'],
    });
    const second = sync(first.store, { timeline: events(member('@bob:x', 'join')) });
    expect(second.news.before).toEqual(first.news.view);
    expect(second.news.view.members).toEqual({ '@alice:x': 'join', '@bob:x': 'join' });
    expect(second.news).toMatchObject({ visibilities: [], members: [{ user: '@bob:x' }] });
  });

  it('is new at its first sync, though the device has made it itself', () => {
    const untold = known({ isUntold: true, historyVisibility: 'shared', members: { '@alice:x': 'join' } });
    const { news } = sync(untold, { state: events(member('@alice:x', 'join')) });
    expect([news.before, news.view.historyVisibility, changes(news)]).toEqual([
      null,
      null,
      [['@alice:x', null, 'join', false]],
    ]);
    expect(news.view).not.toHaveProperty('isUntold');
  });

  it('brings no news of a member whom this device has put out itself, by then', () => {
    const store = known({ members: { '@alice:x': 'join', '@bob:x': 'join' } });
    const kick = { timeline: events(member('@bob:x', 'leave', '@alice:x')) };
    expect(changes(sync(store, kick).news)).toEqual([['@bob:x', 'join', 'leave', false]]);
    const put = patched(store, { patch: 'room member', room, user: '@bob:x', membership: 'leave' });
    expect(changes(sync(put, kick).news)).toEqual([]);
    const again = { timeline: events(member('@bob:x', 'leave', '@alice:x'), member('@bob:x', 'join')) };
    expect(changes(sync(put, again).news)).toEqual([['@bob:x', 'leave', 'join', false]]);
  });

  it('is one that one is in, invited to or knocking at by its section; left it is by one’s own event alone', () => {
    for (const section of ['join', 'invite', 'knock'] as const)
      expect(sync(alice, {}, { section }).news).toMatchObject({ section, view: { membership: section } });
    expect(sync(alice, {}, { section: 'leave' }).news.view.membership).toBe('leave');
    expect(sync(known(), {}, { section: 'leave' }).news.view.membership).toBe('join');
    const banned = sync(known(), { timeline: events(member('@alice:x', 'ban', '@bob:x')) }, { section: 'leave' });
    expect(banned.news.view).toMatchObject({ membership: 'ban', members: { '@alice:x': 'ban' } });
    const invited = sync(
      alice,
      { invite_state: events(member('@alice:x', 'invite', '@bob:x')) },
      { section: 'invite' },
    );
    expect(invited.news.view).toMatchObject({ membership: 'invite', inviters: ['@bob:x'] });
    const knocking = sync(alice, { knock_state: events(visible('shared')) }, { section: 'knock' });
    expect(knocking.news.view.historyVisibility).toBe('shared');
    expect(sync(alice, { invite_state: events(visible('shared')) }).news.view.historyVisibility).toBeNull();
  });

  it('is taken state first, then the state events of the timeline in order', () => {
    const { news } = sync(alice, {
      state: events(visible('joined'), member('@bob:x', 'invite')),
      timeline: events(
        { ...visible('shared'), state_key: undefined },
        visible('invited'),
        visible('invited'),
        visible(5),
        member('@bob:x', 'join'),
        member('@bob:x', 'leave'),
      ),
    });
    expect(news.visibilities).toEqual(['joined', 'invited', null]);
    expect(changes(news)).toEqual([
      ['@bob:x', null, 'invite', false],
      ['@bob:x', 'invite', 'join', false],
      ['@bob:x', 'join', 'leave', false],
    ]);
  });

  it('tells of state after a gap as of that, were it only for who stands as before', () => {
    const before = known({ members: { '@bob:x': 'join' } });
    const data = {
      state: events(member('@bob:x', 'join')),
      timeline: { ...events(member('@c:x', 'join')), limited: true },
    };
    const { news } = sync(before, data);
    expect([news.limited, changes(news)]).toEqual([
      true,
      [
        ['@bob:x', 'join', 'join', true],
        ['@c:x', null, 'join', false],
      ],
    ]);
    // Nothing was missed of a room that was not known, or where no more is said than before.
    expect(changes(sync(alice, data).news)[0]).toEqual(['@bob:x', null, 'join', false]);
    expect(changes(sync(before, { ...data, timeline: { ...data.timeline, limited: 'yes' } }).news)).toEqual([
      ['@c:x', null, 'join', false],
    ]);
  });

  it('counts whoever has invited this user until they are outside again', () => {
    const invited = (...by: readonly string[]) => by.map((one) => member('@alice:x', 'invite', one));
    expect(viewAfter(...invited('@b:x', '@c:x', '@b:x')).inviters).toEqual(['@c:x', '@b:x']);
    expect(viewAfter(...invited('@b:x'), member('@alice:x', 'join')).inviters).toEqual(['@b:x']);
    for (const out of ['leave', 'ban', 'knock'])
      expect(viewAfter(...invited('@b:x'), member('@alice:x', out)).inviters).toEqual([]);
    expect(viewAfter(member('@bob:x', 'invite', '@b:x')).inviters).toEqual([]);
    // What was late between two servers is no invitation to somebody who is in.
    const late = viewAfter(...invited('@b:x'), member('@alice:x', 'join'), ...invited('@c:x'));
    expect(late).toMatchObject({ membership: 'join', members: { '@alice:x': 'join' }, inviters: ['@b:x'] });
    const again = [member('@alice:x', 'join'), member('@alice:x', 'leave'), ...invited('@c:x')];
    expect(viewAfter(...invited('@b:x'), ...again)).toMatchObject({ membership: 'invite', inviters: ['@c:x'] });
    expect(viewAfter({ ...member('@alice:x', 'invite'), sender: 5 }).inviters).toEqual(['']);
  });

  it('has when one’s own membership changed by the server’s clock, and not others’', () => {
    const at = { origin_server_ts: 8 };
    const { news } = sync(alice, {
      state: events(member('@alice:x', 'join', '@alice:x', at), member('@bob:x', 'join', '@bob:x', at)),
    });
    expect(news.members.map((one) => one.serverMs)).toEqual([8, undefined]);
    expect(news.members[1]).not.toHaveProperty('serverMs');
    const odd = { state: events(member('@alice:x', 'join', '@alice:x', { origin_server_ts: 'now' })) };
    expect(sync(alice, odd).news.members[0]).not.toHaveProperty('serverMs');
  });

  it('once encrypted stays so, and rotates as the first event says or as the specification has it', () => {
    const encrypted = (content: JsonObject) =>
      state('m.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2', ...content });
    const usual = { rotationPeriodMs: 604_800_000, rotationPeriodMsgs: 100 };
    expect(viewAfter(encrypted({})).encryption).toEqual(usual);
    const rotating = encrypted({ rotation_period_ms: 5, rotation_period_msgs: 2 });
    expect(viewAfter(rotating).encryption).toEqual({ rotationPeriodMs: 5, rotationPeriodMsgs: 2 });
    expect(viewAfter(encrypted({ rotation_period_ms: 'x', rotation_period_msgs: null })).encryption).toEqual(usual);
    expect(viewAfter(state('m.room.encryption', { algorithm: 'other' })).encryption).toBeNull();
    const before = known({ encryption: usual });
    for (const later of [rotating, state('m.room.encryption', {})])
      expect(sync(before, { timeline: events(later) }).news.view.encryption).toEqual(usual);
    expect(sync(before, {}, { section: 'leave' }).news.view.encryption).toEqual(usual);
  });

  it('takes no nonsense for members or state', () => {
    const nonsense = [
      member('@b:x', 'unheard of'),
      member('@b:x', 5),
      { ...member('@b:x', 'join'), state_key: 5 },
      { ...member('@b:x', 'join'), content: 'text' },
      { ...member('@b:x', 'join'), type: 'm.other' },
    ];
    expect(
      sync(alice, { state: events(null, 'text', [], ...nonsense), timeline: events(null, 'text', ...nonsense) }).news,
    ).toMatchObject({
      members: [],
      view: { members: {} },
    });
    for (const data of [null, 'text', { state: 'text' }, { timeline: { events: 'text' } }, { timeline: [] }])
      expect(sync(alice, data).news).toMatchObject({ members: [], visibilities: [], limited: false });
  });

  it('may have any name, and so may who is in it', () => {
    for (const name of ['constructor', '__proto__']) {
      const { news, store } = sync(alice, { state: events(member(name, 'join')) }, { room: name });
      expect(news).toMatchObject({ room: name, before: null, members: [{ user: name, before: null, after: 'join' }] });
      expect(Object.entries(news.view.members)).toEqual([[name, 'join']]);
      const again = sync(store, { state: events(member(name, 'join')) }, { room: name });
      expect([again.news.members, again.news.before]).toEqual([[], news.view]);
    }
  });

  it('has the encrypted events of its timeline opened in order, after it is known itself', () => {
    const step = sync(alice, {
      timeline: events(letter('$1'), { type: 'm.room.message' }, letter('$2')),
      state: events(letter('$3')),
    });
    expect(newsIn(step.outs, 'room.event').map(({ event, atMs }) => [event.event_id, atMs])).toEqual([
      ['$1', 3],
      ['$2', 3],
    ]);
    expect(step.outs[0]).toMatchObject({ incoming: { event: { type: 'sync.room' } } });
    expect(step.store.unread).toHaveLength(2);
  });
});

describe('who is in a room now', () => {
  const answered = (store: Store, chunk: Json, status = 200) =>
    membersRead(store, room, { status, body: { chunk } }, then);
  const done = (status: number) => [{ type: 'test.members', answers: 'members of', status }];

  it('is asked of the server', () => {
    expect(askMembers('!a/b:x', then)).toEqual({
      out: 'request',
      method: 'GET',
      path: '/_matrix/client/v3/rooms/!a%2Fb%3Ax/members',
      waiting: { core: { task: 'members', room: '!a/b:x', then } },
    });
  });

  it('is news where it differs from what was known, as after a gap, before whoever asked goes on', () => {
    const members: Readonly<Record<string, Membership>> = { '@alice:x': 'join', '@b:x': 'invite', '@c:x': 'join' };
    const before = known({ members, historyVisibility: 'shared' });
    const step = answered(before, [member('@alice:x', 'join'), member('@b:x', 'join'), member('@d:x', 'join'), null]);
    const [news] = newsIn(step.outs, 'sync.room');
    expect(news).toMatchObject({
      room,
      section: 'join',
      limited: false,
      atMs: 0,
      before: before.rooms[room],
      visibilities: [],
    });
    expect(changes(sure(news))).toEqual([
      ['@b:x', 'invite', 'join', true],
      ['@d:x', null, 'join', true],
    ]);
    expect(step.store.rooms[room]).toMatchObject({
      historyVisibility: 'shared',
      members: { ...members, '@b:x': 'join', '@d:x': 'join' },
    });
    expect(step.outs).toHaveLength(2);
    expect(step.outs[1]).toMatchObject({ incoming: { from: 'answer', event: done(200)[0] } });
  });

  it('is nothing new where all stand as they stood, or the server does not say', () => {
    const before = known({ members: { '@b:x': 'join' } });
    for (const [chunk, status] of [
      [[member('@b:x', 'join')], 200],
      [[], 200],
      ['text', 200],
      [[member('@d:x', 'join')], 403],
    ] as const) {
      const step = answered(before, chunk as Json, status);
      expect(step.store).toBe(before);
      expect(step.outs).toHaveLength(1);
      expect(answersIn(step.outs)).toEqual(done(status));
    }
    expect(membersRead(before, room, { status: 200, body: null }, then).store).toBe(before);
  });

  it('is told of a room that was not known, and of members of any name', () => {
    const step = answered(alice, [member('constructor', 'join')]);
    expect(step.store.rooms[room]).toMatchObject({ membership: 'join', members: { constructor: 'join' } });
  });
});

describe('what was said before', () => {
  const page = (store: Store, ids: readonly string[], pages = 1, more: JsonObject = { end: 't2' }, status = 200) =>
    messagesRead(env, store, room, pages, { status, body: { chunk: ids.map(letter), ...more } });
  const heard = (step: ReturnType<typeof page>) => newsIn(step.outs, 'room.event').map(({ event }) => event.event_id);

  it('is asked for from the newest on, and then from where a page ended', () => {
    expect(askMessages(room, 1)).toStrictEqual({
      out: 'request',
      method: 'GET',
      path: '/_matrix/client/v3/rooms/!den%3Ax/messages',
      query: { dir: 'b', limit: '100' },
      waiting: { core: { task: 'messages', room, pages: 1 } },
    });
    const step = page(alice, ['$2', '$1']);
    expect(requestsIn(step.outs)).toEqual([askMessages(room, 2, 't2')]);
    expect(requestsIn(step.outs)[0]?.query).toEqual({ dir: 'b', limit: '100', from: 't2' });
  });

  it('is opened in the order in which it was said, and what was seen already is not opened again', () => {
    expect(heard(page(alice, ['$3', '$2', '$1']))).toEqual(['$1', '$2', '$3']);
    const seen = { ...alice, readIndexes: { 's 1': '$2' }, unread: [{ room, event: letter('$1') }] };
    expect(heard(page(seen, ['$3', '$2', '$1']))).toEqual(['$3']);
  });

  it('ends where the server has no more, does not answer, or after twenty pages', () => {
    expect(requestsIn(page(alice, [], 1, {}).outs)).toEqual([]);
    expect(requestsIn(page(alice, [], 1, { end: 5 }).outs)).toEqual([]);
    expect(requestsIn(page(alice, ['$1'], 19).outs)).toHaveLength(1);
    const last = page(alice, ['$1'], 20);
    expect([requestsIn(last.outs), heard(last)]).toEqual([[], ['$1']]);
    expect(page(alice, ['$1'], 1, { end: 't2' }, 403)).toEqual({ store: alice, outs: [] });
    expect(messagesRead(env, alice, room, 1, { status: 0, body: null })).toEqual({ store: alice, outs: [] });
  });
});
