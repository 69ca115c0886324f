/** What the tests of the chart of a room's keys have in common: who is there, and what reaches a device. */
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { ToDevice } from '../events.ts';
import type { JsonObject } from '../json.ts';
import type { ReadRoomKey, RoomView } from '../room-types.ts';
import type { DeviceFacts, EnvelopeFacts, PlaintextFacts } from '../types.ts';
import { roomKeysChart } from './chart.ts';
import type { Effect, RoomKeysEvent } from './events.ts';

export const room = '!den:example.org';
export const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4268: 'merged' },
  room,
};

/** What each of these events causes, in turn; and the chart as it is then. */
export const hearAll = (
  events: readonly RoomKeysEvent[],
  change: Partial<ChartInput> = {},
  off: readonly string[] = [],
) => {
  const chart = roomKeysChart({ ...nothing, off });
  let state = startChart(chart, { ...me, ...change }).state;
  const effects: (readonly Effect[])[] = [];
  const said: string[] = [];
  for (const event of events) {
    const step = hearChart(chart, state, event);
    state = step.state;
    effects.push(step.effects as readonly Effect[]);
    said.push(...step.said.map(({ clause, says }) => `${clause} ${says}`));
  }
  return { effects, said, state, chart };
};
/** What the last of these events causes. */
export const effectsOf = (...given: Parameters<typeof hearAll>): readonly Effect[] =>
  hearAll(...given).effects.at(-1) ?? [];

export const view = (historyVisibility: string | null): RoomView => ({
  membership: 'join',
  encryption: null,
  historyVisibility,
  members: {},
  inviters: [],
});
export const synced = (visibility: string | null, before: string | null = visibility): RoomKeysEvent => ({
  type: 'sync.room',
  room,
  atMs: 0,
  section: 'join',
  limited: false,
  view: view(visibility),
  before: view(before),
  members: [],
  visibilities: visibility === before ? [] : [visibility],
});

export const laptop: DeviceFacts = {
  user: '@bob:example.org',
  device: 'LAPTOP',
  curve25519: 'curve',
  ed25519: 'ed',
  selfSigned: true,
  crossSignedBy: 'master',
  byPinnedIdentity: true,
  source: 'listed',
};

/** A plaintext that goes with its envelope. */
export const asItShouldBe: PlaintextFacts = {
  senderMatches: true,
  recipientMatches: true,
  recipientKeyMatches: true,
  ed25519Matches: true,
  isSenderKnown: true,
};
type Facts = Partial<Pick<EnvelopeFacts, 'encrypted' | 'ownUser' | 'sender'>>;
/** What came, through Olm or not, from whoever the facts say. */
export const arrived = <T extends string>(type: T, content: JsonObject, facts: Facts = {}): ToDevice<T> => {
  const all = {
    claimedSender: laptop.user,
    ownUser: facts.ownUser ?? false,
    sender: facts.sender === undefined ? laptop : facts.sender,
    secretPublic: null,
    publishedPublic: null,
  };
  const common = { type: `to-device ${type}` as const, sender: laptop.user, content, room, atMs: 0 };
  return facts.encrypted === false
    ? { ...common, facts: { ...all, encrypted: false } }
    : {
        ...common,
        facts: { ...all, encrypted: true, plaintext: asItShouldBe },
        listedFacts: { ...all, encrypted: true },
      };
};

/** One entry of a key list, as the core reads it. */
export const read = (more: Partial<ReadRoomKey> = {}): ReadRoomKey => ({
  entry: {},
  room,
  sessionId: 's',
  key: { session: { sessionId: 's', firstKnownIndex: 3, verified: true, state: null }, firstKnownIndex: 3 },
  idMatches: true,
  senderKey: 'curve',
  senderEd25519: 'ed',
  flag: 'true',
  held: null,
  ...more,
});
