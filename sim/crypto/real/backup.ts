/** `session_data` of a key backup (m.megolm_backup.v1.curve25519-aes-sha2). */
import { stringAt } from '../../../machines/json.ts';
import type { BackupSessionData } from '../../../machines/suite.ts';
import { base64, fromBase64, fromBase64Sized } from './base64.ts';
import type { Curves } from './curves.ts';
import { cipherKeys, decryptCbc, encryptCbc, isShortMac, nothing, shortMac } from './kdf.ts';
import type { BytePair } from './olm-session.ts';

/**
 * Encrypts to the backup's public key with a fresh pair. The MAC is over no bytes at all: an old bug that became the
 * format, so it proves nothing about the ciphertext. `null`: a low-order public key.
 */
export const sealBackup = (
  curves: Curves,
  publicKey: Uint8Array,
  ephemeral: BytePair,
  plaintext: Uint8Array,
): BackupSessionData | null => {
  const shared = curves.shared(ephemeral.secret, publicKey);
  if (shared === null) return null;
  const keys = cipherKeys(shared, nothing);
  return {
    ephemeral: base64(ephemeral.public),
    ciphertext: base64(encryptCbc(keys, plaintext)),
    mac: base64(shortMac(keys.mac, nothing)),
  };
};

/** Decrypts with the backup's private key (32 bytes). `null`: malformed, another key's, or padding wrong. */
export const openBackup = (curves: Curves, secret: Uint8Array, data: BackupSessionData): Uint8Array | null => {
  const ephemeral = fromBase64Sized(stringAt(data, 'ephemeral') ?? '', 32);
  const ciphertext = fromBase64(stringAt(data, 'ciphertext') ?? '');
  const mac = fromBase64(stringAt(data, 'mac') ?? '');
  const shared = ephemeral && curves.shared(secret, ephemeral);
  if (!shared || ciphertext === null || mac === null) return null;
  const keys = cipherKeys(shared, nothing);
  return isShortMac(keys.mac, nothing, mac) ? decryptCbc(keys, ciphertext) : null;
};
