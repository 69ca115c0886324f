import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import type { EnvelopeFacts } from '../types.ts';
import { open, sessionsMax } from './decrypt.ts';
import { userOf } from './facts.ts';
import {
  listingOf,
  meets,
  type Person,
  person,
  plaintextOf,
  sealedBy,
  sessionTo,
  sure,
  withIdentity,
  withKeys,
} from './testing.ts';

const suite = makeSymbolicSuite('open');
const bob = withIdentity(person(suite, '@bob:x', 'LAPTOP'));
const eve = withIdentity(person(suite, '@eve:x', 'PHONE'));
const stranger = withKeys(withIdentity(person(suite, '@alice:x', 'PHONE')));
const alice = meets(stranger, [bob, eve]);

const opened = (who: Person, raw: JsonObject) => {
  const found = open(who.env, who.store, raw, 7);
  if ('discarded' in found) throw new Error(found.discarded);
  return found;
};
const why = (who: Person, raw: JsonObject): string => {
  const found = open(who.env, who.store, raw, 7);
  if (!('discarded' in found)) throw new Error('it opens');
  return found.discarded;
};
const said = plaintextOf(bob, alice, 'm.dummy', { n: 1 });
/** A letter from Bob with that changed in its plaintext. */
const letter = (change: JsonObject | string = {}, to: Person = alice) => ({
  ...sealedBy(bob, to, sessionTo(bob, alice), typeof change === 'string' ? change : { ...said, ...change }).raw,
});
const factsOf = (change: JsonObject = {}, to: Person = alice) => {
  const { event } = opened(to, letter(change));
  if (!('listedFacts' in event)) throw new Error('it came in the clear');
  return event;
};
const embeds = (keys: JsonObject | string | null, to: Person = alice): EnvelopeFacts =>
  factsOf({ sender_device_keys: keys }, to).facts;

describe('what is opened', () => {
  it('has beside the event the facts that it was opened with', () => {
    const { facts, event } = opened(alice, letter({ sender_device_keys: 'none' }));
    expect(facts).toBe(event.facts);
    expect(facts).toMatchObject({ encrypted: true, embedded: { selfSigned: false } });
    const clear = opened(alice, { type: 'm.dummy', sender: '@bob:x', content: {} });
    expect(clear.facts).toBe(clear.event.facts);
  });
});

describe('a letter', () => {
  it('is told with its type, content and room as its plaintext has them, and with the sender whom the server names', () => {
    const { event, inside } = opened(alice, letter({ content: { room_id: '!den:x', n: 2 }, type: 'm.room_key' }));
    expect(event).toMatchObject({
      type: 'to-device m.room_key',
      content: { room_id: '!den:x', n: 2 },
      room: '!den:x',
      sender: '@bob:x',
      atMs: 7,
    });
    expect(inside).toEqual({ type: 'm.room_key', content: { room_id: '!den:x', n: 2 } });
    expect(opened(alice, letter({ content: { room_id: 5 } })).event).not.toHaveProperty('room');
    expect(opened(alice, letter({ content: 'text' })).event.content).toEqual({});
  });

  it('goes together with its envelope when it is honest', () => {
    const { facts, listedFacts } = factsOf();
    expect(facts).toMatchObject({
      encrypted: true,
      claimedSender: '@bob:x',
      ownUser: false,
      embedded: null,
      plaintext: {
        senderMatches: true,
        recipientMatches: true,
        recipientKeyMatches: true,
        ed25519Matches: true,
        isSenderKnown: true,
      },
      sender: { user: '@bob:x', device: 'LAPTOP', source: 'listed', byPinnedIdentity: true },
    });
    expect(listedFacts).toMatchObject({ encrypted: true, plaintext: facts.plaintext, sender: facts.sender });
  });

  it.each([
    ['senderMatches', { sender: '@eve:x' }],
    ['senderMatches', { sender: null }],
    ['recipientMatches', { recipient: '@bob:x' }],
    ['recipientMatches', { recipient: 5 }],
    ['recipientKeyMatches', { recipient_keys: { ed25519: bob.store.account.ed25519.public } }],
    ['recipientKeyMatches', { recipient_keys: 'text' }],
    ['ed25519Matches', { keys: { ed25519: eve.store.account.ed25519.public } }],
    ['ed25519Matches', { keys: null }],
  ])('tells that %s is not so of a plaintext with %o', (fact, change) => {
    const all = { senderMatches: true, recipientMatches: true, recipientKeyMatches: true, ed25519Matches: true };
    expect(factsOf(change).facts.plaintext).toEqual({ ...all, isSenderKnown: true, [fact]: false });
  });

  it('has no Ed25519 key to be held against where no such device is listed, under that sender', () => {
    expect(factsOf({}, meets(stranger, [eve])).facts).toMatchObject({
      sender: null,
      plaintext: { ed25519Matches: null, isSenderKnown: false },
    });
    const asEve = { ...letter(), sender: '@eve:x' };
    expect(opened(alice, asEve).event.facts).toMatchObject({
      claimedSender: '@eve:x',
      sender: null,
      plaintext: { senderMatches: false, ed25519Matches: null, isSenderKnown: true },
    });
  });

  it('comes from somebody known only if their list is at hand and not outdated, whatever they are called', () => {
    const stale = { ...alice.store.users, '@bob:x': { ...userOf(alice.store, '@bob:x'), outdated: true } };
    const at = { ...alice, store: { ...alice.store, users: stale } };
    expect(factsOf({}, at).facts.plaintext?.isSenderKnown).toBe(false);
    for (const sender of ['constructor', '__proto__', 'toString'])
      expect(opened(alice, { ...letter(), sender }).event.facts).toMatchObject({
        claimedSender: sender,
        sender: null,
        plaintext: { isSenderKnown: false },
      });
  });
});

describe('device keys that a letter carries', () => {
  const honest = listingOf(bob);

  it('are those of the sender when they are honest, listed or not, under either name', () => {
    const all = {
      ed25519Matches: true,
      curve25519Matches: true,
      ed25519IsSenderKey: false,
      userMatches: true,
      selfSigned: true,
      byPinnedIdentity: true,
    };
    expect(embeds(honest)).toMatchObject({ embedded: { ...all, isListed: true }, sender: { source: 'both' } });
    const withoutList = {
      ...alice,
      store: {
        ...alice.store,
        users: { ...alice.store.users, '@bob:x': { ...userOf(alice.store, '@bob:x'), devices: {} } },
      },
    };
    expect(embeds(honest, withoutList)).toMatchObject({
      embedded: { ...all, isListed: false },
      sender: { source: 'embedded', device: 'LAPTOP', byPinnedIdentity: true },
    });
    expect(factsOf({ sender_device_keys: honest }, withoutList).listedFacts.sender).toBeNull();
    expect(factsOf({ 'org.matrix.msc4147.device_keys': honest }).facts.embedded).toEqual({ ...all, isListed: true });
    expect(factsOf({ 'org.matrix.msc4147.device_keys': honest, sender_device_keys: {} }).facts.embedded).toMatchObject({
      selfSigned: false,
    });
  });

  const { keys: _keys, ...withoutKeys } = honest;
  it.each([
    ['an empty object', {}],
    ['an object without keys', withoutKeys],
    ['a text', 'text'],
    ['null', null],
  ])('are there and nothing is true of them where they are %s', (_name, keys) => {
    const nothing = {
      ed25519Matches: false,
      curve25519Matches: false,
      ed25519IsSenderKey: false,
      userMatches: false,
      selfSigned: false,
      byPinnedIdentity: false,
    };
    expect(embeds(keys)).toMatchObject({ embedded: { ...nothing, isListed: true }, sender: { source: 'listed' } });
    expect(embeds(keys, stranger)).toMatchObject({ embedded: { ...nothing, isListed: false }, sender: null });
  });

  it('show each thing about them that does not go together', () => {
    const ed = bob.store.account.ed25519.secret;
    const signedBy = (keys: JsonObject, secret = ed): JsonObject => {
      const { signatures: _gone, ...bare } = keys;
      return { ...bare, signatures: { '@bob:x': { 'ed25519:LAPTOP': suite.sign(secret, bare) } } };
    };
    const mine = bob.store.account;
    const withKeysOf = (curve25519: string, ed25519: string): JsonObject =>
      signedBy({ ...honest, keys: { 'curve25519:LAPTOP': curve25519, 'ed25519:LAPTOP': ed25519 } });
    expect(embeds(signedBy(honest)).embedded).toMatchObject({ selfSigned: true, byPinnedIdentity: false });
    expect(embeds(signedBy(honest, eve.store.account.ed25519.secret)).embedded).toMatchObject({ selfSigned: false });
    expect(embeds(withKeysOf('another', mine.ed25519.public)).embedded).toMatchObject({
      curve25519Matches: false,
      ed25519Matches: true,
      selfSigned: true,
    });
    expect(embeds(withKeysOf(mine.curve25519.public, eve.store.account.ed25519.public))).toMatchObject({
      embedded: { curve25519Matches: true, ed25519Matches: false, selfSigned: false },
      sender: { ed25519: eve.store.account.ed25519.public, curve25519: mine.curve25519.public, source: 'both' },
    });
    const confused = factsOf({ sender_device_keys: honest, keys: { ed25519: mine.curve25519.public } }).facts;
    expect(confused.embedded).toMatchObject({ ed25519IsSenderKey: true, ed25519Matches: false });
  });

  it('of another user are told as theirs, with what is true of them there', () => {
    const facts = embeds(listingOf(eve));
    expect(facts.embedded).toEqual({
      ed25519Matches: false,
      curve25519Matches: false,
      ed25519IsSenderKey: false,
      userMatches: false,
      selfSigned: true,
      byPinnedIdentity: true,
      isListed: true,
    });
    expect(facts.sender).toMatchObject({ user: '@eve:x', device: 'PHONE', source: 'both' });
    expect(factsOf({ sender_device_keys: listingOf(eve) }).listedFacts.sender?.user).toBe('@bob:x');
    // The sender's own keys under another's name are told as that other's.
    const renamed = embeds({ ...listingOf(bob), user_id: '@eve:x' });
    expect([renamed.sender?.user, renamed.embedded?.userMatches]).toEqual(['@eve:x', false]);
    const ofOneself = embeds(listingOf(alice));
    expect([ofOneself.ownUser, ofOneself.embedded?.userMatches]).toEqual([true, false]);
  });

  it('add to what the list says of the same device: either may show the signature of its identity', () => {
    const { signatures: _gone, ...unsigned } = honest;
    const known = userOf(alice.store, '@bob:x');
    const users = { ...alice.store.users, '@bob:x': { ...known, devices: { LAPTOP: { keys: unsigned } } } };
    const at = { ...alice, store: { ...alice.store, users } };
    const pinned = { crossSignedBy: known.identity.pinned, byPinnedIdentity: true, source: 'both', device: 'LAPTOP' };
    expect(embeds(honest, at).sender).toMatchObject(pinned);
    expect(embeds(unsigned).sender).toMatchObject(pinned);
    expect(embeds(unsigned, at).sender).toMatchObject({ crossSignedBy: null, byPinnedIdentity: false });
  });
});

describe('what does not open', () => {
  it('is no event, no Olm message for this device, or not readable, and each is told apart', () => {
    const { raw } = sealedBy(bob, alice, sessionTo(bob, alice), said);
    const content = (change: JsonObject): JsonObject => ({ ...raw, content: { ...raw.content, ...change } });
    const mine = alice.store.account.curve25519.public;
    const message = sure(raw.content.ciphertext[mine]);
    expect(why(alice, { sender: '@bob:x' })).toBe('not an event');
    expect(why(alice, { type: 'm.dummy' })).toBe('not an event');
    expect(why(alice, { type: 'm.dummy', sender: 4 })).toBe('not an event');
    for (const change of [
      { algorithm: 'm.megolm.v1.aes-sha2' },
      { sender_key: undefined },
      { ciphertext: {} },
      { ciphertext: { another: message } },
      { ciphertext: { [mine]: { ...message, type: 2 } } },
      { ciphertext: { [mine]: { type: 0 } } },
      { ciphertext: { [mine]: message.body } },
      { ciphertext: { [mine]: null } },
      { ciphertext: 'text' },
    ])
      expect(why(alice, content(change))).toBe('not an Olm message for this device');
    expect(why(alice, { ...raw, content: 'text' })).toBe('not an Olm message for this device');
    expect(why(alice, content({ ciphertext: { [mine]: { ...message, body: `${message.body}x` } } }))).toBe(
      'does not open',
    );
    expect(why(alice, content({ sender_key: eve.store.account.curve25519.public }))).toBe('does not open');
    expect(why(alice, content({ sender_key: '__proto__' }))).toBe('does not open');
    for (const text of ['no JSON', '5', 'null', '[]', '{}', '{"type":5}'])
      expect(why(alice, letter(text))).toBe('its plaintext is not an event');
  });

  it('leaves nothing behind: neither keys nor sessions change', () => {
    const { raw } = sealedBy(bob, alice, sessionTo(bob, alice), said);
    const bad = { ...raw, content: { ...raw.content, sender_key: eve.store.account.curve25519.public } };
    expect(open(alice.env, alice.store, bad, 0).store).toBe(alice.store);
    expect(open(alice.env, alice.store, { type: 'm.dummy' }, 0).store).toBe(alice.store);
    // What opened and was nonsense has used its keys up.
    const used = open(alice.env, alice.store, letter('nonsense'), 0).store;
    expect(Object.keys(used.account.oneTime).length).toBe(Object.keys(alice.store.account.oneTime).length - 1);
    expect(used.olm[bob.store.account.curve25519.public]).toHaveLength(1);
  });
});

describe('Olm sessions', () => {
  const key = bob.store.account.curve25519.public;
  const ids = (store: Store): readonly string[] => (store.olm[key] ?? []).map(({ id }) => id);

  it('begin with a pre-key message, whose one-time key is gone then, and go on with later ones', () => {
    const first = sealedBy(bob, alice, sessionTo(bob, alice), said, 0);
    const second = sealedBy(bob, alice, first.session, said, 1);
    const one = opened(alice, first.raw).store;
    expect(ids(one)).toEqual([first.session.id]);
    expect(Object.keys(one.account.oneTime)).toHaveLength(5);
    const two = opened({ ...alice, store: one }, second.raw).store;
    expect(ids(two)).toEqual([first.session.id]);
    expect(two.account).toEqual(one.account);
    expect(two.olm[key]).not.toEqual(one.olm[key]);
  });

  it('open a replayed message not again, and begin no second session with it, though its fallback key is still there', () => {
    const onFallback = sure(
      suite.olmOutbound(
        bob.store.account,
        alice.store.account.curve25519.public,
        sure(alice.store.account.fallback.current).public,
        'on fallback',
      ),
    );
    const { raw } = sealedBy(bob, alice, onFallback, said);
    const after = { ...alice, store: opened(alice, raw).store };
    expect(why(after, raw)).toBe('does not open');
    expect(open(after.env, after.store, raw, 0).store).toBe(after.store);
    // Only a device that has lost the session takes it for a first message.
    expect(opened({ ...after, store: { ...after.store, olm: {} } }, raw).inside?.type).toBe('m.dummy');
  });

  it('are kept four for each device, and the oldest goes when a fifth begins', () => {
    let at = alice;
    const begun = [0, 1, 2, 3, 4].map((nth) => {
      const { raw, session } = sealedBy(bob, alice, sessionTo(bob, alice, nth), said);
      at = { ...at, store: opened(at, raw).store };
      return session.id;
    });
    expect(sessionsMax).toBe(4);
    expect(ids(at.store)).toEqual(begun.slice(1));
  });

  it('are tried in turn by a normal message, and the one that opens it is the one to write on', () => {
    const [a, b] = [
      sealedBy(bob, alice, sessionTo(bob, alice, 0), said),
      sealedBy(bob, alice, sessionTo(bob, alice, 1), said),
    ];
    const one = opened(alice, a.raw).store;
    const two = opened({ ...alice, store: one }, b.raw).store;
    expect(ids(two)).toEqual([a.session.id, b.session.id]);
    // Alice has written back on the older: what Bob says on it from now on is no pre-key message.
    const back = suite.olmEncrypt(sure(two.olm[key]?.[0]), 'back', 'back');
    const heard = sure(suite.olmDecrypt(a.session, back.message)).session;
    const normal = sealedBy(bob, alice, heard, { ...said, type: 'm.normal' }, 1);
    const three = opened({ ...alice, store: two }, normal.raw);
    expect(three.inside?.type).toBe('m.normal');
    expect(ids(three.store)).toEqual([b.session.id, a.session.id]);
    expect(why({ ...alice, store: { ...two, olm: {} } }, normal.raw)).toBe('does not open');
    expect(why({ ...alice, store: three.store }, normal.raw)).toBe('does not open');
  });

  it('of others stay as they are', () => {
    const eves = sealedBy(eve, alice, sessionTo(eve, alice, 1), plaintextOf(eve, alice, 'm.dummy'));
    const both = opened({ ...alice, store: opened(alice, eves.raw).store }, letter()).store;
    expect(both.olm[eve.store.account.curve25519.public]).toHaveLength(1);
    expect(ids(both)).toHaveLength(1);
  });
});
