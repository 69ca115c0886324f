import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../../machines/json.ts';
import { nobleBulk } from '../real/attachment.ts';
import { fromBase64 } from '../real/base64.ts';
import type { Curves } from '../real/curves.ts';
import { plainNobleCurves } from '../real/noble-curves.ts';
import { nobleStretch } from '../real/passphrase.ts';
import { signedBytes } from '../real/signing-json.ts';
import { makeRealSuite } from '../real/suite.ts';
import { fromHex } from '../vectors/check.ts';
import primitives from '../vectors/data/primitives.json' with { type: 'json' };
import signing from '../vectors/data/signing-json.json' with { type: 'json' };
import wycheproof from '../vectors/data/wycheproof.json' with { type: 'json' };
import { nodeBulk, nodeCurves, nodeStretch, plainNodeCurves } from './backend.ts';

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = (hex: string | undefined): Uint8Array => fromHex(hex ?? '') ?? new Uint8Array();
/** What both backends say, as one value each to compare. */
const both = <T>(ask: (curves: Curves) => T): readonly [T, T] => [ask(plainNobleCurves), ask(plainNodeCurves)];

describe('the node backend', () => {
  it('computes what noble computes', () => {
    fc.assert(
      fc.property(key32, key32, fc.uint8Array({ maxLength: 99 }), (a, b, message) => {
        const theirs = plainNobleCurves.exchangePublic(b);
        for (const [noble, node] of [
          both((curves) => curves.exchangePublic(a)),
          both((curves) => curves.signingPublic(a)),
          both((curves) => curves.shared(a, theirs)),
          // any 32 bytes are an X25519 key, on the curve or its twist, reduced or not
          both((curves) => curves.shared(a, b)),
          both((curves) => curves.shared(a, b.fill(255, 1))),
          both((curves) => curves.sign(a, message)),
        ])
          expect(node).toEqual(noble);
      }),
      { numRuns: 15 },
    );
    expect(nodeStretch(bytes('aa'), bytes('bb'), 5, 70)).toEqual(nobleStretch(bytes('aa'), bytes('bb'), 5, 70));
    fc.assert(
      fc.property(key32, fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array(), (key, iv, data) => {
        expect(nodeBulk.ctr(key, iv, data)).toEqual(nobleBulk.ctr(key, iv, data));
        expect(nodeBulk.hash(data)).toEqual(nobleBulk.hash(data));
      }),
    );
  });

  it('agrees with noble on every X25519 and Ed25519 vector', () => {
    let seen = 0;
    for (const vector of primitives.vectors) {
      const { privateHex, publicHex, sharedHex, seedHex, messageHex, signatureHex } = vector as Partial<
        Record<string, string>
      >;
      const given = {
        secret: bytes(privateHex),
        key: bytes(publicHex),
        seed: bytes(seedHex),
        message: bytes(messageHex),
      };
      if (vector.kind.startsWith('x25519')) {
        expect(plainNodeCurves.shared(given.secret, given.key)).toEqual(
          sharedHex === undefined ? null : bytes(sharedHex),
        );
        seen++;
      }
      if (vector.kind === 'ed25519') {
        expect(plainNodeCurves.sign(given.seed, given.message)).toEqual(bytes(signatureHex));
        expect(plainNodeCurves.verify(given.key, given.message, bytes(signatureHex))).toBe(true);
        seen++;
      }
    }
    for (const vector of signing.vectors) {
      const object: unknown = 'signedObject' in vector ? vector.signedObject : undefined;
      const entity: unknown = isObject(object) && isObject(object.signatures) ? object.signatures[vector.entity] : null;
      const written = isObject(entity) ? entity[vector.keyId] : null;
      if (!isObject(object) || typeof written !== 'string') throw new Error(`vector ${vector.id} holds no signature`);
      const [key, signature] = [fromBase64(vector.publicKey), fromBase64(written)];
      const message = signedBytes(object);
      if (key === null || signature === null || message === null) throw new Error(`vector ${vector.id} is malformed`);
      const [noble, node] = both((curves) => curves.verify(key, message, signature));
      expect([vector.id, node, noble]).toEqual([
        vector.id,
        vector.kind !== 'verify-fail',
        vector.kind !== 'verify-fail',
      ]);
      seen++;
    }
    expect(seen).toBeGreaterThan(15);
  });

  it('gives and refuses what the published vectors say', () => {
    const seen: Record<string, number> = {};
    for (const vector of wycheproof.vectors as readonly Readonly<Record<string, string | number>>[]) {
      const at = (name: string): Uint8Array => bytes(String(vector[name]));
      const expected: Readonly<Record<string, () => readonly [unknown, unknown]>> = {
        x25519: () => [plainNodeCurves.shared(at('privateHex'), at('publicHex')), at('sharedHex')],
        'x25519-fail': () => [plainNodeCurves.shared(at('privateHex'), at('publicHex')), null],
        ed25519: () => [plainNodeCurves.verify(at('publicHex'), at('messageHex'), at('signatureHex')), true],
        'ed25519-verify-fail': () => [
          plainNodeCurves.verify(at('publicHex'), at('messageHex'), at('signatureHex')),
          false,
        ],
        'pbkdf2-hmac-sha512': () => [
          nodeStretch(at('passphraseHex'), at('saltHex'), Number(vector.rounds), Number(vector.length)),
          at('keyHex'),
        ],
      };
      const compared = expected[String(vector.kind)]?.();
      if (compared === undefined) continue;
      expect([vector.id, compared[0]]).toEqual([vector.id, compared[1]]);
      seen[String(vector.kind)] = (seen[String(vector.kind)] ?? 0) + 1;
    }
    expect(seen).toEqual({
      x25519: 487,
      'x25519-fail': 31,
      ed25519: 88,
      'ed25519-verify-fail': 63,
      'pbkdf2-hmac-sha512': 58,
    });
  });

  it('makes a suite that writes the same bytes', () => {
    const [noble, node] = [makeRealSuite('s'), makeRealSuite('s', nodeCurves, nodeBulk)];
    const run = (suite: typeof noble) => {
      const alice = suite.newAccount('alice');
      const bob = suite.makeOneTimeKeys(suite.newAccount('bob'), 1, 'bob');
      const key = Object.values(bob.oneTime)[0]?.public ?? '';
      const session = suite.olmOutbound(alice, bob.curve25519.public, key, 'olm');
      const sent = session && suite.olmEncrypt(session, 'hello', 'olm/0');
      const heard = sent && suite.olmInbound(bob, alice.curve25519.public, sent.message);
      const answer = heard && suite.olmEncrypt(heard.session, 'yes', 'olm/1');
      const megolm = suite.megolmEncrypt(suite.megolmOutbound('m'), 'text');
      return [
        alice,
        bob,
        sent,
        heard,
        answer,
        megolm,
        suite.backupSeal(alice.curve25519.public, { a: 1 }, 'b'),
        suite.attachmentSeal('text', 'a'),
      ];
    };
    const result = run(node);
    expect(result).toEqual(run(noble));
    expect(result).not.toContain(null);
  });
});
