import { describe, expect, it } from 'vitest';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import { makeRealSuite } from '../crypto/real/suite.ts';
import { makeSymbolicSuite } from '../crypto/symbolic/suite.ts';
import type { Moment, Step } from '../engine/types.ts';
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
    verdict(attributionHonesty, [everybody(), step(...t.says('bob.phone', 'hello')), ...steps], cast);

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
    const detail = { keys: [{ session_key: t.keyText(bobsKey) }] };
    const imported = step({ kind: 'acted', player: 'charlie.phone', what: 'import room keys', detail });
    expect(of([imported, key({ how: 'export' }), reads('hello')])).toBe('holds');
    const other = { ...imported, moments: imported.moments.map((one) => ({ ...one, detail: { keys: [] } }) as Moment) };
    expect(of([other, key({ how: 'export' }), reads('hello')])).toBe('breaks at charlie.phone');
  });

  const asked = step(t.invites('alice.phone', charlie), t.joins('charlie.phone'));
  const lie = (more: Record<string, string | null> = {}) => reads('send money', more);
  const breaks = 'breaks at charlie.phone';

  it('accepts a false author under the right label, on the word of whoever invited', () => {
    const forged = [key(t.fromBundle()), lie({ sharedBy: alice })];
    expect(of([asked, ...forged])).toBe('accepted by 4268-no-authoritative-sender');
    expect(of([asked, ...forged], witness({ off: ['4268-no-authoritative-sender'] }))).toBe(breaks);
    expect(of(forged)).toBe(breaks);
    expect(of([asked, key(t.fromBundle(mallory)), lie({ sharedBy: mallory })])).toBe(breaks);
    expect(of([asked, key({ how: 'forwarded', user: alice, device: 'PHONE' }), lie({ sharedBy: alice })])).toBe(breaks);
  });

  it('does not where the session is the author’s own: whose it is was said truly', () => {
    expect(of([asked, step(t.makes(bobsKey)), key(t.fromBundle()), lie({ sharedBy: alice })])).toBe(breaks);
  });

  it('accepts one from a backup where another device of the user had it on somebody’s word, and no other', () => {
    const restored = step(t.holds('alice.laptop', bobsKey, { how: 'backup', version: '1' }));
    const had = step(t.holds('alice.phone', bobsKey, t.fromBundle(mallory)));
    const shown = step({ ...lie().moments[0], player: 'alice.laptop' } as Moment);
    const conceded = 'accepted by 4268-forwarder-in-backup-out-of-scope';
    expect(of([had, restored, shown])).toBe(conceded);
    expect(of([had, restored, shown], witness({ off: ['4268-forwarder-in-backup-out-of-scope'] }))).toBe(
      'breaks at alice.laptop',
    );
    expect(of([restored, shown])).toBe('breaks at alice.laptop');
    expect(of([key(t.fromBundle(mallory)), restored, shown])).toBe('breaks at alice.laptop');
    expect(of([step(t.makes(bobsKey)), had, restored, shown])).toBe('breaks at alice.laptop');
    const twice = step(t.holds('alice.phone', bobsKey, { how: 'backup', version: '1' }));
    const third = step({ ...lie().moments[0], player: 'alice.phone' } as Moment);
    expect(of([had, restored, twice, third])).toBe(conceded);
  });

  it('accepts what came from the very device that a thief has, if its owner signed it, and removed it since', () => {
    const stolen = witness({ stolen: ['bob.phone'] });
    const accepted = 'accepted by 4147-stolen-device';
    const gone = step(t.request('bob.phone', { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of([key(firstHand), gone, lie()], stolen)).toBe(accepted);
    expect(of([key(firstHand), lie()], stolen)).toBe(breaks);
    expect(of([key(ghost), gone, lie()], stolen)).toBe(breaks);
    expect(of([key({ how: 'room_key', user: alice, device: 'PHONE' }), gone, lie()], stolen)).toBe(breaks);
    expect(of([key({ how: 'room_key', user: bob, device: null }), gone, lie()], stolen)).toBe(breaks);
    expect(of([key(firstHand), gone, lie()], { ...stolen, signedAtStart: () => false })).toBe(breaks);
    const off = witness({ stolen: ['bob.phone'], off: ['4147-stolen-device'] });
    expect(of([key(firstHand), gone, lie()], off)).toBe(breaks);
    const given = step(t.holds('alice.phone', bobsKey, firstHand));
    const restored = step(t.holds('alice.laptop', bobsKey, { how: 'backup', version: '1' }));
    const shown = step({ ...lie().moments[0], player: 'alice.laptop' } as Moment);
    expect(of([given, restored, gone, shown], stolen)).toBe(accepted);
  });

  it('takes what a thief writes with a device for nobody’s words', () => {
    const stolen = witness({ stolen: ['bob.phone'] });
    expect(
      of([step(...t.says('bob.phone', 'send money')), key(firstHand), lie()], { ...stolen, off: () => true }),
    ).toBe(breaks);
  });

  it('breaks where a message is shown again that was said once, and not where it was said twice', () => {
    const again = reads('hello', { event: '$2' });
    expect(of([key(firstHand), reads('hello'), reads('hello')])).toBe('holds');
    expect(of([key(firstHand), reads('hello'), again])).toBe(breaks);
    expect(of([key(firstHand), reads('hello'), step(...t.says('bob.phone', 'hello')), again])).toBe('holds');
    expect(of([key(firstHand), reads('hello'), reads('hello', { event: '$2', warning: 'replayed' })])).toBe('holds');
    expect(of([key(firstHand), reads('hello'), reads('hello', { event: '$2', room: t.attic })])).toBe(breaks);
  });

  it('needs nobody named where one’s own device forwarded the key', () => {
    const own = key({ how: 'forwarded', user: charlie, device: 'LAPTOP' });
    expect(of([own, reads('hello')])).toBe('holds');
    expect(of([own, reads('hello', { sharedBy: charlie })])).toBe(breaks);
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

  it('accepts neither a false id, nor a key for another room, nor what nobody signed', () => {
    const evil = witness({ stolen: ['alice.phone'] });
    const forged = { ratchet: 'false' };
    const misfiled = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice), { as: 'bob.phone/9' }));
    expect(of([misfiled], evil)).toBe('breaks at charlie.phone');
    const astray = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, 'PHONE', t.attic), forged));
    expect(of([astray], evil)).toBe('breaks at charlie.phone');
    const unsigned = { ...evil, signedAtStart: () => false };
    expect(of([holds(t.fromBundle(alice), forged)], unsigned)).toBe('breaks at charlie.phone');
    expect(of([holds(t.fromBundle(alice, null), forged)], evil)).toBe('breaks at charlie.phone');
    const off = witness({ stolen: ['alice.phone'], off: ['4268-no-authoritative-sender'] });
    expect(of([holds(t.fromBundle(alice), forged)], off)).toBe('breaks at charlie.phone');
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
