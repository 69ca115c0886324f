/** What a sync tells of rooms ("Syncing", `rooms`): the view of each, as one's own server has it, and its events opened. */

import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Out } from '../effects.ts';
import type { Answered, CoreNews, CoreTask, Reply, RoomNews, RoomSection } from '../events.ts';
import { isObject, type JsonObject, objectAt, own, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import { type MemberChange, type Membership, type RoomId, type RoomView, usualRotation } from '../room-types.ts';
import type { Store, StorePatch } from '../store.ts';
import type { Ms, UserId } from '../types.ts';
import { answerNext, type CoreStep, type Env, first, news, request } from './env.ts';
import { readEvent } from './megolm.ts';

const sections: readonly RoomSection[] = ['join', 'invite', 'leave', 'knock'];
const memberships: readonly string[] = ['join', 'invite', 'leave', 'ban', 'knock'] satisfies readonly Membership[];

const nowhere: RoomView = {
  membership: 'leave',
  encryption: null,
  historyVisibility: null,
  members: {},
  inviters: [],
};

/** One event to be heard for each room of a sync, in the order of their ids. */
export const roomsOf = (body: unknown, atMs: Ms): readonly Out[] =>
  sections
    .flatMap((section) =>
      Object.entries(objectAt(objectAt(body, 'rooms'), section)).map(([room, data]) => ({ room, section, data })),
    )
    .sort((one, other) => (one.room < other.room ? -1 : 1))
    .map(({ room, section, data = null }) => ({
      out: 'later',
      incoming: { from: 'task', task: { task: 'room', room, section, data, atMs } },
    }));

const listOf = (object: unknown, part: string): readonly JsonObject[] => {
  const events = objectAt(object, part).events;
  return Array.isArray(events) ? events.filter(isObject) : [];
};

/** One room of a sync: the new view is news for the charts, then each encrypted event of the timeline. */
export const roomSynced = (env: Env, store: Store, task: Extract<CoreTask, { task: 'room' }>): CoreStep => {
  const { room, section, data, atMs } = task;
  const known = own(store.rooms, room);
  const before = known === undefined || known.isUntold === true ? null : known;
  const limited = objectAt(data, 'timeline').limited === true;
  const state = [...listOf(data, 'state'), ...listOf(data, `${section}_state`)];
  const timeline = listOf(data, 'timeline');
  const read = readState(store.me.user, section, before ?? nowhere, state, timeline, limited && before !== null);
  const told = { room, atMs, section, limited, view: read.view, before, ...read.changes };
  return opening(env, seen(store, told), room, timeline, atMs);
};

/** The view of a room as it is now, and the news of it. */
const seen = (store: Store, told: RoomNews): CoreStep => ({
  store: { ...store, rooms: { ...store.rooms, [told.room]: told.view } },
  outs: [news({ type: 'sync.room', ...told } satisfies CoreNews<'sync.room'>)],
});

/** Opens what is encrypted among `events`, in order. */
const opening = (env: Env, before: CoreStep, room: RoomId, events: readonly JsonObject[], atMs: Ms): CoreStep => {
  let { store } = before;
  const outs = [...before.outs];
  for (const one of events) {
    if (stringAt(one, 'type') !== 'm.room.encrypted') continue;
    const step = readEvent(env, store, room, one, atMs);
    store = step.store;
    outs.push(...step.outs);
  }
  return { store, outs };
};

type Read = {
  readonly view: RoomView;
  readonly changes: { readonly members: readonly MemberChange[]; readonly visibilities: readonly (string | null)[] };
};

/** Takes the state before the timeline, then the state events within it, in order. */
const readState = (
  me: UserId,
  section: RoomSection,
  before: RoomView,
  state: readonly JsonObject[],
  timeline: readonly JsonObject[],
  hasGap: boolean,
): Read => {
  let view: RoomView = section === 'leave' ? before : { ...before, membership: section };
  const members: MemberChange[] = [];
  const visibilities: (string | null)[] = [];
  const take = (event: JsonObject, inGap: boolean): void => {
    const content = objectAt(event, 'content');
    switch (stringAt(event, 'type')) {
      case 'm.room.encryption':
        view = withEncryption(view, content);
        return;
      case 'm.room.history_visibility': {
        const visibility = stringAt(content, 'history_visibility') ?? null;
        if (visibility !== view.historyVisibility) visibilities.push(visibility);
        view = { ...view, historyVisibility: visibility };
        return;
      }
      case 'm.room.member': {
        const user = stringAt(event, 'state_key');
        const after = stringAt(content, 'membership');
        if (user === undefined || after === undefined || !memberships.includes(after)) return;
        const change = {
          user,
          before: own(view.members, user) ?? null,
          after: after as Membership,
          sender: stringAt(event, 'sender') ?? '',
          inGap,
          ...(user === me && typeof event.origin_server_ts === 'number' ? { serverMs: event.origin_server_ts } : {}),
        };
        // Nobody asks in who is in ("Authorization rules"): that was before they came, and was late between two servers.
        if (user === me && change.before === 'join' && after === 'invite' && !inGap) return;
        if (inGap || change.before !== change.after) members.push(change);
        view = withMember(view, me, change);
        return;
      }
    }
  };
  for (const event of state) take(event, hasGap);
  for (const event of timeline) if (event.state_key !== undefined) take(event, false);
  return { view, changes: { members, visibilities } };
};

const withEncryption = (view: RoomView, content: JsonObject): RoomView => {
  if (view.encryption !== null || stringAt(content, 'algorithm') !== MEGOLM_ALGORITHM) return view;
  const { rotation_period_ms: ms, rotation_period_msgs: msgs } = content;
  return {
    ...view,
    encryption: {
      rotationPeriodMs: typeof ms === 'number' ? ms : usualRotation.rotationPeriodMs,
      rotationPeriodMsgs: typeof msgs === 'number' ? msgs : usualRotation.rotationPeriodMsgs,
    },
  };
};

const withMember = (view: RoomView, me: UserId, { user, after, sender }: MemberChange): RoomView => {
  const members = { ...view.members, [user]: after };
  if (user !== me) return { ...view, members };
  const inviters =
    after === 'invite'
      ? [...view.inviters.filter((one) => one !== sender), sender]
      : after === 'join'
        ? view.inviters
        : [];
  return { ...view, members, membership: after, inviters };
};

/**
 * What becomes of a room by what this device has just done to somebody's membership of it, and what that changes; `null`: nothing, or
 * the room is not known. Nobody goes from the outside to the outside, nor is asked in who is in: what such a change leaves out happened
 * untold, as in a gap. Whoever is kicked or banned may have come in untold, and is put out; whoever was last heard of as invited has
 * their invitation taken back.
 */
export const memberSet = (
  store: Store,
  { room, user, membership: after, isUnban }: Extract<StorePatch, { patch: 'room member' }>,
): { readonly view: RoomView; readonly change: MemberChange } | null => {
  const view = own(store.rooms, room);
  if (view === undefined) return null;
  const before = own(view.members, user) ?? null;
  const inGap =
    (after === 'leave' && (before === null || before === 'leave')) || (after === 'invite' && before === 'join');
  const isPutOut =
    user !== store.me.user &&
    (after === 'leave' || after === 'ban') &&
    before !== 'invite' &&
    !(isUnban === true && before === 'ban');
  if (before === after && !inGap && !isPutOut) return null;
  const change: MemberChange = {
    user,
    before,
    after,
    sender: store.me.user,
    inGap,
    ...(isPutOut ? { isPutOut } : {}),
  };
  return { view: withMember(view, store.me.user, change), change };
};

const eventsIn = ({ status, body }: Answered): readonly JsonObject[] => {
  const chunk = isObject(body) && Object.hasOwn(body, 'chunk') ? body.chunk : undefined;
  return status === 200 && Array.isArray(chunk) ? chunk.filter(isObject) : [];
};

/** Asks who is in a room now. */
export const askMembers = (room: RoomId, then: Reply): Out =>
  request('GET', paths.members(room), { task: 'members', room, then });

/**
 * The answer to `GET members`: who is in the room now, whatever the syncs have left out. What differs from what was known happened in
 * between, untold, as in a gap.
 */
export const membersRead = (store: Store, room: RoomId, answered: Answered, then: Reply): CoreStep => {
  const before = own(store.rooms, room) ?? nowhere;
  const isNews = (one: JsonObject): boolean =>
    stringAt(one.content, 'membership') !== own(before.members, stringAt(one, 'state_key') ?? '');
  const state = eventsIn(answered).filter(isNews);
  const done = answerNext(then, 'members of', { status: answered.status });
  if (state.length === 0) return { store, outs: done };
  const read = readState(store.me.user, 'join', before, state, [], true);
  const told = seen(store, {
    room,
    atMs: 0,
    section: 'join',
    limited: false,
    view: read.view,
    before,
    ...read.changes,
  });
  return { store: told.store, outs: [...told.outs.map(first), ...done] };
};

/** Pages of earlier events that are asked for in one go. */
const pagesMax = 20;

/** Asks for what was said before ("Getting events for a room"), from the newest on, or from where the page before it ended. */
export const askMessages = (room: RoomId, pages: number, from?: string): Out => {
  const query = { dir: 'b', limit: '100', ...(from === undefined ? {} : { from }) };
  return request('GET', paths.messages(room), { task: 'messages', room, pages }, { query });
};

/**
 * The answer to `GET messages`, newest first, and the question for the page before it. What has not been seen yet is opened in the
 * order in which it was said.
 */
export const messagesRead = (env: Env, store: Store, room: RoomId, pages: number, answered: Answered): CoreStep => {
  const end = answered.status === 200 ? stringAt(answered.body, 'end') : undefined;
  const known = new Set([
    ...Object.values(store.readIndexes),
    ...store.unread.map((one) => stringAt(one.event, 'event_id') ?? ''),
  ]);
  const events = eventsIn(answered)
    .toReversed()
    .filter((one) => !known.has(stringAt(one, 'event_id') ?? ''));
  const step = opening(env, { store, outs: [] }, room, events, 0);
  return end === undefined || pages >= pagesMax
    ? step
    : { store: step.store, outs: [...step.outs, askMessages(room, pages + 1, end)] };
};
