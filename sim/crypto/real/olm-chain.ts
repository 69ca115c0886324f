/** One receiving chain of an Olm ratchet: where it stands, and the keys of messages that were passed over. */

import { type CipherKeys, cipherKeys, decryptCbc, encryptCbc, info, isShortMac, mac, shortMac } from './kdf.ts';
import type { NormalMessage } from './olm-message.ts';

/** Keys of passed-over messages kept per chain; the oldest go first. */
export const mostSkippedKeys = 40;
/** How far ahead of a chain a message may be. */
export const widestGap = 2000;

/** A chain: the key its next message derives from (32 bytes), and that message's index. */
export type Chain = { readonly key: Uint8Array; readonly index: number };
export type SkippedKey = { readonly index: number; readonly key: Uint8Array };
/** A chain of the peer's, under the ratchet key (public, 32 bytes) it was announced with. Skipped keys oldest first. */
export type ReceivingChain = Chain & { readonly ratchetKey: Uint8Array; readonly skipped: readonly SkippedKey[] };

const messageSeed = Uint8Array.of(1);
const chainSeed = Uint8Array.of(2);
const keysInfo = info('OLM_KEYS');

/** The key of the chain's next message. */
export const messageKey = ({ key }: Chain): Uint8Array => mac(key, messageSeed);

/** The chain one message on. */
export const advanced = ({ key, index }: Chain): Chain => ({ key: mac(key, chainSeed), index: index + 1 });

/** AES, MAC and IV of a message key. */
export const messageCipher = (key: Uint8Array): CipherKeys => cipherKeys(key, keysInfo);

/** Ciphertext of `plaintext` under the chain's next message key, and the MAC over `body(ciphertext)`. */
export const sealNext = (
  chain: Chain,
  plaintext: Uint8Array,
  body: (ciphertext: Uint8Array) => Uint8Array,
): { readonly authenticated: Uint8Array; readonly mac: Uint8Array } => {
  const keys = messageCipher(messageKey(chain));
  const authenticated = body(encryptCbc(keys, plaintext));
  return { authenticated, mac: shortMac(keys.mac, authenticated) };
};

const open = (key: Uint8Array, message: NormalMessage): Uint8Array | null => {
  const keys = messageCipher(key);
  return isShortMac(keys.mac, message.authenticated, message.mac) ? decryptCbc(keys, message.ciphertext) : null;
};

/**
 * Opens `message` with a chain. `null`: its key is used up or dropped, it is more than 2000 ahead, or MAC or padding is
 * wrong; the chain given stays as good as it was.
 */
export const openWith = (
  chain: ReceivingChain,
  message: NormalMessage,
): { readonly chain: ReceivingChain; readonly plaintext: Uint8Array } | null => {
  if (message.index < chain.index) {
    const kept = chain.skipped.find(({ index }) => index === message.index);
    const plaintext = kept === undefined ? null : open(kept.key, message);
    return plaintext === null
      ? null
      : { chain: { ...chain, skipped: chain.skipped.filter((key) => key !== kept) }, plaintext };
  }
  if (message.index - chain.index > widestGap) return null;
  const skipped: SkippedKey[] = [];
  let at: Chain = chain;
  while (at.index < message.index) {
    // Keys that would be dropped again at once are not even derived.
    if (message.index - at.index <= mostSkippedKeys) skipped.push({ index: at.index, key: messageKey(at) });
    at = advanced(at);
  }
  const plaintext = open(messageKey(at), message);
  if (plaintext === null) return null;
  const next = advanced(at);
  return {
    chain: {
      ratchetKey: chain.ratchetKey,
      key: next.key,
      index: next.index,
      skipped: [...chain.skipped, ...skipped].slice(-mostSkippedKeys),
    },
    plaintext,
  };
};
