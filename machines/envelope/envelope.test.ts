import { describe, expect, it } from 'vitest';
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { Asker, Letter, Message, Reply } from '../events.ts';
import { notIn } from '../revisions.ts';
import type { DeviceFacts, EmbeddedFacts, PlaintextFacts } from '../types.ts';
import { envelopeChart } from './chart.ts';
import type { EnvelopeEvent } from './events.ts';

const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4147: 'spec-main' },
};
type More = { readonly input?: Partial<ChartInput>; readonly before?: ChartState };
const step = (event: EnvelopeEvent, off: readonly string[] = [], { input: other = {}, before }: More = {}) => {
  const input = { ...me, ...other };
  const chart = envelopeChart({ ...nothing, ...notIn(input.implements), off });
  return hearChart(chart, before ?? startChart(chart, input).state, event);
};
const requests = (...given: Parameters<typeof step>): readonly unknown[] =>
  step(...given).effects.flatMap((effect) => (effect.type === 'core' ? [effect.request] : []));
const notices = (...given: Parameters<typeof step>): readonly string[] =>
  step(...given).effects.flatMap((effect) => (effect.type === 'show' ? [effect.notice.about] : []));

const allTrue: EmbeddedFacts = {
  ed25519Matches: true,
  curve25519Matches: true,
  ed25519IsSenderKey: false,
  userMatches: true,
  selfSigned: true,
  byPinnedIdentity: true,
  isListed: true,
};
const goesTogether: PlaintextFacts = {
  senderMatches: true,
  recipientMatches: true,
  recipientKeyMatches: true,
  ed25519Matches: true,
  isSenderKnown: true,
};
const bobs: DeviceFacts = {
  user: '@bob:example.org',
  device: 'PHONE',
  curve25519: 'curve of bob',
  ed25519: 'ed of bob',
  selfSigned: true,
  crossSignedBy: 'master of bob',
  byPinnedIdentity: true,
  source: 'both',
};
const letterWith = (
  embedded: EmbeddedFacts | null,
  plaintext: Partial<PlaintextFacts> = {},
  sender: Partial<DeviceFacts> = {},
): Letter => {
  const facts = {
    encrypted: true,
    claimedSender: bobs.user,
    ownUser: false,
    secretPublic: null,
    publishedPublic: null,
  };
  return {
    type: 'to-device m.room_key_bundle',
    content: { room_id: '!den:example.org' },
    sender: bobs.user,
    room: '!den:example.org',
    atMs: 0,
    facts: {
      ...facts,
      encrypted: true,
      sender: { ...bobs, ...sender },
      embedded,
      plaintext: { ...goesTogether, ...plaintext },
    },
    listedFacts: { ...facts, sender: { ...bobs, source: 'listed' } },
  };
};
const raw = { type: 'm.room.encrypted' };
const arriving = (...given: Parameters<typeof letterWith>): EnvelopeEvent => ({
  type: 'envelope.incoming',
  raw,
  letter: letterWith(...given),
});
const discarded = (why: string) => [{ ask: 'discard', event: raw, why, cause: causeOf(why) }];
const causeOf = (why: string): string =>
  why === 'the keys of its sender could not be fetched'
    ? 'keys not fetched'
    : why === 'nobody who is known has signed the device it comes from'
      ? 'unconfirmed'
      : 'contradiction';

describe('a letter', () => {
  it('is handed on with its facts, with device keys or without', () => {
    expect(requests(arriving(allTrue))).toEqual([{ ask: 'hand on', letter: letterWith(allTrue) }]);
    expect(requests(arriving(null))).toEqual([{ ask: 'hand on', letter: letterWith(null) }]);
  });

  it('is weighed by a client that goes without nothing, too', () => {
    const chart = envelopeChart(nothing);
    const hears = (event: EnvelopeEvent) => hearChart(chart, startChart(chart, me).state, event).effects;
    const letter = letterWith(null);
    expect(hears({ type: 'envelope.incoming', raw, letter })).toEqual([
      { type: 'core', request: { ask: 'hand on', letter } },
    ]);
    expect(hears(arriving(null, { senderMatches: false }))).toEqual([
      { type: 'core', request: discarded('the sender inside is not the sender outside')[0] },
    ]);
  });

  it('is told by the device list alone where nothing is known of embedded keys', () => {
    const input = { implements: { MSC4147: 'none' } };
    expect(requests(arriving({ ...allTrue, userMatches: false }), [], { input: { implements: {} } })).toEqual(
      requests(arriving({ ...allTrue, userMatches: false }), [], { input }),
    );
    const [request] = requests(arriving({ ...allTrue, userMatches: false }), [], { input });
    expect(request).toMatchObject({
      ask: 'hand on',
      letter: { facts: { encrypted: true, sender: { source: 'listed' }, plaintext: goesTogether } },
    });
    expect(request).not.toHaveProperty('letter.facts.embedded');
  });

  it.each([
    ['spec-olm-sender', { senderMatches: false }, 'the sender inside is not the sender outside'],
    ['spec-olm-recipient', { recipientMatches: false }, 'it was written to another user'],
    ['spec-olm-recipient-keys', { recipientKeyMatches: false }, 'it was written to another device'],
    ['spec-olm-sender-keys', { ed25519Matches: false }, 'it claims another Ed25519 key than its device has'],
  ] as const)(
    'is heard by nobody when %s does not hold, whatever is implemented, unless that is off',
    (clause, lie, why) => {
      for (const input of [{}, { implements: {} }])
        for (const embedded of [allTrue, null]) {
          expect(requests(arriving(embedded, lie), [], { input })).toEqual(discarded(why));
          expect(requests(arriving(embedded, lie), [clause], { input })).toMatchObject([{ ask: 'hand on' }]);
        }
    },
  );

  it('may be of a device that is not listed, whose keys nobody can compare', () => {
    expect(requests(arriving(allTrue, { ed25519Matches: null }))).toMatchObject([{ ask: 'hand on' }]);
  });

  it.each([
    ['4147-ed25519-mismatch', { ed25519Matches: false }, 'the device keys it shows have another Ed25519 key'],
    ['4147-curve25519-match', { curve25519Matches: false }, 'the device keys it shows have another Curve25519 key'],
    ['4147-user-id-match', { userMatches: false }, 'the device keys it shows are another user’s'],
    ['4147-self-signature', { selfSigned: false }, 'the device keys it shows are not signed by their device'],
    [
      '4147-owner-via-cross-signing',
      { isListed: false, byPinnedIdentity: false },
      'nobody who is known has signed the device it comes from',
    ],
  ] as const)('with device keys is heard by nobody when %s does not hold, unless that is off', (clause, lie, why) => {
    const event = arriving({ ...allTrue, ...lie });
    expect(requests(event)).toEqual(discarded(why));
    expect(requests(event, [clause])).toMatchObject([{ ask: 'hand on' }]);
  });

  it('that two rules refuse says the one that is in force', () => {
    const event = arriving({ ...allTrue, userMatches: false }, { recipientMatches: false });
    expect(requests(event)).toEqual(discarded('it was written to another user'));
    expect(requests(event, ['spec-olm-recipient'])).toEqual(discarded('the device keys it shows are another user’s'));
  });

  it('is never read by the letter of the release of v1.19, which compares keys of two kinds', () => {
    const input = { implements: { MSC4147: 'spec-v1.19' } };
    expect(requests(arriving(allTrue), [], { input })).toEqual(discarded('its Ed25519 key is not its sender key'));
    expect(requests(arriving(null), [], { input })).toMatchObject([{ ask: 'hand on' }]);
    expect(requests(arriving(allTrue), ['4147-ed25519-is-sender-key'], { input })).toMatchObject([{ ask: 'hand on' }]);
    expect(requests(arriving({ ...allTrue, ed25519IsSenderKey: true }), [], { input })).toMatchObject([
      { ask: 'hand on' },
    ]);
  });

  it('of somebody whose keys could not be fetched is refused for that reason', () => {
    const stranger = arriving({ ...allTrue, isListed: false, byPinnedIdentity: false }, { isSenderKnown: false });
    expect(requests(stranger)).toEqual(discarded('the keys of its sender could not be fetched'));
    const forger = arriving({ ...allTrue, userMatches: false, byPinnedIdentity: false }, { isSenderKnown: false });
    expect(requests(forger)).toEqual(discarded('the device keys it shows are another user’s'));
  });

  it('may be of a device that only it tells of, if the pinned identity has signed that', () => {
    expect(requests(arriving({ ...allTrue, isListed: false }))).toMatchObject([{ ask: 'hand on' }]);
    expect(notices(arriving({ ...allTrue, isListed: false }))).toEqual([]);
  });

  it('of a listed device that the pinned identity has not signed is heard, and its person is warned once', () => {
    const unsigned = arriving({ ...allTrue, byPinnedIdentity: false }, {}, { byPinnedIdentity: false });
    const { effects, said, state } = step(unsigned);
    expect(effects).toMatchObject([
      { type: 'show', notice: { about: 'unconfirmed device', user: bobs.user, device: 'PHONE' } },
      { type: 'core', request: { ask: 'hand on' } },
    ]);
    expect(said).toContainEqual({ clause: '4147-owner-via-cross-signing', role: 'guard', says: 'refuses', off: false });
    expect(notices(unsigned, [], { before: state })).toEqual([]);
    expect(notices(arriving(null, {}, { byPinnedIdentity: false, device: 'LAPTOP' }), [], { before: state })).toEqual([
      'unconfirmed device',
    ]);
    expect(notices(unsigned, ['spec-warn-unconfirmed-owner'])).toEqual([]);
    const knowsNoProposal = notices(unsigned, [], { input: { implements: {} } });
    expect(knowsNoProposal).toEqual(['unconfirmed device']);
  });

  it('warns of each of two devices once, whichever comes first', () => {
    const of = (device: string) => arriving(null, {}, { byPinnedIdentity: false, device });
    const first = step(of('PHONE')).state;
    const second = step(of('LAPTOP'), [], { before: first }).state;
    for (const device of ['PHONE', 'LAPTOP']) expect(notices(of(device), [], { before: second })).toEqual([]);
    expect(second.context.warned).toEqual(['@bob:example.org PHONE', '@bob:example.org LAPTOP']);
  });

  it('whose device nobody can name is handed on without a word', () => {
    const known = letterWith(null);
    const letter: Letter = { ...known, facts: { ...known.facts, sender: null } };
    expect(step({ type: 'envelope.incoming', raw, letter }).effects).toEqual([
      { type: 'core', request: { ask: 'hand on', letter } },
    ]);
  });

  it('without device keys is no matter of the clauses about them', () => {
    const clauses = step(arriving(null)).said.map(({ clause }) => clause);
    expect(clauses).toEqual([
      'spec-olm-sender',
      'spec-olm-recipient',
      'spec-olm-recipient-keys',
      'spec-olm-sender-keys',
    ]);
  });

  it('warns of a device again only where the client has forgotten everything: a restart keeps whom it warned of', () => {
    const chart = envelopeChart(nothing);
    expect(chart.persists({ me: { ...me }, warned: ['@bob:example.org PHONE'] })).toEqual({
      warned: ['@bob:example.org PHONE'],
    });
  });
});

describe('a message that leaves', () => {
  const message: Message = { type: 'm.dummy', content: {}, encrypt: true, to: [] };
  const to: Asker = { chart: 'room-keys', room: '!den:example.org' };
  const reply: Reply = { to, as: 'room-keys.given' };
  const sent = (off: readonly string[], input: Partial<ChartInput> = {}, embed?: false): unknown =>
    requests(
      { type: 'envelope.outgoing', message: embed === undefined ? message : { ...message, embed }, reply },
      off,
      { input },
    )[0];

  it('carries the device keys under the name of the text, unless that is off or it is not to', () => {
    const with_ = (embed: string | false) => ({ ask: 'dispatch', message: { ...message, embed }, reply });
    expect(sent([])).toEqual(with_('sender_device_keys'));
    expect(sent(['4147-embed-device-keys'])).toEqual(with_(false));
    expect(sent([], {}, false)).toEqual(with_(false));
    expect(sent([], { implements: {} })).toEqual(with_(false));
    expect(sent([], { implements: { MSC4147: 'merged' }, identifiers: 'unstable' })).toEqual(
      with_('org.matrix.msc4147.device_keys'),
    );
    const unstable = { implements: { MSC4147: 'merged' }, identifiers: 'unstable' } as const;
    expect(sent(['4147-unstable-name'], unstable)).toEqual(with_('sender_device_keys'));
    const inMain = { implements: { MSC4147: 'spec-main' }, identifiers: 'unstable' } as const;
    expect(sent([], inMain)).toEqual(with_('org.matrix.msc4147.device_keys'));
    expect(sent([], { ...unstable, identifiers: 'both' })).toEqual(with_('sender_device_keys'));
  });

  it('is a matter of the unstable name only where that goes out', () => {
    const saidWith = (identifiers: ChartInput['identifiers']) =>
      step({ type: 'envelope.outgoing', message, reply }, [], {
        input: { implements: { MSC4147: 'merged' }, identifiers },
      }).said.map(({ clause }) => clause);
    expect(saidWith('stable')).toEqual(['4147-embed-device-keys']);
    expect(new Set(saidWith('unstable'))).toEqual(new Set(['4147-unstable-name', '4147-embed-device-keys']));
  });

  it('is sealed with one-time keys that their devices have signed, unless that is off', () => {
    const keys = [
      { user: bobs.user, device: 'PHONE', key: 'signed', isSigned: true },
      { user: bobs.user, device: 'LAPTOP', key: 'a server’s', isSigned: false },
    ];
    const claimed: EnvelopeEvent = { type: 'keys.claimed', message: 'm1', keys };
    expect(requests(claimed)).toEqual([{ ask: 'start sessions', message: 'm1', keys: keys.slice(0, 1) }]);
    expect(requests(claimed, ['spec-one-time-key-signature'])).toEqual([
      { ask: 'start sessions', message: 'm1', keys },
    ]);
    expect(requests(claimed, [], { input: { implements: {} } })).toEqual(requests(claimed));
  });
});
