/** Base58 with Bitcoin's alphabet, as recovery keys are written: a big-endian number, one `1` per leading zero byte. */

const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const values = new Map([...letters].map((letter, value) => [letter, value]));

/** Rewrites `digits` (most significant first, base `from`) in base `to`, leading zeros kept as many. */
const rebase = (digits: Iterable<number>, from: number, to: number): readonly number[] => {
  const out: number[] = []; // least significant first
  let zeros = 0;
  let leading = true;
  for (const digit of digits) {
    leading &&= digit === 0;
    if (leading) zeros++;
    let carry = digit;
    for (let i = 0; i < out.length; i++) {
      carry += (out[i] ?? 0) * from;
      out[i] = carry % to;
      carry = Math.floor(carry / to);
    }
    for (; carry > 0; carry = Math.floor(carry / to)) out.push(carry % to);
  }
  return [...Array<number>(zeros).fill(0), ...out.reverse()];
};

/** `bytes` in base58. */
export const base58 = (bytes: Uint8Array): string =>
  rebase(bytes, 256, 58)
    .map((digit) => letters[digit])
    .join('');

/** The bytes of base58 `text`; `null` where it holds foreign characters. */
export const fromBase58 = (text: string): Uint8Array | null => {
  const digits = [...text].map((letter) => values.get(letter));
  const known = digits.filter((digit) => digit !== undefined);
  return known.length === digits.length ? Uint8Array.from(rebase(known, 58, 256)) : null;
};
