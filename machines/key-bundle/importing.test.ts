import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ReadRoomKey, RoomKeyOrigin } from '../room-types.ts';
import {
  alice,
  type Case,
  closed,
  drive,
  entry,
  hours,
  joined,
  pointer,
  restart,
  room,
  start,
  synced,
  url,
  view,
  whys,
} from './invitee-testing.ts';

describe('a download', () => {
  it('that a restart breaks off is taken up again, unless that duty is off', () => {
    const events = [pointer(), joined(), restart, start(hours)];
    const given = { events, statuses: [0], bundle: { room_keys: [entry('s')] } };
    const again = drive(given);
    expect(again.downloads).toHaveLength(2);
    expect(Object.keys(again.keys)).toEqual([`${room} s`]);
    expect(drive({ ...given, off: ['4268-restart-resilient'] }).downloads).toHaveLength(1);
  });

  it('is not taken up again for ever', () => {
    const given = { events: [pointer(), joined(), restart, start(25 * hours)], statuses: [0] };
    expect(drive(given).downloads).toHaveLength(1);
    expect(drive({ ...given, off: ['4268-recent-24h'] }).downloads).toHaveLength(2);
  });

  it('of which no answer comes is tried again, and a restart forgets it without that duty', () => {
    const given = { events: [pointer(), joined(), restart, start(1)], statuses: [-1] };
    expect(drive(given).downloads).toHaveLength(2);
    expect(drive({ ...given, off: ['4268-restart-resilient'] }).downloads).toHaveLength(1);
    const awake = { events: [pointer(), joined(), synced('join', view('join'))], statuses: [-1] };
    expect(drive({ ...awake, off: ['4268-restart-resilient'] }).downloads).toHaveLength(2);
  });

  it('happens once a bundle, however often it is pointed at', () => {
    expect(drive({ events: [joined(), pointer(), pointer(), pointer()] }).downloads).toHaveLength(1);
  });

  const starts = [pointer(), joined(), start(1), start(2), start(3), start(4)];
  it.each<[string, readonly number[], readonly string[], number]>([
    ['of a file that is gone is given up', [404, 404, 404, 404, 404], [], 1],
    [
      'of a file that is gone is tried for ever by a client that does not see it',
      [404, 404, 404, 404, 404],
      ['4268-expired-media-graceful'],
      5,
    ],
    ['that fails is tried again', [502, 200], [], 2],
    ['that keeps failing is given up after three', [502, 502, 502, 502, 502], [], 3],
  ])('%s', (_what, statuses, off, times) => {
    expect(drive({ events: starts, statuses, off }).downloads).toHaveLength(times);
  });

  it('of a file that is gone is spoken of where the client warns', () => {
    const given = { events: [pointer(), joined()], statuses: [404] };
    const warns = { options: { 'warn expired': true } };
    expect(whys(drive(given).shown)).toEqual([]);
    expect(whys(drive({ ...given, me: warns }).shown)).toEqual(['expired']);
    expect(whys(drive({ ...given, me: warns, off: ['4268-expired-media-warn'] }).shown)).toEqual([]);
    for (const status of [502, 403])
      expect(whys(drive({ events: starts, statuses: Array(3).fill(status), me: warns }).shown)).toEqual([
        'not fetched',
      ]);
  });

  const bundle = { room_keys: [entry('s')] };
  it('is dropped where it is larger than the client takes', () => {
    const given = { events: [pointer(), joined()], bundle, me: { options: { 'bundle size': 20 } } };
    expect(whys(drive(given).shown)).toEqual(['too large']);
    expect(drive(given).keys).toEqual({});
    expect(Object.keys(drive({ ...given, off: ['4268-dos-large-file'] }).keys)).toHaveLength(1);
    expect(Object.keys(drive({ ...given, me: { options: { 'bundle size': 20_000 } } }).keys)).toHaveLength(1);
  });

  it('is dropped where its hash is another, unless that clause is off', () => {
    const given = { events: [pointer(), joined()], bundle, hashMatches: false };
    expect(whys(drive(given).shown)).toEqual(['hash']);
    expect(drive(given).keys).toEqual({});
    expect(Object.keys(drive({ ...given, off: ['4268-verify-attachment-hash'] }).keys)).toHaveLength(1);
  });

  it('of a bundle in the clear is read by a client that takes any pointer', () => {
    const bare = pointer({}, { room_id: room, file: { url } });
    expect(Object.keys(drive({ events: [joined(), bare], bundle, off: ['4268-pointer-file'] }).keys)).toHaveLength(1);
  });

  it.each<[string, Json]>([
    ['a number', 7],
    ['nothing', null],
    ['a list', [entry('s')]],
    ['keys that are no list', { room_keys: { s: entry('s') } }],
    ['withheld that is no list', { room_keys: [], withheld: 'all' }],
  ])('that brings %s is given up', (_what, hostile) => {
    const { shown, state } = drive({ events: [pointer(), joined()], bundle: hostile });
    expect(whys(shown)).toEqual(['broken']);
    expect(state.value).toBe('idle');
  });
});

describe('an import', () => {
  const events = [pointer(), joined()];
  const imported = (bundle: Json, more: Partial<Case> = {}) => drive({ events, bundle, ...more });
  const first: RoomKeyOrigin = { how: 'room_key', user: '@carol:a.example', device: 'X' };
  const held = (more: Partial<NonNullable<ReadRoomKey['held']>> = {}) => ({
    s: { isSame: true, firstKnownIndex: 1, origin: first, sharedHistory: false, senderKey: 'carol', ...more },
  });
  const keyOf = (result: ReturnType<typeof drive>) => result.keys[`${room} s`];

  it('remembers who vouches for a session, and that it may be shared on', () => {
    expect(keyOf(imported({ room_keys: [entry('s')] }))).toEqual({
      room,
      session: { sessionId: 's', firstKnownIndex: 0, verified: false, state: null },
      senderKey: 'carol',
      senderEd25519: 'ed',
      sharedHistory: true,
      origin: { how: 'bundle', user: alice, device: 'PHONE', room, url },
      backedUpIn: null,
    });
  });

  it.each<[string, string, object]>([
    ['forgets who vouched', '4268-remember-provenance', { origin: { how: 'export' } }],
    ['does not share on', '4268-shareable-bundle', { sharedHistory: false }],
  ])('of a client that %s', (_what, clause, otherwise) => {
    const texts = { implements: { MSC4268: 'spec-v1.19' } };
    expect(keyOf(imported({ room_keys: [entry('s')] }, { off: [clause], me: texts }))).toMatchObject(otherwise);
  });

  it('does not happen where that duty is off', () => {
    expect(imported({ room_keys: [entry('s')] }, { off: ['4268-import-like-export'] }).keys).toEqual({});
  });

  it.each<[string, JsonObject, string]>([
    ['of another room', entry('s', { room_id: '!hub:a.example' }), '4268-relevant-room-only'],
    ['without its maker', entry('s', { sender_claimed_keys: {} }), '4268-room-keys-fields'],
  ])('leaves out an entry %s, unless that clause is off', (_what, one, clause) => {
    expect(imported({ room_keys: [one, entry('t')] }).keys).not.toHaveProperty([`${one.room_id} s`]);
    expect(imported({ room_keys: [one] }, { off: [clause] }).keys).toHaveProperty([`${one.room_id} s`]);
  });

  it('leaves out what is no key, what is no entry, and a key under the id of another', () => {
    const bundle = { room_keys: [entry('s', { session_key: '' }), 7, null, entry('s', { session_key: '0 other' })] };
    expect(imported(bundle).keys).toEqual({});
    expect(keyOf(imported(bundle, { me: { readings: { q36: 'A' } } }))?.session.sessionId).toBe('other');
  });

  it('prefers a key to word that there is none, or refuses it all, as question q33 is read', () => {
    const both = { room_keys: [entry('s')], withheld: [closed('s')] };
    const twice = { room_keys: [entry('s'), entry('s', { sender_key: 'mallory' })] };
    for (const bundle of [both, twice]) {
      const result = imported(bundle);
      expect(keyOf(result)?.senderKey).toBe('carol');
      expect(result.withheld).toEqual({});
      const strict = imported(bundle, { me: { readings: { q33: 'A' } } });
      expect(strict.keys).toEqual({});
      expect(strict.said).toContain('4268-conflict-impl-defined refuses');
      const off = ['4268-conflict-impl-defined'];
      expect(Object.keys(imported(bundle, { me: { readings: { q33: 'A' } }, off }).keys)).toHaveLength(1);
    }
  });

  it.each<[string, Json, Partial<Case>, object, string]>([
    [
      'what is shared and what is withheld',
      { room_keys: [entry('s'), entry('t')], withheld: [closed('u')] },
      {},
      { sessions: 2, withheld: 1, offered: 2 },
      `${alice} shared 2 room keys to this room's history with you; 1 is withheld.`,
    ],
    [
      'that no key came',
      { withheld: [closed('s')] },
      {},
      { sessions: 0, withheld: 1, offered: 0 },
      `${alice} gave you no room key to this room's history: 1 is withheld.`,
    ],
    [
      'that nothing was taken of what came',
      { room_keys: [entry('s')] },
      { held: held({ firstKnownIndex: 0 }) },
      { sessions: 0, withheld: 0, offered: 1 },
      `${alice} offered you 1 room key to this room's history, of which this device took none; none is withheld.`,
    ],
    [
      'that what is withheld is nothing that this device lacks',
      { withheld: [closed('s')] },
      { held: held() },
      { sessions: 0, withheld: 0, offered: 0 },
      `${alice} gave you no room key to this room's history: none that this device lacks is withheld.`,
    ],
    [
      'how much this device lacks of what is withheld, where a key comes beside the word that it is',
      { room_keys: [entry('s')], withheld: [closed('s'), closed('t')] },
      {},
      { sessions: 1, withheld: 1, offered: 1 },
      `${alice} shared 1 room key to this room's history with you; 1 that this device lacks is withheld.`,
    ],
  ])('says in numbers and in words %s', (_what, bundle, more, numbers, text) => {
    expect(imported(bundle, more).shown).toEqual([
      { about: 'bundle imported', room, user: alice, url, text, ...numbers },
    ]);
  });

  it('keeps why other sessions are not there, unless they are', () => {
    const bundle = {
      withheld: [closed('s'), closed('t'), closed('u', { code: 7 }), closed('v', { room_id: '!hub:a.example' })],
    };
    const { withheld } = imported(bundle, { held: held() });
    expect(withheld).toEqual({
      [`${room} t`]: {
        room,
        sessionId: 't',
        senderKey: 'carol',
        code: 'm.history_not_shared',
        reason: null,
        from: alice,
        how: 'bundle',
      },
    });
  });

  it.each<[string, object, object, Partial<ChartInput>, object | undefined]>([
    [
      'at a better index: the earlier messages, on the maker’s own word',
      {},
      {},
      {},
      { session: { firstKnownIndex: 0 }, senderKey: 'carol', origin: first, sharedHistory: true },
    ],
    [
      'at a better index, q35 B: with the label',
      {},
      {},
      { readings: { q35: 'B' } },
      { session: { firstKnownIndex: 0 }, origin: { how: 'bundle' } },
    ],
    ['at a better index, q19 B: with the flag it had', {}, {}, { readings: { q19: 'B' } }, { sharedHistory: false }],
    ['at no better index', { firstKnownIndex: 0 }, {}, {}, undefined],
    ['that is another', { isSame: false }, {}, {}, undefined],
    ['said to be somebody else’s', {}, { sender_key: 'mallory' }, {}, undefined],
    [
      'at a better index, from a backup before',
      { origin: { how: 'backup', version: '1' } },
      {},
      {},
      { origin: { how: 'bundle' }, session: { firstKnownIndex: 0 } },
    ],
  ])('beside a session that is held, %s', (_what, has, says, input, expected) => {
    const result = keyOf(imported({ room_keys: [entry('s', says)] }, { held: held(has), me: input }));
    if (expected === undefined) expect(result).toBeUndefined();
    else expect(result).toMatchObject(expected);
  });

  it.each([
    { has: { isSame: false }, says: {} },
    { has: {}, says: { sender_key: 'mallory' } },
  ])('puts %o in the place of what is held once nothing protects it', ({ has, says }) => {
    const bundle = { room_keys: [entry('s', says)] };
    const result = imported(bundle, { held: held(has), off: ['4268-cache-poisoning'] });
    expect(keyOf(result)?.origin.how).toBe('bundle');
  });

  it('follows the specification’s rule of trusted sources, as question q34 is read', () => {
    const texts = { MSC4268: 'spec-v1.19' };
    const of = (readings: ChartInput['readings'], off: readonly string[] = []) =>
      keyOf(imported({ room_keys: [entry('s')] }, { held: held(), me: { implements: texts, readings }, off }));
    expect(of({ q34: 'A' })?.session.firstKnownIndex).toBe(0);
    expect(of({ q34: 'B' })).toBeUndefined();
    expect(of({ q34: 'B' }, ['4268-spec-session-update-source'])?.session.firstKnownIndex).toBe(0);
    const other = imported({ room_keys: [entry('s')] }, { held: held({ isSame: false }), me: { implements: texts } });
    expect(keyOf(other)).toBeUndefined();
  });
});
