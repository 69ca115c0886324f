import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import { MEGOLM_ALGORITHM } from '../algorithms.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ReadRoomKey, RoomView } from '../room-types.ts';
import type { Store } from '../store.ts';
import type { MegolmInbound } from '../suite.ts';
import { exportRoomKeys, newSession, openAttachment, readRoomKeys, sealAttachment } from './megolm.ts';
import { answersIn, person, replyFor, sure } from './testing.ts';

const suite = makeSymbolicSuite('key lists');
const room = '!den:x';
const reply = replyFor('test.answered');
const view: RoomView = { membership: 'join', encryption: null, historyVisibility: 'shared', members: {}, inviters: [] };
const { env, store } = person(suite, '@alice:x', 'PHONE');
const alice: Store = { ...store, rooms: { [room]: view } };

describe('a list of room keys', () => {
  const made = newSession(env, alice, room, true);
  const sessionId = made.outbound.sessionId;
  const later = suite.megolmEncrypt(made.outbound, 'x').session;
  const held = Object.values(made.store.roomKeys)[0]?.session as MegolmInbound;
  const entryOf = (change: JsonObject = {}): JsonObject => ({
    algorithm: MEGOLM_ALGORITHM,
    room_id: room,
    session_id: sessionId,
    session_key: suite.megolmSessionKey(later),
    sender_key: 'curve',
    sender_claimed_keys: { ed25519: 'ed' },
    ...change,
  });
  const readAll = (entries: readonly Json[], from = alice, form: 'signed' | 'exported' = 'signed') => {
    const step = readRoomKeys(env, from, { room, entries, form }, reply);
    expect(step.store).toBe(from);
    const told = sure(answersIn(step.outs)[0]);
    expect(told.room).toBe(room);
    return told.read as unknown as readonly ReadRoomKey[];
  };
  const readOne = (change: JsonObject = {}, from = alice, form?: 'exported') =>
    sure(readAll([entryOf(change)], from, form)[0]);

  it('is read entry by entry, as it says of itself', () => {
    const entry = entryOf({ shared_history: true });
    expect(readAll([entry])).toEqual([
      {
        entry,
        room,
        sessionId,
        key: { session: sure(suite.megolmInbound(suite.megolmSessionKey(later), 'signed')), firstKnownIndex: 1 },
        idMatches: true,
        senderKey: 'curve',
        senderEd25519: 'ed',
        flag: 'true',
        held: null,
      },
    ]);
    expect(readAll([null, 'text', 5, [], entry, entry])).toHaveLength(2);
    expect(readAll([{}])).toEqual([
      {
        entry: {},
        room: null,
        sessionId: '',
        key: null,
        idMatches: false,
        senderKey: '',
        senderEd25519: '',
        flag: 'absent',
        held: null,
      },
    ]);
    expect(readOne({ shared_history: 'yes' }).flag).toBe('not boolean');
    expect(readOne({ room_id: '!attic:x' }).room).toBe('!attic:x');
  });

  it('has no key where its text is none, its algorithm another or its form not the one asked for', () => {
    const exported = sure(suite.megolmExport(held, 2));
    expect(readOne({ session_key: exported }).key).toBeNull();
    expect(readOne({ session_key: exported }, alice, 'exported').key).toMatchObject({ firstKnownIndex: 2 });
    expect(readOne({}, alice, 'exported').key).toBeNull();
    for (const change of [{ algorithm: 'm.olm' }, { algorithm: null }, { session_key: 'none' }, { session_key: 5 }])
      expect(readOne(change)).toMatchObject({ key: null, idMatches: false });
  });

  it('says whether a session is filed under its own id', () => {
    expect(readOne({ session_id: 'another' })).toMatchObject({ idMatches: false, sessionId: 'another', held: null });
    expect(readOne({ session_id: 'constructor' }, made.store).held).toBeNull();
  });

  it('says what is held of it, and takes the one known from earlier on', () => {
    const origin = { how: 'made' };
    const facts = { firstKnownIndex: 0, origin, sharedHistory: true, senderKey: alice.account.curve25519.public };
    // One that is held from further back is the better one; what the entry offers is told all the same.
    expect(readOne({}, made.store)).toMatchObject({
      key: { session: held, firstKnownIndex: 1 },
      held: { ...facts, isSame: true },
    });
    const atTwo = sure(suite.megolmInbound(sure(suite.megolmExport(held, 2)), 'exported'));
    const name = `${room} ${sessionId}`;
    const heldLate = { ...made.store, roomKeys: { [name]: { ...sure(made.store.roomKeys[name]), session: atTwo } } };
    expect(readOne({}, heldLate)).toMatchObject({
      key: { session: { firstKnownIndex: 1, verified: true }, firstKnownIndex: 1 },
      held: { isSame: true, firstKnownIndex: 2 },
    });
    // Of two from the same index on the held one stays.
    const atOne = sure(suite.megolmInbound(sure(suite.megolmExport(held, 1)), 'exported'));
    const heldAlike = { ...made.store, roomKeys: { [name]: { ...sure(made.store.roomKeys[name]), session: atOne } } };
    expect(readOne({}, heldAlike).key?.session).toEqual(atOne);
    expect(readOne({ session_key: 'none' }, made.store)).toMatchObject({
      key: null,
      held: { ...facts, isSame: false },
    });
    expect(readOne({ room_id: '!attic:x' }, made.store).held).toBeNull();
  });

  it('does not take another session under the same id for the one that is held', () => {
    const other = newSession(env, made.store, room, false);
    const name = `${room} ${other.outbound.sessionId}`;
    const swapped = { ...alice, roomKeys: { [name]: sure(made.store.roomKeys[`${room} ${sessionId}`]) } };
    const read = readOne(
      { session_id: other.outbound.sessionId, session_key: suite.megolmSessionKey(other.outbound) },
      swapped,
    );
    expect(read).toMatchObject({ idMatches: true, held: { isSame: false } });
    expect(read.key?.session.sessionId).toBe(other.outbound.sessionId);
  });

  it('is written of what is held, from the first known index on, of one room or of all', () => {
    const both = newSession(env, made.store, '!attic:x', false).store;
    const note = {
      room,
      sessionId: 'w',
      senderKey: 'c',
      code: 'm.blacklisted',
      reason: null,
      from: '@b:x',
      how: 'bundle',
    } as const;
    const all = { ...both, withheld: { [`${room} w`]: note, '!attic:x w': { ...note, room: '!attic:x' } } };
    const told = (of: string | null) => sure(answersIn(exportRoomKeys(env, all, { room: of }, reply).outs)[0]);
    expect(told(room)).toMatchObject({
      keys: [
        {
          room,
          sessionId,
          sessionKey: suite.megolmExport(held, 0),
          senderKey: alice.account.curve25519.public,
          senderEd25519: alice.account.ed25519.public,
          sharedHistory: true,
          origin: { how: 'made' },
        },
      ],
      withheld: [note],
      visibility: 'shared',
    });
    expect([told(null).keys, told(null).withheld]).toEqual([
      [expect.objectContaining({ room }), expect.objectContaining({ room: '!attic:x', sharedHistory: false })],
      [note, { ...note, room: '!attic:x' }],
    ]);
    expect([told(null).visibility, told('!attic:x').visibility, told('constructor').visibility]).toEqual([
      null,
      null,
      null,
    ]);
    expect(told('constructor').keys).toEqual([]);
  });
});

describe('an attachment', () => {
  it('opens with what tells of it, and whether its hash is right is told apart from what is in it', () => {
    const sealed = sealAttachment(env, alice, { plaintext: 'the text' }, reply);
    const { ciphertext, file } = sure(answersIn(sealed.outs)[0]) as { ciphertext: string; file: never };
    const open = (text: string) =>
      sure(answersIn(openAttachment(env, alice, { ciphertext: text, file }, reply).outs)[0]);
    expect(open(ciphertext)).toMatchObject({ plaintext: 'the text', hashMatches: true });
    const bent = sure(suite.attachmentBend(ciphertext, 4, 'text', 'lies'));
    expect(open(bent)).toMatchObject({ plaintext: 'the lies', hashMatches: false });
    expect(open('nonsense')).toMatchObject({ plaintext: null, hashMatches: false });
    const again = sealAttachment(env, sealed.store, { plaintext: 'the text' }, reply);
    expect(answersIn(again.outs)[0]?.ciphertext).not.toBe(ciphertext);
  });
});
