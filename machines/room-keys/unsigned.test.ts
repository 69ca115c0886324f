import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { Letter } from '../events.ts';
import type { Decryption } from '../room-types.ts';
import type { DeviceFacts } from '../types.ts';
import { roomKeysChart } from './chart.ts';
import type { Effect, RoomKeysEvent } from './events.ts';
import { asItShouldBe } from './testing.ts';

const room = '!den:example.org';
const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4153: 'spec-v1.19' },
  room,
};
const unsigned: DeviceFacts = {
  user: '@bob:example.org',
  device: 'GHOST',
  curve25519: 'curve',
  ed25519: 'ed',
  selfSigned: true,
  crossSignedBy: null,
  byPinnedIdentity: false,
  source: 'listed',
};
const signed: DeviceFacts = { ...unsigned, device: 'PHONE', crossSignedBy: 'master', byPinnedIdentity: true };

const writes: RoomKeysEvent = { type: 'user.send', room, text: 'hello', atMs: 0 };

const effectsOf = (event: RoomKeysEvent, change: Partial<ChartInput> = {}, off: readonly string[] = []) => {
  const chart = roomKeysChart({ ...nothing, off });
  const input = { ...me, ...change };
  const writing = hearChart(chart, startChart(chart, input).state, writes);
  return hearChart(chart, writing.state, event).effects as readonly Effect[];
};
const others = { implements: {} };

describe('an unsigned device', () => {
  const outbound: RoomKeysEvent = {
    type: 'room-keys.outbound',
    answers: 'outbound room key',
    room,
    sessionId: 'session',
    sessionKey: 'key',
    senderKey: 'curve of mine',
    index: 0,
    sharedHistory: false,
    isNew: true,
    visibility: null,
    lacking: [signed, unsigned],
    outdated: [],
    changed: [],
    hasDeparted: false,
    isSpent: false,
    with: { why: null },
  };
  const sentTo = (effects: readonly Effect[], type: string): readonly string[] =>
    effects.flatMap((effect) =>
      effect.type === 'core' && effect.request.ask === 'send' && effect.request.type === type
        ? effect.request.to.map(({ device }) => device)
        : [],
    );

  it('is given no room key by a client with MSC4153, and is told so; others give it', () => {
    expect(sentTo(effectsOf(outbound), 'm.room_key')).toEqual(['PHONE']);
    expect(sentTo(effectsOf(outbound), 'm.room_key.withheld')).toEqual(['GHOST']);
    expect(sentTo(effectsOf(outbound, others), 'm.room_key')).toEqual(['PHONE', 'GHOST']);
    expect(sentTo(effectsOf(outbound, {}, ['4153-no-send-to-unsigned']), 'm.room_key')).toEqual(['PHONE', 'GHOST']);
    const careful = { ...others, options: { 'share with': 'signed' } };
    expect(sentTo(effectsOf(outbound, careful, ['4153-no-send-to-unsigned']), 'm.room_key')).toEqual(['PHONE']);
  });

  const keyFrom = (sender: DeviceFacts): RoomKeysEvent => ({
    type: 'to-device m.room_key',
    sender: sender.user,
    content: { room_id: room, session_id: 's', session_key: 'k' },
    room,
    atMs: 0,
    facts: factsOf(sender),
    listedFacts: factsOf(sender),
  });
  const factsOf = (sender: DeviceFacts): Letter['facts'] => ({
    encrypted: true,
    claimedSender: sender.user,
    ownUser: false,
    sender,
    secretPublic: null,
    publishedPublic: null,
    plaintext: asItShouldBe,
  });
  it('has its room keys ignored by a client with MSC4153', () => {
    expect(effectsOf(keyFrom(signed))).toHaveLength(1);
    expect(effectsOf(keyFrom(unsigned))).toEqual([]);
    expect(effectsOf(keyFrom(unsigned), others)).toHaveLength(1);
    expect(effectsOf(keyFrom(unsigned), {}, ['4153-ignore-from-unsigned'])).toHaveLength(1);
  });

  const messageOf = (owner: DeviceFacts | null): RoomKeysEvent => ({
    type: 'room.event',
    room,
    atMs: 0,
    event: { event_id: '$1', sender: '@bob:example.org' },
    decryption: {
      opened: true,
      type: 'm.room.message',
      content: { body: 'hello' },
      owner,
      origin: { how: 'backup' },
      roomMatches: true,
      isReplay: false,
      sessionId: 's',
    } as unknown as Decryption,
  });
  const shownAs = (effects: readonly Effect[]) =>
    effects.flatMap((effect) => (effect.type === 'show' ? [[effect.notice.about, effect.notice.reason]] : []));
  it('is not shown to have said anything, under whatever key; who cannot be told any more still is', () => {
    expect(shownAs(effectsOf(messageOf(unsigned)))).toEqual([['unreadable message', 'unsigned device']]);
    for (const effects of [
      effectsOf(messageOf(signed)),
      effectsOf(messageOf(null)),
      effectsOf(messageOf(unsigned), others),
      effectsOf(messageOf(unsigned), {}, ['4153-ignore-from-unsigned']),
    ])
      expect(shownAs(effects)).toEqual([['message', undefined]]);
  });
});
