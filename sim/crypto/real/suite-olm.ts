/** Olm for the suite: accounts and sessions as JSON. */

import { stringAt, without } from '../../../machines/json.ts';
import type { KeyPair, OlmAccount, OlmMessage, OlmSession, Suite, Term } from '../../../machines/suite.ts';
import { base64, fromBase64, fromBase64Sized } from './base64.ts';
import { concat, sameBytes, textOf, u32, utf8 } from './bytes.ts';
import { type PreKeyMessage, readPreKey } from './olm-message.ts';
import { type BytePair, decrypt, encrypt, inbound, outbound, type Session, sessionId } from './olm-session.ts';
import { readSession, writeSession } from './olm-state.ts';
import { exchangePair, ownKey, signingPair, type Tools } from './suite-tools.ts';

type OlmPort = Pick<
  Suite,
  | 'newAccount'
  | 'makeOneTimeKeys'
  | 'makeFallbackKey'
  | 'olmOutbound'
  | 'olmInbound'
  | 'olmSessionIdOf'
  | 'olmEncrypt'
  | 'olmDecrypt'
>;

/** The id of an account's `number`th key: b64 of eight bytes, as the production library names them. */
const keyId = (number: number): string => base64(concat(new Uint8Array(4), u32(number)));

const bytePair = (pair: KeyPair): BytePair => ({
  secret: ownKey(pair.secret, 'a Curve25519 secret'),
  public: ownKey(pair.public, 'a Curve25519 public key'),
});

/** A session as cores see it. */
const shown = (session: Session, peer: Term): OlmSession => ({
  id: sessionId(session.keys),
  peer,
  received: session.received,
  state: writeSession(session),
});

const preKeyOf = (message: OlmMessage): PreKeyMessage | null => {
  const body = message.type === 0 ? fromBase64(stringAt(message, 'body') ?? '') : null;
  return body && readPreKey(body);
};

/**
 * The account's pair for the one-time or fallback public key `oneTime` (unpadded base64), and the account without it if it
 * was a one-time key. `null`: no such key.
 */
export const taken = (
  account: OlmAccount,
  oneTime: Term,
): { readonly pair: KeyPair; readonly account: OlmAccount } | null => {
  const { current, previous } = account.fallback;
  for (const fallback of [current, previous]) if (fallback?.public === oneTime) return { pair: fallback, account };
  for (const id of Object.keys(account.oneTime)) {
    const pair = account.oneTime[id];
    if (pair?.public === oneTime) return { pair, account: { ...account, oneTime: without(account.oneTime, id) } };
  }
  return null;
};

/** The Olm functions of the port. */
export const olmPort = ({ curves, draw }: Tools): OlmPort => {
  const exchange = (label: string, use = 'curve25519'): KeyPair => exchangePair(curves, draw(label, use, 32));
  return {
    newAccount: (label) => ({
      curve25519: exchange(label),
      ed25519: signingPair(curves, draw(label, 'ed25519', 32)),
      oneTime: {},
      fallback: { current: null, previous: null },
      made: 0,
    }),
    makeOneTimeKeys: (account, count, label) => {
      const numbers = Array.from({ length: count }, (_, i) => account.made + i);
      const fresh = numbers.map((number) => [keyId(number), exchange(`${label}/${number}`, 'one-time key')] as const);
      return {
        ...account,
        oneTime: { ...account.oneTime, ...Object.fromEntries(fresh) },
        made: account.made + count,
      };
    },
    makeFallbackKey: (account, label) => ({
      ...account,
      fallback: {
        current: { id: keyId(account.made), ...exchange(label, 'fallback key') },
        previous: account.fallback.current,
      },
      made: account.made + 1,
    }),
    olmOutbound: (account, peer, oneTimeKey, label) => {
      const theirs = fromBase64Sized(peer, 32);
      const oneTime = fromBase64Sized(oneTimeKey, 32);
      if (theirs === null || oneTime === null) return null;
      const base = bytePair(exchange(label, 'base key'));
      const ratchet = bytePair(exchange(label, 'ratchet key'));
      const session = outbound(curves, bytePair(account.curve25519), theirs, oneTime, base, ratchet);
      return session && shown(session, base64(theirs));
    },
    olmInbound: (account, sender, message) => {
      const preKey = preKeyOf(message);
      const theirs = fromBase64Sized(sender, 32);
      if (preKey === null || theirs === null || !sameBytes(theirs, preKey.keys.identity)) return null;
      const found = taken(account, base64(preKey.keys.oneTime));
      if (found === null) return null;
      const secret = ownKey(found.pair.secret, 'a one-time secret');
      const opened = inbound(curves, bytePair(account.curve25519), secret, preKey);
      const plaintext = opened && textOf(opened.plaintext);
      if (opened === null || plaintext === null) return null;
      return { account: found.account, session: shown(opened.session, base64(theirs)), plaintext };
    },
    olmSessionIdOf: (message) => {
      const preKey = preKeyOf(message);
      return preKey && sessionId(preKey.keys);
    },
    olmEncrypt: (session, plaintext, label) => {
      const fresh = () => bytePair(exchange(label, 'ratchet key'));
      const sealed = encrypt(curves, readSession(session.state), utf8(plaintext), fresh);
      return {
        session: shown(sealed.session, session.peer),
        message: { type: sealed.message.type, body: base64(sealed.message.body) },
      };
    },
    olmDecrypt: (session, message) => {
      const body = fromBase64(stringAt(message, 'body') ?? '');
      if (body === null || (message.type !== 0 && message.type !== 1)) return null;
      const opened = decrypt(curves, readSession(session.state), { type: message.type, body });
      const plaintext = opened && textOf(opened.plaintext);
      return opened && plaintext !== null ? { session: shown(opened.session, session.peer), plaintext } : null;
    },
  };
};
