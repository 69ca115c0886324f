import { describe, expect, it } from 'vitest';
import { type ChartInput, hearChart, startChart } from '../chart.ts';
import { nothing } from '../clauses.ts';
import type { Json } from '../json.ts';
import type { ExportedRoomKey, ReadRoomKey, RoomKeyOrigin } from '../room-types.ts';
import { keyExportChart } from './chart.ts';
import type { Effect, ExportEvent } from './events.ts';

const room = '!den:example.org';
const me: ChartInput = {
  user: '@alice:example.org',
  device: 'PHONE',
  identifiers: 'stable',
  readings: {},
  options: {},
  implements: {},
};
const effectsOf = (event: ExportEvent, off: readonly string[] = [], change: Partial<ChartInput> = {}) => {
  const chart = keyExportChart({ ...nothing, off });
  return hearChart(chart, startChart(chart, { ...me, ...change }).state, event).effects as readonly Effect[];
};
const atMs = 0;
const key: ExportedRoomKey = {
  room,
  sessionId: 's',
  sessionKey: 'exported',
  senderKey: 'curve',
  senderEd25519: 'ed',
  sharedHistory: true,
  origin: { how: 'room_key', user: '@bob:example.org', device: 'LAPTOP' },
};
const common = {
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: room,
  session_id: 's',
  session_key: 'exported',
  sender_key: 'curve',
  forwarding_curve25519_key_chain: [],
};

describe('a file of room keys', () => {
  it('is made of all that are held', () => {
    expect(effectsOf({ type: 'user.export room keys', atMs })).toEqual([
      { type: 'core', request: { ask: 'export room keys', room: null, answerAs: 'key-export.ready' } },
    ]);
  });

  const written = (off: readonly string[] = [], change: Partial<ChartInput> = {}, keys = [key]) =>
    effectsOf(
      { type: 'key-export.ready', answers: 'export room keys', keys, withheld: [], visibility: null },
      off,
      change,
    );
  it('has each in the exported form, with its flag under the names that are read', () => {
    const plain = { ...common, sender_claimed_keys: { ed25519: 'ed' } };
    const closed = { ...key, sessionId: 't', sharedHistory: false };
    expect(written([], {}, [key, closed])).toEqual([
      {
        type: 'show',
        notice: {
          about: 'room keys exported',
          text: '2 room keys are in the file.',
          keys: [
            { ...plain, shared_history: true, 'm.shared_history': true },
            { ...plain, session_id: 't', shared_history: false, 'm.shared_history': false },
          ],
        },
      },
    ]);
  });
  it.each<[readonly string[], Partial<ChartInput>, boolean, Readonly<Record<string, boolean>>]>([
    [['4268-flag-in-export'], {}, true, {}],
    [['4268-flag-preserve-true'], {}, true, { shared_history: false, 'm.shared_history': false }],
    [['4268-flag-preserve-false'], {}, false, { shared_history: true, 'm.shared_history': true }],
    [[], { identifiers: 'unstable' }, true, { 'org.matrix.msc3061.shared_history': true }],
    [
      ['4268-unstable-flag-name'],
      { identifiers: 'unstable' },
      true,
      { shared_history: true, 'm.shared_history': true },
    ],
  ])('without %o and with %o, has a flag that is %s as %o', (off, change, sharedHistory, flags) => {
    const shown = written(off, change, [{ ...key, sharedHistory }])[0];
    const keys = shown?.type === 'show' ? shown.notice.keys : null;
    expect(keys).toEqual([{ ...common, sender_claimed_keys: { ed25519: 'ed' }, ...flags }]);
  });
  it('says of own sessions that they may be shared, or only of those that came so (question q20)', () => {
    const own = [{ ...key, origin: { how: 'made' } as RoomKeyOrigin }];
    const flagOf = (off: readonly string[], change: Partial<ChartInput>) => {
      const shown = written(off, change, own)[0];
      return shown?.type === 'show' && Array.isArray(shown.notice.keys) ? shown.notice.keys[0].shared_history : null;
    };
    expect(flagOf([], {})).toBe(true);
    expect(flagOf([], { readings: { q20: 'A' } })).toBe(false);
    expect(flagOf(['4268-flag-stored-is-shareable'], {})).toBe(false);
  });
});

describe('room keys that are forwarded', () => {
  const forward = (off: readonly string[] = [], sharedHistory = true, origin = key.origin) =>
    effectsOf(
      {
        type: 'key-export.to forward',
        answers: 'export room keys',
        keys: [{ ...key, sharedHistory, origin }],
        withheld: [],
        visibility: null,
        with: { device: 'TABLET' },
      },
      off,
      { identifiers: 'stable' },
    );
  const sent = (flag: boolean) => [
    {
      type: 'core',
      request: {
        ask: 'send',
        type: 'm.forwarded_room_key',
        content: {
          ...common,
          sender_claimed_ed25519_key: 'ed',
          'org.matrix.msc3061.shared_history': flag,
        },
        encrypt: true,
        to: [{ user: me.user, device: 'TABLET' }],
      },
    },
  ];
  it('are all that are held, for the device that is named', () => {
    expect(effectsOf({ type: 'user.forward room keys', device: 'TABLET', atMs })).toEqual([
      {
        type: 'core',
        request: {
          ask: 'export room keys',
          room: null,
          answerAs: 'key-export.to forward',
          with: { device: 'TABLET' },
        },
      },
    ]);
  });
  it('go through Olm with the flag of MSC3061', () => {
    expect(forward()).toEqual(sent(true));
    expect(forward([], false)).toEqual(sent(false));
    expect(forward([], true, { how: 'made' })).toEqual(sent(true));
    expect(forward(['4268-flag-preserve-true'])).toEqual(sent(false));
    expect(forward(['4268-flag-preserve-false'], false)).toEqual(sent(true));
  });
});

describe('a file that is read', () => {
  const entry = (id: Json, session = 's') => ({ room_id: id, session_id: session });
  it('is read room by room, whatever is in it', () => {
    const keys: readonly Json[] = [
      entry('!hub:x'),
      entry(room),
      null,
      7,
      'text',
      [],
      entry(7),
      {},
      entry(room, 't'),
      entry('__proto__'),
    ];
    const asked = (of: string, entries: readonly Json[]) => ({
      type: 'core',
      request: { ask: 'read room keys', room: of, entries, form: 'exported', answerAs: 'key-export.read' },
    });
    expect(effectsOf({ type: 'user.import room keys', keys, atMs })).toEqual([
      asked(room, [entry(room), entry(room, 't')]),
      asked('!hub:x', [entry('!hub:x')]),
      asked('__proto__', [entry('__proto__')]),
    ]);
  });

  const session = { sessionId: 's', firstKnownIndex: 4, verified: false, state: null };
  const read = (more: Partial<ReadRoomKey> = {}): ReadRoomKey => ({
    entry: {},
    room,
    sessionId: 's',
    key: { session, firstKnownIndex: 4 },
    idMatches: true,
    senderKey: 'curve',
    senderEd25519: 'ed',
    flag: 'true',
    held: null,
    ...more,
  });
  const held = (isSame: boolean, firstKnownIndex: number): ReadRoomKey['held'] => ({
    isSame,
    firstKnownIndex,
    origin: key.origin,
    sharedHistory: false,
    senderKey: 'curve',
  });
  const effectsFor = (reads: readonly ReadRoomKey[], off: readonly string[] = []) =>
    effectsOf({ type: 'key-export.read', answers: 'read room keys', room, read: reads }, off);
  const filed = (more: Partial<ReadRoomKey>, off: readonly string[] = []) =>
    effectsFor([read(more)], off).flatMap((effect) =>
      effect.type === 'store' && effect.patch.patch === 'room keys' ? Object.keys(effect.patch.keys) : [],
    );

  it('gives what is not held yet, and those who wait for it are told', () => {
    const kept = {
      room,
      session,
      senderKey: 'curve',
      senderEd25519: 'ed',
      origin: { how: 'export' },
      backedUpIn: null,
    };
    expect(effectsFor([read(), read({ sessionId: 't', flag: 'absent' }), read({ key: null })])).toEqual([
      {
        type: 'store',
        patch: {
          patch: 'room keys',
          keys: { [`${room} s`]: { ...kept, sharedHistory: true }, [`${room} t`]: { ...kept, sharedHistory: false } },
        },
      },
      { type: 'tell', event: { type: 'told.room keys', room } },
    ]);
  });
  it('gives nothing where all is held, or nothing is a key', () => {
    expect(effectsFor([])).toEqual([]);
    expect(effectsFor([read({ key: null })])).toEqual([]);
    expect(filed({ held: held(true, 4) })).toEqual([]);
    expect(filed({ held: held(true, 3) })).toEqual([]);
  });
  it('gives more of a session that is held from a later message on', () => {
    expect(filed({ held: held(true, 5) })).toEqual([`${room} s`]);
  });
  it('does not file a session under the id of another, unless that is not looked at', () => {
    expect(filed({ sessionId: 'claimed', idMatches: false })).toEqual([]);
    expect(filed({ sessionId: 'claimed', idMatches: false }, ['spec-session-id'])).toEqual([`${room} claimed`]);
  });
  it('does not put another session in the place of one that is held, unless that is not minded', () => {
    expect(filed({ held: held(false, 9) })).toEqual([]);
    expect(filed({ held: held(false, 0) }, ['spec-key-not-replaced'])).toEqual([`${room} s`]);
  });
});
