/**
 * The crypto port on terms: cryptography that cannot be broken, small enough to try every order of events.
 *
 * It agrees with the real suite on what opens and what holds, not on what anything looks like. Where bytes allow less or
 * more than the port says (keys skipped beyond a chain's memory, a short garbled text that happens to be text), terms
 * follow the port.
 */
import type { Suite } from '../../../machines/suite.ts';
import { canonicalJson } from '../real/canonical-json.ts';
import { megolmPort } from './megolm.ts';
import { olmPort } from './olm.ts';
import { attachmentPort, backupPort, storagePort } from './sealed.ts';
import { type Draw, drawsOf, isKey, isSecret, signingPublic, termOf } from './terms.ts';

const signingPort = (draw: Draw): Pick<Suite, 'signingKey' | 'signingPublic' | 'sign' | 'verify'> => ({
  signingKey: (label) => {
    const secret = draw(label, 'ed25519');
    return { secret, public: signingPublic(secret) };
  },
  signingPublic: (secret) => (isSecret(secret) ? signingPublic(secret) : null),
  sign: (secret, { signatures: _signatures, unsigned: _unsigned, ...covered }) => {
    if (!isSecret(secret))
      throw new Error('a signing secret is no secret of this suite: was it made by the other one?');
    const text = canonicalJson(covered);
    if (text === null)
      throw new Error(
        'an object to be signed has no canonical JSON: a fraction, a huge number or half a character in it?',
      );
    return termOf('g', 'signature', signingPublic(secret), text);
  },
  verify: (publicKey, { signatures: _signatures, unsigned: _unsigned, ...covered }, signature) => {
    const text = isKey(publicKey) ? canonicalJson(covered) : null;
    return text !== null && signature === termOf('g', 'signature', publicKey, text);
  },
});

/** The symbolic suite. As in the real one, `seed` (any text) and a label together name every random value. */
export const makeSymbolicSuite = (seed: string): Suite => {
  const draw = drawsOf(seed);
  return {
    name: 'symbolic',
    ...signingPort(draw),
    ...olmPort(draw),
    ...megolmPort(draw),
    ...backupPort(draw),
    ...attachmentPort(draw),
    ...storagePort(draw),
    hash: (text) => termOf('h', 'hash', text.toWellFormed()),
  };
};
