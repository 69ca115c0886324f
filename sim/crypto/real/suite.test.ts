import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../machines/json.ts';
import type { OlmAccount, OlmMessage, Suite } from '../../../machines/suite.ts';
import { base64 } from './base64.ts';
import { drawsOf } from './draw.ts';
import { makeRealSuite } from './suite.ts';

const suite = makeRealSuite('seed');
const sure = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('what should have worked did not');
  return value;
};
/** As a world does that was stored and read again. */
const reread = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const zeroKey = 'A'.repeat(43);

const alice = suite.newAccount('alice/account');
const bob = suite.makeOneTimeKeys(suite.newAccount('bob/account'), 2, 'bob/keys');
const firstKey = (account: OlmAccount) => sure(Object.values(account.oneTime)[0]).public;
const begin = (to: OlmAccount, text: string, label = 'alice/olm/0') => {
  const session = sure(suite.olmOutbound(alice, to.curve25519.public, firstKey(to), label));
  return suite.olmEncrypt(session, text, `${label}/0`);
};

describe('named randomness', () => {
  const values = (of: Suite, label: string): readonly unknown[] => {
    const account = of.makeFallbackKey(of.makeOneTimeKeys(of.newAccount(label), 2, label), label);
    const peer = of.newAccount(`${label} peer`);
    const olm = sure(of.olmOutbound(account, peer.curve25519.public, peer.curve25519.public, label));
    const megolm = of.megolmOutbound(label);
    return [
      of.signingKey(label),
      account,
      of.olmEncrypt(olm, 'text', label),
      of.megolmSessionKey(megolm),
      of.megolmEncrypt(megolm, 'text'),
      of.backupKey(label),
      of.backupSeal(of.backupKey('fixed').public, { a: 1 }, label),
      of.attachmentSeal('text', label),
      of.secretStorageKey(label),
      of.secretSeal(of.secretStorageKey('fixed'), 'name', 'text', label),
    ];
  };

  it('gives the same values for the same seed and label', () => {
    expect(values(makeRealSuite('s'), 'label')).toEqual(values(makeRealSuite('s'), 'label'));
  });

  it('gives other values for another label or another seed, everywhere', () => {
    const first = values(makeRealSuite('s'), 'label');
    const others = [values(makeRealSuite('s'), 'label2'), values(makeRealSuite('t'), 'label')];
    for (const other of others)
      first.forEach((value, i) => {
        expect(other[i]).not.toEqual(value);
      });
  });

  it('does not use one value twice under one label', () => {
    const account = suite.makeFallbackKey(suite.makeOneTimeKeys(suite.newAccount('x'), 2, 'x'), 'x');
    const secrets = [
      account.curve25519.secret,
      account.ed25519.secret,
      ...Object.values(account.oneTime).map(({ secret }) => secret),
      sure(account.fallback.current).secret,
      suite.secretStorageKey('x'),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  it('is as long as asked for and never runs together', () => {
    const draw = drawsOf('s');
    expect(draw('a', 'b', 100)).toHaveLength(100);
    expect(draw('a', 'b', 64).subarray(0, 32)).toEqual(draw('a', 'b', 32));
    expect(draw('b', 'a', 32)).not.toEqual(draw('a', 'b', 32));
  });
});

describe('signatures', () => {
  const pair = suite.signingKey('signer');
  const object: JsonObject = { b: [1, { d: null, c: 'é' }], a: 'x' };
  const signature = suite.sign(pair.secret, object);

  it('hold for the signed members, in any order, with other signatures and unsigned data beside them', () => {
    expect(suite.verify(pair.public, { a: 'x', b: [1, { c: 'é', d: null }] }, signature)).toBe(true);
    expect(
      suite.verify(pair.public, { ...object, unsigned: { age: 1.5 }, signatures: { '@a:x': {} } }, signature),
    ).toBe(true);
    expect(suite.verify(`${pair.public}=`, object, `${signature}==`)).toBe(true);
  });

  it('do not hold for anything else', () => {
    const other = suite.signingKey('other').public;
    expect(suite.verify(pair.public, { ...object, a: 'y' }, signature)).toBe(false);
    expect(suite.verify(pair.public, { ...object, extra: 1 }, signature)).toBe(false);
    expect(suite.verify(other, object, signature)).toBe(false);
    expect(suite.verify(pair.public, object, suite.sign(pair.secret, {}))).toBe(false);
    for (const [key, text] of [
      ['', signature],
      [pair.public, ''],
      ['no key', signature],
      [pair.public, 'AAAA'],
    ] as const)
      expect(suite.verify(key, object, text)).toBe(false);
    expect(suite.verify(pair.public, { a: 1.5 }, signature)).toBe(false);
  });

  it('know the public half of a secret', () => {
    expect(suite.signingPublic(pair.secret)).toBe(pair.public);
    expect(suite.signingPublic('short')).toBeNull();
    expect(suite.backupPublic(suite.backupKey('b').secret)).toBe(suite.backupKey('b').public);
    expect(suite.backupPublic('short')).toBeNull();
  });

  it('refuse to be made over what has no canonical form, saying why', () => {
    expect(() => suite.sign(pair.secret, { a: 0.5 })).toThrow(/canonical JSON/);
  });
});

describe('Olm accounts', () => {
  it('name every key anew', () => {
    const more = suite.makeFallbackKey(suite.makeOneTimeKeys(bob, 3, 'bob/more'), 'bob/fallback');
    const ids = [...Object.keys(more.oneTime), sure(more.fallback.current).id];
    expect(new Set(ids).size).toBe(6);
    expect(more.made).toBe(6);
    expect(Object.keys(bob.oneTime)).toHaveLength(2);
  });

  it('keep the previous fallback key, and one before that no longer', () => {
    const first = suite.makeFallbackKey(bob, 'f1');
    const second = suite.makeFallbackKey(first, 'f2');
    const third = suite.makeFallbackKey(second, 'f3');
    const reach = (account: OlmAccount, key: string): boolean => {
      const session = sure(suite.olmOutbound(alice, bob.curve25519.public, key, 'reach'));
      const { message } = suite.olmEncrypt(session, 'x', 'reach/0');
      const opened = suite.olmInbound(account, alice.curve25519.public, message);
      // A fallback key serves again and again.
      return opened !== null && suite.olmInbound(opened.account, alice.curve25519.public, message) !== null;
    };
    const key = sure(first.fallback.current).public;
    expect([first, second, third].map((account) => reach(account, key))).toEqual([true, true, false]);
  });
});

describe('Olm sessions', () => {
  it('carry a conversation although every state is stored and read again', () => {
    const first = begin(bob, 'hello 😀');
    const heard = sure(suite.olmInbound(reread(bob), alice.curve25519.public, reread(first.message)));
    expect(heard).toMatchObject({ plaintext: 'hello 😀', session: { peer: alice.curve25519.public, received: true } });
    expect(heard.session.id).toBe(first.session.id);
    expect(suite.olmSessionIdOf(first.message)).toBe(first.session.id);
    let [ours, theirs] = [reread(first.session), reread(heard.session)];
    for (let i = 0; i < 3; i++) {
      const answer = suite.olmEncrypt(theirs, `answer ${i}`, `bob/olm/${i}`);
      const read = sure(suite.olmDecrypt(ours, answer.message));
      const next = suite.olmEncrypt(reread(read.session), `next ${i}`, `alice/olm/0/${i + 1}`);
      const readNext = sure(suite.olmDecrypt(reread(answer.session), next.message));
      expect([read.plaintext, readNext.plaintext, answer.message.type, next.message.type]).toEqual([
        `answer ${i}`,
        `next ${i}`,
        1,
        1,
      ]);
      [ours, theirs] = [reread(next.session), reread(readNext.session)];
    }
  });

  it('use a one-time key up only once the first message has opened', () => {
    const { message } = begin(bob, 'hello');
    const bytes = Buffer.from(message.body, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const broken: OlmMessage = { type: 0, body: bytes.toString('base64').replace(/=+$/, '') };
    expect(suite.olmInbound(bob, alice.curve25519.public, broken)).toBeNull();
    const { account } = sure(suite.olmInbound(bob, alice.curve25519.public, message));
    expect(Object.keys(account.oneTime)).toHaveLength(1);
    expect(suite.olmInbound(account, alice.curve25519.public, message)).toBeNull();
  });

  it('are not begun with an identity that is not the sender’s, nor with keys that are none', () => {
    const { message } = begin(bob, 'hello');
    expect(suite.olmInbound(bob, bob.curve25519.public, message)).toBeNull();
    expect(suite.olmInbound(bob, 'nobody', message)).toBeNull();
    expect(suite.olmInbound(alice, alice.curve25519.public, message)).toBeNull();
    for (const [peer, key] of [
      [zeroKey, firstKey(bob)],
      [bob.curve25519.public, zeroKey],
      ['', firstKey(bob)],
    ] as const)
      expect(suite.olmOutbound(alice, peer, key, 'x')).toBeNull();
  });

  it('answer null to anything that is no message of theirs', () => {
    const { session, message } = begin(bob, 'hello');
    const other = sure(suite.olmInbound(bob, alice.curve25519.public, begin(bob, 'x', 'alice/olm/1').message)).session;
    expect(suite.olmDecrypt(other, message)).toBeNull();
    const junk: readonly OlmMessage[] = [
      { type: 1, body: '' },
      { type: 0, body: '!' },
      { type: 1, body: message.body },
      { type: JSON.parse('7'), body: message.body },
      reread({ type: 0 }) as OlmMessage,
    ];
    for (const message of junk) {
      expect(suite.olmDecrypt(session, message)).toBeNull();
      expect(suite.olmInbound(bob, alice.curve25519.public, message)).toBeNull();
    }
    expect(suite.olmSessionIdOf({ type: 1, body: message.body })).toBeNull();
  });

  it('do not share what is remembered with someone who lacks the secret', () => {
    const { message } = begin(bob, 'private');
    sure(suite.olmInbound(bob, alice.curve25519.public, message));
    const mallory = suite.makeOneTimeKeys(suite.newAccount('mallory'), 1, 'mallory/keys');
    const stolen = Object.fromEntries(
      Object.entries(bob.oneTime).map(([id, pair]) => [id, { ...pair, secret: mallory.curve25519.secret }]),
    );
    const masked = {
      ...mallory,
      curve25519: { ...mallory.curve25519, public: bob.curve25519.public },
      oneTime: stolen,
    };
    expect(suite.olmInbound(masked, alice.curve25519.public, message)).toBeNull();
  });
});

describe('Megolm sessions', () => {
  const outbound = suite.megolmOutbound('room');
  const key = suite.megolmSessionKey(outbound);

  it('open every message once the key was shared, in any order, and none from before', () => {
    let session = outbound;
    const sent: string[] = [];
    let lateKey = '';
    for (let i = 0; i < 6; i++) {
      if (i === 3) lateKey = suite.megolmSessionKey(session);
      const sealed = suite.megolmEncrypt(reread(session), `message ${i}`);
      session = sealed.session;
      sent.push(sealed.ciphertext);
    }
    const early = sure(suite.megolmInbound(key, 'signed'));
    const late = sure(suite.megolmInbound(lateKey, 'signed'));
    expect([early.firstKnownIndex, late.firstKnownIndex, early.verified]).toEqual([0, 3, true]);
    for (const i of [5, 0, 3, 3, 1, 4]) {
      const ciphertext = sure(sent[i]);
      expect(suite.megolmDecrypt(reread(early), ciphertext)).toEqual({ plaintext: `message ${i}`, index: i });
      expect(suite.megolmDecrypt(late, ciphertext)?.index ?? null).toBe(i < 3 ? null : i);
    }
    expect(suite.megolmSame(early, late)).toBe(true);
  });

  it('are exported from any index they know, as unverified', () => {
    const inbound = sure(suite.megolmInbound(key, 'signed'));
    const exported = sure(suite.megolmInbound(sure(suite.megolmExport(inbound, 300)), 'exported'));
    expect(exported).toMatchObject({ firstKnownIndex: 300, verified: false, sessionId: outbound.sessionId });
    expect(suite.megolmSame(inbound, exported)).toBe(true);
    for (const index of [299, -1, 1.5, 2 ** 32]) expect(suite.megolmExport(exported, index)).toBeNull();
    expect(
      suite.megolmSame(inbound, sure(suite.megolmInbound(suite.megolmSessionKey(suite.megolmOutbound('b')), 'signed'))),
    ).toBe(false);
  });

  it('take each key form only where it is expected, and a signed one only unpadded', () => {
    const inbound = sure(suite.megolmInbound(key, 'signed'));
    const exported = sure(suite.megolmExport(inbound, 0));
    expect(suite.megolmInbound(key, 'exported')).toBeNull();
    expect(suite.megolmInbound(exported, 'signed')).toBeNull();
    expect(suite.megolmInbound(`${key}==`, 'signed')).toBeNull();
    expect(suite.megolmInbound('', 'signed')).toBeNull();
  });
});

describe('things at rest', () => {
  it('are what they were when they are opened again', () => {
    const backup = suite.backupKey('b');
    const session: JsonObject = { session_key: 'k', sender_claimed_keys: { ed25519: 'é' } };
    expect(suite.backupOpen(backup.secret, sure(suite.backupSeal(backup.public, session, 'l')))).toEqual(session);
    const attachment = suite.attachmentSeal('text é', 'l');
    expect(suite.attachmentOpen(attachment.ciphertext, attachment.info)).toBe('text é');
    const storage = suite.secretStorageKey('l');
    expect(suite.secretOpen(storage, 'name', suite.secretSeal(storage, 'name', 'secret é', 'l'))).toBe('secret é');
    expect(suite.hash('')).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
  });

  it('answer null to wrong keys and malformed input', () => {
    const backup = suite.backupKey('b');
    const data = sure(suite.backupSeal(backup.public, {}, 'l'));
    const { ciphertext, info } = suite.attachmentSeal('text', 'l');
    const stored = suite.secretSeal(suite.secretStorageKey('l'), 'name', 'secret', 'l');
    expect([
      suite.backupOpen(suite.backupKey('c').secret, data),
      suite.backupOpen('short', data),
      suite.backupSeal('short', {}, 'l'),
      suite.backupSeal(base64(new Uint8Array(32)), {}, 'l'),
      suite.backupOpen(backup.secret, reread({}) as typeof data),
      suite.attachmentOpen('!', info),
      suite.attachmentOpen(ciphertext, reread({}) as typeof info),
      suite.secretOpen(suite.secretStorageKey('m'), 'name', stored),
      suite.secretOpen('short', 'name', stored),
      suite.secretOpen(suite.secretStorageKey('l'), 'name', reread({}) as typeof stored),
    ]).toEqual(Array(10).fill(null));
  });

  it('answers null to a changed backup entry, whose MAC proves nothing, when no JSON object comes out', () => {
    const backup = suite.backupKey('b');
    const data = sure(suite.backupSeal(backup.public, { a: 'long enough for two blocks' }, 'l'));
    const bytes = Buffer.from(data.ciphertext, 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(suite.backupOpen(backup.secret, { ...data, ciphertext: bytes.toString('base64') })).toBeNull();
  });
});
