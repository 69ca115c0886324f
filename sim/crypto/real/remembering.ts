/**
 * A suite that remembers its answers. Writer and reader live in one program, and a story with one setting turned says again most of
 * what it said without: of a library's run nine questions in ten were asked before, with the same arguments. All functions of the
 * port are pure, so this changes how long an answer takes and never what it is.
 */
import { type Json, sameJson } from '../../../machines/json.ts';
import { memo } from '../../../machines/memo.ts';
import type { Suite } from '../../../machines/suite.ts';

/** Keys kept of one function, and sets of arguments kept under one key. */
const keysMax = 2048;
const alikeMax = 8;

/** `answer`, remembering. `keyOf`: a text by which arguments are filed; those under one key are compared one by one. */
const remembering = <A extends readonly (Json | undefined)[], R>(
  answer: (...args: A) => R,
  keyOf: (...args: A) => string,
): ((...args: A) => R) => {
  // Nine questions in ten were asked before: half of a run with bytes.
  const answers = memo<{ readonly args: A; readonly result: R }[]>(keysMax);
  return (...args) => {
    const known = answers(keyOf(...args), () => []);
    const before = known.find(
      (one) => one.args.length === args.length && one.args.every((arg, nth) => sameJson(arg, args[nth])),
    );
    if (before !== undefined) return before.result;
    const result = answer(...args);
    known.push({ args, result });
    if (known.length > alikeMax) known.shift();
    return result;
  };
};

/** The same suite with a bounded memory. What costs nothing is asked again each time. */
export const rememberingSuite = (suite: Suite): Suite => ({
  ...suite,
  signingKey: remembering(suite.signingKey, (label) => label),
  signingPublic: remembering(suite.signingPublic, (secret) => secret),
  sign: remembering(suite.sign, (secret, object) => secret + JSON.stringify(object)),
  verify: remembering(suite.verify, (_key, _object, signature) => signature),
  newAccount: remembering(suite.newAccount, (label) => label),
  makeOneTimeKeys: remembering(suite.makeOneTimeKeys, (_account, _count, label) => label),
  makeFallbackKey: remembering(suite.makeFallbackKey, (_account, label) => label),
  olmOutbound: remembering(suite.olmOutbound, (_account, _peer, _oneTimeKey, label) => label),
  olmInbound: remembering(suite.olmInbound, (_account, _sender, { body }) => body),
  olmSessionIdOf: remembering(suite.olmSessionIdOf, ({ body }) => body),
  olmEncrypt: remembering(suite.olmEncrypt, (_session, _plaintext, label) => label),
  olmDecrypt: remembering(suite.olmDecrypt, (_session, { body }) => body),
  megolmOutbound: remembering(suite.megolmOutbound, (label) => label),
  megolmSessionKey: remembering(suite.megolmSessionKey, ({ sessionId }) => sessionId),
  megolmEncrypt: remembering(suite.megolmEncrypt, (_session, plaintext) => plaintext),
  megolmInbound: remembering(suite.megolmInbound, (sessionKey) => sessionKey),
  megolmDecrypt: remembering(suite.megolmDecrypt, (_session, ciphertext) => ciphertext),
  backupKey: remembering(suite.backupKey, (label) => label),
  backupPublic: remembering(suite.backupPublic, (secret) => secret),
  backupSeal: remembering(suite.backupSeal, (_publicKey, _session, label) => label),
  backupOpen: remembering(suite.backupOpen, (_secret, { ciphertext }) => ciphertext),
  attachmentSeal: remembering(suite.attachmentSeal, (_plaintext, label) => label),
  attachmentOpen: remembering(suite.attachmentOpen, (ciphertext) => ciphertext),
  secretStorageKey: remembering(suite.secretStorageKey, (label) => label),
  secretSeal: remembering(suite.secretSeal, (_key, _name, _secret, label) => label),
  secretOpen: remembering(suite.secretOpen, (_key, _name, { ciphertext }) => ciphertext),
});
