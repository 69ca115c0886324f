/** Vectors of Olm: whole sessions between two parties, step by step, and messages captured from the production library. */
import { sha256 } from '@noble/hashes/sha2.js';
import { isObject, type Json, objectAt, stringAt } from '../../../machines/json.ts';
import type { KeyPair, OlmAccount } from '../../../machines/suite.ts';
import { base64, fromBase64, fromBase64Sized } from '../real/base64.ts';
import { textOf, utf8 } from '../real/bytes.ts';
import { nobleCurves as curves } from '../real/noble-curves.ts';
import { messageCipher, messageKey } from '../real/olm-chain.ts';
import { readPreKey } from '../real/olm-message.ts';
import {
  type ByteMessage,
  type BytePair,
  beginning,
  decrypt,
  encrypt,
  inbound,
  outbound,
  outboundSecrets,
  type Session,
  sessionId,
} from '../real/olm-session.ts';
import { readSession, writeSession } from '../real/olm-state.ts';
import { taken } from '../real/suite-olm.ts';
import {
  type Check,
  equal,
  equalHex,
  type Handler,
  hexes,
  holds,
  numberAt,
  objects,
  ordered,
  refused,
  texts,
  toHex,
  type Vector,
  when,
} from './check.ts';
import { signatureChecks } from './encodings.ts';

/** A party between two steps. After every success its session has been through JSON text; after a refusal it is the very same value. */
type Party = { readonly account: OlmAccount; readonly session: Session | null };
type Parties = Readonly<Record<string, Party>>;
/** What a run has come to: the parties, the messages by step, and the checks so far. `null` once a step was unknown. */
type Run = {
  readonly parties: Parties;
  readonly sent: readonly (ByteMessage | null)[];
  readonly plaintexts: readonly (string | null)[];
  readonly checks: readonly Check[];
};

const bytePair = (secret: Uint8Array): BytePair => ({ secret, public: curves.exchangePublic(secret) });
const textPair = (secret: Uint8Array): KeyPair => ({
  secret: base64(secret),
  public: base64(curves.exchangePublic(secret)),
});
const pairBytes = ({ secret, public: publicKey }: KeyPair): BytePair => ({
  secret: fromBase64(secret) ?? new Uint8Array(),
  public: fromBase64(publicKey) ?? new Uint8Array(),
});

const keyEntry = (entry: unknown): readonly [string, KeyPair] | null => {
  const secret = hexes(entry, 'private')?.private;
  const id = stringAt(entry, 'keyId');
  return secret?.length === 32 && id !== undefined ? [id, textPair(secret)] : null;
};

const accountOf = (party: unknown): OlmAccount | null => {
  const own = hexes(party, 'ed25519Seed', 'curve25519Private');
  const oneTime = (objects(party, 'oneTimeKeys') ?? []).map(keyEntry);
  const fallback = isObject(party) && party.fallbackKey ? keyEntry(party.fallbackKey) : undefined;
  const known = oneTime.filter((entry) => entry !== null);
  if (own === null || known.length !== oneTime.length || fallback === null) return null;
  return {
    ed25519: { secret: base64(own.ed25519Seed), public: base64(curves.signingPublic(own.ed25519Seed)) },
    curve25519: textPair(own.curve25519Private),
    oneTime: Object.fromEntries(known),
    fallback: { current: fallback ? { id: fallback[0], ...fallback[1] } : null, previous: null },
    made: known.length,
  };
};

/** Public keys as written beside the private ones. */
const keyChecks = (name: string, party: unknown, account: OlmAccount): readonly Check[] => [
  ...when(stringAt(party, 'ed25519Public'), (key) => equal(`${name}: Ed25519 key`, key, account.ed25519.public)),
  ...when(stringAt(party, 'curve25519Public'), (key) =>
    equal(`${name}: Curve25519 key`, key, account.curve25519.public),
  ),
  ...(objects(party, 'oneTimeKeys') ?? []).flatMap((entry) =>
    when(stringAt(entry, 'public'), (key) =>
      equal(`${name}: one-time key`, key, account.oneTime[stringAt(entry, 'keyId') ?? '']?.public),
    ),
  ),
  ...when(stringAt(objectAt(party, 'fallbackKey'), 'public'), (key) =>
    equal(`${name}: fallback key`, key, account.fallback.current?.public),
  ),
];

/** The session as it comes back from having been written as JSON text. */
const throughText = (session: Session): Session => {
  const json: Json = JSON.parse(JSON.stringify(writeSession(session)));
  return readSession(json);
};

/** Everything in a session, to see whether a refusal touched it. */
const dump = (session: Session | null): string =>
  JSON.stringify(session, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));

/** A session between two parties with all private keys: encryptions byte for byte, decryptions, refusals. */
export const olmSessionVector: Handler = (vector) => {
  const given = texts(vector.outbound, 'by', 'theirIdentityKey', 'theirOneTimeKey');
  const fresh = hexes(vector.outbound, 'basePrivate', 'ratchetPrivate');
  const steps = objects(vector, 'steps');
  if (given === null || fresh === null || steps === null || steps.length === 0) return null;
  const names = [...new Set([given.by, ...steps.map(({ by }) => String(by))])];
  const accounts = names.map((name) => [name, accountOf(vector[name])] as const);
  const account = accounts.find(([name]) => name === given.by)?.[1];
  const peer = fromBase64Sized(given.theirIdentityKey, 32);
  const oneTime = fromBase64Sized(given.theirOneTimeKey, 32);
  if (!account || !peer || !oneTime || accounts.some(([, party]) => party === null)) return null;
  const identity = pairBytes(account.curve25519);
  const base = bytePair(fresh.basePrivate);
  const session = outbound(curves, identity, peer, oneTime, base, bytePair(fresh.ratchetPrivate));
  if (session === null) return [holds('outbound session', false)];
  const parties = Object.fromEntries(
    accounts.flatMap(([name, own]) =>
      own ? [[name, { account: own, session: name === given.by ? throughText(session) : null }] as const] : [],
    ),
  );
  const start: Run = {
    parties,
    sent: [],
    plaintexts: [],
    checks: [
      ...accounts.flatMap(([name, own]) => (own ? keyChecks(name, vector[name], own) : [])),
      ...when(stringAt(vector, 'sessionId'), (id) => equal('session id', id, sessionId(session.keys))),
      ...intermediateChecks(vector.intermediate, outboundSecrets(curves, identity, base, peer, oneTime)),
    ],
  };
  const end = steps.reduce<Run | null>((run, step, at) => run && afterStep(run, step, at, vector), start);
  return end === null ? null : end.checks;
};

/** The secrets on the way to the first message. */
const intermediateChecks = (given: unknown, secrets: Uint8Array | null): readonly Check[] => {
  if (secrets === null) return [];
  const { root, chain } = beginning(secrets);
  const key = messageKey(chain);
  const cipher = messageCipher(key);
  const got: Readonly<Record<string, Uint8Array>> = {
    sharedSecret: secrets,
    rootKey0: root,
    chainKey0: chain.key,
    messageKey0: key,
    aesKey: cipher.aes,
    macKey: cipher.mac,
    iv: cipher.iv,
  };
  return Object.keys(got).flatMap((name) => when(stringAt(given, name), (hex) => equalHex(name, hex, got[name])));
};

const afterStep = (run: Run, step: Vector, at: number, vector: Vector): Run | null => {
  const name = stringAt(step, 'by') ?? '';
  const party = run.parties[name];
  if (party === undefined) return null;
  if (step.op === 'encrypt') return afterEncrypt(run, step, `step ${at} ${name} encrypts`, name, party);
  if (step.op === 'decrypt') return afterDecrypt(run, step, `step ${at} ${name} decrypts`, name, party, vector);
  return null;
};

const afterEncrypt = (run: Run, step: Vector, label: string, name: string, party: Party): Run | null => {
  const plaintext = hexes(step, 'plaintextHex')?.plaintextHex;
  const { session } = party;
  const secret = hexes(step, 'newRatchetPrivate')?.newRatchetPrivate;
  if (plaintext === undefined) return null;
  if (session === null) return failed(run, `${label}: there is a session`);
  // A fresh ratchet key exactly when the vector has one.
  if ((session.sending === null) !== (secret !== undefined))
    return failed(run, `${label}: makes a ratchet key when due`);
  const sealed = encrypt(curves, session, plaintext, () => bytePair(secret ?? new Uint8Array(32)));
  const body = base64(sealed.message.body);
  return {
    parties: { ...run.parties, [name]: { ...party, session: throughText(sealed.session) } },
    sent: [...run.sent, sealed.message],
    plaintexts: [...run.plaintexts, stringAt(step, 'plaintextHex') ?? null],
    checks: [
      ...run.checks,
      ...when(numberAt(step, 'type'), (type) => equal(`${label}: type`, type, sealed.message.type)),
      ...when(stringAt(step, 'body'), (text) => equal(`${label}: body`, text, body)),
      ...when(stringAt(step, 'bodySha256'), (hex) => equalHex(`${label}: body hash`, hex, sha256(utf8(body)))),
    ],
  };
};

const failed = (run: Run, name: string): Run => ({
  ...run,
  sent: [...run.sent, null],
  plaintexts: [...run.plaintexts, null],
  checks: [...run.checks, holds(name, false)],
});

/** One decryption of a party, with a session or by a new one. */
const received = (party: Party, message: ByteMessage) => {
  const { session } = party;
  if (session !== null) {
    const opened = decrypt(curves, session, message);
    return opened && { ...opened, account: party.account };
  }
  const preKey = message.type === 0 ? readPreKey(message.body) : null;
  const key = preKey && taken(party.account, base64(preKey.keys.oneTime));
  if (!preKey || !key) return null;
  const opened = inbound(curves, pairBytes(party.account.curve25519), pairBytes(key.pair).secret, preKey);
  return opened && { ...opened, account: key.account };
};

const afterDecrypt = (
  run: Run,
  step: Vector,
  label: string,
  name: string,
  party: Party,
  vector: Vector,
): Run | null => {
  const from = numberAt(step, 'step') ?? -1;
  const own = stringAt(step, 'body');
  const sent = run.sent[from];
  const body = own === undefined ? sent?.body : fromBase64(own);
  const type = numberAt(step, 'type') ?? sent?.type;
  if (body === undefined || (type !== 0 && type !== 1)) return null;
  const noted = { ...run, sent: [...run.sent, null], plaintexts: [...run.plaintexts, null] };
  const before = dump(party.session);
  const opened = body && received(party, { type, body });
  if (step.expect === 'fail')
    return {
      ...noted,
      checks: [
        ...run.checks,
        refused(`${label}: ${String(step.note ?? 'refused')}`, opened?.plaintext ?? null),
        equal(`${label}: the session is as before`, before, dump(party.session)),
      ],
    };
  if (step.expect !== 'ok') return null;
  const expected = stringAt(step, 'plaintextHex') ?? run.plaintexts[from];
  if (typeof expected !== 'string') return null;
  const checks = [...run.checks, equalHex(label, expected, opened?.plaintext)];
  if (!opened) return { ...noted, checks };
  return {
    ...noted,
    parties: { ...run.parties, [name]: { account: opened.account, session: throughText(opened.session) } },
    checks: [
      ...checks,
      ...(party.session === null ? newSessionChecks(label, vector, party, opened, { type, body }) : []),
    ],
  };
};

/** A session that a pre-key message just made: its id, and that its one-time key is gone (a fallback key is not). */
const newSessionChecks = (
  label: string,
  vector: Vector,
  before: Party,
  opened: { readonly session: Session; readonly account: OlmAccount },
  message: ByteMessage,
): readonly Check[] => {
  const wasFallback = base64(opened.session.keys.oneTime) === before.account.fallback.current?.public;
  const again = received({ account: opened.account, session: null }, message);
  return [
    ...when(stringAt(vector, 'sessionId'), (id) => equal(`${label}: session id`, id, sessionId(opened.session.keys))),
    wasFallback
      ? holds(`${label}: the fallback key stays`, again !== null)
      : refused(`${label}: the one-time key is gone`, again?.plaintext ?? null),
  ];
};

/** A captured pre-key message: decrypt, and compare the plaintext JSON. */
export const olmCapturedVector: Handler = (vector) => {
  const bob = vector.bob;
  const own = hexes(bob, 'curve25519Private', 'oneTimePrivate');
  const curve = own && base64(curves.exchangePublic(own.curve25519Private));
  const sealed = objectAt(objectAt(vector.toDeviceContent, 'ciphertext'), curve ?? '');
  const body = fromBase64(stringAt(sealed, 'body') ?? '');
  const expected = vector.plaintext;
  if (own === null || curve === null || !body?.length || sealed.type !== 0 || expected === undefined) return null;
  const preKey = readPreKey(body);
  const opened = preKey && inbound(curves, bytePair(own.curve25519Private), own.oneTimePrivate, preKey);
  const text = opened && textOf(opened.plaintext);
  const json: Json = text === null ? null : JSON.parse(text);
  const tampered = body.with(body.length - 1, (body.at(-1) ?? 0) ^ 1);
  const changed = readPreKey(tampered);
  return [
    typeof expected === 'string'
      ? equal('plaintext', expected, text)
      : equal('plaintext', ordered(expected), ordered(json)),
    equal('sender key', stringAt(vector.toDeviceContent, 'sender_key'), preKey && base64(preKey.keys.identity)),
    ...when(stringAt(vector, 'olmSessionId'), (id) =>
      equal('session id', id, opened && sessionId(opened.session.keys)),
    ),
    ...when(hexes(bob, 'ed25519Seed'), ({ ed25519Seed }) =>
      equal(
        'recipient',
        stringAt(objectAt(json, 'recipient_keys'), 'ed25519'),
        base64(curves.signingPublic(ed25519Seed)),
      ),
    ),
    ...when(objectAt(vector.bob, 'deviceKeys').device_id, (device) =>
      equal(
        'own Curve25519 key',
        stringAt(objectAt(objectAt(vector.bob, 'deviceKeys'), 'keys'), `curve25519:${device}`),
        curve,
      ),
    ),
    ...signatureChecks([objectAt(vector.bob, 'deviceKeys'), json]),
    refused('a changed MAC', changed && inbound(curves, bytePair(own.curve25519Private), own.oneTimePrivate, changed)),
  ];
};
