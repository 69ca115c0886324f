/** Curve25519 public keys whose shared secret is zero whoever computes it (RFC 7748 §6.1). */

const lowOrder: ReadonlySet<string> = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  // p - 1, and the unreduced p and p + 1
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether a 32-byte X25519 public key is of low order. Its top bit counts for nothing, as in X25519 itself. */
export const isLowOrder = (key: Uint8Array): boolean => {
  const masked = key.slice();
  masked[31] = (masked[31] ?? 0) & 0x7f;
  return lowOrder.has(hex(masked));
};
