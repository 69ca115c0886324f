/** Why a client says that it discards a letter, as notice-truth has it. */
import { describe, expect, it } from 'vitest';
import type { DiscardCause } from '../../machines/effects.ts';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import type { EnvelopeFacts } from '../../machines/types.ts';
import type { Moment, Step } from '../engine/types.ts';
import { noticeTruth } from './notice-truth.ts';
import * as t from './testing.ts';

const { bob, everybody, request, step, verdict, witness } = t;
const [host, guest] = ['alice.phone', 'charlie.phone'];
const so = 'holds (it happens)';
const of = (steps: readonly Step[], cast = witness()) =>
  verdict(noticeTruth, [everybody('shared', 'bob.phone'), ...steps], cast);

const queries = (answer: JsonObject, status = 200) =>
  step(request(host, { method: 'POST', path: paths.keysQuery, body: { device_keys: { [bob]: [] } }, status }, answer));
const discards = (cause: DiscardCause | null) =>
  step({
    kind: 'discarded',
    player: host,
    event: { type: 'm.room.encrypted', sender: bob },
    why: 'why',
    ...(cause === null ? {} : { cause }),
  });
const there = { device_keys: { [bob]: {} } };

describe('what a person is told of a letter that is discarded', () => {
  it('is that a sender’s keys could not be fetched only where they could not', () => {
    expect(of([queries({}, 503), discards('keys not fetched')])).toBe(so);
    expect(of([queries({ device_keys: {} }), discards('keys not fetched')])).toBe(so);
    expect(of([queries(there), discards('keys not fetched')])).toBe('breaks at alice.phone');
    expect(of([queries({}, 503), queries(there), discards('keys not fetched')])).toBe('breaks at alice.phone');
  });

  it('is not that a letter is somebody else’s where those keys could not be fetched', () => {
    expect(of([queries({}, 503), discards('contradiction')])).toBe('breaks at alice.phone');
    expect(of([queries({}, 503), discards('unconfirmed')])).toBe('breaks at alice.phone');
    expect(of([queries(there), discards('contradiction')])).toBe(so);
    expect(of([queries(there), discards(null)])).toBe('holds');
  });

  it('is about whoever wrote it', () => {
    const steps = [everybody('shared', 'bob.phone'), queries(there), discards('keys not fetched')];
    expect(t.breakOf(noticeTruth, steps)?.about).toEqual({ is: 'identity', user: bob });
  });

  it('is false where nobody was ever asked for keys', () => {
    expect(of([discards('keys not fetched')])).toBe('breaks at alice.phone');
    expect(of([discards('contradiction')])).toBe(so);
  });

  describe('that a letter contradicts itself', () => {
    const letter = { type: 'm.room.encrypted', sender: bob };
    const discarded: Moment = { kind: 'discarded', player: host, event: letter, why: 'why', cause: 'contradiction' };
    const shown = { ed25519Matches: true, curve25519Matches: true, userMatches: true, selfSigned: true };
    const within = { senderMatches: true, recipientMatches: true, recipientKeyMatches: true };
    const comes = (facts: object, to = host, event: JsonObject = letter): Moment => ({
      kind: 'delivery',
      from: 'example.org',
      to,
      event,
      opened: null,
      facts: { claimedSender: bob, sender: null, ...facts } as unknown as EnvelopeFacts,
    });
    const unfetched = queries({}, 503);
    const ofLetter = (facts: object, cast = witness()) => of([unfetched, step(comes(facts), discarded)], cast);

    it.each([
      ...Object.keys(shown).map((fact) => ({ embedded: { ...shown, [fact]: false }, plaintext: within })),
      ...Object.keys(within).map((fact) => ({ embedded: shown, plaintext: { ...within, [fact]: false } })),
      ...Object.keys(within).map((fact) => ({ plaintext: { ...within, [fact]: false } })),
    ])('is so where it does, whatever could be fetched: %j', (facts) => {
      expect(ofLetter(facts)).toBe(so);
    });

    it.each([{ embedded: shown, plaintext: within }, { embedded: null, plaintext: within }, { embedded: shown }, {}])(
      'is not where it goes together, and keys are wanting: %j',
      (facts) => {
        expect(ofLetter(facts)).toBe('breaks at alice.phone');
      },
    );

    it('is so where its Ed25519 key is to be its sender key, and is not', () => {
      const facts = { embedded: { ...shown, ed25519IsSenderKey: false }, plaintext: within };
      expect(ofLetter(facts)).toBe('breaks at alice.phone');
      expect(ofLetter(facts, t.ofAllTexts())).toBe(so);
      const same = { embedded: { ...shown, ed25519IsSenderKey: true }, plaintext: within };
      expect(ofLetter(same, t.ofAllTexts())).toBe('breaks at alice.phone');
    });

    it('is told of that very letter, and of no other', () => {
      const other = comes({ embedded: { ...shown, userMatches: false } }, guest);
      const before = comes({ embedded: { ...shown, userMatches: false } }, host, { ...letter, nth: 1 });
      const it = comes({ embedded: shown });
      expect(of([unfetched, step(other, before, it, discarded)])).toBe('breaks at alice.phone');
      const forged = comes({ embedded: { ...shown, userMatches: false } });
      const last = { ...discarded, cause: 'unconfirmed' } as Moment;
      expect(of([unfetched, step(forged, last)])).toBe('breaks at alice.phone');
    });
  });
});
