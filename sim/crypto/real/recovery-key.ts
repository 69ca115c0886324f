/** Recovery keys (client-server API, "Recovery key"): 32 bytes as text a person can write down. */
import { base58, fromBase58 } from './base58.ts';
import { concat } from './bytes.ts';

const prefix = Uint8Array.of(0x8b, 0x01);
const parity = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** `key` (32 bytes) as twelve groups of four characters. */
export const recoveryKey = (key: Uint8Array): string => {
  const bytes = concat(prefix, key);
  return base58(concat(bytes, Uint8Array.of(parity(bytes)))).replace(/.{4}(?=.)/g, '$& ');
};

/** The key of a recovery key, white space ignored; `null`: wrong characters, length, prefix or parity. */
export const fromRecoveryKey = (text: string): Uint8Array | null => {
  const bytes = fromBase58(text.replace(/\s/g, ''));
  if (bytes?.length !== 35 || bytes[0] !== prefix[0] || bytes[1] !== prefix[1] || parity(bytes) !== 0) return null;
  return bytes.slice(2, 34);
};
