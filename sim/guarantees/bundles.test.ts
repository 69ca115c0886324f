import { describe, expect, it } from 'vitest';
import { roomKeyName, type Withheld } from '../../machines/room-types.ts';
import type { Moment, Step } from '../engine/types.ts';
import { availability } from './availability.ts';
import { bundleConsistency } from './bundle-consistency.ts';
import { consentAwareness } from './consent-awareness.ts';
import { putsRoomKeys } from './evidence/backups-testing.ts';
import { failureDiagnosability } from './failure-diagnosability.ts';
import { historyCompleteness } from './history-completeness.ts';
import { historyLiveness } from './history-liveness.ts';
import * as t from './testing.ts';

const { alice, bob, charlie, den, everybody, phoneOf, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const written = (flag = true): Step =>
  step(
    t.makes(bobsKey, { flag }),
    t.gives(bobsKey, [phoneOf(alice)], { flag }),
    t.holds('alice.phone', bobsKey, { how: 'room_key', user: bob, device: 'PHONE' }, { flag }),
  );
const imports = (player: string): readonly Moment[] => [
  t.holds(player, bobsKey, t.fromBundle()),
  t.shown(player, 'bundle imported', { user: alice, sessions: 1, url: t.bundleAt }),
];
const asked = step(t.invites('alice.phone', charlie));
const comes = step(t.joins('charlie.phone'));
const isWithheld = (player: string): Moment => {
  const entry: Withheld = {
    room: den,
    sessionId: bobsKey,
    senderKey: '',
    code: 'm.history_not_shared',
    reason: null,
    from: alice,
    how: 'bundle',
  };
  return t.stores(player, { patch: 'withheld', entries: { [roomKeyName(den, bobsKey)]: entry } });
};

describe('history-liveness', () => {
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(historyLiveness, [everybody('shared', 'bob.phone'), ...steps], cast);

  it('holds, and happens, where the keys come with a bundle', () => {
    expect(of([written(), asked, comes, step(imports('charlie.phone'))])).toBe('holds (it happens)');
  });

  it('breaks where somebody who came in is left without', () => {
    expect(of([written(), asked, comes])).toBe('breaks at charlie.phone');
  });

  it('owes nothing to whoever did not come, nor what nobody may share', () => {
    expect(of([written(), asked])).toBe('holds');
    const closed = step(t.sets('alice.phone', 'joined'));
    expect(of([closed, written(false), asked, comes])).toBe('holds');
  });

  it('is owed to whom an address turned out to belong to, once whoever asked it in is told so', () => {
    const found = (sender: string, membership: string): Moment => {
      const event = {
        type: 'm.room.member',
        sender,
        state_key: charlie,
        content: { membership, third_party_invite: {} },
      };
      const told = t.syncs('alice.phone', {});
      return told.kind === 'request'
        ? { ...told, response: { rooms: { join: { [den]: { timeline: { events: [event] } } } } } }
        : told;
    };
    expect(of([written(), step(found(alice, 'invite')), comes])).toBe('breaks at charlie.phone');
    expect(of([written(), step(found(alice, 'invite'))])).toBe('holds');
    expect(of([written(), step(found(bob, 'invite')), comes])).toBe('holds');
    expect(of([written(), step(found(alice, 'join')), comes])).toBe('holds');
  });

  it('breaks where its maker did not flag what the room means later members to read', () => {
    expect(of([written(false), asked, comes])).toBe('breaks at charlie.phone');
  });

  it('owes nothing to a device that was not signed when the invitation went', () => {
    const cast = { ...witness(), signedAtStart: (player: string) => player !== 'charlie.phone' };
    expect(of([written(), asked, comes], cast)).toBe('holds');
    const verified = t.signs('charlie.phone', charlie, 'PHONE');
    expect(of([written(), step(verified), asked, comes], cast)).toBe('breaks at charlie.phone');
  });
});

describe('history-completeness', () => {
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(historyCompleteness, [everybody('shared', 'bob.phone'), ...steps], cast);

  it('holds, and happens, where a bundle has another’s session', () => {
    expect(of([written(), step(t.shares('alice.phone', charlie, [bobsKey]))])).toBe('holds (it happens)');
  });

  it('breaks where one that may be shared is left out, or all are', () => {
    expect(of([written(), step(t.shares('alice.phone', charlie, []))])).toBe('breaks at alice.phone');
    const none = step(t.shown('alice.phone', 'history not shared', { user: charlie, why: 'no keys' }));
    expect(of([written(), none])).toBe('breaks at alice.phone');
    expect(of([written(false), none])).toBe('holds');
  });

  it('counts what lies in the backup that the device uses', () => {
    const uses = (player: string) => t.stores(player, { patch: 'backup', backup: { version: '1', publicKey: 'key' } });
    const backedUp = step(uses('alice.phone'), putsRoomKeys('alice.phone', { [den]: { [bobsKey]: 0 } }));
    const shares = step(t.shares('alice.laptop', charlie, []));
    expect(of([written(), backedUp, shares])).toBe('holds');
    expect(of([written(), backedUp, step(uses('alice.laptop')), shares])).toBe('breaks at alice.laptop');
  });

  it('breaks where a flag is lost or made up on the way through a backup', () => {
    const restored = (flag: boolean) =>
      step(t.holds('alice.laptop', bobsKey, { how: 'backup', version: '1' }, { flag }));
    expect(of([written(), restored(true)])).toBe('holds (it happens)');
    expect(of([written(), restored(false)])).toBe('breaks at alice.laptop (it happens)');
    expect(of([written(false), restored(true)])).toBe('breaks at alice.laptop');
    expect(of([written(), restored(false)], witness({ implements: {} }))).toBe('holds (it happens)');
  });
});

describe('bundle-consistency', () => {
  const shared = step(t.shares('alice.phone', bob, [bobsKey]));
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(bundleConsistency, [everybody('shared', 'charlie.phone'), ...steps], cast);
  const done = (player: string) =>
    t.shown(player, 'bundle imported', { user: t.mallory, sessions: 1, url: t.bundleAt });

  it('breaks where a session is given and withheld', () => {
    const both = t.shares('alice.phone', bob, [bobsKey], { withheld: { [bobsKey]: 'm.history_not_shared' } });
    expect(of([step(both)])).toBe('breaks at alice.phone');
  });

  it('holds, and happens, where two devices of one user take the same from it', () => {
    const both = step(imports('alice.phone'), imports('alice.laptop'));
    expect(of([shared, both])).toBe('holds (it happens)');
  });

  it('breaks where they do not', () => {
    const one = step(imports('alice.phone'), done('alice.laptop'));
    expect(of([shared, one])).toBe('breaks at alice.laptop (it happens)');
  });

  const finds = (player: string, says: 'permits' | 'refuses', off = false): readonly Moment[] => [
    t.downloads(player),
    {
      kind: 'clause',
      player,
      chart: 'key-bundle-invitee',
      clause: '4268-conflict-impl-defined',
      role: 'guard',
      says,
      off,
    },
  ];

  it('leaves it to clients what they make of a bundle that has a session in both lists, where no honest device wrote it', () => {
    const differ = step(
      finds('alice.phone', 'permits'),
      imports('alice.phone'),
      isWithheld('alice.laptop'),
      done('alice.laptop'),
    );
    expect(of([differ])).toBe('accepted by 4268-conflict-impl-defined (it happens)');
    expect(of([differ], witness({ off: ['4268-conflict-impl-defined'] }))).toBe('breaks at alice.laptop (it happens)');
    expect(of([shared, differ])).toBe('breaks at alice.laptop (it happens)');
    const consistent = step(imports('alice.phone'), isWithheld('alice.laptop'), done('alice.laptop'));
    expect(of([consistent])).toBe('breaks at alice.laptop (it happens)');
  });

  it('counts whoever refuses such a bundle among those who took it, with nothing of it', () => {
    const refused = step(finds('alice.phone', 'permits'), imports('alice.phone'), finds('alice.laptop', 'refuses'));
    expect(of([refused])).toBe('accepted by 4268-conflict-impl-defined (it happens)');
    const off = step(finds('alice.phone', 'permits'), imports('alice.phone'), finds('alice.laptop', 'refuses', true));
    expect(of([off])).toBe('holds');
  });

  it('breaks where an honest bundle has an entry that nobody can use', () => {
    const refuses: Moment = {
      kind: 'clause',
      player: 'charlie.phone',
      chart: 'key-bundle-invitee',
      clause: '4268-room-keys-fields',
      role: 'format',
      says: 'refuses',
      off: false,
    };
    expect(of([shared, step(t.downloads('charlie.phone'), refuses)])).toBe('breaks at charlie.phone');
    expect(of([step(t.downloads('charlie.phone'), refuses)])).toBe('holds');
  });
});

describe('availability', () => {
  const pointed = step(t.isPointed('charlie.phone', alice));
  const fetched = step(t.downloads('charlie.phone'));
  const of = (steps: readonly Step[], cast = witness()) => verdict(availability, [everybody(), ...steps], cast);

  it('holds, and happens, where a bundle is fetched once its invitation is accepted', () => {
    expect(of([asked, pointed, comes, fetched])).toBe('holds (it happens)');
  });

  it('breaks where it is fetched before, or is somebody else’s than the inviter’s', () => {
    expect(of([asked, pointed, fetched])).toBe('breaks at charlie.phone');
    expect(of([asked, comes, step(t.isPointed('charlie.phone', t.mallory)), fetched])).toBe('breaks at charlie.phone');
  });

  it('breaks where it is fetched again and again', () => {
    const thrice = [fetched, fetched, fetched];
    expect(of([asked, pointed, comes, ...thrice])).toBe('holds (it happens)');
    expect(of([asked, pointed, comes, ...thrice, fetched])).toBe('breaks at charlie.phone (it happens)');
  });

  it('breaks where it is fetched long after', () => {
    const joined = step(t.heard('charlie.phone', { type: 'told.joined', room: den, atMs: 0 }));
    const later = step(t.heard('charlie.phone', { type: 'sync.room', room: den, section: 'join', atMs: 90_000_000 }));
    const late = { ...later, moments: [...later.moments, ...fetched.moments] };
    expect(of([asked, comes, joined, pointed, late])).toBe('breaks at charlie.phone');
    expect(of([asked, comes, joined, pointed, late], witness({ options: { 'bundle window': 48 } }))).toBe(
      'holds (it happens)',
    );
  });

  it('breaks where more is taken than the client meant to take', () => {
    const taken = step(t.downloads('charlie.phone', 200, 'A'.repeat(400)), ...imports('charlie.phone'));
    expect(of([asked, pointed, comes, taken], witness({ options: { 'bundle size': 100 } }))).toBe(
      'breaks at charlie.phone (it happens)',
    );
    expect(of([asked, pointed, comes, taken])).toBe('holds (it happens)');
  });

  it('breaks where a session is replaced though visibility only changed within its class', () => {
    const told = (visibility: string) => step(t.syncs('bob.phone', { visibility }));
    const first = [told('shared'), step(t.gives(bobsKey, []))];
    const again = step(t.gives('bob.phone/2', []));
    expect(of([...first, told('world_readable'), again])).toBe('breaks at bob.phone');
    expect(of([...first, told('joined'), again])).toBe('holds');
    const left = step(t.syncs('bob.phone', { members: { [charlie]: 'leave' } }));
    expect(of([...first, told('world_readable'), left, again])).toBe('holds');
  });
});

describe('failure-diagnosability', () => {
  const unreadable = (reason: string, player = 'charlie.phone') =>
    step(
      t.shown(player, 'unreadable message', { event: '$1', sender: bob, session: bobsKey, reason, withheldBy: null }),
    );
  const shared = step(t.shares('alice.phone', charlie, [], { withheld: { [bobsKey]: 'm.history_not_shared' } }));
  const taken = step(t.shown('charlie.phone', 'bundle imported', { user: alice, sessions: 0, url: t.bundleAt }));
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(failureDiagnosability, [everybody('joined', 'bob.phone'), ...steps], cast);

  it('holds, and happens, where a message that is not for later members is said to be that', () => {
    expect(of([written(false), shared, asked, comes, taken, unreadable('m.history_not_shared')])).toBe(
      'holds (it happens)',
    );
  });

  it('breaks where the reason is vague, once a bundle could have told', () => {
    const before = [written(false), shared, asked, comes];
    expect(of([...before, taken, unreadable('m.unauthorised')])).toBe('breaks at charlie.phone');
    expect(of([...before, unreadable('no key')])).toBe('holds');
  });

  it('breaks where no bundle came that would have told', () => {
    const none = step(t.shown('alice.phone', 'history not shared', { user: charlie, why: 'no keys' }));
    expect(of([written(false), none, asked, comes, unreadable('no key')])).toBe('breaks at charlie.phone');
  });

  it('goes by what is shown in the end', () => {
    const before = [written(false), shared, asked, comes, unreadable('no key'), taken];
    expect(of(before)).toBe('breaks at charlie.phone');
    expect(of([...before, unreadable('m.history_not_shared')])).toBe('holds (it happens)');
    const read = step(t.shown('charlie.phone', 'message', { event: '$1', sender: bob, message: 'hello' }));
    expect(of([...before, read])).toBe('holds');
  });

  it('breaks where it is false: its maker lets later members read it, or it is known to be withheld', () => {
    expect(of([written(), unreadable('m.history_not_shared')])).toBe('breaks at charlie.phone');
    expect(of([written(false), step(isWithheld('charlie.phone')), unreadable('no key')])).toBe(
      'breaks at charlie.phone',
    );
  });

  it('lets clients say nothing of a bundle that is gone, unless they mean to', () => {
    const lost = step(t.isPointed('charlie.phone', alice), t.downloads('charlie.phone', 404));
    const gone = [written(), step(t.uploads('alice.phone')), step(t.shares('alice.phone', charlie, [bobsKey])), lost];
    expect(of([...gone, unreadable('no key')])).toBe('accepted by 4268-expired-media-warn');
    const warns = witness({ options: { 'warn expired': true } });
    expect(of([...gone, unreadable('no key')], warns)).toBe('breaks at charlie.phone');
    const told = step(t.shown('charlie.phone', 'history unavailable', { user: alice, why: 'expired' }));
    expect(of([...gone, told, unreadable('no key')], warns)).toBe('holds');
  });

  it('has no sentence for a bundle that never was, nor for a message that was in none', () => {
    const lost = step(t.isPointed('charlie.phone', alice), t.downloads('charlie.phone', 404));
    const pointed = [written(), step(t.shares('alice.phone', charlie, [bobsKey])), lost];
    expect(of([...pointed, unreadable('no key')])).toBe('breaks at charlie.phone');
    const without = [written(), step(t.uploads('alice.phone')), step(t.shares('alice.phone', charlie, [])), lost];
    expect(of([...without, unreadable('no key')])).toBe('holds');
    const told = step(t.shown('charlie.phone', 'history unavailable', { user: bob, why: 'hash' }));
    expect(of([...pointed, told, unreadable('no key')])).toBe('breaks at charlie.phone');
  });
});

describe('consent-awareness in rooms', () => {
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(consentAwareness, [everybody('shared', 'bob.phone'), ...steps], cast);
  const told = (visibility: string) => step(t.syncs('bob.phone', { visibility }));
  const sends = step(t.sends('bob.phone', bobsKey));
  const seen = step(t.shown('bob.phone', 'history visible', { visibility: 'shared' }));

  it('breaks where somebody writes what later members may read, and is not told', () => {
    expect(of([told('shared'), sends])).toBe('breaks at bob.phone');
    expect(of([told('shared'), seen, sends])).toBe('holds (it happens)');
    expect(of([told('joined'), sends])).toBe('holds');
    expect(of([told('shared'), sends], witness({ implements: {} }))).toBe('holds');
  });

  it('asks again once the room was closed in between', () => {
    expect(of([told('shared'), seen, told('joined'), told('shared'), sends])).toBe('breaks at bob.phone');
  });

  const pins = step(t.stores('alice.phone', { patch: 'pin', user: charlie, master: 'one' }));
  const served = (master: string) =>
    step(
      t.request(
        'alice.phone',
        { method: 'POST', path: '/_matrix/client/v3/keys/query' },
        { master_keys: { [charlie]: { keys: { [`ed25519:${master}`]: master } } } },
      ),
      t.shown('alice.phone', 'identity changed', { user: charlie, master }),
    );
  const shares = step(t.shares('alice.phone', charlie, [bobsKey]));

  it('breaks where history is shared with an identity that has changed, and nobody is told', () => {
    expect(of([pins, served('one'), shares])).toBe('holds');
    expect(of([pins, served('other'), shares])).toBe('breaks at alice.phone (it happens)');
    const alert = step(t.shown('alice.phone', 'identity changed before sharing', { user: charlie, master: 'other' }));
    expect(of([pins, served('other'), alert, shares])).toBe('holds (it happens)');
  });

  it('breaks where somebody never met is asked in with history by a client that means to warn, and does not', () => {
    const asks = step({ kind: 'acted', player: 'alice.phone', what: 'invite', detail: { room: t.den, user: charlie } });
    const warned = step(t.shown('alice.phone', 'first contact', { room: t.den, user: charlie }));
    const warns = witness({ options: { 'warn first contact': true } });
    expect(of([asks, pins, shares], warns)).toBe('breaks at alice.phone');
    expect(of([asks, warned, pins, shares], warns)).toBe('holds');
    expect(of([pins, asks, shares], warns)).toBe('holds');
    expect(of([asks, pins, shares])).toBe('holds');
  });
});
