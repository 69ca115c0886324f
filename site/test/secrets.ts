/** What is secret in a run, as bytes that can be looked for in what is made of it. */
import { nodeBulk, plainNodeCurves } from '../../sim/crypto/node/backend.ts';
import { base64 } from '../../sim/crypto/real/base64.ts';
import type { Curves } from '../../sim/crypto/real/curves.ts';
import { makeRealSuite } from '../../sim/crypto/real/suite.ts';
import { toHex } from '../../sim/crypto/vectors/check.ts';
import type { Run, Scenario } from '../../sim/engine/types.ts';
import { type RunOptions, runStory } from '../../sim/runs/run.ts';

/** Where letters, requests and answers keep what whoever reads it may go by. */
const secretFields: ReadonlySet<string> = new Set([
  'secret',
  'session_key',
  'sessionKey',
  'access_token',
  'accessToken',
  'login_token',
  'password',
  'k',
  'private_key',
]);
/** Shorter than this it may stand in any text by chance; a fingerprint of eight characters is no secret. */
const shownMax = 12;

const stringsIn = (value: unknown, field: string, found: Set<string>): void => {
  if (typeof value === 'string') {
    if (secretFields.has(field) && value.length > shownMax) found.add(value);
  } else if (Array.isArray(value)) for (const one of value) stringsIn(one, field, found);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) stringsIn(one, name, found);
};

/** Every private key that was worked with, as the curves were given it. */
const watched = (seen: Map<string, Uint8Array>): Curves => {
  const noted = (secret: Uint8Array): Uint8Array => {
    seen.set(toHex(secret), secret.slice());
    return secret;
  };
  return {
    ...plainNodeCurves,
    shared: (secret, theirs) => plainNodeCurves.shared(noted(secret), theirs),
    exchangePublic: (secret) => plainNodeCurves.exchangePublic(noted(secret)),
    signingPublic: (seed) => plainNodeCurves.signingPublic(noted(seed)),
    sign: (seed, message) => plainNodeCurves.sign(noted(seed), message),
  };
};

/** A story's run with its secrets: beginnings of them as text, as they would stand in base64, in hex, or by themselves. */
export const runWithSecrets = (
  scenario: Scenario,
  options: Pick<RunOptions, 'turns'> = {},
): { readonly run: Run; readonly secrets: Set<string> } => {
  const keys = new Map<string, Uint8Array>();
  const run = runStory(scenario, { ...options, suite: (seed) => makeRealSuite(seed, watched(keys), nodeBulk) });
  const found = new Set<string>();
  stringsIn(run.steps, '', found);
  for (const [hex, bytes] of keys) {
    found.add(hex);
    found.add(base64(bytes));
  }
  return { run, secrets: new Set([...found].map((text) => text.slice(0, shownMax + 4))) };
};
