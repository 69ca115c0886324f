import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { Json } from '../json.ts';
import type { ReadBackupEntry } from '../room-types.ts';
import type { BackupEvent } from './events.ts';
import {
  atMs,
  backingUp,
  check,
  create,
  created,
  described,
  done,
  effectsOf,
  facts,
  hearAll,
  made,
  remove,
  room,
  type Setting,
  sealed,
  seals,
  signed,
  start,
  stateOf,
  told,
  uploaded,
  uploadTold,
} from './testing.ts';

const newKey: BackupEvent = { type: 'told.new room key' };
const put = (sessions: readonly string[], version = '1') => ({
  type: 'request',
  method: 'PUT',
  path: '/_matrix/client/v3/room_keys/keys',
  query: { version },
  body: { rooms: { [room]: { sessions: {} } } },
  answerAs: 'backup.uploaded',
  with: { version, sessions },
});

describe('room keys', () => {
  it('are begun when their user starts to write, and sealed then', () => {
    expect(effectsOf([{ type: 'user.start room key', room, atMs }])).toEqual([
      { type: 'core', request: { ask: 'make room key', room, answerAs: 'backup.room key begun' } },
    ]);
  });

  const news: readonly BackupEvent[] = [
    newKey,
    { type: 'told.room keys', room },
    { type: 'backup.room key begun', answers: 'make room key' },
  ];
  it.each(news)('are sealed for the version in use at $type, and for none where none is', (event) => {
    expect(effectsOf([...backingUp, event])).toEqual([seals()]);
    for (const before of [[], [start], [create], [start, described(facts())], [...backingUp, remove]])
      expect(effectsOf([...before, event])).toEqual([]);
  });

  it.each<[readonly string[], Partial<ChartInput>, object]>([
    [[], { identifiers: 'unstable' }, { names: ['org.matrix.msc3061.shared_history'] }],
    [['4268-unstable-flag-name'], { identifiers: 'unstable' }, {}],
    [['4268-flag-in-backup'], {}, { names: [] }],
    [['4268-flag-preserve-true'], {}, { keepsTrue: false }],
    [['4268-flag-preserve-false'], {}, { keepsFalse: false }],
    [['4268-flag-stored-is-shareable'], {}, { means: 'came flagged' }],
    [[], { readings: { q20: 'A' } }, { means: 'came flagged' }],
  ])('are sealed without %o and with %o with flags as %o', (off, input, more) => {
    const expected = seals('1', 'pub', more);
    expect(effectsOf([...backingUp, newKey], { off, input })).toEqual([expected]);
    expect(effectsOf(backingUp, { off, input })).toContainEqual(expected);
    expect(effectsOf([create, made(), created(200)], { off, input })).toContainEqual(expected);
  });

  it('are uploaded to the version they were sealed for, if there are any', () => {
    expect(effectsOf([...backingUp, sealed(['s', 't'])])).toEqual([put(['s', 't'])]);
    expect(effectsOf([...backingUp, sealed(['s'], '0')])).toEqual([put(['s'], '0')]);
    expect(effectsOf([...backingUp, sealed(null)])).toEqual([]);
    for (const before of [[], [start, described(facts())]]) expect(effectsOf([...before, sealed(['s'])])).toEqual([]);
  });

  const backedUp = (sessions: readonly string[], version = '1') => ({
    type: 'store',
    patch: { patch: 'backed up', sessions, version },
  });
  it('that the server has taken are noted, and others are told', () => {
    expect(effectsOf([...backingUp, uploaded(200)])).toEqual([uploadTold(200), backedUp(['s'])]);
    expect(stateOf([...backingUp, uploaded(200)])).toBe('on');
  });
  it('of two uploads at once are noted each with its own, as that is taken', () => {
    const both = [...backingUp, sealed(['s']), sealed(['s', 't'])];
    const { effects } = hearAll([...both, uploaded(200), uploaded(500, { sessions: ['s', 't'] })]);
    expect(effects.slice(-2)).toEqual([[uploadTold(200), backedUp(['s'])], [uploadTold(500)]]);
    expect(effectsOf([...backingUp, uploaded(200, { version: '0' })])).toEqual([uploadTold(200), backedUp(['s'], '0')]);
  });
  it('that nobody answered are uploaded again after the next sync, and after no other', () => {
    const unheard = [...backingUp, uploaded(0)];
    const { effects, state } = hearAll(unheard);
    expect(effects.at(-1)).toEqual([uploadTold(0), { type: 'await sync' }]);
    expect(state).toMatchObject({ value: 'on', context: { trustedBy: 'signature', refused: null } });
    expect(effectsOf([...unheard, done])).toEqual([seals()]);
    expect(effectsOf([...unheard, done, done])).toEqual([]);
    expect(effectsOf([...backingUp, uploaded(500), done])).toEqual([]);
  });
  it.each([429, 500])('that came to nothing (%i) are told of, and the version stands', (status) => {
    const { effects, state } = hearAll([...backingUp, uploaded(status)]);
    expect(effects.at(-1)).toEqual([uploadTold(status)]);
    expect(state).toMatchObject({ value: 'on', context: { trustedBy: 'signature', refused: null } });
  });
  it.each([200, 403])('whose upload is answered (%i) when nothing is uploaded any more are told of', (status) => {
    for (const before of [[], [...backingUp, check], [...backingUp, { type: 'told.backup refrained' } as const]])
      expect(effectsOf([...before, uploaded(status)])).toEqual([uploadTold(status)]);
  });
});

const get = (path: string, of: string | null, version = '1') => ({
  type: 'request',
  method: 'GET',
  path,
  query: { version },
  answerAs: 'backup.entries',
  with: { room: of },
});
const fetched = (of = room) => told('told.room keys fetched', { room: of });

describe('the entries of a backup', () => {
  const restore: BackupEvent = { type: 'user.restore backup', atMs };
  it('are asked for when their user restores it, where one was described', () => {
    const all = get('/_matrix/client/v3/room_keys/keys', null);
    expect(effectsOf([...backingUp, restore])).toEqual([all]);
    expect(effectsOf([start, described(facts()), restore])).toEqual([all]);
    expect(effectsOf([restore])).toEqual([]);
  });

  const wants = (of = room): BackupEvent => ({ type: 'told.fetch room keys', room: of });
  const ofRoom = get('/_matrix/client/v3/room_keys/keys/!den%3Aexample.org', room);
  it('are asked for by room when another flow wants that, from a backup that is trusted', () => {
    expect(effectsOf([...backingUp, wants()])).toEqual([ofRoom]);
    expect(effectsOf([...backingUp, wants('__proto__')])).toEqual([
      get('/_matrix/client/v3/room_keys/keys/__proto__', '__proto__'),
    ]);
  });
  it('are said to be there at once where there is no backup, or none that is trusted', () => {
    expect(effectsOf([wants()])).toEqual([fetched()]);
    expect(effectsOf([start, described(facts()), wants()])).toEqual([fetched()]);
    expect(effectsOf([...backingUp, check, described(null), wants()])).toEqual([fetched()]);
  });
  it('are asked for in a backup that is turned off only by the proposal, and with its key', () => {
    const proposal = { absent: ['4268-backup-only-in-use'] };
    const wantsOf = (of: BackupEvent, setting: Setting) =>
      effectsOf([start, of, { type: 'told.backup refrained' }, wants()], setting);
    const withKey = described(facts({ matchesHeldSecret: true }));
    expect(wantsOf(withKey, proposal)).toEqual([ofRoom]);
    expect(wantsOf(withKey, {})).toEqual([fetched()]);
    expect(wantsOf(withKey, { off: ['4268-backup-only-in-use'] })).toEqual([ofRoom]);
    expect(wantsOf(described(signed()), proposal)).toEqual([fetched()]);
    const pushed = described(facts({ matchesHeldSecret: true, heldFrom: { how: 'push', device: null, user: '@a:x' } }));
    const q11 = { ...proposal, input: { readings: { q11: 'B' } } } as const;
    expect(effectsOf([start, pushed, wants()], q11)).toEqual([fetched()]);
  });

  const entries = (of: string | null, body: Json, status = 200): BackupEvent => ({
    type: 'backup.entries',
    answers: 'request',
    status,
    body,
    with: { room: of },
  });
  const opens = (rooms: object, of: string | null) => [
    { type: 'core', request: { ask: 'read backup', rooms, answerAs: 'backup.read', with: { room: of } } },
  ];
  it('are opened: those of all rooms, and those of one under its name', () => {
    const sessions = { sessions: { s: {} } };
    expect(effectsOf([entries(null, { rooms: { [room]: sessions } })])).toEqual(opens({ [room]: sessions }, null));
    expect(effectsOf([entries(room, sessions)])).toEqual(opens({ [room]: sessions }, room));
    const [odd] = effectsOf([entries('__proto__', sessions)]);
    const rooms = odd?.type === 'core' && odd.request.ask === 'read backup' ? odd.request.rooms : {};
    expect(Object.entries(rooms)).toEqual([['__proto__', sessions]]);
  });
  it('are none where the answer is none', () => {
    expect(effectsOf([entries(null, { rooms: 7 })])).toEqual(opens({}, null));
    for (const body of ['text', null, []])
      expect(effectsOf([entries(room, body)])).toEqual(opens({ [room]: {} }, room));
    for (const status of [0, 404]) {
      expect(effectsOf([entries(null, { rooms: {} }, status)])).toEqual([]);
      expect(effectsOf([entries(room, {}, status)])).toEqual([fetched()]);
    }
  });
});

describe('what entries come to', () => {
  const session = (sessionId: string) => ({ sessionId, firstKnownIndex: 2, verified: false, state: null });
  const entry = (more: Partial<ReadBackupEntry> = {}): ReadBackupEntry => ({
    room,
    sessionId: 's',
    key: session('s'),
    idMatches: true,
    senderKey: 'curve',
    senderEd25519: 'ed',
    flag: 'true',
    isHeld: false,
    ...more,
  });
  const readOf = (
    read: readonly ReadBackupEntry[],
    of: string | null = null,
    version: string | null = '1',
    off: readonly string[] = [],
  ) => effectsOf([{ type: 'backup.read', answers: 'read backup', read, version, with: { room: of } }], { off });
  const kept = (sessionId: string, sharedHistory: boolean, more: object = {}) => ({
    room,
    session: session(sessionId),
    senderKey: 'curve',
    senderEd25519: 'ed',
    sharedHistory,
    origin: { how: 'backup', version: '1' },
    backedUpIn: '1',
    ...more,
  });
  const keysOf = (keys: object) => ({ type: 'store', patch: { patch: 'room keys', keys } });

  it('is kept, with the flag it came with, and each room is told once, in order', () => {
    const other = entry({ room: '!aft:x', sessionId: 'u', key: session('u'), flag: 'absent' });
    expect(readOf([entry(), entry({ sessionId: 't', key: session('t'), flag: 'not boolean' }), other])).toEqual([
      keysOf({
        [`${room} s`]: kept('s', true),
        [`${room} t`]: kept('t', false),
        '!aft:x u': kept('u', false, { room: '!aft:x' }),
      }),
      told('told.room keys', { room: '!aft:x' }),
      told('told.room keys', { room }),
    ]);
  });
  it('is told to whoever waits for a room, after those that have its keys', () => {
    expect(readOf([entry()], room)).toEqual([
      keysOf({ [`${room} s`]: kept('s', true) }),
      told('told.room keys', { room }),
      fetched(),
    ]);
    expect(readOf([], room)).toEqual([fetched()]);
    expect(readOf([])).toEqual([]);
  });
  it('is nothing where it does not open, or is held already', () => {
    expect(readOf([entry({ key: null }), entry({ isHeld: true })])).toEqual([]);
    expect(readOf([entry({ key: null })], null, '1', ['spec-backup-session-id'])).toEqual([]);
  });
  it('is in no backup where this device uploads to none', () => {
    expect(readOf([entry()], null, null)[0]).toEqual(
      keysOf({ [`${room} s`]: kept('s', true, { origin: { how: 'backup', version: '' }, backedUpIn: null }) }),
    );
  });
  it('is not filed under the id of another session, unless that is not looked at', () => {
    const wrong = entry({ sessionId: 'other', idMatches: false });
    const event = { type: 'backup.read', answers: 'read backup', read: [wrong], version: '1', with: { room } } as const;
    expect(hearAll([event])).toMatchObject({ effects: [[fetched()]], said: ['spec-backup-session-id refuses'] });
    expect(readOf([wrong], null, '1', ['spec-backup-session-id'])[0]).toEqual(
      keysOf({ [`${room} other`]: kept('s', true) }),
    );
  });
  it('has names of any kind', () => {
    const odd = entry({ room: '__proto__', sessionId: 'constructor' });
    expect(readOf([odd]).slice(-1)).toEqual([told('told.room keys', { room: '__proto__' })]);
    expect(readOf([odd])[0]).toEqual(keysOf({ '__proto__ constructor': kept('s', true, { room: '__proto__' }) }));
  });
});
