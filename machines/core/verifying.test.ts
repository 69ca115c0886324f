import { describe, expect, it } from 'vitest';
import { makeSymbolicSuite } from '../../sim/crypto/symbolic/suite.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import { crossSigningPublic, userOf } from './facts.ts';
import { keepUsers } from './key-query.ts';
import { answersIn, meets, newsIn, type Person, person, replyFor, sure, withIdentity } from './testing.ts';
import { pinnedIsVerified, signUser, verifiedMaster } from './verifying.ts';

const suite = makeSymbolicSuite('verifying');
const bob = withIdentity(person(suite, '@bob:x', 'PHONE'));
const mallory = withIdentity(person(suite, '@bob:x', 'GHOST'));
const alice = meets(withIdentity(person(suite, '@alice:x', 'PHONE')), [bob]);
const reply = replyFor('test.signed', 'remembered');

const masterOf = ({ store }: Person): JsonObject => sure(userOf(store, '@bob:x').identity.master);
const publicOf = (who: Person): string => sure(crossSigningPublic(masterOf(who)));
const signs = (who: Person, master: string) => signUser(who.env, who.store, { user: '@bob:x', master }, reply);
/** `who` after a key query that shows Bob with that master key. */
const shown = ({ env, store }: Person, master: JsonObject | null) =>
  keepUsers(env, store, [{ user: '@bob:x', devices: [], identity: { master, selfSigning: null, userSigning: null } }]);
const verified = (store: Store) => verifiedMaster(suite, store, '@bob:x');

describe('somebody whose master key was compared', () => {
  it('is verified once it is signed, and only first seen before', () => {
    expect(verified(alice.store)).toBeNull();
    expect(pinnedIsVerified(suite, alice.store, '@bob:x')).toEqual({});
    const { store, outs } = signs(alice, publicOf(bob));
    expect(verified(store)).toBe(publicOf(bob));
    expect(pinnedIsVerified(suite, store, '@bob:x')).toEqual({ wasVerified: true });
    const [answer] = answersIn(outs);
    expect(answer).toMatchObject({ matches: true });
    expect(sure(answer).signatures).toMatchObject({
      '@bob:x': { [publicOf(bob)]: { signatures: { '@alice:x': expect.anything() } } },
    });
  });

  it('is not, where the server shows another than was compared', () => {
    const { store, outs } = signs(alice, publicOf(mallory));
    expect(store).toBe(alice.store);
    expect(answersIn(outs)).toMatchObject([{ matches: false, signatures: null }]);
  });

  it('is verified here alone where what is served of them cannot be signed', () => {
    const odd = shown(alice, { ...masterOf(bob), odd: 0.5 });
    const { store, outs } = signs({ ...alice, store: odd.store }, publicOf(bob));
    expect(answersIn(outs)).toMatchObject([{ matches: true, signatures: null }]);
    expect(verified(store)).toBe(publicOf(bob));
  });

  it('is verified here alone where there is no user-signing key', () => {
    const { 'm.cross_signing.user_signing': _gone, ...secrets } = alice.store.secrets;
    const { store, outs } = signs({ ...alice, store: { ...alice.store, secrets } }, publicOf(bob));
    expect(answersIn(outs)).toMatchObject([{ matches: true, signatures: null }]);
    expect(verified(store)).toBe(publicOf(bob));
  });

  it('is known on another device of theirs by the signature, which is news once', () => {
    const signed = sure(userOf(signs(alice, publicOf(bob)).store, '@bob:x').identity.master);
    const first = shown(alice, signed);
    expect(newsIn(first.outs, 'told.identity verified')).toMatchObject([{ user: '@bob:x', master: publicOf(bob) }]);
    const again = shown({ ...alice, store: first.store }, signed);
    expect(newsIn(again.outs, 'told.identity verified')).toEqual([]);
  });

  it('is not verified by a signature of anybody else', () => {
    const others = meets(withIdentity(person(suite, '@alice:x', 'OTHER')), [bob]);
    const signed = sure(userOf(signs(others, publicOf(bob)).store, '@bob:x').identity.master);
    expect(newsIn(shown(alice, signed).outs, 'told.identity verified')).toEqual([]);
  });

  it('stays known as whom they were when another one is served', () => {
    const sealed = { ...alice, store: signs(alice, publicOf(bob)).store };
    const { store, outs } = shown(sealed, masterOf(mallory));
    expect(newsIn(outs, 'told.identity')).toMatchObject([
      { news: { master: publicOf(mallory), pinned: publicOf(bob), wasVerified: true } },
    ]);
    expect(pinnedIsVerified(suite, store, '@bob:x')).toEqual({ wasVerified: true });
    expect(newsIn(shown(alice, masterOf(mallory)).outs, 'told.identity')[0]?.news).not.toHaveProperty('wasVerified');
  });
});
