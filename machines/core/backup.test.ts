import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { CoreAnswers } from '../effects.ts';
import { type JsonObject, objectAt } from '../json.ts';
import { noFlags } from '../room-keys/flags.ts';
import type { FlagForms } from '../room-types.ts';
import { type ReadBackupEntry, roomKeyName } from '../room-types.ts';
import type { Store } from '../store.ts';
import { backupDescribed, makeBackup, makeRoomKey, readBackup, sealRoomKeys } from './backup.ts';
import { backupFacts } from './facts.ts';
import { newSession } from './megolm.ts';
import { patched } from './patches.ts';
import { answersIn, momentsIn, person, replyFor, sure, withIdentity } from './testing.ts';

const suite = makeSymbolicSuite('backup');
const reply = replyFor('test.answered');
const { env, store: bare } = person(suite, '@alice:x', 'PHONE');
const alice = withIdentity({ env, store: bare }).store;
const made = (store: Store) => {
  const step = makeBackup(env, store, reply);
  return { store: step.store, made: sure(answersIn(step.outs)[0]) as CoreAnswers['make backup'] };
};
const factsOf = (store: Store, authData: JsonObject) =>
  sure(backupFacts(suite, store, { version: '1', auth_data: authData }));

describe('a new backup', () => {
  it('has a key of its own each time, and data about it plain and signed by the device and the pinned master key', () => {
    const first = made(alice);
    expect(first.made.public).toBe(suite.backupPublic(first.made.secret));
    expect(first.made.authData).toEqual({ public_key: first.made.public });
    expect(factsOf(alice, first.made.signedAuthData)).toMatchObject({
      publicKey: first.made.public,
      signedByPinnedMaster: true,
      signedByDevices: ['PHONE'],
    });
    expect(made(first.store).made.public).not.toBe(first.made.public);
  });

  it('is signed by the device alone where the master key is not held, not pinned, or none', () => {
    const signers = (store: Store) =>
      Object.keys(objectAt(objectAt(made(store).made.signedAuthData, 'signatures'), '@alice:x'));
    const master = sure(alice.secrets['m.cross_signing.master']);
    expect(signers(alice)).toEqual(['ed25519:PHONE', `ed25519:${master.public}`]);
    const holds = (held: Store['secrets'][string]): Store => ({
      ...alice,
      secrets: { ...alice.secrets, 'm.cross_signing.master': held },
    });
    const another = suite.signingKey('another');
    for (const store of [
      bare,
      { ...alice, secrets: {} },
      holds({ ...master, secret: another.secret, public: another.public }),
      holds({ ...master, secret: 'no secret', public: null }),
      { ...bare, secrets: alice.secrets },
    ])
      expect(signers(store)).toEqual(['ed25519:PHONE']);
  });
});

const { made: backup, store: begun } = made(alice);
const two = newSession(env, newSession(env, begun, '!den:x', true).store, '!den:x', false).store;
const full = newSession(env, two, '!attic:x', false).store;
const seal = (store: Store, publicKey = backup.public, flags: FlagForms = noFlags, version = '7') => {
  const step = sealRoomKeys(env, store, { backup: { version, publicKey }, flags }, reply);
  expect(step.store).toBe(store);
  return (sure(answersIn(step.outs)[0]) as CoreAnswers['seal room keys']).sealed;
};
const sessionsOf = (rooms: JsonObject, room: string) => objectAt(objectAt(rooms, room), 'sessions');

describe('room keys for a backup', () => {
  it('are sealed one by one, filed by room and session id', () => {
    const sealed = sure(seal(full));
    expect(sealed.version).toBe('7');
    expect([...sealed.sessions].sort()).toEqual(Object.keys(full.roomKeys).sort());
    expect(Object.keys(sealed.rooms)).toEqual(['!den:x', '!attic:x']);
    expect(Object.keys(sessionsOf(sealed.rooms, '!den:x'))).toHaveLength(2);
    for (const { room, session } of Object.values(full.roomKeys)) {
      const entry = objectAt(sessionsOf(sealed.rooms, room), session.sessionId);
      expect(entry).toMatchObject({ first_message_index: 0, forwarded_count: 0, is_verified: false });
      expect(suite.backupOpen(backup.secret, entry.session_data as never)).toEqual({
        algorithm: 'm.megolm.v1.aes-sha2',
        forwarding_curve25519_key_chain: [],
        sender_claimed_keys: { ed25519: full.account.ed25519.public },
        sender_key: full.account.curve25519.public,
        session_key: suite.megolmExport(session, 0),
      });
    }
  });

  it('bear the flag as the device is told to write it', () => {
    const flags: FlagForms = { ...noFlags, names: ['shared_history'] };
    const sealed = sure(seal(full, backup.public, flags));
    const written = Object.values(full.roomKeys).map(({ room, session, sharedHistory }) => [
      suite.backupOpen(backup.secret, objectAt(sessionsOf(sealed.rooms, room), session.sessionId).session_data as never)
        ?.shared_history,
      sharedHistory,
    ]);
    expect(written).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  it('are only those that it lacks, by its version', () => {
    const all = Object.keys(full.roomKeys);
    const some = patched(full, { patch: 'backed up', sessions: all.slice(0, 2), version: '7' });
    expect(seal(some)?.sessions).toEqual(all.slice(2));
    expect(seal(some, backup.public, noFlags, '8')?.sessions).toEqual(all);
    expect(seal(patched(full, { patch: 'backed up', sessions: all, version: '7' }))).toBeNull();
    expect(seal(begun)).toBeNull();
  });

  it('are sealed from their first known index on', () => {
    const [name, key] = sure(Object.entries(full.roomKeys)[0]);
    const late = sure(suite.megolmInbound(sure(suite.megolmExport(key.session, 3)), 'exported'));
    const sealed = sure(seal({ ...full, roomKeys: { [name]: { ...key, session: late } } }));
    expect(objectAt(sessionsOf(sealed.rooms, key.room), late.sessionId)).toMatchObject({ first_message_index: 3 });
  });

  it('are not sealed to a public key that is none, and then not said to be', () => {
    for (const nonsense of ['', 'nonsense', 'constructor']) expect(seal(full, nonsense)).toBeNull();
  });

  it('are filed under rooms of any name', () => {
    for (const name of ['constructor', '__proto__']) {
      const odd = newSession(env, begun, name, false).store;
      const sealed = sure(seal(odd));
      expect(Object.keys(sealed.rooms)).toEqual([name]);
      const held = { secret: backup.secret, public: backup.public, origin: { how: 'entered' } as const };
      const step = readBackup(env, { ...odd, secrets: { 'm.megolm_backup.v1': held } }, sealed.rooms, reply);
      expect(answersIn(step.outs)[0]).toMatchObject({ read: [{ room: name, idMatches: true, isHeld: true }] });
    }
  });
});

describe('what a backup answers', () => {
  const held = { secret: backup.secret, public: backup.public, origin: { how: 'entered' } as const };
  const reader: Store = {
    ...alice,
    secrets: { 'm.megolm_backup.v1': held },
    backup: { version: '7', publicKey: backup.public },
  };
  const { rooms } = sure(seal(full, backup.public, { ...noFlags, names: ['shared_history'] }));
  const read = (store: Store, given: JsonObject = rooms) => {
    const step = readBackup(env, store, given, reply);
    expect(step.store).toBe(store);
    return sure(answersIn(step.outs)[0]) as { read: readonly ReadBackupEntry[]; version: string | null };
  };

  it('is opened with the key that is held, room by room, and nothing of it is taken', () => {
    const found = read(reader);
    expect(found.version).toBe('7');
    expect(found.read.map(({ room }) => room)).toEqual(['!attic:x', '!den:x', '!den:x']);
    const [first] = Object.values(full.roomKeys);
    expect(found.read[1]).toEqual({
      room: '!den:x',
      sessionId: sure(first).session.sessionId,
      key: { ...sure(first).session, verified: false },
      idMatches: true,
      senderKey: full.account.curve25519.public,
      senderEd25519: full.account.ed25519.public,
      flag: 'true',
      isHeld: false,
    });
    expect(found.read[2]?.flag).toBe('false');
    expect(read({ ...reader, backup: null }).version).toBeNull();
  });

  it('is nothing to whoever holds no key of a backup', () => {
    expect(read({ ...reader, secrets: {} }).read).toEqual([]);
    expect(read({ ...reader, secrets: { constructor: held } }).read).toEqual([]);
  });

  it('says of each entry whether it is held already, under that room and id', () => {
    const [name, key] = sure(Object.entries(full.roomKeys)[0]);
    const found = read({ ...reader, roomKeys: { [name]: key } }).read;
    expect(found.filter(({ isHeld }) => isHeld).map((one) => roomKeyName(one.room, one.sessionId))).toEqual([name]);
  });

  it('shows an entry that is filed under another id, opens with another key, or is none', () => {
    const [key] = Object.values(full.roomKeys);
    const entry = objectAt(sessionsOf(rooms, '!den:x'), sure(key).session.sessionId);
    const one = (id: string, change: unknown, store = reader) =>
      read(store, { '!den:x': { sessions: { [id]: change as JsonObject } } }).read;
    expect(one('another id', entry)).toMatchObject([
      { sessionId: 'another id', idMatches: false, isHeld: false, key: { sessionId: sure(key).session.sessionId } },
    ]);
    const other = suite.backupKey('other');
    const elsewhere = { ...reader, secrets: { 'm.megolm_backup.v1': { ...held, secret: other.secret } } };
    const nothing = { key: null, idMatches: false, senderKey: '', senderEd25519: '', flag: 'absent' };
    expect(one('id', entry, elsewhere)).toMatchObject([nothing]);
    expect(one('id', {})).toMatchObject([nothing]);
    expect(one('id', { session_data: 'text' })).toMatchObject([nothing]);
    const nonsense = suite.backupSeal(
      backup.public,
      { session_key: 'none', sender_key: 5, sender_claimed_keys: [] },
      'n',
    );
    expect(one('id', { session_data: nonsense })).toMatchObject([nothing]);
    const keyless = suite.backupSeal(backup.public, { shared_history: 'yes', sender_key: 'c' }, 'k');
    expect(one('id', { session_data: keyless })).toMatchObject([{ ...nothing, senderKey: 'c', flag: 'not boolean' }]);
    for (const none of [null, 'text', 5, []]) expect(one('id', none)).toEqual([]);
    expect(read(reader, { '!den:x': null, '!attic:x': { sessions: 'text' }, c: {} }).read).toEqual([]);
  });
});

describe('a version as the server describes it', () => {
  const described = (status: number, body: JsonObject) =>
    answersIn(backupDescribed(env, alice, { status, body }, reply).outs)[0];

  it('comes with what is true of it, and with nothing where the server says that there is none', () => {
    const body = { version: '7', auth_data: backup.signedAuthData };
    expect(described(200, body)).toMatchObject({
      type: 'test.answered',
      answers: 'backup version',
      status: 200,
      facts: { version: '7', publicKey: backup.public, signedByPinnedMaster: true },
    });
    expect(described(404, body)).toMatchObject({ status: 404, facts: null });
    expect(described(200, {})).toMatchObject({ status: 200, facts: null });
  });
});

describe('a room key that is made', () => {
  it('is held and told, and whoever asked hears that it is there', () => {
    const step = makeRoomKey(env, bare, '!den:x', reply);
    expect(Object.values(step.store.roomKeys)).toMatchObject([
      { room: '!den:x', sharedHistory: false, origin: { how: 'made' }, backedUpIn: null },
    ]);
    expect(momentsIn(step.outs, 'stored')).toHaveLength(1);
    expect(answersIn(step.outs)).toEqual([{ type: 'test.answered', answers: 'make room key' }]);
  });
});
