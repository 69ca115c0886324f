/**
 * Users who verify each other ("Cross-signing", and "Key verification framework" of the client-server API): one's user-signing key signs
 * the other's master key. The signature is for one's own devices alone; what it comes to there is a fact.
 */
import { hasCanonicalForm, objectAt } from '../json.ts';
import type { Store } from '../store.ts';
import type { Suite, Term } from '../suite.ts';
import type { UserId } from '../types.ts';
import { answer, type Carries } from './env.ts';
import { crossSigningPublic, publishedPublic, signedBy, userOf } from './facts.ts';
import { withSignature } from './own-keys.ts';

const USER_SIGNING = 'm.cross_signing.user_signing';

/**
 * The master key that one's user has verified as somebody's: the served one, where the user-signing key of one's pinned identity has
 * signed it, or else the one that was known to be before. `null`: none, so that it is first seen at best.
 */
export const verifiedMaster = (suite: Suite, store: Store, user: UserId): Term | null => {
  const { master, verified = null } = userOf(store, user).identity;
  const me = store.me.user;
  // Few have been signed: the rest is looked at only where there is something to look at.
  if (user === me || master === null || Object.keys(objectAt(objectAt(master, 'signatures'), me)).length === 0)
    return verified;
  const key = publishedPublic(suite, store, USER_SIGNING);
  return key !== null && signedBy(suite, master, me, `ed25519:${key}`, key) ? crossSigningPublic(master) : verified;
};

/** For facts about an identity: whether the pinned one was verified, and not only first seen. */
export const pinnedIsVerified = (suite: Suite, store: Store, user: UserId): { readonly wasVerified?: true } => {
  const { pinned } = userOf(store, user).identity;
  return pinned !== null && verifiedMaster(suite, store, user) === pinned ? { wasVerified: true } : {};
};

/** Its person has compared `master` with somebody. It is verified from now on, if it is what the server has of them. */
export const signUser: Carries<'sign user'> = (env, store, { user, master }, reply) => {
  const before = userOf(store, user);
  const served = before.identity.master;
  if (served === null || crossSigningPublic(served) !== master)
    return { store, outs: answer(reply, 'sign user', { matches: false, signatures: null }) };
  const key = store.secrets[USER_SIGNING];
  const isOurs = key?.public != null && key.public === publishedPublic(env.suite, store, USER_SIGNING);
  const canSign = isOurs && hasCanonicalForm(served);
  const signed = canSign ? withSignature(env, served, store.me.user, `ed25519:${key.public}`, key.secret) : served;
  const identity = { ...before.identity, master: signed, verified: master };
  const signatures = canSign ? { [user]: { [master]: signed } } : null;
  return {
    store: { ...store, users: { ...store.users, [user]: { ...before, identity } } },
    outs: answer(reply, 'sign user', { matches: true, signatures }),
  };
};
