import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { Decryption, RoomKeyOrigin, Withheld } from '../room-types.ts';
import type { RoomKeysEvent } from './events.ts';
import { effectsOf, hearAll, laptop, room } from './testing.ts';

const bob = laptop.user;
const raw = { event_id: '$1', sender: bob, type: 'm.room.encrypted', content: { sender_key: 'curve' } };
const heard = (decryption: Decryption, event: object = raw): RoomKeysEvent => ({
  type: 'room.event',
  room,
  atMs: 0,
  event: event as typeof raw,
  decryption,
});
const opened = (more: Partial<Extract<Decryption, { opened: true }>> = {}): Decryption => ({
  opened: true,
  type: 'm.room.message',
  content: { body: 'hello' },
  sessionId: 's',
  index: 0,
  origin: { how: 'room_key', user: bob, device: 'LAPTOP' },
  owner: laptop,
  roomMatches: true,
  isReplay: false,
  ...more,
});
const shown = (decryption: Decryption, change: Partial<ChartInput> = {}, off: readonly string[] = [], event = raw) =>
  effectsOf([heard(decryption, event)], change, off).map((effect) => (effect.type === 'show' ? effect.notice : effect));
const bundle = (user: string): RoomKeyOrigin => ({ how: 'bundle', user, device: null, room, url: 'mxc://x/1' });

describe('a message that opens', () => {
  const first = {
    about: 'message',
    text: `${bob}: hello`,
    room,
    event: '$1',
    sender: bob,
    message: 'hello',
    session: 's',
    sharedBy: null,
    label: null,
    isProven: true,
    origin: 'room_key',
    warning: null,
  };
  it('first-hand is its author’s, on nobody else’s word', () => {
    expect(shown(opened())).toEqual([first]);
    expect(shown(opened({ content: {} }))).toEqual([{ ...first, message: '', text: `${bob}: ` }]);
  });
  it.each<[RoomKeyOrigin]>([[bundle('@carol:x')], [{ how: 'forwarded', user: '@carol:x', device: 'TABLET' }]])(
    'with the key of %o is on the word of who gave it, and proven by nobody',
    (origin) => {
      const onWord = {
        ...first,
        text: `${bob}: hello (shared by @carol:x)`,
        sharedBy: '@carol:x',
        label: 'shared by @carol:x',
        isProven: false,
        origin: origin.how,
      };
      expect(shown(opened({ origin }))).toEqual([onWord]);
      expect(shown(opened({ origin }), {}, ['4268-no-authoritative-sender'])).toEqual([{ ...onWord, isProven: true }]);
      expect(shown(opened({ origin }), {}, ['4268-label-messages'])).toEqual([{ ...onWord, label: null }]);
      expect(shown(opened({ origin }), {}, ['4268-show-provenance'])).toEqual([
        { ...onWord, text: `${bob}: hello`, sharedBy: null },
      ]);
    },
  );
  it('that its author shared has no other voucher, but in early clients', () => {
    expect(shown(opened({ origin: bundle(bob) }))).toMatchObject([{ sharedBy: null, isProven: true }]);
    expect(shown(opened({ origin: bundle(bob) }), { options: { 'label authors': true } })).toMatchObject([
      { sharedBy: bob, isProven: false },
    ]);
    expect(shown(opened(), { options: { 'label authors': true } })).toMatchObject([{ sharedBy: null }]);
  });
  it('comes with a warning where its device is not signed, or not known', () => {
    expect(shown(opened({ owner: null }))).toMatchObject([{ warning: 'unknown device' }]);
    expect(shown(opened({ owner: { ...laptop, crossSignedBy: null } }))).toMatchObject([
      { warning: 'unsigned device' },
    ]);
  });
  it('is none where it is another type of event', () => {
    expect(shown(opened({ type: 'm.room_key' }))).toEqual([]);
  });
});

const refused = (reason: string, withheldBy: string | null = null) => ({
  about: 'unreadable message',
  text: `A message of ${bob} cannot be read: ${reason}.`,
  room,
  event: '$1',
  sender: bob,
  session: 's',
  reason,
  withheldBy,
});

describe('a message that is not what it says', () => {
  it('is not genuine, and each rule that says so speaks', () => {
    expect(shown(opened({ roomMatches: false }))).toEqual([refused('not genuine')]);
    expect(shown(opened({ isReplay: true }))).toEqual([refused('not genuine')]);
    expect(hearAll([heard(opened({ isReplay: true }))]).said).toEqual([
      'spec-megolm-room-id permits',
      'spec-megolm-replay refuses',
    ]);
    expect(hearAll([heard({ opened: false, sessionId: 's', withheld: null })]).said).toEqual([]);
  });
  it('is not genuine before it is anything else, from unsigned devices too', () => {
    const unsigned = { ...laptop, crossSignedBy: null };
    const careful = { implements: { MSC4153: 'spec-v1.19' } };
    expect(shown(opened({ owner: unsigned, isReplay: true }), careful)).toEqual([refused('not genuine')]);
    expect(shown(opened({ owner: unsigned }), careful)).toEqual([refused('unsigned device')]);
    const off = ['spec-megolm-replay'];
    expect(shown(opened({ owner: unsigned, isReplay: true }), careful, off)).toEqual([refused('unsigned device')]);
  });
});

describe('a message that does not open', () => {
  const withheld: Withheld = {
    room,
    sessionId: 's',
    senderKey: 'another curve',
    code: 'm.history_not_shared',
    reason: null,
    from: '@carol:x',
    how: 'bundle',
  };
  const closed = (word: Withheld | null): Decryption => ({ opened: false, sessionId: 's', withheld: word });
  const said = refused('m.history_not_shared', '@carol:x');
  it('has no key, or is withheld by somebody', () => {
    expect(shown(closed(null))).toEqual([refused('no key')]);
    expect(shown(closed(withheld))).toEqual([said]);
  });
  it('is not that of another device, for whoever compares the keys in bundles (question q37)', () => {
    const compares = { readings: { q37: 'A' } } as const;
    expect(shown(closed(withheld), compares)).toEqual([refused('no key')]);
    expect(shown(closed(null), compares)).toEqual([refused('no key')]);
    expect(shown(closed({ ...withheld, senderKey: 'curve' }), compares)).toEqual([said]);
    expect(shown(closed({ ...withheld, how: 'to-device' }), compares)).toEqual([said]);
    expect(shown(closed(withheld), { readings: { q37: 'B' } })).toEqual([said]);
  });
  it('is of nobody where the server says of whom in no text', () => {
    const event = { type: 'm.room.encrypted', sender: 7, content: {} } as unknown as typeof raw;
    expect(shown(closed(null), {}, [], event)).toMatchObject([{ sender: '', event: '' }]);
    expect(shown(opened(), {}, [], event)).toMatchObject([{ sender: '', event: '' }]);
  });
});
