import { describe, expect, it } from 'vitest';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Step } from '../types.ts';
import { attributionHonesty } from './attribution-honesty.ts';
import { cacheIntegrity } from './cache-integrity.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import * as t from './testing.ts';

const { alice, bob, charlie, mallory, everybody, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };
const ghost: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'GHOST' };

describe('attribution-honesty', () => {
  const key = (origin: RoomKeyOrigin) => step(t.holds('charlie.phone', bobsKey, origin));
  const reads = (message: string, more: Record<string, string | null> = {}) =>
    step(
      t.shown('charlie.phone', 'message', {
        event: '$1',
        sender: bob,
        message,
        session: bobsKey,
        sharedBy: null,
        label: more.sharedBy === undefined || more.sharedBy === null ? null : 'shared',
        warning: null,
        ...more,
      }),
    );
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(attributionHonesty, [everybody(), step(t.writes('bob.phone', 'hello')), ...steps], cast);

  it('holds for what its author wrote', () => {
    expect(of([key(firstHand), reads('hello')])).toBe('holds');
  });

  it('breaks for what they never wrote, unless the device is shown as unknown', () => {
    expect(of([key(ghost), reads('send money')])).toBe('breaks at charlie.phone');
    expect(of([key(ghost), reads('send money', { warning: 'unknown device' })])).toBe('holds');
  });

  it('holds, and happens, where a message on another’s word says on whose', () => {
    expect(of([key(t.fromBundle()), reads('hello', { sharedBy: alice })])).toBe('holds (it happens)');
  });

  it('breaks where it does not, or names another, or says so nowhere near the message', () => {
    expect(of([key(t.fromBundle()), reads('hello')])).toBe('breaks at charlie.phone');
    expect(of([key(t.fromBundle()), reads('hello', { sharedBy: mallory })])).toBe('breaks at charlie.phone');
    expect(of([key(t.fromBundle()), reads('hello', { sharedBy: alice, label: null })])).toBe('breaks at charlie.phone');
    expect(of([key(firstHand), reads('hello', { sharedBy: alice })])).toBe('breaks at charlie.phone');
  });

  it('breaks where an author is said to have shared their own message', () => {
    expect(of([key(t.fromBundle(bob)), reads('hello', { sharedBy: bob })])).toBe('breaks at charlie.phone');
    expect(of([key(t.fromBundle(bob)), reads('hello')])).toBe('holds');
  });

  it('breaks where it is forgotten on whose word it rests, and not for a key file of one’s own', () => {
    expect(of([key({ how: 'export' }), reads('hello')])).toBe('breaks at charlie.phone');
    const imported = step({ kind: 'acted', player: 'charlie.phone', what: 'import room keys', detail: {} });
    expect(of([imported, key({ how: 'export' }), reads('hello')])).toBe('holds');
  });

  it('accepts a false author under the right label', () => {
    const forged = [key(t.fromBundle(mallory)), reads('send money', { sharedBy: mallory })];
    expect(of(forged)).toBe('accepted by 4268-no-authoritative-sender');
    expect(of(forged, witness({ off: ['4268-no-authoritative-sender'] }))).toBe('breaks at charlie.phone');
  });

  it('accepts one from a backup, which forgets who vouched, and one by a stolen device', () => {
    expect(of([key({ how: 'backup', version: '1' }), reads('send money')])).toBe(
      'accepted by 4268-forwarder-in-backup-out-of-scope',
    );
    const stolen = witness({ stolen: ['bob.phone'] });
    expect(of([key(firstHand), reads('send money')], stolen)).toBe('accepted by 4147-stolen-device');
  });

  it('goes by the last word: a key that comes first-hand after all needs no voucher', () => {
    expect(of([key(t.fromBundle()), key(firstHand), reads('hello')])).toBe('holds');
  });
});

describe('cache-integrity', () => {
  const asked = step(t.invites('alice.phone', charlie), t.joins('charlie.phone'));
  const made = step(t.makes(bobsKey));
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(cacheIntegrity, [everybody('shared', 'bob.phone'), asked, made, ...steps], cast);
  const holds = (origin: RoomKeyOrigin, key: Parameters<typeof t.holds>[3] = {}) =>
    step(t.holds('charlie.phone', bobsKey, origin, key));

  it('holds, and happens, for a key that is as its maker made it', () => {
    expect(of([holds(t.fromBundle())])).toBe('holds (it happens)');
  });

  it('breaks for a false key from somebody who did not invite', () => {
    expect(of([holds(t.fromBundle(mallory), { ratchet: 'false' })])).toBe('breaks at charlie.phone');
    expect(of([holds(t.fromBundle(mallory), { maker: 'mallory.phone' })])).toBe('breaks at charlie.phone');
  });

  it('accepts it from an inviter’s device in bad hands under their name, and not once the name is lost', () => {
    const forged = { ratchet: 'false' };
    const evil = witness({ stolen: ['alice.phone'] });
    expect(of([holds(t.fromBundle(alice), forged)], evil)).toBe('accepted by 4268-no-authoritative-sender');
    expect(of([holds({ how: 'export' }, forged)], evil)).toBe('breaks at charlie.phone');
  });

  it('breaks for what somebody else made of an honest inviter’s bundle, and for what takes the place of what is held', () => {
    const forged = { ratchet: 'false' };
    expect(of([holds(t.fromBundle(alice), forged)])).toBe('breaks at charlie.phone');
    const evil = witness({ stolen: ['alice.phone'] });
    expect(of([holds(firstHand), holds(t.fromBundle(alice), forged)], evil)).toBe('breaks at charlie.phone');
  });

  it('breaks for a session under the keys of a device that never made it', () => {
    const keys = { 'curve25519:PHONE': t.curveOf('bob.phone') };
    const published = t.request('bob.phone', {
      method: 'POST',
      path: '/_matrix/client/v3/keys/upload',
      body: { device_keys: { keys } },
    });
    const forged = step(t.holds('charlie.phone', 'mallory.phone/1', t.fromBundle(mallory), { maker: 'bob.phone' }));
    expect(of([step(published), forged])).toBe('breaks at charlie.phone');
    const own = step(t.holds('charlie.phone', 'mallory.phone/1', t.fromBundle(mallory)));
    expect(of([step(published), own])).toBe('holds');
  });

  it('breaks for a key filed under another session’s id', () => {
    const junk = step(t.holds('charlie.phone', 'mallory.phone/1', t.fromBundle(mallory), { as: bobsKey }));
    expect(of([junk])).toBe('breaks at charlie.phone');
  });

  it('breaks where what was held opens less than before, or rests on a weaker word for nothing', () => {
    expect(of([holds(firstHand), holds(t.fromBundle())])).toBe('breaks at charlie.phone');
    expect(of([holds(t.fromBundle()), holds(firstHand, { index: 3 })])).toBe('breaks at charlie.phone (it happens)');
  });

  it('lets an earlier index take the place of a later one, whoever vouches', () => {
    expect(of([holds(firstHand, { index: 3 }), holds(t.fromBundle())])).toBe('holds (it happens)');
  });
});

describe('a key text', () => {
  it.each([makeRealSuite('1'), makeSymbolicSuite('1')])('tells the session of both its forms: $name', (suite) => {
    const outbound = suite.megolmOutbound('bob.phone/megolm/1');
    const signed = suite.megolmSessionKey(outbound);
    const inbound = suite.megolmInbound(signed, 'signed');
    const exported = inbound === null ? null : suite.megolmExport(inbound, 0);
    expect([signed, exported ?? ''].map(sessionIdIn)).toEqual([outbound.sessionId, outbound.sessionId]);
  });
});
