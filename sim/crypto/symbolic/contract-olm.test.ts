/** What the crypto port promises of Olm, held against both suites. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OlmAccount, OlmMessage, OlmSession, Suite } from '../../../machines/suite.ts';
import { nodeCurves } from '../node/backend.ts';
import { makeRealSuite } from '../real/suite.ts';
import { makeSymbolicSuite } from './suite.ts';
import { changed, hostile, reread, sure } from './testing.ts';

const runs = { numRuns: 15 };

describe.each([
  ['real', makeRealSuite('seed', nodeCurves)],
  ['symbolic', makeSymbolicSuite('seed')],
] as const)('the %s suite', (_name, suite: Suite) => {
  const alice = suite.newAccount('alice/account');
  const bob = suite.makeFallbackKey(suite.makeOneTimeKeys(suite.newAccount('bob/account'), 2, 'bob/keys'), 'bob/fall');
  const mallory = suite.makeOneTimeKeys(suite.newAccount('mallory/account'), 1, 'mallory/keys');
  const firstKey = (account: OlmAccount) => sure(Object.values(account.oneTime)[0]).public;
  const [aliceId, bobId] = [alice.curve25519.public, bob.curve25519.public];
  const begin = (label = 'a', key = firstKey(bob)) => sure(suite.olmOutbound(alice, bobId, key, label));
  /** Both ends of a session after its first message, number 0. */
  const met = (text = 'hello', label = 'a') => {
    const sent = suite.olmEncrypt(begin(label), text, `${label}/0`);
    return { sent, heard: sure(suite.olmInbound(bob, aliceId, sent.message)) };
  };

  it('carries any text from one device to another, and back', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, answer) => {
        const { sent, heard } = met(text);
        expect(heard.plaintext).toBe(text.toWellFormed());
        expect([heard.session.id, heard.session.peer, heard.session.received]).toEqual([
          sent.session.id,
          aliceId,
          true,
        ]);
        const back = suite.olmEncrypt(reread(heard.session), answer, 'b');
        const read = sure(suite.olmDecrypt(reread(sent.session), reread(back.message)));
        expect([read.plaintext, read.session.received, back.message.type]).toEqual([answer.toWellFormed(), true, 1]);
      }),
      runs,
    );
  });

  it('opens messages of a session in whatever order they come, each once', () => {
    const turns = fc.array(fc.constantFrom('alice', 'bob', 'read by alice', 'read by bob'), { maxLength: 24 });
    fc.assert(
      fc.property(turns, fc.infiniteStream(fc.nat(99)), (script, picks) => {
        const first = met();
        type End = { session: OlmSession; sent: (OlmMessage & { text: string })[]; read: Set<string> };
        const a: End = {
          session: first.sent.session,
          sent: [{ ...first.sent.message, text: 'hello' }],
          read: new Set(),
        };
        const b: End = { session: first.heard.session, sent: [], read: new Set(['hello']) };
        const pick = () => picks.next().value ?? 0;
        for (const [i, turn] of script.entries()) {
          const [mine, theirs] = turn.endsWith('alice') ? [a, b] : [b, a];
          if (turn.startsWith('read')) {
            if (theirs.sent.length === 0) continue;
            const { text, ...message } = sure(theirs.sent[pick() % theirs.sent.length]);
            const opened = suite.olmDecrypt(mine.session, message);
            expect(opened?.plaintext ?? null).toBe(mine.read.has(text) ? null : text);
            if (opened !== null) mine.session = reread(opened.session);
            mine.read.add(text);
          } else {
            const sealed = suite.olmEncrypt(mine.session, `${turn} ${i}`, `${turn}/${i}`);
            expect(sealed.message.type).toBe(mine === b || mine.session.received ? 1 : 0);
            // An end never opens what it sent itself.
            expect(suite.olmDecrypt(sealed.session, sealed.message)).toBeNull();
            mine.session = sealed.session;
            mine.sent.push({ ...sealed.message, text: `${turn} ${i}` });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('begins a session with a message that overtook the first one', () => {
    const first = suite.olmEncrypt(begin(), 'first', '0');
    const second = suite.olmEncrypt(first.session, 'second', '1');
    const heard = sure(suite.olmInbound(bob, aliceId, second.message));
    expect(heard.plaintext).toBe('second');
    const late = sure(suite.olmDecrypt(heard.session, first.message));
    expect(late.plaintext).toBe('first');
    expect(suite.olmDecrypt(late.session, first.message)).toBeNull();
    expect(suite.olmDecrypt(late.session, second.message)).toBeNull();
  });

  it('uses a one-time key up, and a fallback key never', () => {
    const { sent, heard } = met();
    expect(Object.keys(heard.account.oneTime)).toEqual(Object.keys(bob.oneTime).slice(1));
    expect(suite.olmInbound(heard.account, aliceId, sent.message)).toBeNull();
    const onFallback = suite.olmEncrypt(begin('f', sure(bob.fallback.current).public), 'again', 'f/0').message;
    const once = sure(suite.olmInbound(bob, aliceId, onFallback));
    expect(once.account).toEqual(bob);
    expect(suite.olmInbound(once.account, aliceId, onFallback)?.plaintext).toBe('again');
    const [kept, gone] = [
      suite.makeFallbackKey(bob, 'f1'),
      suite.makeFallbackKey(suite.makeFallbackKey(bob, 'f1'), 'f2'),
    ];
    expect(suite.olmInbound(kept, aliceId, onFallback)?.plaintext).toBe('again');
    expect(suite.olmInbound(gone, aliceId, onFallback)).toBeNull();
  });

  it('lets nobody into a session who lacks a secret of it', () => {
    const { message } = suite.olmEncrypt(begin(), 'private', '0');
    const stolenOneTime = { ...mallory, oneTime: bob.oneTime };
    const masked = { ...stolenOneTime, curve25519: { ...mallory.curve25519, public: bobId } };
    const withoutOneTime = {
      ...bob,
      oneTime: Object.fromEntries(
        Object.entries(bob.oneTime).map(([id, pair]) => [id, { ...pair, secret: mallory.curve25519.secret }]),
      ),
    };
    for (const account of [mallory, stolenOneTime, masked, withoutOneTime])
      expect(suite.olmInbound(account, aliceId, message)).toBeNull();
    expect(suite.olmInbound(bob, mallory.curve25519.public, message)).toBeNull();
    // Nor does a claimed identity begin one.
    const pretender = { ...mallory, curve25519: { ...mallory.curve25519, public: aliceId } };
    const forged = suite.olmEncrypt(sure(suite.olmOutbound(pretender, bobId, firstKey(bob), 'm')), 'x', 'm/0').message;
    expect(suite.olmInbound(bob, aliceId, forged)).toBeNull();
  });

  it('opens no Olm message of which a letter was changed, and loses nothing over it', () => {
    const { sent, heard } = met();
    const more = suite.olmEncrypt(sent.session, 'more', '1').message;
    const back = suite.olmEncrypt(heard.session, 'back', 'b').message;
    fc.assert(
      fc.property(fc.nat(4000), (at) => {
        const forged = (message: OlmMessage): OlmMessage => ({ ...message, body: changed(message.body, at) });
        expect(suite.olmInbound(bob, aliceId, forged(sent.message))).toBeNull();
        expect(suite.olmDecrypt(heard.session, forged(more))).toBeNull();
        expect(suite.olmDecrypt(sent.session, forged(back))).toBeNull();
      }),
      { numRuns: 60 },
    );
    expect(suite.olmDecrypt(heard.session, more)?.plaintext).toBe('more');
  });

  it('answers null to what is no message and no key', () => {
    const { sent, heard } = met();
    const junk: readonly OlmMessage[] = [
      { type: 0, body: '' },
      { type: 1, body: '!' },
      { type: 1, body: sent.message.body },
      { type: 0, body: suite.olmEncrypt(heard.session, 'x', 'x').message.body },
      { type: JSON.parse('7'), body: sent.message.body },
      reread({ type: 0 }) as OlmMessage,
      reread({ type: 1, body: 3 }) as unknown as OlmMessage,
    ];
    for (const message of junk) {
      expect(suite.olmDecrypt(sent.session, message)).toBeNull();
      expect(suite.olmDecrypt(heard.session, message)).toBeNull();
      expect(suite.olmInbound(bob, aliceId, message)).toBeNull();
      expect(suite.olmSessionIdOf(message)).toBeNull();
    }
    expect(suite.olmSessionIdOf(sent.message)).toBe(sent.session.id);
    const other = met('hello', 'other');
    expect(suite.olmDecrypt(other.heard.session, sent.message)).toBeNull();
    expect(suite.olmInbound(bob, 'nobody', sent.message)).toBeNull();
    for (const [peer, key] of [
      ['', firstKey(bob)],
      ['nobody', firstKey(bob)],
      [bobId, ''],
      ['A'.repeat(43), firstKey(bob)],
    ] as const)
      expect(suite.olmOutbound(alice, peer, key, 'x')).toBeNull();
    // Any public key can be tried as a peer's; nobody needs to hold it.
    expect(suite.olmOutbound(alice, bob.ed25519.public, firstKey(bob), 'x')).not.toBeNull();
  });
});
