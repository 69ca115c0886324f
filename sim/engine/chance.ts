/** Seeded dice for wandering. Integers only, so that every machine rolls the same. */

/** FNV-1a over the seed's UTF-16 units: any two seeds start far apart. */
const hashOf = (seed: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < seed.length; at += 1) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
};

/** A die: `roll(n)` is a whole number from 0 to n - 1 (0 where n is 0). */
export const dice = (seed: string): ((sides: number) => number) => {
  let state = hashOf(seed) || 1;
  return (sides) => {
    // xorshift32: period 2^32 - 1, which no walk of ours comes near.
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return sides <= 0 ? 0 : state % sides;
  };
};
