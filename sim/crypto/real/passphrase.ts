/** Keys from passphrases: PBKDF2 with HMAC-SHA-512. */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha512 } from '@noble/hashes/sha2.js';

/** `length` bytes from UTF-8 passphrase and salt after `rounds` rounds. */
export type Stretch = (passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number) => Uint8Array;

/** On noble: about 3 ms for each thousand rounds. */
export const nobleStretch: Stretch = (passphrase, salt, rounds, length) =>
  pbkdf2(sha512, passphrase, salt, { c: rounds, dkLen: length });

/** More rounds than this in a file or description somebody else wrote are refused: each costs us time. */
export const mostRounds = 10_000_000;

/** Whether `rounds` is a number of rounds one may be asked for. */
export const isAcceptable = (rounds: unknown): rounds is number =>
  typeof rounds === 'number' && Number.isSafeInteger(rounds) && rounds >= 1 && rounds <= mostRounds;
