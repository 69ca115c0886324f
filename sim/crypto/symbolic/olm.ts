/**
 * Olm with terms. No ratchets: a session is who talks to whom on which keys, and a message carries its number in its
 * direction. What the ratchet is for is kept as outcomes: a number opens once, in any order, for the two alone.
 */
import { isObject, type JsonObject, stringAt } from '../../../machines/json.ts';
import type { KeyPair, OlmMessage, OlmSession, Suite, Term } from '../../../machines/suite.ts';
import { base64 } from '../real/base64.ts';
import { concat, u32 } from '../real/bytes.ts';
import { taken } from '../real/suite-olm.ts';
import {
  type Draw,
  exchangePublic,
  isKey,
  isSecret,
  joined,
  parted,
  signingPublic,
  termOf,
  wholeNumber,
} from './terms.ts';

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

/** The three public keys a pre-key message names. */
type Named = { readonly identity: Term; readonly base: Term; readonly oneTime: Term };
/** Who sends: the one who began the session, or the one who answers. */
type Side = 'begins' | 'answers';
/** `next` is one more than the highest number read; `missing` are those below it not read yet, ascending. */
type Read = { readonly next: number; readonly missing: readonly number[] };
type State = Read & {
  /** What both ends share and nobody else has. */
  readonly key: Term;
  readonly side: Side;
  readonly sent: number;
  /** The keys to be named until the peer has answered; `null` from then on. */
  readonly named: Named | null;
};
type Inner = { readonly number: number; readonly seal: Term; readonly plaintext: string };

/** Ids as the real suite has them, so that whatever sorts keys sorts them alike. */
const keyId = (number: number): string => base64(concat(new Uint8Array(4), u32(number)));

const exchangePair = (secret: Term): KeyPair => ({ secret, public: exchangePublic(secret) });
const signingPair = (secret: Term): KeyPair => ({ secret, public: signingPublic(secret) });

const sessionId = ({ identity, base, oneTime }: Named): string => termOf('h', 'olm session', identity, base, oneTime);

/** What a session's two ends share, from the public halves of the secrets either end needs for it. */
const shared = (identity: Term, peer: Term, base: Term, oneTime: Term): Term =>
  termOf('s', 'olm', identity, peer, base, oneTime);

const shown = (id: string, peer: Term, received: boolean, state: State): OlmSession => ({
  id,
  peer,
  received,
  state: { ...state, missing: state.missing, named: state.named && { ...state.named } },
});

const stateOf = ({ state }: OlmSession): State => {
  if (!isState(state))
    throw new Error(
      'the state of an Olm session is not what this suite writes: was it made by the other suite, or changed elsewhere?',
    );
  return state;
};
const isState = (state: unknown): state is JsonObject & State =>
  isObject(state) && typeof state.key === 'string' && typeof state.sent === 'number' && Array.isArray(state.missing);

const sealOf = (key: Term, side: Side, number: number, plaintext: string): Term =>
  termOf('h', 'olm seal', key, side, String(number), plaintext);

const writeInner = ({ number, seal, plaintext }: Inner): string => joined('o', String(number), seal, plaintext);
const readInner = (text: string): Inner | null => {
  const [digits, seal, plaintext] = parted('o', 3, text) ?? [];
  const number = wholeNumber(digits ?? '');
  return number === null || seal === undefined || plaintext === undefined ? null : { number, seal, plaintext };
};

const writePreKey = ({ identity, base, oneTime }: Named, inner: string): string =>
  joined('p', identity, base, oneTime, inner);
const readPreKey = (message: OlmMessage): { readonly named: Named; readonly inner: string } | null => {
  const body = message.type === 0 ? stringAt(message, 'body') : undefined;
  const [identity, base, oneTime, inner] = (body === undefined ? null : parted('p', 4, body)) ?? [];
  if (identity === undefined || base === undefined || oneTime === undefined || inner === undefined) return null;
  return [identity, base, oneTime].every(isKey) ? { named: { identity, base, oneTime }, inner } : null;
};

/** A message that `from` sealed under `key`; `null`: malformed, of another session, or an echo of one's own. */
const opened = (key: Term, from: Side, text: string): Inner | null => {
  const inner = readInner(text);
  return inner !== null && inner.seal === sealOf(key, from, inner.number, inner.plaintext) ? inner : null;
};

/** What has been read once `number` was; `null` when it already had been. */
export const reading = ({ next, missing }: Read, number: number): Read | null => {
  if (number < next)
    return missing.includes(number) ? { next, missing: missing.filter((other) => other !== number) } : null;
  const skipped = Array.from({ length: number - next }, (_, i) => next + i);
  return { next: number + 1, missing: [...missing, ...skipped] };
};

const ownSecret = ({ secret }: KeyPair): Term => {
  if (!isSecret(secret))
    throw new Error('an account holds a key that is no secret of this suite: was it made by the other one?');
  return secret;
};

/** The Olm functions of the port. */
export const olmPort = (draw: Draw): OlmPort => ({
  newAccount: (label) => ({
    curve25519: exchangePair(draw(label, 'curve25519')),
    ed25519: signingPair(draw(label, 'ed25519')),
    oneTime: {},
    fallback: { current: null, previous: null },
    made: 0,
  }),
  makeOneTimeKeys: (account, count, label) => {
    const numbers = Array.from({ length: count }, (_, i) => account.made + i);
    const fresh = numbers.map(
      (number) => [keyId(number), exchangePair(draw(`${label}/${number}`, 'one-time key'))] as const,
    );
    return { ...account, oneTime: { ...account.oneTime, ...Object.fromEntries(fresh) }, made: account.made + count };
  },
  makeFallbackKey: (account, label) => ({
    ...account,
    fallback: {
      current: { id: keyId(account.made), ...exchangePair(draw(label, 'fallback key')) },
      previous: account.fallback.current,
    },
    made: account.made + 1,
  }),
  olmOutbound: (account, peer, oneTimeKey, label) => {
    if (!isKey(peer) || !isKey(oneTimeKey)) return null;
    const base = exchangePublic(draw(label, 'base key'));
    // The identity named is the one claimed, the one that counts is that of the secret: a mask opens nothing.
    const named = { identity: account.curve25519.public, base, oneTime: oneTimeKey };
    const key = shared(exchangePublic(ownSecret(account.curve25519)), peer, base, oneTimeKey);
    return shown(sessionId(named), peer, false, { key, side: 'begins', sent: 0, named, next: 0, missing: [] });
  },
  olmInbound: (account, sender, message) => {
    const preKey = readPreKey(message);
    if (preKey === null || preKey.named.identity !== sender) return null;
    const { identity, base, oneTime } = preKey.named;
    const found = taken(account, oneTime);
    if (found === null) return null;
    const mine = exchangePublic(ownSecret(account.curve25519));
    const key = shared(identity, mine, base, exchangePublic(ownSecret(found.pair)));
    const inner = opened(key, 'begins', preKey.inner);
    const read = inner && reading({ next: 0, missing: [] }, inner.number);
    if (inner === null || read === null) return null;
    const state: State = { key, side: 'answers', sent: 0, named: null, ...read };
    const session = shown(sessionId(preKey.named), sender, true, state);
    return { account: found.account, session, plaintext: inner.plaintext };
  },
  olmSessionIdOf: (message) => {
    const preKey = readPreKey(message);
    return preKey && sessionId(preKey.named);
  },
  olmEncrypt: (session, text) => {
    const state = stateOf(session);
    const plaintext = text.toWellFormed();
    const { key, side, sent: number, named } = state;
    const inner = writeInner({ number, seal: sealOf(key, side, number, plaintext), plaintext });
    return {
      session: shown(session.id, session.peer, session.received, { ...state, sent: number + 1 }),
      message: named === null ? { type: 1, body: inner } : { type: 0, body: writePreKey(named, inner) },
    };
  },
  olmDecrypt: (session, message) => {
    const state = stateOf(session);
    const preKey = readPreKey(message);
    const isOurs = message.type === 1 || (preKey !== null && sessionId(preKey.named) === session.id);
    const text = preKey?.inner ?? stringAt(message, 'body');
    const from: Side = state.side === 'begins' ? 'answers' : 'begins';
    const inner = isOurs && text !== undefined ? opened(state.key, from, text) : null;
    const read = inner && reading(state, inner.number);
    if (inner === null || read === null) return null;
    // An answer proves that the peer has the session: its keys need no longer be named.
    const next = { ...state, ...read, named: null };
    return { session: shown(session.id, session.peer, true, next), plaintext: inner.plaintext };
  },
});
