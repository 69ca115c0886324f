/**
 * Curve25519, PBKDF2 and what is done to whole files by Node's own crypto module, for what runs in Node only: the same results and
 * refusals as the noble ones, ten to twenty times sooner. `makeRealSuite(seed, nodeCurves, nodeBulk)` plugs it in.
 */
import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  pbkdf2Sync,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto';
import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import type { Bulk } from '../real/attachment.ts';
import { type Curves, remembering } from '../real/curves.ts';
import { isLowOrder } from '../real/low-order.ts';
import { plainNobleCurves } from '../real/noble-curves.ts';
import type { Stretch } from '../real/passphrase.ts';

/** What stands before the 32 bytes of a key in DER (RFC 8410): 1.3.101.110 is X25519, 1.3.101.112 Ed25519. */
const der = (hex: string): Buffer => Buffer.from(hex, 'hex');
const prefixes = {
  x25519: { secret: der('302e020100300506032b656e04220420'), public: der('302a300506032b656e032100') },
  ed25519: { secret: der('302e020100300506032b657004220420'), public: der('302a300506032b6570032100') },
};
type Kind = keyof typeof prefixes;

const secretKey = (kind: Kind, secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([prefixes[kind].secret, secret]), format: 'der', type: 'pkcs8' });
const publicKey = (kind: Kind, key: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([prefixes[kind].public, key]), format: 'der', type: 'spki' });
const publicOf = (kind: Kind, secret: Uint8Array): Uint8Array =>
  new Uint8Array(createPublicKey(secretKey(kind, secret)).export({ format: 'der', type: 'spki' }).subarray(-32));

const { isSigningKey } = plainNobleCurves;

const smallOrder: ReadonlySet<string> = new Set(ED25519_TORSION_SUBGROUP);

/** Node's curves without memory of results. */
export const plainNodeCurves: Curves = {
  // OpenSSL refuses a shared secret of zero by throwing; the list says so beforehand, and what still throws is a bug.
  shared: (secret, theirs) =>
    isLowOrder(theirs)
      ? null
      : new Uint8Array(
          diffieHellman({ privateKey: secretKey('x25519', secret), publicKey: publicKey('x25519', theirs) }),
        ),
  exchangePublic: (secret) => publicOf('x25519', secret),
  signingPublic: (seed) => publicOf('ed25519', seed),
  sign: (seed, message) => new Uint8Array(signWith(null, message, secretKey('ed25519', seed))),
  // OpenSSL compares R as bytes and wants a reduced scalar, but takes keys and R of small order and loosely written keys.
  verify: (key, message, signature) =>
    isSigningKey(key) &&
    !smallOrder.has(Buffer.from(signature.subarray(0, 32)).toString('hex')) &&
    verifyWith(null, message, publicKey('ed25519', key), signature),
  isSigningKey,
};

/** Node's curves, remembering. */
export const nodeCurves: Curves = remembering(plainNodeCurves);

/** AES-256-CTR and SHA-256 by Node. */
export const nodeBulk: Bulk = {
  ctr: (key, iv, data) => new Uint8Array(createCipheriv('aes-256-ctr', key, iv).update(data)),
  hash: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
};

/** PBKDF2-HMAC-SHA-512 by Node. */
export const nodeStretch: Stretch = (passphrase, salt, rounds, length) =>
  new Uint8Array(pbkdf2Sync(passphrase, salt, rounds, length, 'sha512'));
