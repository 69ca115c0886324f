/** What key texts say of themselves, and how keys are told apart without them. */
import { describe, expect, it } from 'vitest';
import { type HeldRoomKey, type RoomKeyOrigin, roomKeyName } from '../../../machines/room-types.ts';
import { base64 } from '../../crypto/real/base64.ts';
import { joined } from '../../crypto/symbolic/terms.ts';
import { den } from '../testing.ts';
import { filedUnder, indexIn, partsOf, printOf, printsOf, sessionIdIn, shortened } from './room-keys.ts';

/** A Megolm session key as bytes: version, index, ratchet, signing key, and what may follow. */
const keyOf = (version: number, index: number, length = 165): string => {
  const bytes = new Uint8Array(length).fill(7);
  bytes[0] = version;
  new DataView(bytes.buffer).setUint32(1, index);
  bytes.fill(9, 133);
  return base64(bytes);
};
const signingKey = base64(new Uint8Array(32).fill(9));

const held = (origin: RoomKeyOrigin, state: HeldRoomKey['session']['state'] = 'key'): HeldRoomKey => ({
  room: den,
  session: { sessionId: 'session', firstKnownIndex: 3, verified: true, state },
  senderKey: 'curve',
  senderEd25519: 'signing',
  sharedHistory: true,
  origin,
  backedUpIn: null,
});

describe('a key text', () => {
  it('names its session and its index, in the exported form and in the signed one', () => {
    for (const key of [keyOf(1, 0x01020304), keyOf(2, 0x01020304, 229)]) {
      expect(sessionIdIn(key)).toBe(signingKey);
      expect(indexIn(key)).toBe(0x01020304);
    }
  });

  it('names the same where it is made of terms', () => {
    for (const tag of ['k', 'x']) {
      const key = joined(tag, 'session', '12', 'ratchet', 'proof');
      expect(sessionIdIn(key)).toBe('session');
      expect(indexIn(key)).toBe(12);
    }
  });

  it('is none where it is too short, of another version, or no base64', () => {
    for (const text of [keyOf(1, 5, 164), keyOf(3, 5), keyOf(0, 5, 229), 'no key!', '']) {
      expect(sessionIdIn(text)).toBeNull();
      expect(indexIn(text)).toBeNull();
    }
  });
});

describe('a print', () => {
  it('is that of FNV-1a: the same for the same text, eight letters of it', () => {
    expect([printOf(''), printOf('a'), printOf('foobar')]).toEqual(['811c9dc5', 'e40c292c', 'bf9cf968']);
    expect(printOf('5')).toHaveLength(8);
  });

  it('tells held keys apart by their owners, index and material', () => {
    const made: RoomKeyOrigin = { how: 'made' };
    expect(printsOf(held(made))).toEqual({ owner: printOf('curve signing'), index: 3, key: printOf('key') });
    const ofObject = { ratchet: 1 };
    expect(printsOf(held(made, ofObject as never)).key).toBe(printOf('{"ratchet":1}'));
  });
});

describe('the name a key is filed under', () => {
  it('says room and session', () => {
    const name = roomKeyName(den, 'a session');
    expect(filedUnder(name)).toBe('a session');
    expect(partsOf(name)).toEqual({ room: den, sessionId: 'a session' });
    expect(shortened('abcdefghij')).toBe('abcdef');
  });
});
