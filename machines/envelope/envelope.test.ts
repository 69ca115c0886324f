import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import { notIn } from '../revisions.ts';
import type { DeviceEvent, EmbeddedFacts, SendRequest } from '../types.ts';
import { envelopeChart } from './chart.ts';

const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4147: 'spec-v1.19' },
};
const hear = (event: DeviceEvent, off: readonly string[] = [], more: Partial<ChartInput> = {}) => {
  const input = { ...me, ...more };
  const chart = envelopeChart({ ...nothing, ...notIn(input.implements), off });
  return hearChart(chart, startChart(chart, input).state, event).effects[0];
};

const true_: EmbeddedFacts = {
  ed25519Matches: true,
  curve25519Matches: true,
  userMatches: true,
  selfSigned: true,
  byPinnedIdentity: true,
  isListed: true,
};
const arriving = (embedded: EmbeddedFacts | null): DeviceEvent => ({
  type: 'envelope.incoming',
  raw: { type: 'm.room.encrypted' },
  incoming: {
    type: 'm.room_key_bundle',
    content: { room_id: '!den:example.org' },
    sender: '@bob:example.org',
    facts: { encrypted: true, embedded, sender: 'with what is embedded' },
    listedFacts: { encrypted: true, sender: 'as listed' },
  },
});

describe('a message that shows whose it is', () => {
  it('is handed on with its facts', () => {
    expect(hear(arriving(true_))).toMatchObject({
      type: 'tell',
      event: { type: 'm.room_key_bundle', facts: { sender: 'with what is embedded' } },
    });
    expect(hear(arriving(null))).toMatchObject({ type: 'tell' });
  });

  it('is judged by the device list alone where nothing is known of embedded keys', () => {
    const facts = { sender: 'as listed' };
    expect(hear(arriving({ ...true_, userMatches: false }), [], { implements: {} })).toMatchObject({
      event: { facts },
    });
  });

  it.each([
    ['4147-ed25519-mismatch', { ed25519Matches: false }],
    ['4147-curve25519-match', { curve25519Matches: false }],
    ['4147-user-id-match', { userMatches: false }],
    ['4147-self-signature', { selfSigned: false }],
    ['4147-owner-via-cross-signing', { isListed: false, byPinnedIdentity: false }],
  ] as const)('is heard by nobody when %s does not hold, unless that is off', (clause, lie) => {
    const event = arriving({ ...true_, ...lie });
    expect(hear(event)).toMatchObject({ type: 'core', request: { ask: 'discard' } });
    expect(hear(event, [clause])).toMatchObject({ type: 'tell' });
  });

  it('may be of a device that only it tells of, if the pinned identity has signed that', () => {
    expect(hear(arriving({ ...true_, isListed: false }))).toMatchObject({ type: 'tell' });
  });
});

describe('a message that leaves', () => {
  const outgoing: SendRequest = { ask: 'send', type: 'm.dummy', content: {}, encrypt: true, to: [] };
  const embedOf = (off: readonly string[], more: Partial<ChartInput> = {}, request = outgoing): unknown => {
    const effect = hear({ type: 'envelope.outgoing', outgoing: request }, off, more);
    return effect?.type === 'core' && effect.request.ask === 'dispatch' ? effect.request.outgoing.embed : 'nothing';
  };
  it('carries the device keys under the name of the text, unless that is off or it is not to', () => {
    expect(embedOf([])).toBe('sender_device_keys');
    expect(embedOf(['4147-embed-device-keys'])).toBe(false);
    expect(embedOf([], {}, { ...outgoing, embed: false })).toBe(false);
    expect(embedOf([], { implements: {} })).toBe(false);
    expect(embedOf([], { implements: { MSC4147: 'merged' }, identifiers: 'unstable' })).toBe(
      'org.matrix.msc4147.device_keys',
    );
  });
});
