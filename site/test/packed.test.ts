/** What is fetched beside a page comes out as it was put in, and says nothing twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../machines/json.ts';
import { pack, unpack } from '../packed.ts';

describe('JSON in which what repeats stands once', () => {
  it('comes out as it went in, whatever names its members have', () => {
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (one, other) => {
        const whole = { '': one, twice: [one, { in: one }, other], again: other };
        expect(unpack(JSON.parse(JSON.stringify(pack(whole))))).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('has a value that occurs three times once', () => {
    const keys = { algorithm: 'm.olm.v1.curve25519-aes-sha2', user_id: '@alice:example.org' };
    const { values, value } = pack({ uploaded: keys, answered: [keys], given: { keys } });
    expect(values).toEqual([keys]);
    expect(value).toEqual({ uploaded: { '': 0 }, answered: [{ '': 0 }], given: { keys: { '': 0 } } });
  });

  it('is not read where a reference leads nowhere', () => {
    expect(() => unpack({ values: [], value: { '': 3 } })).toThrow('was the file cut?');
  });
});
