/** Sending to-device messages: claims, Olm sessions, envelopes. Nothing is decided here: charts say what goes to whom. */

import { OLM_ALGORITHM } from '../algorithms.ts';
import type { Out } from '../effects.ts';
import type { Answered, ClaimedKey, Message, Reply } from '../events.ts';
import { isObject, type Json, type JsonObject, objectAt, own, stringAt } from '../json.ts';
import { paths } from '../paths.ts';
import type { Outgoing, Store } from '../store.ts';
import type { Recipient } from '../types.ts';
import { sessionsWith } from './decrypt.ts';
import { answer, type CoreStep, count, type Env, isHeard, label, newsNext, request, transaction } from './env.ts';
import { listedDevice, signedBy, userOf } from './facts.ts';

/** Queues a message and sends what can be sent. */
export const send = (env: Env, store: Store, message: Message, reply: Reply | null): CoreStep => {
  const counted = count(store, 'messages');
  const { type, content, encrypt, to, embed } = message;
  const outgoing: Outgoing = {
    id: `m${counted.number}`,
    type,
    content,
    encrypt,
    to,
    ...(embed === undefined ? {} : { embed }),
    ...(reply === null ? {} : { reply }),
  };
  return dispatch(env, { ...counted.store, outbox: [...counted.store.outbox, outgoing] }, [outgoing]);
};

/** Tries these again, of which some may have left meanwhile. */
export const retry = (env: Env, store: Store, ids: readonly string[]): CoreStep =>
  dispatch(
    env,
    store,
    store.outbox.filter(({ id }) => ids.includes(id)),
  );

/** What has not left by now is tried again once all that a sync brought is heard: who has left a room is to be known by then. */
export const retryLater = ({ outbox }: Store): readonly Out[] =>
  outbox.length === 0
    ? []
    : [{ out: 'later', incoming: { from: 'task', task: { task: 'retry', messages: outbox.map(({ id }) => id) } } }];

const dispatch = (env: Env, store: Store, messages: readonly Outgoing[]): CoreStep => {
  let after = store;
  const outs: Out[] = [];
  for (const message of messages) {
    const missing = message.encrypt ? message.to.filter((to) => lacksSession(env, after, to)) : [];
    if (missing.length > 0) outs.push(claim(message.id, missing));
    else {
      const sealed = seal(env, after, message);
      after = sealed.store;
      outs.push(...sealed.outs);
    }
  }
  return { store: after, outs };
};

const lacksSession = (env: Env, store: Store, { user, device }: Recipient): boolean => {
  const facts = listedDevice(env.suite, store, user, device);
  return facts !== null && sessionsWith(store, facts.curve25519).length === 0;
};

/** `user → device → value`: as claims and sends have it. Names come from outside, and `__proto__` is one. */
const byDevice = <T extends Json>(all: readonly (Recipient & { readonly value: T })[]): JsonObject =>
  Object.fromEntries(
    [...Map.groupBy(all, ({ user }) => user)].map(([user, of]) => [
      user,
      Object.fromEntries(of.map(({ device, value }) => [device, value])),
    ]),
  );

const claim = (id: string, missing: readonly Recipient[]): Out => {
  const wanted = byDevice(missing.map((to) => ({ ...to, value: 'signed_curve25519' })));
  return request('POST', paths.keysClaim, { task: 'claimed', message: id }, { body: { one_time_keys: wanted } });
};

/** The answer to a claim: what was given for whom, and whether the device has signed it. A chart says of which to make sessions. */
export const claimed = (env: Env, store: Store, id: string, { status, body }: Answered): CoreStep => {
  const message = store.outbox.find((one) => one.id === id);
  if (message === undefined || status !== 200) return { store, outs: [] };
  const keys = message.to.flatMap((to) => claimedKey(env, store, to, body));
  return isHeard(env, 'keys.claimed')
    ? { store, outs: [newsNext({ type: 'keys.claimed', message: id, keys })] }
    : startSessions(env, store, id, keys);
};

/** "One-time and fallback keys": the key given for a device, if any was. */
const claimedKey = (env: Env, store: Store, { user, device }: Recipient, body: unknown): readonly ClaimedKey[] => {
  const peer = listedDevice(env.suite, store, user, device);
  const found = Object.values(objectAt(objectAt(objectAt(body, 'one_time_keys'), user), device)).at(0);
  const key = stringAt(found, 'key');
  if (peer === null || !isObject(found) || key === undefined) return [];
  return [{ user, device, key, isSigned: signedBy(env.suite, found, user, `ed25519:${device}`, peer.ed25519) }];
};

/** Sessions are made from these keys, then the message that waited for them goes to whom it can. */
export const startSessions = (env: Env, store: Store, id: string, keys: readonly ClaimedKey[]): CoreStep => {
  const message = store.outbox.find((one) => one.id === id);
  if (message === undefined) return { store, outs: [] };
  return seal(
    env,
    keys.reduce((before, key) => startSession(env, before, key), store),
    message,
  );
};

const startSession = (env: Env, store: Store, { user, device, key }: ClaimedKey): Store => {
  const peer = listedDevice(env.suite, store, user, device);
  if (peer === null) return store;
  const counted = count(store, `olm ${peer.curve25519}`);
  const session = env.suite.olmOutbound(
    store.account,
    peer.curve25519,
    key,
    label(env, `olm/${peer.curve25519}/${counted.number}`),
  );
  const sessions = sessionsWith(store, peer.curve25519);
  return session === null
    ? store
    : { ...counted.store, olm: { ...store.olm, [peer.curve25519]: [...sessions, session] } };
};

const seal = (env: Env, store: Store, message: Outgoing): CoreStep => {
  let after = store;
  const contents: (Recipient & { readonly value: JsonObject })[] = [];
  for (const { user, device } of message.to) {
    const sealed = message.encrypt
      ? sealFor(env, after, message, { user, device })
      : { store: after, content: message.content };
    if (sealed === null) continue; // no session could be had: this device is skipped
    after = sealed.store;
    contents.push({ user, device, value: sealed.content });
  }
  // Nobody is left to send to: it is done, as far as it can be.
  if (contents.length === 0) return { store: forget(after, message.id), outs: left(message) };
  const counted = transaction(after);
  const type = message.encrypt ? 'm.room.encrypted' : message.type;
  const path = paths.sendToDevice(type, counted.txn);
  const body = { messages: byDevice(contents) };
  return { store: counted.store, outs: [request('PUT', path, { task: 'sent', message: message.id }, { body })] };
};

/** The answer to a send: what the server took leaves the outbox; what it did not stays for the next attempt. */
export const sent = (store: Store, id: string, status: number): CoreStep => {
  const message = store.outbox.find((one) => one.id === id);
  return status === 200 && message !== undefined
    ? { store: forget(store, id), outs: left(message) }
    : { store, outs: [] };
};

const left = ({ reply }: Outgoing): readonly Out[] => answer(reply ?? null, 'send', {});

const forget = (store: Store, id: string): Store => ({ ...store, outbox: store.outbox.filter((one) => one.id !== id) });

/** "m.olm.v1.curve25519-aes-sha2": the plaintext's envelope, with MSC4147's `sender_device_keys`. */
const sealFor = (
  env: Env,
  store: Store,
  message: Outgoing,
  to: Recipient,
): { readonly store: Store; readonly content: JsonObject } | null => {
  const peer = listedDevice(env.suite, store, to.user, to.device);
  const session = peer === null ? undefined : sessionsWith(store, peer.curve25519).at(-1);
  if (peer === null || session === undefined) return null;
  const counted = count(store, `ratchet ${session.id}`);
  const mine = own(userOf(store, store.me.user).devices, store.me.device)?.keys;
  const plaintext = JSON.stringify({
    type: message.type,
    content: message.content,
    sender: store.me.user,
    ...(mine === undefined || message.embed === false ? {} : { [message.embed ?? 'sender_device_keys']: mine }),
    recipient: to.user,
    recipient_keys: { ed25519: peer.ed25519 },
    keys: { ed25519: store.account.ed25519.public },
  });
  const sealed = env.suite.olmEncrypt(session, plaintext, label(env, `ratchet/${session.id}/${counted.number}`));
  const sessions = sessionsWith(store, peer.curve25519);
  const olm = {
    ...store.olm,
    [peer.curve25519]: sessions.map((one) => (one.id === session.id ? sealed.session : one)),
  };
  const content = {
    algorithm: OLM_ALGORITHM,
    sender_key: store.account.curve25519.public,
    ciphertext: { [peer.curve25519]: sealed.message },
  };
  return { store: { ...counted.store, olm }, content };
};
