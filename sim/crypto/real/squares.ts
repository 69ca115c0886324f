/**
 * Whether a number is a square modulo the prime of Curve25519, which is whether there is a point at all: the costly half of
 * reading one, here for a twentieth of what taking the root costs. Bundles and exports bring signing keys by the thousand.
 *
 * The Jacobi symbol by division steps that only add (as libsecp256k1 has it): as many steps as a limb has bits are worked out on
 * the lowest bits, and then done to the whole numbers, which that makes one limb shorter.
 */
export const prime = 2n ** 255n - 19n;

const limbBits = 24;
const limbs = 11;
const base = 2 ** limbBits;
/** Thirty turns are the usual; nothing proves an end, so beyond this whoever asks has to find out otherwise. */
const turnsMax = 80;

const limbsOf = (value: bigint): Float64Array => {
  const out = new Float64Array(limbs);
  let rest = value;
  // Two limbs at a time: they fit a double, and big numbers are slow to cut.
  for (let at = 0; at < limbs; at += 2) {
    const two = Number(BigInt.asUintN(2 * limbBits, rest));
    const high = Math.floor(two / base);
    out[at] = two - high * base;
    if (at + 1 < limbs) out[at + 1] = high;
    rest >>= BigInt(2 * limbBits);
  }
  return out;
};
const primeLimbs = limbsOf(prime);
const lowBits = (value: Float64Array): number => (value[0] ?? 0) | ((value[1] ?? 0) << limbBits);
const isOne = (value: Float64Array): boolean => value[0] === 1 && value.every((limb, at) => at === 0 || limb === 0);

/** Whether `value` (above 0, below the prime) is a square modulo the prime; `null`: this did not tell. */
export const isSquare = (value: bigint): boolean | null => {
  const f = primeLimbs.slice();
  const g = limbsOf(value);
  // How much longer f is than g, roughly: below zero they change places.
  let lead = -1;
  let isNegative = 0;
  for (let turn = 0; turn < turnsMax; turn++) {
    let fLow = lowBits(f);
    let gLow = lowBits(g);
    // What the steps come to: f and g become (a f + b g) and (c f + d g), both divided by two to their number.
    let a = 1;
    let b = 0;
    let c = 0;
    let d = 1;
    for (let left = limbBits; ; ) {
      const halvings = gLow === 0 ? left : Math.min(31 - Math.clz32(gLow & -gLow), left);
      gLow >>= halvings;
      a <<= halvings;
      b <<= halvings;
      lead -= halvings;
      left -= halvings;
      // (2 | f) is -1 where f is 3 or 5 modulo 8.
      isNegative ^= halvings & ((fLow >> 1) ^ (fLow >> 2));
      if (left === 0) break;
      if (lead < 0) {
        lead = -lead;
        // (g | f) and (f | g) differ where both are 3 modulo 4.
        isNegative ^= (fLow & gLow) >> 1;
        const low = fLow;
        const first = a;
        const second = b;
        fLow = gLow;
        a = c;
        b = d;
        gLow = low;
        c = first;
        d = second;
      }
      gLow = (gLow + fLow) | 0;
      c += a;
      d += b;
    }
    // Neither number grows, as a + b and c + d are at most two to the steps; what falls off below is zero.
    let fCarry = 0;
    let gCarry = 0;
    for (let at = 0; at < limbs; at++) {
      const x = f[at] ?? 0;
      const y = g[at] ?? 0;
      const fSum = a * x + b * y + fCarry;
      const gSum = c * x + d * y + gCarry;
      fCarry = Math.floor(fSum / base);
      gCarry = Math.floor(gSum / base);
      if (at === 0) continue;
      f[at - 1] = fSum - fCarry * base;
      g[at - 1] = gSum - gCarry * base;
    }
    f[limbs - 1] = fCarry;
    g[limbs - 1] = gCarry;
    if (isOne(f)) return (isNegative & 1) === 0;
  }
  return null;
};
