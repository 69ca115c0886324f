/** What tests of the inviter share: the rest of a device and a server around the chart. */
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { type AnyEffect, type CoreRequest, unasked } from '../effects.ts';
import type { AnyEvent } from '../events.ts';
import { type JsonObject, stringAt } from '../json.ts';
import { notIn } from '../revisions.ts';
import type { ExportedRoomKey, RoomKeyOrigin, Withheld } from '../room-types.ts';
import type { StorePatch } from '../store.ts';
import type { DeviceFacts, UserId } from '../types.ts';
import type { InviterEvent, OnInviter } from './events.ts';
import { inviterChart } from './inviter.ts';
import { fromBase64 } from './messages.ts';

export const room = '!den:a.example';
export const bob = '@bob:b.example';
export const me: ChartInput = {
  user: '@alice:a.example',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4268: 'merged', MSC1219: 'spec-v1.19' },
  room,
};
export const device = (name: string, more: Partial<DeviceFacts> = {}): DeviceFacts => ({
  user: bob,
  device: name,
  curve25519: `curve ${name}`,
  ed25519: `ed ${name}`,
  selfSigned: true,
  crossSignedBy: 'bob 1',
  byPinnedIdentity: true,
  source: 'listed',
  ...more,
});
export const desk = device('DESK');
export const tablet = device('TABLET');
export const ghost = device('GHOST', { crossSignedBy: null, byPinnedIdentity: false });
export const own = device('PHONE', { user: '@alice:a.example', curve25519: 'curve of alice' });
export const key = (
  sessionId: string,
  sharedHistory = true,
  origin: RoomKeyOrigin = { how: 'made' },
): ExportedRoomKey => ({
  room,
  sessionId,
  sessionKey: `key of ${sessionId}`,
  senderKey: `maker of ${sessionId}`,
  senderEd25519: 'ed',
  sharedHistory,
  origin,
});
export const heard = (sessionId: string, code = 'm.history_not_shared', how: Withheld['how'] = 'bundle'): Withheld => ({
  room,
  sessionId,
  senderKey: `maker of ${sessionId}`,
  code,
  reason: null,
  from: '@carol:a.example',
  how,
});

/** What the rest of the device, and the server, say to what the chart asks. */
type World = {
  readonly devices: readonly DeviceFacts[];
  readonly identity: { readonly master: string | null; readonly pinned: string | null; readonly wasVerified?: true };
  /** Whose list of devices did not come. */
  readonly outdated: readonly UserId[];
  readonly keys: readonly ExportedRoomKey[];
  readonly withheld: readonly Withheld[];
  readonly visibility: string | null;
  readonly uploads: number;
  readonly invites: number;
  /** The server has said that it does not know the access token, and nothing is uploaded or asked of it any more. */
  readonly isLoggedOut: boolean;
};
const world: World = {
  devices: [own, desk, tablet, ghost],
  identity: { master: 'bob 1', pinned: 'bob 1' },
  outdated: [],
  keys: [key('open'), key('closed', false)],
  withheld: [],
  visibility: 'shared',
  uploads: 200,
  invites: 200,
  isLoggedOut: false,
};
export const file = { v: 'v2', key: { alg: 'A256CTR', k: 'k' }, iv: 'iv', hashes: { sha256: 'hash' } };

export type Case = {
  readonly world?: Partial<World>;
  readonly me?: Partial<ChartInput>;
  readonly off?: readonly string[];
  readonly events?: readonly InviterEvent[];
};
export const invite: OnInviter<'user.invite'> = { type: 'user.invite', room, user: bob, atMs: 0 };

const answer = (type: string, what: Readonly<Record<string, unknown>>): AnyEvent => ({ ...what, type });

/** Drives the chart with a device and a server around it. `order` is what left, in order. */
export const drive = ({ world: otherwise = {}, me: other = {}, off = [], events = [invite] }: Case) => {
  const around = { ...world, ...otherwise };
  const input = { ...me, ...other };
  const chart = inviterChart({ off, ...notIn(input.implements) });
  let state: ChartState = startChart(chart, input).state;
  const order: string[] = [];
  const sends: Extract<CoreRequest, { ask: 'send' }>[] = [];
  const patches: StorePatch[] = [];
  const shown: JsonObject[] = [];
  const told: string[] = [];
  const said = new Set<string>();
  let uploaded = '';
  const answers = (effect: AnyEffect): readonly AnyEvent[] => {
    switch (effect.type) {
      case 'request': {
        const what = effect.path.split('/').at(-1) ?? '';
        if (around.isLoggedOut) return [answer(effect.answerAs ?? '', unasked)];
        order.push(what);
        if (what === 'upload') uploaded = stringAt(effect.body, 'data') ?? '';
        const status = what === 'upload' ? around.uploads : what === 'invite' ? around.invites : 200;
        const body = what === 'upload' ? { content_uri: 'mxc://a.example/1' } : {};
        return [answer(effect.answerAs ?? '', { status, body })];
      }
      case 'core': {
        const { request } = effect;
        if (request.ask === 'devices of') {
          const devices = around.devices.filter(({ user }) => request.users.includes(user));
          const { identity, outdated } = around;
          return [answer(request.answerAs, { devices, identities: { [bob]: identity }, outdated, with: request.with })];
        }
        if (request.ask === 'query users') {
          order.push('query');
          return request.answerAs === undefined ? [] : [answer(request.answerAs, { status: 200, with: request.with })];
        }
        if (request.ask === 'export room keys') {
          const { keys, withheld, visibility } = around;
          return [answer(request.answerAs, { keys, withheld, visibility })];
        }
        if (request.ask === 'seal attachment') {
          uploaded = request.plaintext;
          return [answer(request.answerAs, { ciphertext: 'c2VhbGVk', file })];
        }
        if (request.ask !== 'send') return [];
        order.push(request.type);
        sends.push(request);
        return request.answerAs === undefined ? [] : [answer(request.answerAs, {})];
      }
      case 'store':
        patches.push(effect.patch);
        return [];
      case 'show':
        shown.push(effect.notice);
        return [];
      case 'tell':
        told.push(effect.event.type);
        return [
          effect.event.type === 'told.fetch room keys' ? answer('told.room keys fetched', { room }) : effect.event,
        ];
      case 'tell self':
        return [effect.event];
      default:
        return [];
    }
  };
  const states: string[] = [];
  let plaintext = '';
  for (const event of events) {
    const queue: AnyEvent[] = [event];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const step = hearChart(chart, state, next);
      state = step.state;
      states.push(state.value);
      for (const one of step.said) said.add(`${one.clause} ${one.says}`);
      for (const effect of step.effects) queue.push(...answers(effect));
      if (uploaded.startsWith('{')) plaintext = uploaded;
    }
  }
  const text = plaintext === '' ? (fromBase64(uploaded) ?? '') : plaintext;
  const bundle = text.startsWith('{')
    ? (JSON.parse(text) as { room_keys: JsonObject[]; withheld: JsonObject[] })
    : null;
  const pointers = sends.filter(({ type }) => type.endsWith('room_key_bundle'));
  return { state, order, sends, pointers, patches, shown, told, said, bundle, states, uploaded, chart };
};
export const devicesOf = (pointer: { readonly to: readonly { readonly device: string }[] } | undefined) =>
  pointer?.to.map((one) => one.device);
export const idsIn = (entries: readonly JsonObject[] | undefined) => entries?.map(({ session_id }) => session_id);
export const whys = (shown: readonly JsonObject[]) => shown.map(({ about, why }) => (why === undefined ? about : why));
