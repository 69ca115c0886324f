import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { RoomKeysContext } from './context.ts';
import type { On, RoomKeysEvent } from './events.ts';
import { effectsOf, hearAll, laptop, room, synced } from './testing.ts';

const writes = (text: string, atMs = 0): RoomKeysEvent => ({ type: 'user.send', room, text, atMs });
const outbound = (more: Partial<On<'room-keys.outbound'>> = {}): RoomKeysEvent => ({
  type: 'room-keys.outbound',
  answers: 'outbound room key',
  room,
  sessionId: 'session',
  sessionKey: 'key',
  senderKey: 'curve of mine',
  index: 2,
  sharedHistory: true,
  isNew: true,
  visibility: 'shared',
  lacking: [laptop],
  outdated: [],
  changed: [],
  hasDeparted: false,
  isSpent: false,
  with: { why: null },
  ...more,
});
const given: RoomKeysEvent = { type: 'room-keys.given', answers: 'send' };
const encrypted: RoomKeysEvent = { type: 'room-keys.encrypted', answers: 'encrypt', txn: 't/1', content: { c: 1 } };
const sent: RoomKeysEvent = { type: 'room-keys.sent', answers: 'request', status: 200, body: {} };
const lookedUp: RoomKeysEvent = { type: 'room-keys.looked up', answers: 'query users', status: 200 };
const before = [synced('shared'), writes('one')];
const asksFor = (more: object) => ({
  type: 'core',
  request: {
    ask: 'outbound room key',
    room,
    sharedHistory: true,
    fresh: false,
    atMs: 0,
    answerAs: 'room-keys.outbound',
    with: { why: null },
    ...more,
  },
});
const encrypts = (body: string) => ({
  type: 'core',
  request: {
    ask: 'encrypt',
    room,
    type: 'm.room.message',
    content: { msgtype: 'm.text', body },
    answerAs: 'room-keys.encrypted',
  },
});
const notice = {
  type: 'show',
  notice: {
    about: 'history visible',
    text: 'People who join later may read what you write here.',
    room,
    visibility: 'shared',
  },
};
const newKey = { type: 'tell', event: { type: 'told.new room key' } };
const stored = (more: object = {}) => ({
  type: 'store',
  patch: {
    patch: 'room key given',
    room,
    sessionId: 'session',
    index: 2,
    flag: true,
    visibility: 'shared',
    to: [{ user: laptop.user, device: laptop.device }],
    ...more,
  },
});
const gives = {
  type: 'core',
  request: {
    ask: 'send',
    type: 'm.room_key',
    content: {
      algorithm: 'm.megolm.v1.aes-sha2',
      room_id: room,
      session_id: 'session',
      session_key: 'key',
      shared_history: true,
      'm.shared_history': true,
    },
    encrypt: true,
    to: [{ user: laptop.user, device: laptop.device }],
    answerAs: 'room-keys.given',
  },
};
const contextOf = (events: readonly RoomKeysEvent[], change: Partial<ChartInput> = {}) =>
  hearAll(events, change).state.context as unknown as RoomKeysContext;

describe('a message', () => {
  it('goes once those who are to read it have been sent the key', () => {
    const { effects, state } = hearAll([...before, outbound(), given, encrypted, sent]);
    expect(effects).toEqual([
      [],
      [notice, asksFor({})],
      [stored(), gives, newKey],
      [encrypts('one')],
      [
        {
          type: 'request',
          method: 'PUT',
          path: '/_matrix/client/v3/rooms/!den%3Aexample.org/send/m.room.encrypted/t%2F1',
          body: { c: 1 },
          answerAs: 'room-keys.sent',
        },
      ],
      [],
    ]);
    expect(state.value).toBe('idle');
  });
  it('goes at once where nobody lacks the key, and the session is noted where it is new', () => {
    expect(effectsOf([...before, outbound({ lacking: [] })])).toEqual([stored({ to: [] }), newKey, encrypts('one')]);
    expect(effectsOf([...before, outbound({ lacking: [], isNew: false })])).toEqual([encrypts('one')]);
    expect(effectsOf([...before, outbound({ isNew: false })])).toEqual([stored(), gives]);
  });
  it('waits for those written before it', () => {
    const { effects, state } = hearAll([...before, writes('two', 5), outbound(), given, encrypted, sent]);
    expect(effects[2]).toEqual([]);
    expect(effects.at(-1)).toEqual([asksFor({ atMs: 5 })]);
    expect(state.value).toBe('sending');
    expect((state.context as unknown as RoomKeysContext).pending).toEqual([{ text: 'two', atMs: 5 }]);
  });
  it('is lost with the client that has not sent it', () => {
    const { chart, state } = hearAll([...before, outbound()]);
    expect(chart.persists(state.context)).toEqual({
      isToldOf: true,
      knownChanges: {},
      visibility: 'shared',
      rotationPeriodMs: 604_800_000,
      rotationPeriodMsgs: 100,
      current: { sharedHistory: true, visibility: 'shared', messages: 1, madeMs: 0 },
      rotate: null,
      told: 'shared',
    });
  });
});

describe('before a session is given', () => {
  const outdated = ['@bob:example.org', '@carol:x'];
  const looksUp = { type: 'core', request: { ask: 'query users', users: outdated, answerAs: 'room-keys.looked up' } };
  it('those whose devices may have changed are looked up, once for each message', () => {
    const { effects } = hearAll([...before, outbound({ outdated }), lookedUp, outbound({ outdated })]);
    expect(effects.slice(2)).toEqual([[looksUp], [asksFor({})], [stored(), gives, newKey]]);
    const next = [...before, outbound({ outdated }), lookedUp, outbound(), given, encrypted, sent, writes('two')];
    expect(effectsOf([...next, outbound({ outdated })])).toEqual([looksUp]);
  });
  it('it is replaced where somebody has it who is gone', () => {
    const again = asksFor({ fresh: true, with: { why: 'somebody who has it is gone' } });
    expect(effectsOf([...before, outbound({ isNew: false, hasDeparted: true })])).toEqual([again]);
    expect(effectsOf([...before, outbound({ isNew: true, hasDeparted: true })])).toEqual([stored(), gives, newKey]);
  });
});

describe('the session that is sent with', () => {
  it('is counted by what was sent with it, and begins anew', () => {
    const once = [...before, outbound(), given, encrypted, sent, writes('two', 9)];
    const current = { sharedHistory: true, visibility: 'shared', madeMs: 0 };
    expect(contextOf([...once, outbound({ isNew: false })]).current).toEqual({ ...current, messages: 2 });
    expect(contextOf([...once, outbound()]).current).toEqual({ ...current, messages: 1, madeMs: 9 });
  });
  it('is replaced as told, until there is a new one', () => {
    const told: RoomKeysEvent = { type: 'told.rotate', room, why: 'told so' };
    const once = [...before, outbound(), given, encrypted, sent, told];
    expect(effectsOf([...once, writes('two')])).toEqual([asksFor({ fresh: true, with: { why: 'told so' } })]);
    expect(contextOf([...once, writes('two'), outbound({ isNew: false })]).rotate).toBe('told so');
    expect(contextOf([...once, writes('two'), outbound()]).rotate).toBeNull();
  });
});

describe('what may be read by those who come later', () => {
  const told = (events: readonly RoomKeysEvent[], change: Partial<ChartInput> = {}, off: readonly string[] = []) =>
    hearAll(events, change, off)
      .effects.flat()
      .flatMap((effect) => (effect.type === 'show' ? [effect.notice.visibility] : []));
  it('is said once for each visibility, and not where it is not so or not known of', () => {
    const twice = [...before, outbound(), given, encrypted, sent, writes('two')];
    expect(told(twice)).toEqual(['shared']);
    expect(told([...before, synced('world_readable'), outbound(), given, encrypted, sent, writes('two')])).toEqual([
      'shared',
      'world_readable',
    ]);
    expect(told([synced('joined'), writes('one')])).toEqual([]);
    const reopened = [...before, outbound(), given, encrypted, sent, synced('joined'), synced('shared'), writes('two')];
    expect(told(reopened)).toEqual(['shared', 'shared']);
    expect(told(before, { implements: {} })).toEqual([]);
    expect(told(before, {}, ['4268-ui-sender-indicator'])).toEqual([]);
  });
});

describe('a message whose key had to wait for a sync', () => {
  const left: RoomKeysEvent = {
    ...(synced('shared') as Extract<RoomKeysEvent, { type: 'sync.room' }>),
    members: [{ user: '@bob:example.org', before: 'join', after: 'leave', sender: '@bob:example.org', inGap: false }],
  };
  const goesOn = (event: RoomKeysEvent, off: readonly string[] = []) =>
    hearAll([...before, outbound(), event, given], {}, off).effects.at(-1);

  it('asks for another where somebody has left by then, and goes as it is where nobody has', () => {
    const why = '@bob:example.org may have had it and is gone';
    expect(goesOn(left)).toEqual([asksFor({ fresh: true, with: { why } })]);
    expect(goesOn(synced('shared'))).toEqual([encrypts('one')]);
    expect(goesOn(left, ['4268-rotate-on-leave'])).toEqual([encrypts('one')]);
  });

  it('and where the room was closed by then', () => {
    const why = 'the history visibility is another class';
    expect(goesOn(synced('joined', 'shared'))).toEqual([asksFor({ sharedHistory: false, fresh: true, with: { why } })]);
  });

  it('is not sent into a room that was opened by then before its writer is told', () => {
    const opened = [synced('joined'), writes('one'), outbound({ sharedHistory: false, visibility: 'joined' })];
    const why = 'the history visibility is another class';
    const again = [notice, asksFor({ sharedHistory: true, fresh: true, with: { why } })];
    expect(hearAll([...opened, synced('shared', 'joined'), given]).effects.at(-1)).toEqual(again);
    const unknown = outbound({ sharedHistory: false, visibility: 'joined', outdated: ['@bob:example.org'] });
    const looking = [synced('joined'), writes('one'), unknown, synced('shared', 'joined'), lookedUp];
    expect(hearAll(looking).effects.at(-1)).toMatchObject([notice, asksFor({ sharedHistory: true, with: {} })]);
    const departed = outbound({ isNew: false, hasDeparted: true });
    const gone = [synced('joined'), writes('one'), synced('shared', 'joined'), departed];
    expect(hearAll(gone).effects.at(-1)).toMatchObject([notice, { type: 'core' }]);
  });
});
