/** What tests of the invitee share: the rest of a device and a server around the chart. */
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import type { AnyEffect } from '../effects.ts';
import type { AnyEvent } from '../events.ts';
import { type Json, type JsonObject, stringAt } from '../json.ts';
import { notIn } from '../revisions.ts';
import type { HeldRoomKey, MemberChange, ReadRoomKey, RoomView, Withheld } from '../room-types.ts';
import type { DeviceFacts, EnvelopeFacts, PlaintextFacts } from '../types.ts';
import type { InviteeEvent, OnInvitee, PointerEvent } from './events.ts';
import { inviteeChart } from './invitee.ts';
import { inBase64 } from './messages.ts';

export const room = '!den:a.example';
export const alice = '@alice:a.example';
export const mallory = '@mallory:m.example';
export const hours = 60 * 60 * 1000;
export const me: ChartInput = {
  user: '@bob:b.example',
  device: 'DESK',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4268: 'merged' },
  room,
};
export const phone: DeviceFacts = {
  user: alice,
  device: 'PHONE',
  curve25519: 'curve',
  ed25519: 'ed',
  selfSigned: true,
  crossSignedBy: 'alice 1',
  byPinnedIdentity: true,
  source: 'both',
};
export const facts: EnvelopeFacts = {
  encrypted: true,
  claimedSender: alice,
  ownUser: false,
  sender: phone,
  secretPublic: null,
  publishedPublic: null,
};
export const file = (url: string): JsonObject => ({
  url,
  v: 'v2',
  key: { alg: 'A256CTR', k: 'k' },
  iv: 'iv',
  hashes: { sha256: 'hash' },
});
export const url = 'mxc://a.example/1';
const plaintext: PlaintextFacts = {
  senderMatches: true,
  recipientMatches: true,
  recipientKeyMatches: true,
  ed25519Matches: true,
  isSenderKnown: true,
};
/** `room` is what the core makes of the content. */
export const pointer = (
  change: Partial<EnvelopeFacts> = {},
  content: JsonObject = { room_id: room, file: file(url) },
): PointerEvent => {
  const named = stringAt(content, 'room_id');
  const arrived = {
    type: 'to-device m.room_key_bundle',
    sender: alice,
    content,
    atMs: 1000,
    ...(named === undefined ? {} : { room: named }),
  } as const;
  const known = { ...facts, ...change };
  return known.encrypted
    ? { ...arrived, facts: { ...known, encrypted: true, plaintext }, listedFacts: known }
    : { ...arrived, facts: { ...known, encrypted: false } };
};
/** The same under the interim type. */
export const interim: InviteeEvent = { ...pointer(), type: 'to-device io.element.msc4268.room_key_bundle' };
export const strange = pointer({ sender: { ...phone, user: mallory }, claimedSender: mallory });
export const view = (membership: RoomView['membership'], inviters: readonly string[] = [alice]): RoomView => ({
  membership,
  encryption: null,
  historyVisibility: 'shared',
  members: {},
  inviters,
});
export const ownJoin: MemberChange = { user: me.user, before: 'invite', after: 'join', sender: me.user, inGap: false };
export const synced = (
  membership: 'join' | 'invite' | 'leave',
  before: RoomView | null = null,
  atMs = 0,
): OnInvitee<'sync.room'> => ({
  type: 'sync.room',
  room,
  atMs,
  section: membership,
  limited: false,
  visibilities: [],
  view: view(membership, membership === 'leave' ? [] : [alice]),
  before,
  members: membership === 'join' ? [ownJoin] : [],
});
export const joined = (inviter: string | null = alice, atMs = 0): InviteeEvent => ({
  type: 'told.joined',
  room,
  atMs,
  inviter,
});
export const start = (atMs: number): InviteeEvent => ({ type: 'user.start', users: [], atMs });
export const restart = { type: 'restart' } as const;
/** What is heard, and that the client is closed and opened again. */
type Happens = InviteeEvent | typeof restart;

export const entry = (session_id: string, more: object = {}): JsonObject => ({
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: room,
  sender_claimed_keys: { ed25519: 'ed of carol' },
  sender_key: 'carol',
  session_id,
  session_key: `0 ${session_id}`,
  ...more,
});
export const closed = (session_id: string, more: object = {}): JsonObject => ({
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: room,
  session_id,
  sender_key: 'carol',
  code: 'm.history_not_shared',
  ...more,
});
/** `session_key` is `<first known index> <session id>` in these tests. */
const readIn =
  (held: Readonly<Record<string, ReadRoomKey['held']>>) =>
  (one: JsonObject): ReadRoomKey => {
    const [index = '', id = ''] = (stringAt(one, 'session_key') ?? '').split(' ');
    const firstKnownIndex = Number(index);
    const session = { sessionId: id, firstKnownIndex, verified: false, state: null };
    return {
      entry: one,
      room: stringAt(one, 'room_id') ?? null,
      sessionId: stringAt(one, 'session_id') ?? '',
      key: id === '' ? null : { session, firstKnownIndex },
      idMatches: id === stringAt(one, 'session_id'),
      senderKey: stringAt(one, 'sender_key') ?? '',
      senderEd25519: 'ed',
      flag: 'absent',
      held: held[stringAt(one, 'session_id') ?? ''] ?? null,
    };
  };

export type Case = {
  readonly events: readonly Happens[];
  readonly me?: Partial<ChartInput>;
  readonly off?: readonly string[];
  readonly bundle?: Json;
  readonly statuses?: readonly number[];
  readonly hashMatches?: boolean;
  readonly held?: Readonly<Record<string, ReadRoomKey['held']>>;
};
const heard = (event: AnyEvent & Readonly<Record<string, unknown>>): AnyEvent => event;

/** A sync is done once all that came with it is heard: letters and rooms that follow on each other came together. */
const done: InviteeEvent = { type: 'sync.done', atMs: 1000 };
const isBySync = (event: Happens | undefined): boolean =>
  event?.type === 'sync.room' || event?.type.startsWith('to-device ') === true;

/** Drives the chart with a device and a server around it. `restart` is a client that is closed and opened again. */
export const drive = ({
  events,
  me: other = {},
  off = [],
  bundle = {},
  statuses = [],
  hashMatches = true,
  held = {},
}: Case) => {
  const input = { ...me, ...other };
  const chart = inviteeChart({ off, ...notIn(input.implements) });
  let state: ChartState = startChart(chart, input).state;
  const downloads: string[] = [];
  const keys: Record<string, HeldRoomKey> = {};
  const withheld: Record<string, Withheld> = {};
  const shown: JsonObject[] = [];
  const told: string[] = [];
  const effects: AnyEffect[] = [];
  const said = new Set<string>();
  const text = JSON.stringify(bundle);
  for (const [nth, event] of events.entries()) {
    if (event.type === 'restart') state = startChart(chart, input, chart.persists(state.context)).state;
    const queue: AnyEvent[] = isBySync(event) && !isBySync(events[nth + 1]) ? [event, done] : [event];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const step = hearChart(chart, state, next);
      state = step.state;
      for (const one of step.said) said.add(`${one.clause} ${one.says}`);
      effects.push(...step.effects);
      for (const effect of step.effects) {
        if (effect.type === 'request') {
          const status = statuses[downloads.length] ?? 200;
          downloads.push(effect.path.split('/').slice(-2).join('/'));
          // 0: the client is closed before anything comes; below: it hears that no answer came
          const body = status === 200 ? { data: inBase64(text) } : { errcode: 'M_NOT_FOUND' };
          if (status !== 0) queue.push(heard({ type: effect.answerAs ?? '', status: Math.max(status, 0), body }));
        }
        if (effect.type === 'core' && effect.request.ask === 'open attachment')
          queue.push(heard({ type: effect.request.answerAs, plaintext: text, hashMatches }));
        if (effect.type === 'core' && effect.request.ask === 'read room keys') {
          const entries = effect.request.entries as readonly JsonObject[];
          queue.push(heard({ type: effect.request.answerAs, room, read: entries.map(readIn(held)) }));
        }
        if (effect.type === 'store' && effect.patch.patch === 'room keys') Object.assign(keys, effect.patch.keys);
        if (effect.type === 'store' && effect.patch.patch === 'withheld') Object.assign(withheld, effect.patch.entries);
        if (effect.type === 'show') shown.push(effect.notice);
        if (effect.type === 'tell' || effect.type === 'tell self') {
          told.push(effect.event.type);
          queue.push(effect.event);
        }
      }
    }
  }
  return { state, downloads, keys, withheld, shown, told, said, effects };
};
export const whys = (shown: readonly JsonObject[]) => shown.map(({ about, why }) => (why === undefined ? about : why));
