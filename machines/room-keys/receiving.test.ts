import { describe, expect, it } from 'vitest';
import type { ChartInput } from '../chart.ts';
import type { ReadRoomKey, RoomKeyOrigin } from '../room-types.ts';
import { arrived, effectsOf, hearAll, laptop, read, room } from './testing.ts';

const content = {
  algorithm: 'm.megolm.v1.aes-sha2',
  room_id: room,
  session_id: 's',
  session_key: 'k',
  sender_key: 'claimed',
  shared_history: true,
};
const asked = (entry: object, form: string, origin: RoomKeyOrigin) => [
  {
    type: 'core',
    request: { ask: 'read room keys', room, entries: [entry], form, answerAs: 'room-keys.read', with: { origin } },
  },
];

describe('a room key', () => {
  const firstHand = { how: 'room_key', user: laptop.user, device: laptop.device } as const;
  it('that came through Olm is that of the device which sent it, whatever it says', () => {
    expect(effectsOf([arrived('m.room_key', content)])).toEqual(
      asked({ ...content, sender_key: 'curve', sender_claimed_keys: { ed25519: 'ed' } }, 'signed', firstHand),
    );
  });
  it.each([
    ['in the clear', { encrypted: false }],
    ['in the clear, with no device to be told', { encrypted: false, sender: null }],
    ['through Olm from who knows whom', { sender: null }],
  ])('that came %s is taken by nobody who keeps to the specification', (_how, facts) => {
    const { effects, said } = hearAll([arrived('m.room_key', content, facts)]);
    expect([effects, said]).toEqual([[[]], ['spec-room-key-encrypted refuses']]);
  });
  it('that came in the clear is taken at its word where that is not looked at', () => {
    const off = ['spec-room-key-encrypted'];
    expect(effectsOf([arrived('m.room_key', content, { encrypted: false })], {}, off)).toEqual(
      asked({ ...content, sender_key: 'curve', sender_claimed_keys: { ed25519: 'ed' } }, 'signed', firstHand),
    );
    const unknown = { ...firstHand, device: null };
    expect(effectsOf([arrived('m.room_key', content, { encrypted: false, sender: null })], {}, off)).toEqual(
      asked({ ...content, sender_claimed_keys: { ed25519: '' } }, 'signed', unknown),
    );
    const { sender_key: _none, ...bare } = content;
    expect(effectsOf([arrived('m.room_key', bare, { encrypted: false, sender: null })], {}, off)).toEqual(
      asked({ ...bare, sender_key: '', sender_claimed_keys: { ed25519: '' } }, 'signed', unknown),
    );
  });
});

describe('a forwarded room key', () => {
  const forwardedContent = { ...content, sender_claimed_ed25519_key: 'ed of the maker' };
  const { shared_history: _flag, ...unflagged } = forwardedContent;
  const claimed = { sender_claimed_keys: { ed25519: 'ed of the maker' } };
  const origin = { how: 'forwarded', user: laptop.user, device: laptop.device } as const;
  const own = { ownUser: true };
  const effectsFor = (facts: Parameters<typeof arrived>[2], change: Partial<ChartInput> = {}, off: string[] = []) =>
    effectsOf([arrived('m.forwarded_room_key', forwardedContent, facts)], change, off);
  const taken = asked({ ...unflagged, ...claimed }, 'exported', origin);

  it('of an own device that is signed is taken, without its flag', () => {
    expect(effectsFor(own)).toEqual(taken);
    const { sender_claimed_ed25519_key: _none, ...bare } = forwardedContent;
    const { shared_history: _too, ...entry } = bare;
    expect(effectsOf([arrived('m.forwarded_room_key', bare, own)])).toEqual(
      asked({ ...entry, sender_claimed_keys: { ed25519: '' } }, 'exported', origin),
    );
  });
  const unpinned = { ...laptop, byPinnedIdentity: false };
  it.each([
    ['another’s', {}],
    ['an own device’s that one’s identity has not signed', { ownUser: true, sender: unpinned }],
  ])('is not taken when it is %s, unless anybody’s are', (_whose, facts) => {
    expect(effectsFor(facts)).toEqual([]);
    expect(effectsFor(facts, { options: { 'forwarded keys': 'own' } })).toEqual([]);
    expect(effectsFor(facts, {}, ['spec-forwarded-keys-own'])).toEqual(taken);
    expect(effectsFor(facts, { options: { 'forwarded keys': 'any' } })).toEqual(taken);
  });
  it('is taken from nobody by a client that takes none, whatever else it does without', () => {
    const none = { options: { 'forwarded keys': 'none' } };
    expect(effectsFor(own, none)).toEqual([]);
    expect(effectsFor(own, none, ['spec-forwarded-keys-own', 'spec-room-key-encrypted'])).toEqual([]);
  });
  it('is no less in the clear for being an own device’s', () => {
    const clear = { ownUser: true, encrypted: false };
    expect(effectsFor(clear)).toEqual([]);
    expect(effectsFor(clear, { options: { 'forwarded keys': 'any' } })).toEqual([]);
    expect(effectsFor(clear, {}, ['spec-room-key-encrypted'])).toEqual(taken);
    const unknown = { encrypted: false, sender: null };
    expect(effectsFor({ ...unknown, ownUser: true }, {}, ['spec-room-key-encrypted'])).toEqual([]);
    expect(effectsFor(unknown, {}, ['spec-room-key-encrypted', 'spec-forwarded-keys-own'])).toEqual(
      asked({ ...unflagged, ...claimed }, 'exported', { ...origin, device: null }),
    );
  });
  it('says nothing of a rule that a client has chosen to do without', () => {
    const any = { options: { 'forwarded keys': 'any' } };
    expect(hearAll([arrived('m.forwarded_room_key', forwardedContent)], any).said).toEqual([
      'spec-room-key-encrypted permits',
    ]);
  });
  it.each<[string, Parameters<typeof arrived>[2], Partial<ChartInput>, boolean]>([
    ['under reading B of question q21', own, { readings: { q21: 'B' } }, true],
    ['not under reading A', own, { readings: { q21: 'A' }, options: { 'share history by': 'forwarding' } }, false],
    ['not another’s', {}, { readings: { q21: 'B' }, options: { 'forwarded keys': 'any' } }, false],
    [
      'not an unsigned device’s',
      { ownUser: true, sender: unpinned },
      { readings: { q21: 'B' }, options: { 'forwarded keys': 'any' } },
      false,
    ],
    ['where history is shared by forwarding', own, { options: { 'share history by': 'forwarding' } }, true],
    ['not where it is shared in bundles', own, { options: { 'share history by': 'bundle' } }, false],
  ])('has its flag counted %s', (_when, facts, change, isCounted) => {
    expect(effectsFor(facts, change)).toEqual(
      isCounted ? asked({ ...forwardedContent, ...claimed }, 'exported', origin) : taken,
    );
  });
});

describe('word that a key will not come', () => {
  const withheld = { room_id: room, session_id: 's', sender_key: 'curve', code: 'm.unverified', reason: 'unsigned' };
  const entry = {
    room,
    sessionId: 's',
    senderKey: 'curve',
    code: 'm.unverified',
    reason: 'unsigned',
    from: laptop.user,
    how: 'to-device',
  };
  const noted = (more: object) => [
    { type: 'store', patch: { patch: 'withheld', entries: { [`${room} s`]: { ...entry, ...more } } } },
    { type: 'tell', event: { type: 'told.room keys', room } },
  ];
  it('is noted, and whoever waits is told', () => {
    expect(effectsOf([arrived('m.room_key.withheld', withheld, { encrypted: false })])).toEqual(noted({}));
    const bare = arrived('m.room_key.withheld', { room_id: room, session_id: 's' }, { encrypted: false });
    expect(effectsOf([bare])).toEqual(noted({ senderKey: '', code: '', reason: null }));
  });
  it('is of nothing without a session, or of no room', () => {
    expect(effectsOf([arrived('m.room_key.withheld', { room_id: room })])).toEqual([]);
    const { room: _none, ...roomless } = arrived('m.room_key.withheld', withheld);
    expect(effectsOf([roomless])).toEqual([]);
  });
});

describe('what was read', () => {
  const bob: RoomKeyOrigin = { how: 'room_key', user: laptop.user, device: laptop.device };
  const bundle: RoomKeyOrigin = { how: 'bundle', user: '@eve:x', device: null, room, url: 'mxc://x/1' };
  const forwarded: RoomKeyOrigin = { how: 'forwarded', user: '@alice:example.org', device: 'TABLET' };
  const held = (more: Partial<NonNullable<ReadRoomKey['held']>> = {}): ReadRoomKey['held'] => ({
    isSame: true,
    firstKnownIndex: 3,
    origin: bob,
    sharedHistory: false,
    senderKey: 'first',
    ...more,
  });
  const effectsFor = (
    reads: readonly ReadRoomKey[],
    origin: RoomKeyOrigin = bob,
    off: readonly string[] = [],
    change: Partial<ChartInput> = {},
  ) =>
    effectsOf(
      [{ type: 'room-keys.read', answers: 'read room keys', room, read: reads, with: { origin } }],
      change,
      off,
    );
  const kept = (more: Partial<ReadRoomKey>, ...rest: [RoomKeyOrigin?, (readonly string[])?, Partial<ChartInput>?]) => {
    const stored = effectsFor([read(more)], ...rest)[0];
    return stored?.type === 'store' && stored.patch.patch === 'room keys' ? Object.entries(stored.patch.keys)[0] : null;
  };

  it('is filed under its room and session, and what waits for it is read again', () => {
    const { key } = read();
    expect(effectsFor([read(), read({ key: null, sessionId: 't' })])).toEqual([
      {
        type: 'store',
        patch: {
          patch: 'room keys',
          keys: {
            [`${room} s`]: {
              room,
              session: key?.session,
              senderKey: 'curve',
              senderEd25519: 'ed',
              sharedHistory: true,
              origin: bob,
              backedUpIn: null,
            },
          },
        },
      },
      { type: 'tell', event: { type: 'told.room keys', room } },
    ]);
    expect(effectsFor([])).toEqual([]);
    expect(effectsOf([{ type: 'told.room keys', room }])).toEqual([
      { type: 'core', request: { ask: 'read again', room } },
    ]);
  });
  it('is no session of another id, unless that is not looked at: then it is filed under the id it claims', () => {
    expect(kept({ sessionId: 'claimed', idMatches: false })).toBeNull();
    expect(kept({ sessionId: 'claimed', idMatches: false }, bob, ['spec-session-id'])).toMatchObject([
      `${room} claimed`,
      { session: { sessionId: 's' } },
    ]);
  });
  it.each([['!hub:x'], [null]])('is no key of this room when it is for %s, unless that is not looked at', (other) => {
    expect(kept({ room: other })).toBeNull();
    expect(kept({ room: other }, bob, ['spec-room-key-room'])).toMatchObject([`${room} s`, { room }]);
  });
  it('does not take the place of another session that is held, unless that is not minded', () => {
    const other = { held: held({ isSame: false, sharedHistory: true }), flag: 'false' } as const;
    expect(kept(other)).toBeNull();
    expect(kept(other, forwarded)).toBeNull();
    expect(kept({ ...other, held: held({ isSame: false, origin: bundle }) }, forwarded)).toBeNull();
    // It comes as though nothing had been there: neither the flag nor the maker of the old one is its own.
    expect(kept(other, forwarded, ['spec-key-not-replaced'])?.[1]).toMatchObject({
      senderKey: 'curve',
      sharedHistory: false,
      origin: forwarded,
    });
  });
  it('first-hand takes the place of another that came on somebody’s word, and of nobody is asked leave', () => {
    const forged = { held: held({ isSame: false, origin: bundle, sharedHistory: true }), flag: 'false' } as const;
    expect(kept(forged)?.[1]).toMatchObject({ senderKey: 'curve', sharedHistory: false, origin: bob });
    const event = { type: 'room-keys.read', answers: 'read room keys', room, with: { origin: bob } } as const;
    expect(hearAll([{ ...event, read: [read(forged)] }]).said).not.toContain('spec-key-not-replaced permits');
    expect(hearAll([{ ...event, read: [read()] }]).said).not.toContain('spec-key-not-replaced permits');
    expect(hearAll([{ ...event, read: [read({ held: held() })] }]).said).toContain('spec-key-not-replaced permits');
  });
  it('is more of a session when it begins earlier, and first-hand always counts', () => {
    expect(kept({ held: held() }, forwarded)).toBeNull();
    expect(kept({ held: held({ firstKnownIndex: 2 }) }, forwarded)).toBeNull();
    expect(kept({ held: held({ firstKnownIndex: 4 }) }, forwarded)?.[1]).toMatchObject({
      senderKey: 'first',
      origin: bob,
    });
    expect(kept({ held: held() })?.[1]).toMatchObject({ origin: bob });
  });
  it('leaves what was first-hand so, and makes first-hand what was not', () => {
    const byOthers = held({ origin: bundle });
    expect(kept({ held: byOthers })?.[1]).toMatchObject({ senderKey: 'curve', origin: bob });
    // Question q35, reading B: the label stays for good.
    expect(kept({ held: byOthers }, bob, [], { readings: { q35: 'B' } })?.[1]).toMatchObject({ origin: bundle });
    const forwardedBefore = held({ origin: forwarded });
    expect(kept({ held: forwardedBefore }, bob, [], { readings: { q35: 'B' } })?.[1]).toMatchObject({ origin: bob });
    const made = held({ origin: { how: 'made' }, firstKnownIndex: 4 });
    expect(kept({ held: made }, forwarded)?.[1]).toMatchObject({ senderKey: 'first', origin: { how: 'made' } });
  });
  it.each([
    [false, 'true', undefined, true],
    [true, 'false', undefined, true],
    [false, 'false', undefined, false],
    [false, 'true', 'B', false],
    [true, 'false', 'B', false],
    [true, 'true', 'B', true],
  ] as const)(
    'of a copy that is shareable (%s) and one that says %s comes, by reading %s of q19, %s',
    (before, flag, q19, is) => {
      const change = q19 === undefined ? {} : { readings: { q19 } };
      expect(kept({ held: held({ sharedHistory: before }), flag }, bob, [], change)?.[1].sharedHistory).toBe(is);
    },
  );
  it('has no flag for a client that knows nothing of it', () => {
    expect(kept({}, bob, [], { implements: {} })?.[1].sharedHistory).toBe(false);
  });
});
