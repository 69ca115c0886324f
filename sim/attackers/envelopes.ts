/**
 * Letters through Olm whose plaintext shows device keys that are not the sender's own as published (MSC4147): borrowed ones, or
 * some of the sender's own making. The letter itself is as any other.
 */

import { OLM_ALGORITHM } from '../../machines/algorithms.ts';
import { count } from '../../machines/core/env.ts';
import { signedBy } from '../../machines/core/facts.ts';
import { ownDeviceKeys, withSignature } from '../../machines/core/own-keys.ts';
import { isObject, type JsonObject, objectAt, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { OlmSession, Term } from '../../machines/suite.ts';
import { call } from '../engine/network.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { after, type Progress, quiet, type World, withDevice } from '../engine/world.ts';
import { addressOf, deviceOf } from './forging.ts';
import type { Pretence } from './words.ts';

/** What a plaintext shows, and which Ed25519 key it says the sender has. */
type Shown = { readonly keys: JsonObject; readonly ed25519: Term };

/**
 * - `borrowed`: the keys of `whose` as published, down to the Ed25519 key that the plaintext claims: nothing but `sender_key` is off.
 * - `other ed25519`: its own, under an Ed25519 key that is not the one the plaintext claims.
 * - `unsigned`: its own, without a signature.
 * - `other user`: its own, as those of a device of `whose` user.
 * - `empty`: an object that is no keys of any device.
 */
const shownKeys = (stage: Stage, world: World, player: PlayerId, whose: PlayerId, pretence: Pretence): Shown | null => {
  const store = world.devices[player]?.store;
  const other = world.devices[whose]?.store;
  if (store === undefined || other === undefined) return null;
  const env = stage.envOf(player);
  const own = ownDeviceKeys(env, store);
  const { user, device } = store.me;
  const { signatures: _none, ...bare } = own;
  const ed25519 = store.account.ed25519.public;
  switch (pretence) {
    case 'borrowed': {
      const keys =
        store.users[other.me.user]?.devices[other.me.device]?.keys ?? ownDeviceKeys(stage.envOf(whose), other);
      return { keys, ed25519: other.account.ed25519.public };
    }
    case 'other ed25519': {
      const pair = stage.suite.signingKey(`${player}/another ed25519`);
      const changed = { ...bare, keys: { ...objectAt(bare, 'keys'), [`ed25519:${device}`]: pair.public } };
      return { keys: withSignature(env, changed, user, `ed25519:${device}`, pair.secret), ed25519 };
    }
    case 'unsigned':
      return { keys: { ...bare, signatures: {} }, ed25519 };
    case 'empty':
      return { keys: {}, ed25519 };
    case 'other user': {
      const changed = { ...bare, user_id: other.me.user };
      const secret = store.account.ed25519.secret;
      return { keys: withSignature(env, changed, other.me.user, `ed25519:${device}`, secret), ed25519 };
    }
  }
};

/** Writes one letter of any type and content to a device, showing such keys. Nothing is sent where no session can be had. */
export const sendShowing = (
  stage: Stage,
  world: World,
  name: PlayerId,
  to: PlayerId,
  type: string,
  content: JsonObject,
  whose: PlayerId,
  pretence: Pretence,
): Progress => {
  const player = deviceOf(world, name);
  const shown = player === undefined ? null : shownKeys(stage, world, player, whose, pretence);
  const target = world.devices[to]?.store;
  if (player === undefined || shown === null || target === undefined) return quiet(world);
  const had = sessionWith(stage, world, player, to);
  return after({ world: had.world, moments: had.moments }, (now) => {
    const store = now.devices[player]?.store;
    if (had.session === null || store === undefined) return quiet(now);
    const number = store.counts[`ratchet ${had.session.id}`] ?? 0;
    const recipient = addressOf(now, to);
    const plaintext = JSON.stringify({
      type,
      content,
      sender: store.me.user,
      sender_device_keys: shown.keys,
      recipient: recipient.user,
      recipient_keys: { ed25519: target.account.ed25519.public },
      keys: { ed25519: shown.ed25519 },
    });
    const sealed = stage.suite.olmEncrypt(had.session, plaintext, `${player}/shown/${had.session.id}/${number}`);
    const peer = target.account.curve25519.public;
    const sessions = store.olm[peer] ?? [];
    const kept = sessions.map((one) => (one.id === sealed.session.id ? sealed.session : one));
    const sent = count(count(store, `ratchet ${had.session.id}`).store, 'transactions');
    const device = now.devices[player];
    if (device === undefined) return quiet(now);
    const written = withDevice(now, player, {
      ...device,
      store: { ...sent.store, olm: { ...store.olm, [peer]: kept } },
    });
    const letter = {
      algorithm: OLM_ALGORITHM,
      sender_key: store.account.curve25519.public,
      ciphertext: { [peer]: sealed.message },
    };
    const asked = call(stage, written, player, store.me.server, {
      accessToken: store.me.accessToken,
      method: 'PUT',
      path: paths.sendToDevice('m.room.encrypted', `t${sent.number}`),
      body: { messages: { [recipient.user]: { [recipient.device]: letter as unknown as JsonObject } } },
    });
    return { world: asked.world, moments: asked.moments };
  });
};

/** The Olm session with a device: the latest there is, or a new one on a key that is claimed. */
const sessionWith = (
  stage: Stage,
  world: World,
  player: PlayerId,
  to: PlayerId,
): Progress & { readonly session: OlmSession | null } => {
  const device = world.devices[player];
  const target = world.devices[to]?.store;
  if (device === undefined || target === undefined) return { ...quiet(world), session: null };
  const { store } = device;
  const peer = target.account.curve25519.public;
  const known = store.olm[peer]?.at(-1);
  if (known !== undefined) return { ...quiet(world), session: known };
  const recipient = addressOf(world, to);
  const asked = call(stage, world, player, store.me.server, {
    accessToken: store.me.accessToken,
    method: 'POST',
    path: paths.keysClaim,
    body: { one_time_keys: { [recipient.user]: { [recipient.device]: 'signed_curve25519' } } },
  });
  const claimed = objectAt(objectAt(objectAt(asked.answer?.body, 'one_time_keys'), recipient.user), recipient.device);
  const key = Object.values(claimed)[0];
  const isTheirs =
    isObject(key) &&
    signedBy(stage.suite, key, recipient.user, `ed25519:${recipient.device}`, target.account.ed25519.public);
  const oneTime = isTheirs ? stringAt(key, 'key') : undefined;
  const session =
    oneTime === undefined ? null : stage.suite.olmOutbound(store.account, peer, oneTime, `${player}/shown/${peer}`);
  const moments = asked.moments;
  if (session === null) return { world: asked.world, moments, session };
  const olm = { ...store.olm, [peer]: [session] };
  return { world: withDevice(asked.world, player, { ...device, store: { ...store, olm } }), moments, session };
};
