import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { RoomView } from '../room-types.ts';
import { roomsChart } from './chart.ts';
import type { Effect, MemberSet, RoomsEvent } from './events.ts';

const room = '!den:example.org';
const bob = '@bob:example.org';
const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: {},
};
const chart = roomsChart(nothing);

/** What the last of these events causes. */
const effectsOf = (...events: readonly RoomsEvent[]): readonly Effect[] => {
  let state = startChart(chart, me).state;
  let effects: readonly unknown[] = [];
  for (const event of events) ({ state, effects } = hearChart(chart, state, event));
  return effects as readonly Effect[];
};
const path = '/_matrix/client/v3/rooms/!den%3Aexample.org';
const atMs = 7;

describe('what a person does in a room is asked of the server', () => {
  it.each<[RoomsEvent, string, object]>([
    [{ type: 'user.knock', room, atMs }, '/_matrix/client/v3/knock/!den%3Aexample.org', {}],
    [
      { type: 'user.invite by mail', room, address: 'bob@example.com', atMs },
      `${path}/invite`,
      { id_server: 'id.example', id_access_token: 'token', medium: 'email', address: 'bob@example.com' },
    ],
  ])('%o', (event, where, body) => {
    expect(effectsOf(event)).toEqual([{ type: 'request', method: 'POST', path: where, body, answerAs: null }]);
  });

  it('for what was said before, by the core', () => {
    expect(effectsOf({ type: 'user.scroll back', room, atMs })).toEqual([
      { type: 'core', request: { ask: 'messages of', room } },
    ]);
  });
});

describe('a room that is made', () => {
  const create = { type: 'user.create room', room, name: 'den', history: 'joined', atMs } as const;
  const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } };
  const visibility = { type: 'm.room.history_visibility', state_key: '', content: { history_visibility: 'joined' } };
  const request = (initial_state: readonly object[]) => ({
    type: 'request',
    method: 'POST',
    path: '/_matrix/client/v3/createRoom',
    body: { name: 'den', preset: 'private_chat', initial_state },
    answerAs: 'rooms.created',
    with: { history: 'joined' },
  });
  it('is private and encrypted, with the history visibility and the join rule that its maker wants', () => {
    expect(effectsOf(create)).toEqual([request([encryption, visibility])]);
    const rule = { type: 'm.room.join_rules', state_key: '', content: { join_rule: 'knock' } };
    expect(effectsOf({ ...create, joinRule: 'knock' })).toEqual([request([encryption, visibility, rule])]);
    const content = { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: '!hall:example.org' }] };
    expect(effectsOf({ ...create, joinRule: 'restricted', allow: '!hall:example.org' })).toEqual([
      request([encryption, visibility, { ...rule, content }]),
    ]);
  });

  const created = (status: number, body: { readonly room_id?: string }): RoomsEvent => ({
    type: 'rooms.created',
    answers: 'request',
    status,
    body,
    with: { history: 'joined' },
  });
  it('is known to its maker as it was made before any sync tells of it', () => {
    expect(effectsOf(created(200, { room_id: room }))).toEqual([
      {
        type: 'store',
        patch: {
          patch: 'room made',
          room,
          view: {
            membership: 'join',
            encryption: { rotationPeriodMs: 604_800_000, rotationPeriodMsgs: 100 },
            historyVisibility: 'joined',
            members: { [me.user]: 'join' },
            inviters: [],
            isUntold: true,
          },
        },
      },
      { type: 'tell', event: { type: 'told.room state', room, visibility: 'joined', isMade: true } },
    ]);
  });
  it('is none where the server makes none', () => {
    for (const status of [0, 403, 500]) expect(effectsOf(created(status, { room_id: room }))).toEqual([]);
    expect(effectsOf(created(200, {}))).toEqual([]);
  });
});

describe('who is put out, let in again or goes', () => {
  const put = (user: string, membership: 'leave' | 'ban') => ({ in: room, user, membership });
  const lifted = { ...put(bob, 'leave'), isUnban: true } as const;
  it.each<[RoomsEvent, string, object, object]>([
    [{ type: 'user.kick', room, user: bob, atMs }, 'kick', { user_id: bob }, put(bob, 'leave')],
    [{ type: 'user.ban', room, user: bob, atMs }, 'ban', { user_id: bob }, put(bob, 'ban')],
    [{ type: 'user.unban', room, user: bob, atMs }, 'unban', { user_id: bob }, lifted],
    [{ type: 'user.leave', room, atMs }, 'leave', {}, put(me.user, 'leave')],
    [{ type: 'user.decline', room, atMs }, 'leave', {}, put(me.user, 'leave')],
  ])('is asked of the server: %o', (event, what, body, more) => {
    expect(effectsOf(event)).toEqual([
      {
        type: 'request',
        method: 'POST',
        path: `${path}/${what}`,
        body,
        answerAs: 'rooms.member set',
        with: more,
      },
    ]);
  });
  const answer = (status: number, done: MemberSet = put(bob, 'ban')): RoomsEvent => ({
    type: 'rooms.member set',
    answers: 'request',
    status,
    body: {},
    with: done,
  });
  it('is known to whoever did it before any sync, where the server has taken it and nowhere else', () => {
    expect(effectsOf(answer(200))).toEqual([
      { type: 'store', patch: { patch: 'room member', room, user: bob, membership: 'ban' } },
    ]);
    expect(effectsOf(answer(200, lifted))).toEqual([
      { type: 'store', patch: { patch: 'room member', room, user: bob, membership: 'leave', isUnban: true } },
    ]);
    for (const status of [0, 403, 500]) expect(effectsOf(answer(status))).toEqual([]);
  });
});

describe('a history visibility that is set', () => {
  it('is asked of the server', () => {
    expect(effectsOf({ type: 'user.set history', room, visibility: 'invited', atMs })).toEqual([
      {
        type: 'request',
        method: 'PUT',
        path: `${path}/state/m.room.history_visibility/`,
        body: { history_visibility: 'invited' },
        answerAs: 'rooms.history set',
        with: { set: room, visibility: 'invited' },
      },
    ]);
  });
  const set = (status: number): RoomsEvent => ({
    type: 'rooms.history set',
    answers: 'request',
    status,
    body: {},
    with: { set: room, visibility: 'invited' },
  });
  it('is known at once where the server took it, and not where it did not', () => {
    expect(effectsOf(set(200))).toEqual([
      { type: 'store', patch: { patch: 'room visibility', room, visibility: 'invited' } },
      { type: 'tell', event: { type: 'told.room state', room, visibility: 'invited', isMade: false } },
    ]);
    for (const status of [0, 403, 500]) expect(effectsOf(set(status))).toEqual([]);
  });
});

describe('whoever joins', () => {
  const joined = (status: number, where = room): RoomsEvent => ({
    type: 'rooms.joined',
    answers: 'request',
    status,
    body: {},
    with: { joined: where, atMs },
  });
  const told = (inviter: string | null, where = room) => [
    { type: 'tell', event: { type: 'told.joined', room: where, atMs, inviter } },
  ];
  const invited = (inviters: readonly string[], where = room): RoomsEvent => {
    const view: RoomView = { membership: 'invite', encryption: null, historyVisibility: null, members: {}, inviters };
    return {
      type: 'sync.room',
      room: where,
      atMs,
      section: 'invite',
      view,
      before: null,
      limited: false,
      members: [],
      visibilities: [],
    };
  };
  it('asks the server', () => {
    expect(effectsOf({ type: 'user.join', room, atMs })).toEqual([
      {
        type: 'request',
        method: 'POST',
        path: '/_matrix/client/v3/join/!den%3Aexample.org',
        body: {},
        answerAs: 'rooms.joined',
        with: { joined: room, atMs },
      },
    ]);
  });
  it('comes on the word of whoever invited them to that room last', () => {
    expect(effectsOf(joined(200))).toEqual(told(null));
    expect(effectsOf(invited([bob]), joined(200))).toEqual(told(bob));
    expect(effectsOf(invited([bob, '@carol:x']), joined(200))).toEqual(told('@carol:x'));
    expect(effectsOf(invited([bob]), invited(['@carol:x'], '!hub:x'), joined(200))).toEqual(told(bob));
    expect(effectsOf(invited([bob]), invited([]), joined(200))).toEqual(told(bob));
  });
  it('comes on nobody’s word once they have gone, by what they did or by what a sync tells', () => {
    const change = (user: string, after: 'leave' | 'ban' | 'invite'): RoomsEvent => ({
      type: 'told.member',
      room,
      change: { user, before: 'join', after, sender: user, inGap: false },
    });
    const left = (membership: 'leave' | 'ban'): RoomsEvent => {
      const event = invited([]);
      return event.type === 'sync.room' ? { ...event, view: { ...event.view, membership } } : event;
    };
    for (const gone of [change(me.user, 'leave'), left('leave'), left('ban')])
      expect(effectsOf(invited([bob]), gone, joined(200))).toEqual(told(null));
    for (const other of [change(bob, 'leave'), change(me.user, 'invite')])
      expect(effectsOf(invited([bob]), other, joined(200))).toEqual(told(bob));
  });
  it('comes on nobody’s word where a sync tells that they were out, and are in again without an invitation', () => {
    const between = (after: 'leave' | 'ban', inviters: readonly string[], user: string = me.user): RoomsEvent => {
      const event = invited(inviters);
      if (event.type !== 'sync.room') return event;
      const out = { user, before: 'join', after, sender: user, inGap: false } as const;
      return { ...event, section: 'join', view: { ...event.view, membership: 'join' }, members: [out] };
    };
    for (const after of ['leave', 'ban'] as const) {
      expect(effectsOf(invited([bob]), between(after, []), joined(200))).toEqual(told(null));
      expect(effectsOf(invited([bob]), between(after, ['@carol:x']), joined(200))).toEqual(told('@carol:x'));
      expect(effectsOf(invited([bob]), between(after, [], '@carol:x'), joined(200))).toEqual(told(bob));
    }
  });
  it('is invited by nobody to a room whose name is that of something every object has', () => {
    expect(effectsOf(joined(200, 'constructor'))).toEqual(told(null, 'constructor'));
    expect(effectsOf(invited([bob], '__proto__'), joined(200, '__proto__'))).toEqual(told(bob, '__proto__'));
  });
  it('is not in where the server refuses', () => {
    for (const status of [0, 403, 404, 500]) expect(effectsOf(joined(status))).toEqual([]);
  });
  it('has word of an inviter through a restart, and nothing to note where it is the same', () => {
    const first = hearChart(chart, startChart(chart, me).state, invited([bob])).state;
    expect(hearChart(chart, first, invited([bob])).state).toBe(first);
    const again = startChart(chart, me, chart.persists(first.context)).state;
    expect(hearChart(chart, again, joined(200)).effects).toEqual(told(bob));
  });
});
