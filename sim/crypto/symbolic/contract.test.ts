/** What the crypto port promises, held against both suites: charts must not be able to tell which one they run on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../machines/json.ts';
import type { MegolmInbound, MegolmOutbound, OlmAccount, Suite } from '../../../machines/suite.ts';
import { nodeCurves } from '../node/backend.ts';
import { makeRealSuite } from '../real/suite.ts';
import { makeSymbolicSuite } from './suite.ts';
import { changed, hostile, reread, sure } from './testing.ts';

const jsonObject = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' }), fc.boolean(), fc.array(fc.nat(), { maxLength: 3 })),
  { maxKeys: 4 },
) as fc.Arbitrary<JsonObject>;

/** Every shape of a value, with its leaves' kinds and not what they say. */
const shapeOf = (value: Json | undefined): Json => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member as Json)]));
  return typeof value;
};

const runs = { numRuns: 15 };

describe.each([
  ['real', makeRealSuite('seed', nodeCurves)],
  ['symbolic', makeSymbolicSuite('seed')],
] as const)('the %s suite', (name, suite: Suite) => {
  const alice = suite.newAccount('alice/account');
  const bob = suite.makeFallbackKey(suite.makeOneTimeKeys(suite.newAccount('bob/account'), 2, 'bob/keys'), 'bob/fall');
  const firstKey = (account: OlmAccount) => sure(Object.values(account.oneTime)[0]).public;
  it('says which it is', () => {
    expect(suite.name).toBe(name);
  });

  it('holds a signature by its key over its content alone', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, fc.nat(500), (object, other, at) => {
        const { secret, public: key } = alice.ed25519;
        const signature = suite.sign(secret, object);
        const beside = { ...object, signatures: { '@a:x': { k: 'y' } }, unsigned: { age: 1.5 } };
        const backwards = Object.fromEntries(Object.entries(beside).reverse());
        expect(suite.verify(key, backwards, signature)).toBe(true);
        expect(suite.verify(bob.ed25519.public, object, signature)).toBe(false);
        expect(suite.verify(alice.curve25519.public, object, signature)).toBe(false);
        expect(suite.verify(key, object, changed(signature, at))).toBe(false);
        expect(suite.verify(key, { ...object, more: 1 }, signature)).toBe(false);
        expect(suite.verify(changed(key, at), object, signature)).toBe(false);
        const covered = ({ signatures: _s, unsigned: _u, ...rest }: JsonObject) => rest;
        expect(suite.sign(secret, other) === signature).toBe(
          fc.stringify(Object.entries(covered(other)).sort()) === fc.stringify(Object.entries(covered(object)).sort()),
        );
      }),
      runs,
    );
    for (const [key, text] of [
      ['', 'x'],
      [alice.ed25519.public, ''],
      ['no key', 'no signature'],
    ] as const)
      expect(suite.verify(key, {}, text)).toBe(false);
    expect(suite.verify(alice.ed25519.public, { a: 0.5 }, suite.sign(alice.ed25519.secret, {}))).toBe(false);
    expect(() => suite.sign(alice.ed25519.secret, { a: 0.5 })).toThrow(/canonical JSON/);
    expect(() => suite.sign('no secret', {})).toThrow();
  });

  it('knows the public half of a secret, and of nothing that is none', () => {
    const [pair, backup] = [suite.signingKey('x'), suite.backupKey('x')];
    expect([suite.signingPublic(pair.secret), suite.backupPublic(backup.secret)]).toEqual([pair.public, backup.public]);
    // A secret of the wrong kind is still some secret, of a key nobody uses.
    expect([pair.public, backup.public]).not.toContain(suite.signingPublic(backup.secret));
    expect([null, pair.public, backup.public]).not.toContain(suite.backupPublic(pair.secret));
    for (const text of ['', 'short', 'A'.repeat(44), '{"not":"a key"}', `${pair.secret} `])
      expect([suite.signingPublic(text), suite.backupPublic(text)]).toEqual([null, null]);
  });

  it('opens Megolm messages from the first known index on, again and again', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.nat(9), (texts, shared, ahead) => {
        let session: MegolmOutbound = suite.megolmOutbound('room');
        const sent: string[] = [];
        const keys: string[] = [];
        for (const text of texts) {
          keys.push(suite.megolmSessionKey(session));
          const sealed = suite.megolmEncrypt(reread(session), text);
          session = sealed.session;
          sent.push(sealed.ciphertext);
        }
        const from = shared % texts.length;
        const inbound: MegolmInbound = sure(suite.megolmInbound(sure(keys[from]), 'signed'));
        expect(inbound).toMatchObject({ sessionId: session.sessionId, firstKnownIndex: from, verified: true });
        const later = from + ahead;
        const exported = sure(suite.megolmInbound(sure(suite.megolmExport(reread(inbound), later)), 'exported'));
        expect(exported).toMatchObject({ sessionId: session.sessionId, firstKnownIndex: later, verified: false });
        expect(suite.megolmSame(inbound, exported)).toBe(true);
        expect(suite.megolmExport(inbound, from - 1)).toBeNull();
        texts.forEach((text, index) => {
          const opened = { plaintext: text.toWellFormed(), index };
          for (let twice = 0; twice < 2; twice++)
            expect(suite.megolmDecrypt(inbound, sure(sent[index]))).toEqual(index < from ? null : opened);
          expect(suite.megolmDecrypt(exported, sure(sent[index]))).toEqual(index < later ? null : opened);
        });
      }),
      runs,
    );
  });

  it('takes each form of a Megolm key where it is expected, unchanged, and tells sessions apart', () => {
    const [outbound, second] = [suite.megolmOutbound('room'), suite.megolmOutbound('second room')];
    const key = suite.megolmSessionKey(outbound);
    const inbound = sure(suite.megolmInbound(key, 'signed'));
    const exported = sure(suite.megolmExport(inbound, 0));
    const { ciphertext } = suite.megolmEncrypt(outbound, 'text');
    expect([suite.megolmInbound(key, 'exported'), suite.megolmInbound(exported, 'signed')]).toEqual([null, null]);
    for (const text of ['', '!', ciphertext])
      expect([suite.megolmInbound(text, 'signed'), suite.megolmInbound(text, 'exported')]).toEqual([null, null]);
    const other = sure(suite.megolmInbound(suite.megolmSessionKey(second), 'signed'));
    expect(suite.megolmSame(inbound, other)).toBe(false);
    for (const text of [suite.megolmEncrypt(second, 'text').ciphertext, key, exported, ''])
      expect(suite.megolmDecrypt(inbound, text)).toBeNull();
    for (const index of [-1, 1.5, 2 ** 32, Number.NaN]) expect(suite.megolmExport(inbound, index)).toBeNull();
    fc.assert(
      fc.property(fc.nat(4000), (at) => {
        expect(suite.megolmInbound(changed(key, at), 'signed')).toBeNull();
        expect(suite.megolmDecrypt(inbound, changed(ciphertext, at))).toBeNull();
        // An exported key proves nothing of itself: one that was changed may be taken, and opens nothing.
        const forged = suite.megolmInbound(changed(exported, at), 'exported');
        expect(forged && suite.megolmDecrypt(forged, ciphertext)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it('opens a backup entry with the key it was sealed to, and no other', () => {
    const pair = suite.backupKey('backup');
    fc.assert(
      fc.property(jsonObject, (session) => {
        const data = sure(suite.backupSeal(pair.public, session, 'entry'));
        expect(suite.backupOpen(pair.secret, reread(data))).toEqual(session);
        expect(suite.backupOpen(suite.backupKey('other').secret, data)).toBeNull();
      }),
      runs,
    );
    const session = { session_key: 'a key that takes more than one block of the cipher' };
    const [data, other] = ['one', 'two'].map((label) => sure(suite.backupSeal(pair.public, session, label)));
    if (data === undefined || other === undefined) throw new Error('nothing was sealed');
    const mixed = [
      { ...data, ephemeral: other.ephemeral },
      { ...data, mac: other.mac },
      { ...data, ciphertext: other.ciphertext },
      { ...data, ciphertext: changed(data.ciphertext, 3) },
      { ...data, ephemeral: '' },
      reread({}) as typeof data,
    ];
    for (const wrong of mixed) expect(suite.backupOpen(pair.secret, wrong)).toBeNull();
    for (const secret of ['', 'short']) expect(suite.backupOpen(secret, data)).toBeNull();
    for (const key of ['', 'short', 'A'.repeat(43)]) expect(suite.backupSeal(key, session, 'l')).toBeNull();
  });

  it('opens an attachment that is what its info says', () => {
    // Long enough that what a wrong key makes of it cannot happen to be text.
    const long = fc.string({ unit: 'grapheme', minLength: 60, maxLength: 90 });
    fc.assert(
      fc.property(long, (text) => {
        const { ciphertext, info } = suite.attachmentSeal(text, 'one');
        const other = suite.attachmentSeal(text, 'two');
        expect(suite.attachmentOpen(ciphertext, reread(info))).toBe(text);
        expect(suite.attachmentOpen(other.ciphertext, info)).toBeNull();
        expect(suite.attachmentOpen(ciphertext, { ...info, key: other.info.key })).toBeNull();
        expect(suite.attachmentOpen(ciphertext, { ...info, hashes: other.info.hashes })).toBeNull();
        expect(suite.attachmentOpen(changed(ciphertext, 7), info)).toBeNull();
        expect(suite.attachmentOpen(ciphertext, { ...info, v: 'v1' as 'v2' })).toBeNull();
        expect(suite.attachmentOpen(ciphertext, reread({}) as typeof info)).toBeNull();
        // Uploads are base64, and a homeserver looks.
        expect(ciphertext).toMatch(/^[A-Za-z0-9+/]*$/);
        expect(ciphertext.length % 4).not.toBe(1);
      }),
      runs,
    );
    expect(suite.attachmentOpen('', suite.attachmentSeal('x', 'one').info)).toBeNull();
  });

  it('opens a stored secret under its own key and name', () => {
    const [key, otherKey] = [suite.secretStorageKey('one'), suite.secretStorageKey('two')];
    fc.assert(
      fc.property(hostile, hostile, (secret, secretName) => {
        const stored = suite.secretSeal(key, secretName, secret, 'l');
        expect(suite.secretOpen(key, secretName, reread(stored))).toBe(secret.toWellFormed());
        expect(suite.secretOpen(otherKey, secretName, stored)).toBeNull();
        expect(suite.secretOpen(key, `${secretName}x`, stored)).toBeNull();
        expect(suite.secretOpen(key, secretName, { ...stored, mac: suite.hash('x') })).toBeNull();
      }),
      runs,
    );
    const stored = suite.secretSeal(key, 'name', 'secret', 'l');
    for (const wrong of [{ ...stored, ciphertext: changed(stored.ciphertext, 2) }, reread({}) as typeof stored])
      expect(suite.secretOpen(key, 'name', wrong)).toBeNull();
    expect(suite.secretOpen('short', 'name', stored)).toBeNull();
    expect(() => suite.secretSeal('short', 'name', 'secret', 'l')).toThrow();
  });

  it('gives equal values to equal seeds, labels and texts, and others to others', () => {
    const again = name === 'real' ? makeRealSuite('seed', nodeCurves) : makeSymbolicSuite('seed');
    const elsewhere = name === 'real' ? makeRealSuite('soil', nodeCurves) : makeSymbolicSuite('soil');
    const values = (of: Suite, label: string) => {
      const account = of.makeFallbackKey(of.makeOneTimeKeys(of.newAccount(label), 1, label), label);
      const olm = sure(of.olmOutbound(account, account.curve25519.public, firstKey(account), label));
      return [
        of.signingKey(label),
        account,
        of.olmEncrypt(olm, 'text', label),
        of.megolmOutbound(label),
        of.backupKey(label),
        of.backupSeal(of.backupKey(label).public, { a: 1 }, label),
        of.attachmentSeal('text', label),
        of.secretSeal(of.secretStorageKey(label), 'name', 'text', label),
      ];
    };
    expect(values(again, 'label')).toEqual(values(suite, 'label'));
    for (const other of [values(suite, 'label2'), values(elsewhere, 'label')])
      values(suite, 'label').forEach((value, i) => {
        expect(other[i]).not.toEqual(value);
      });
    const account = suite.makeFallbackKey(suite.makeOneTimeKeys(suite.newAccount('x'), 2, 'x'), 'x');
    const secrets = [
      account.curve25519.secret,
      account.ed25519.secret,
      ...Object.values(account.oneTime).map(({ secret }) => secret),
      sure(account.fallback.current).secret,
      suite.secretStorageKey('x'),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(suite.hash('a')).not.toBe(suite.hash('b'));
  });
});

describe('both suites', () => {
  it('give values of the same shape, with the same key ids', () => {
    const shapes = [makeRealSuite('s', nodeCurves), makeSymbolicSuite('s')].map((suite) => {
      const account = suite.makeFallbackKey(suite.makeOneTimeKeys(suite.newAccount('a'), 3, 'a'), 'a');
      const olm = sure(suite.olmOutbound(account, account.curve25519.public, account.curve25519.public, 'o'));
      const megolm = suite.megolmOutbound('m');
      const inbound = sure(suite.megolmInbound(suite.megolmSessionKey(megolm), 'signed'));
      const values: Json = [
        account,
        { ...olm, state: null },
        suite.olmEncrypt(olm, 'x', 'o').message,
        { ...megolm, state: null },
        inbound,
        suite.backupSeal(suite.backupKey('b').public, {}, 'b'),
        suite.attachmentSeal('x', 'a').info as unknown as JsonObject,
        suite.secretSeal(suite.secretStorageKey('k'), 'name', 'x', 'l'),
      ];
      return shapeOf(values);
    });
    expect(shapes[1]).toEqual(shapes[0]);
  });
});
