/** What a sync tells of rooms ("Syncing", `rooms`): the view of each, as one's own server has it, and its events opened. */
import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts';
import { MEGOLM_ALGORITHM, paths } from '../paths.ts';
import type { MemberChange, Membership, RoomView } from '../room-types.ts';
import type { DeviceEvent, Out, Store, UserId } from '../types.ts';
import type { CoreStep, Env } from './env.ts';
import { readEvent } from './megolm.ts';

type Section = 'join' | 'invite' | 'leave' | 'knock';
const sections: readonly Section[] = ['join', 'invite', 'leave', 'knock'];
const memberships: readonly string[] = ['join', 'invite', 'leave', 'ban', 'knock'] satisfies readonly Membership[];

/** Rotation as the specification has it where the room does not say ("m.room.encryption"). */
const rotationPeriodMs = 604_800_000;
const rotationPeriodMsgs = 100;

const nowhere: RoomView = {
  membership: 'leave',
  encryption: null,
  historyVisibility: null,
  members: {},
  inviters: [],
};

/** One event to be heard for each room of a sync, in the order of their ids. */
export const roomsOf = (body: unknown, atMs: number): readonly Out[] =>
  sections
    .flatMap((section) =>
      Object.entries(objectAt(objectAt(body, 'rooms'), section)).map(([room, data]) => ({ room, section, data })),
    )
    .sort((one, other) => (one.room < other.room ? -1 : 1))
    .map(({ room, section, data }) => ({ out: 'later', event: { type: 'core.room', room, section, data, atMs } }));

const listOf = (object: unknown, part: string): readonly JsonObject[] => {
  const events = objectAt(object, part).events;
  return Array.isArray(events) ? events.filter(isObject) : [];
};

/** One room of a sync: the new view is news for the charts, then each encrypted event of the timeline. */
export const roomSynced = (env: Env, store: Store, event: DeviceEvent): CoreStep => {
  const room = stringAt(event, 'room') ?? '';
  const section = event.section as Section;
  const atMs = typeof event.atMs === 'number' ? event.atMs : 0;
  const before = store.rooms[room] ?? null;
  const limited = objectAt(event.data, 'timeline').limited === true;
  const state = [...listOf(event.data, 'state'), ...listOf(event.data, `${section}_state`)];
  const timeline = listOf(event.data, 'timeline');
  const read = readState(store.me.user, section, before ?? nowhere, state, timeline, limited && before !== null);
  let after: Store = { ...store, rooms: { ...store.rooms, [room]: read.view } };
  const outs: Out[] = [];
  const news = { type: 'sync.room', room, atMs, section, limited, view: read.view, before, ...read.changes };
  outs.push({ out: 'hear', event: news });
  for (const one of timeline) {
    if (stringAt(one, 'type') !== 'm.room.encrypted') continue;
    const step = readEvent(env, after, room, one, atMs);
    after = step.store;
    outs.push(...step.outs);
  }
  return { store: after, outs };
};

type Read = {
  readonly view: RoomView;
  readonly changes: { readonly members: readonly MemberChange[]; readonly visibilities: readonly (string | null)[] };
};

/** Takes the state before the timeline, then the state events within it, in order. */
const readState = (
  me: UserId,
  section: Section,
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
          before: view.members[user] ?? null,
          after: after as Membership,
          sender: stringAt(event, 'sender') ?? '',
          inGap,
          ...(user === me && typeof event.origin_server_ts === 'number' ? { serverMs: event.origin_server_ts } : {}),
        };
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
      rotationPeriodMs: typeof ms === 'number' ? ms : rotationPeriodMs,
      rotationPeriodMsgs: typeof msgs === 'number' ? msgs : rotationPeriodMsgs,
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
 * The answer to `GET members`: who is in the room now, whatever the syncs have left out. What differs from what was known happened in
 * between, untold, as in a gap. Then `told` of the question's `with` is heard.
 */
export const membersRead = (_env: Env, store: Store, event: DeviceEvent): CoreStep => {
  const room = stringAt(event.with, 'room') ?? '';
  const chunk = objectAt({ body: event.body }, 'body').chunk;
  const before = store.rooms[room] ?? nowhere;
  const isNews = (one: JsonObject): boolean =>
    stringAt(one.content, 'membership') !== before.members[stringAt(one, 'state_key') ?? ''];
  const state = event.status === 200 && Array.isArray(chunk) ? chunk.filter(isObject).filter(isNews) : [];
  const done: Out = { out: 'hear', event: { type: stringAt(event.with, 'told') ?? '', room } };
  if (state.length === 0) return { store, outs: [done] };
  const read = readState(store.me.user, 'join', before, state, [], true);
  const news = { type: 'sync.room', room, section: 'join', limited: false, view: read.view, before, ...read.changes };
  return {
    store: { ...store, rooms: { ...store.rooms, [room]: read.view } },
    outs: [{ out: 'hear', event: news }, done],
  };
};

/** Pages of earlier events that are asked for in one go. */
const pagesMax = 20;

/**
 * The answer to `GET messages`, newest first, and the question for the page before it. What has not been seen yet is opened in the
 * order in which it was said.
 */
export const messagesRead = (env: Env, store: Store, event: DeviceEvent): CoreStep => {
  const room = stringAt(event.with, 'room') ?? '';
  const chunk = objectAt({ body: event.body }, 'body').chunk;
  const events = event.status === 200 && Array.isArray(chunk) ? chunk.filter(isObject).toReversed() : [];
  const end = stringAt(event.body, 'end');
  const pages = Number(objectAt({ with: event.with }, 'with').pages ?? 1);
  const seen = new Set([
    ...Object.values(store.readIndexes),
    ...store.unread.map((one) => stringAt(one.event, 'event_id') ?? ''),
  ]);
  let after = store;
  const outs: Out[] = [];
  for (const one of events) {
    if (stringAt(one, 'type') !== 'm.room.encrypted' || seen.has(stringAt(one, 'event_id') ?? '')) continue;
    const step = readEvent(env, after, room, one, 0);
    after = step.store;
    outs.push(...step.outs);
  }
  if (end !== undefined && pages < pagesMax)
    outs.push({
      out: 'request',
      method: 'GET',
      path: paths.messages(room),
      query: { dir: 'b', limit: '100', from: end },
      answerAs: 'core.messages',
      with: { room, pages: pages + 1 },
    });
  return { store: after, outs };
};
