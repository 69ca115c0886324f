import { describe, expect, it } from 'vitest';
import { type ChartInput, type ChartState, hearChart, startChart } from '../chart.ts';
import { nothing, type Without } from '../clauses.ts';
import type { CoreRequest } from '../effects.ts';
import { notIn } from '../revisions.ts';
import type { Decryption, MemberChange, Membership, ReadRoomKey, RoomView } from '../room-types.ts';
import type { DeviceFacts } from '../types.ts';
import { roomKeysChart } from './chart.ts';
import type { Effect, RoomKeysEvent } from './events.ts';

const room = '!den:example.org';
const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: { MSC4268: 'merged' },
  room,
};
const view = (historyVisibility: string | null): RoomView => ({
  membership: 'join',
  encryption: { rotationPeriodMs: 1000, rotationPeriodMsgs: 3 },
  historyVisibility,
  members: {},
  inviters: [],
});
const synced = (visibility: string | null, members: readonly MemberChange[] = []): RoomKeysEvent => ({
  type: 'sync.room',
  room,
  atMs: 0,
  section: 'join',
  limited: false,
  view: view(visibility),
  before: view(visibility),
  members,
  visibilities: [visibility],
});
const change = (user: string, before: Membership | null, after: Membership, inGap = false): MemberChange => ({
  user,
  before,
  after,
  sender: user,
  inGap,
});
const device = (name: string): DeviceFacts => ({
  user: '@bob:example.org',
  device: name,
  curve25519: `curve ${name}`,
  ed25519: `ed ${name}`,
  selfSigned: true,
  crossSignedBy: name === 'GHOST' ? null : 'master',
  byPinnedIdentity: name !== 'GHOST',
  source: 'listed',
});
const send = (text: string, atMs = 0): RoomKeysEvent => ({ type: 'user.send', room, text, atMs });

/** Drives the chart as the core would answer it, and tells what it asked for each message. */
const drive = (events: readonly RoomKeysEvent[], change: Partial<ChartInput> = {}, without: Without = nothing) => {
  const input = { ...me, ...change };
  const chart = roomKeysChart({ ...without, ...notIn(input.implements) });
  let state: ChartState = startChart(chart, input).state;
  const asked: Extract<CoreRequest<RoomKeysEvent>, { ask: 'outbound room key' }>[] = [];
  const effects: Effect[] = [];
  const said = new Set<string>();
  let made = 0;
  const hear = (event: RoomKeysEvent): void => {
    const step = hearChart(chart, state, event);
    state = step.state;
    const caused = step.effects as readonly Effect[];
    effects.push(...caused);
    for (const { clause, says } of step.said) said.add(`${clause} ${says}`);
    for (const effect of caused) {
      if (effect.type !== 'core') continue;
      if (effect.request.ask === 'outbound room key') {
        asked.push(effect.request);
        const isNew = effect.request.fresh || made === 0;
        if (isNew) made += 1;
        const { sharedHistory } = effect.request;
        hear({
          type: 'room-keys.outbound',
          answers: 'outbound room key',
          room,
          sessionId: `session ${made}`,
          sessionKey: 'key',
          senderKey: 'curve of mine',
          index: 0,
          sharedHistory,
          isNew,
          visibility: null,
          lacking: isNew ? [device('LAPTOP'), device('GHOST')] : [],
          outdated: [],
          changed: [],
          hasDeparted: false,
          isSpent: false,
          with: effect.request.with,
        });
      } else if (effect.request.ask === 'send' && effect.request.answerAs !== undefined)
        hear({ type: 'room-keys.given', answers: 'send' });
      else if (effect.request.ask === 'encrypt')
        hear({ type: 'room-keys.encrypted', answers: 'encrypt', txn: 't1', content: {} });
    }
    if (caused.some((effect) => effect.type === 'request' && effect.answerAs === 'room-keys.sent'))
      hear({ type: 'room-keys.sent', answers: 'request', status: 200, body: {} });
  };
  for (const event of events) hear(event);
  return { asked, effects, said, state };
};

/** Whether the second message went with a session of its own. */
const rotated = (between: readonly RoomKeysEvent[], more: Partial<ChartInput> = {}, off: readonly string[] = []) =>
  drive([synced('shared'), send('one'), ...between, send('two', 5)], more, { ...nothing, off }).asked[1]?.fresh;

describe('the flag of a session', () => {
  it.each([
    ['shared', {}, [], true],
    ['world_readable', {}, [], true],
    ['invited', {}, [], false],
    ['joined', {}, [], false],
    [null, {}, [], true],
    [null, { readings: { q15: 'B' } }, [], false],
    ['nonsense', {}, [], true],
    ['nonsense', { readings: { q15: 'B' } }, [], false],
    ['joined', {}, ['4268-check-visibility-on-send'], true],
    ['shared', {}, ['4268-flag-true-when-open'], false],
    ['joined', { implements: { MSC4268: 'spec-v1.19' } }, ['4268-flag-false-when-closed'], true],
    ['joined', { implements: { MSC4268: 'merged' } }, ['4268-flag-false-when-closed'], true],
    ['joined', { implements: { MSC4268: 'merged' } }, [], false],
    ['shared', { implements: {} }, [], false],
  ] as const)('under %s with %o and %o off is %s', (visibility, more, off, flag) => {
    const { asked } = drive([synced(visibility), send('one')], more as Partial<ChartInput>, { ...nothing, off });
    expect(asked[0]?.sharedHistory).toBe(flag);
  });

  it('goes out under every name that is read, and not at all without the proposal', () => {
    const contentOf = (more: Partial<ChartInput>) =>
      drive([synced('shared'), send('one')], more).effects.flatMap((effect) =>
        effect.type === 'core' && effect.request.ask === 'send' ? [effect.request.content] : [],
      )[0];
    expect(contentOf({})).toMatchObject({ shared_history: true, 'm.shared_history': true });
    expect(contentOf({ identifiers: 'unstable' })).toMatchObject({ 'org.matrix.msc3061.shared_history': true });
    expect(Object.keys(contentOf({ implements: {} }) ?? {}).filter((name) => name.includes('shared'))).toEqual([]);
  });
});

describe('a session is replaced before the next message', () => {
  const gone = change('@bob:example.org', 'join', 'leave');
  const specified = { implements: { MSC4268: 'spec-v1.19' } };
  /** By its own person. */
  const put = (before: Membership, after: Membership, inGap = false): RoomKeysEvent => ({
    type: 'told.member',
    room,
    change: { ...change('@bob:example.org', before, after, inGap), sender: me.user },
  });
  const left: RoomKeysEvent = { type: 'told.member', room, change: change(me.user, 'join', 'leave') };
  it.each([
    ['when somebody leaves', [synced('shared', [gone])], {}, [], true],
    ['when somebody leaves, unless nobody minds', [synced('shared', [gone])], {}, ['4268-rotate-on-leave'], false],
    ['when somebody leaves, unless nobody looks', [synced('shared', [gone])], {}, ['4268-leave-observe-state'], false],
    ['when its person puts somebody out, before any sync', [put('join', 'leave')], {}, [], true],
    ['when its person bans somebody', [put('join', 'ban')], {}, [], true],
    [
      'when its person puts somebody out, unless nobody minds',
      [put('join', 'leave')],
      {},
      ['4268-rotate-on-leave'],
      false,
    ],
    ['when its person asks somebody in who had left untold', [put('join', 'invite', true)], {}, [], true],
    ['when its person takes back an invitation', [put('invite', 'leave')], specified, [], true],
    [
      'when its person takes back an invitation, unless invited people are not counted',
      [put('invite', 'leave')],
      specified,
      ['4268-invited-counts-as-holder'],
      false,
    ],
    [
      'not when its person invites, lets somebody in again or goes',
      [put('leave', 'invite'), put('ban', 'leave'), left],
      {},
      [],
      false,
    ],
    ['not when somebody joins', [synced('shared', [change('@bob:example.org', null, 'join')])], {}, [], false],
    [
      'when a gap may hide a visit',
      [synced('shared', [change('@carol:example.org', 'leave', 'leave', true)])],
      {},
      [],
      true,
    ],
    [
      'when a gap may hide a visit, unless gaps are not minded',
      [synced('shared', [change('@carol:example.org', 'leave', 'leave', true)])],
      {},
      ['4268-limited-sync-leave'],
      false,
    ],
    ['not for a join in a gap', [synced('shared', [change('@bob:example.org', 'join', 'join', true)])], {}, [], false],
    [
      'for a join in a gap that may be a return',
      [synced('shared', [change('@bob:example.org', 'join', 'join', true)])],
      { readings: { q26: 'B' } },
      [],
      true,
    ],
    [
      'when an invitation is declined, as the specification has it',
      [synced('shared', [change('@bob:example.org', 'invite', 'leave')])],
      { implements: { MSC4268: 'spec-v1.19' } },
      [],
      true,
    ],
    [
      'when an invitation is declined, unless invited people are not counted',
      [synced('shared', [change('@bob:example.org', 'invite', 'leave')])],
      { implements: { MSC4268: 'spec-v1.19' } },
      ['4268-invited-counts-as-holder'],
      false,
    ],
    [
      'not when an invitation is declined, as the proposal has it',
      [synced('shared', [change('@bob:example.org', 'invite', 'leave')])],
      {},
      [],
      false,
    ],
    ['when the room is closed', [synced('joined')], {}, [], true],
    [
      'when the room is closed, unless that is ignored',
      [synced('joined')],
      {},
      ['4268-rotate-on-visibility-change'],
      false,
    ],
    ['not within a class of visibility', [synced('world_readable')], {}, [], false],
    [
      'within a class, for whoever rotates at every change',
      [synced('world_readable')],
      {},
      ['4268-no-rotate-within-class'],
      true,
    ],
    ['not when the room was closed and opened again', [synced('joined'), synced('shared')], {}, [], false],
    [
      'when the room was closed and opened again, for whoever counts crossings',
      [synced('joined'), synced('shared')],
      { readings: { q17: 'B' } },
      [],
      true,
    ],
    ['when told so', [{ type: 'told.rotate', room, why: 'x' }], {}, [], true],
    ['after as many messages as the room says', [send('b'), send('c')], {}, [], false],
  ] as const)('%s', (_when, between, more, off, expected) => {
    expect(rotated(between as readonly RoomKeysEvent[], more as Partial<ChartInput>, off)).toBe(expected);
  });

  it('once its person has put somebody out, whatever was heard of them, whether gaps are minded or not', () => {
    for (const before of ['knock', 'leave', 'ban'] as const) {
      const putOut = { ...change('@bob:example.org', before, 'leave'), isPutOut: true } as const;
      const event = { type: 'told.member', room, change: putOut } as const;
      expect(rotated([event], {}, ['4268-limited-sync-leave'])).toBe(true);
      expect(rotated([event], {}, ['4268-rotate-on-leave'])).toBe(false);
    }
    expect(rotated([synced('shared', [change('@bob:example.org', 'knock', 'leave')])])).toBe(false);
  });

  it('after as many messages and as much time as the room says', () => {
    const many = drive([synced('shared'), ...['a', 'b', 'c', 'd'].map((text) => send(text))]).asked;
    expect(many.map(({ fresh }) => fresh)).toEqual([false, false, false, true]);
    const late = drive([synced('shared'), send('a'), send('b', 999), send('c', 1000)]).asked;
    expect(late.map(({ fresh }) => fresh)).toEqual([false, false, true]);
  });
});

describe('room keys that come', () => {
  const read = (more: Partial<ReadRoomKey>): ReadRoomKey => ({
    entry: {},
    room,
    sessionId: 's',
    key: {
      session: { sessionId: 's', firstKnownIndex: 0, verified: true, state: null },
      firstKnownIndex: 0,
    },
    idMatches: true,
    senderKey: 'curve',
    senderEd25519: 'ed',
    flag: 'true',
    held: null,
    ...more,
  });
  const origin = { how: 'room_key', user: '@bob:example.org', device: 'LAPTOP' } as const;
  const keptOf = (more: Partial<ReadRoomKey>, off: readonly string[] = [], input: Partial<ChartInput> = {}) =>
    drive([{ type: 'room-keys.read', answers: 'read room keys', room, read: [read(more)], with: { origin } }], input, {
      ...nothing,
      off,
    }).effects.flatMap((effect) =>
      effect.type === 'store' && effect.patch.patch === 'room keys' ? Object.values(effect.patch.keys) : [],
    )[0];

  it.each([
    ['true', [], true],
    ['false', [], false],
    ['absent', [], false],
    ['not boolean', [], false],
    ['absent', ['4268-absent-flag-false'], true],
    ['not boolean', ['4268-absent-flag-false'], true],
    ['true', ['4268-record-flag'], false],
  ] as const)('with a flag that is %s and %o off', (flag, off, expected) => {
    expect(keptOf({ flag }, off, { implements: { MSC4268: 'spec-v1.19' } })?.sharedHistory).toBe(expected);
  });

  it('are dropped when their id is not theirs, when they are no keys, and when they are another session than the one held', () => {
    expect(keptOf({ idMatches: false })).toBeUndefined();
    expect(keptOf({ key: null })).toBeUndefined();
    expect(keptOf({ room: '!hub:example.org' })).toBeUndefined();
    const held = { isSame: false, firstKnownIndex: 0, origin, sharedHistory: false, senderKey: 'curve' };
    expect(keptOf({ held })).toBeUndefined();
  });

  it('first-hand take the place of a forgery under their id', () => {
    const bundle = { how: 'bundle', user: '@eve:x', device: null, room, url: 'mxc://x/1' } as const;
    const held = { isSame: false, firstKnownIndex: 0, origin: bundle, sharedHistory: true, senderKey: 'forged' };
    expect(keptOf({ held, flag: 'false' })).toMatchObject({ origin, senderKey: 'curve', sharedHistory: false });
  });

  it('first-hand take the place of what came on somebody’s word', () => {
    const bundle = { how: 'bundle', user: '@eve:x', device: null, room, url: 'mxc://x/1' } as const;
    const held = { isSame: true, firstKnownIndex: 0, origin: bundle, sharedHistory: true, senderKey: 'forged' };
    expect(keptOf({ held })).toMatchObject({ origin, senderKey: 'curve' });
  });
});

describe('what a person sees', () => {
  const event = { event_id: '$1', sender: '@bob:example.org', type: 'm.room.encrypted', content: {} };
  const decryption = (more: object): Decryption => ({
    opened: true,
    type: 'm.room.message',
    content: { body: 'hello' },
    sessionId: 's',
    index: 0,
    origin: { how: 'bundle', user: '@carol:example.org', device: 'PHONE', room, url: 'mxc://x/1' },
    owner: device('LAPTOP'),
    roomMatches: true,
    isReplay: false,
    ...more,
  });
  const shown = (what: Decryption, off: readonly string[] = []) =>
    drive([{ type: 'room.event', room, atMs: 0, event, decryption: what }], {}, { ...nothing, off }).effects.flatMap(
      (effect) => (effect.type === 'show' ? [effect.notice] : []),
    )[0];

  it('is who vouches for a message, unless that is off', () => {
    expect(shown(decryption({}))).toMatchObject({ about: 'message', sharedBy: '@carol:example.org', message: 'hello' });
    expect(shown(decryption({}), ['4268-show-provenance'])).toMatchObject({ sharedBy: null });
    expect(shown(decryption({}), ['4268-label-messages'])).toMatchObject({ label: null });
  });

  it('is no voucher for what somebody shared of their own', () => {
    const origin = { how: 'bundle', user: '@bob:example.org', device: null, room, url: 'mxc://x/1' };
    expect(shown(decryption({ origin }))).toMatchObject({ sharedBy: null });
  });

  it('is nobody where one’s own device forwarded the key', () => {
    const origin = { how: 'forwarded', user: '@alice:example.org', device: 'LAPTOP' };
    expect(shown(decryption({ origin }))).toMatchObject({ sharedBy: null, label: null });
  });

  it('is no message of another room, and none a second time', () => {
    expect(shown(decryption({ roomMatches: false }))).toMatchObject({
      about: 'unreadable message',
      reason: 'not genuine',
    });
    expect(shown(decryption({ isReplay: true }))).toMatchObject({ about: 'unreadable message', reason: 'not genuine' });
    // Each is minded by itself, and shown to whoever does not look.
    expect(shown(decryption({ roomMatches: false }), ['spec-megolm-room-id'])).toMatchObject({ message: 'hello' });
    expect(shown(decryption({ isReplay: true }), ['spec-megolm-replay'])).toMatchObject({ message: 'hello' });
    for (const off of ['spec-megolm-room-id', 'spec-megolm-replay'])
      expect(shown(decryption({ roomMatches: false, isReplay: true }), [off])).toMatchObject({ reason: 'not genuine' });
  });

  it('is the code of whoever withholds it, or that there is no key', () => {
    expect(shown({ opened: false, sessionId: 's', withheld: null })).toMatchObject({ reason: 'no key' });
    const withheld = {
      room,
      sessionId: 's',
      senderKey: '',
      code: 'm.history_not_shared',
      reason: null,
      from: '@a:x',
      how: 'bundle',
    } as const;
    expect(shown({ opened: false, sessionId: 's', withheld })).toMatchObject({
      reason: 'm.history_not_shared',
      withheldBy: '@a:x',
    });
  });
});
