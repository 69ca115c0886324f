import { describe, expect, it } from 'vitest';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { Step } from '../types.ts';
import { deviceAuthenticity } from './device-authenticity.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import { forwardExclusion } from './forward-exclusion.ts';
import { historyConfidentiality } from './history-confidentiality.ts';
import { roomScoping } from './room-scoping.ts';
import * as t from './testing.ts';
import { keyText } from './testing.ts';

const { alice, bob, charlie, den, everybody, phoneOf, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };

describe('history-confidentiality', () => {
  const written = (gift: Parameters<typeof t.gives>[2] = {}): Step =>
    step(t.makes(bobsKey, { flag: gift.flag ?? true }), t.gives(bobsKey, [phoneOf(alice)], gift));
  const imported = step(
    t.invites('alice.phone', charlie),
    t.joins('charlie.phone'),
    t.holds('charlie.phone', bobsKey, t.fromBundle()),
  );
  const of = (...steps: readonly Step[]) =>
    verdict(historyConfidentiality, [everybody('shared', 'bob.phone'), ...steps]);

  it('holds, and happens, where a later member takes what its maker let later members have', () => {
    expect(of(written(), imported)).toBe('holds (it happens)');
  });

  it('breaks where a key without the flag comes with a bundle', () => {
    expect(of(written({ flag: false }), imported)).toBe('breaks at charlie.phone');
  });

  it('breaks where a flagged key was made while the room was closed, and its maker knew', () => {
    expect(of(step(t.sets('alice.phone', 'joined')), written({ visibility: 'joined' }), imported)).toBe(
      'breaks at charlie.phone',
    );
  });

  it('holds for what was written before the news of the closing came', () => {
    const closed = [step(t.syncs('bob.phone', { visibility: 'shared' })), step(t.sets('alice.phone', 'joined'))];
    expect(of(...closed, written({ visibility: 'shared' }), imported)).toBe('holds (it happens)');
  });

  it('breaks where a session goes on once its maker knows that the room is closed', () => {
    const closed = step(t.sets('alice.phone', 'joined'));
    const goesOn = step(t.syncs('bob.phone', { visibility: 'joined' }), t.sends('bob.phone', bobsKey));
    expect(of(written(), closed, goesOn, imported)).toBe('breaks at charlie.phone');
  });

  const deceived = (...steps: readonly Step[]) => [
    everybody('joined', 'bob.phone'),
    step(t.syncs('bob.phone', { visibility: 'shared' })),
    ...steps,
    written({ visibility: 'shared' }),
    imported,
  ];
  const toldSo = step(t.shown('bob.phone', 'history visible', { visibility: 'shared' }));

  it('breaks where a server told the maker that a closed room is open', () => {
    expect(verdict(historyConfidentiality, deceived())).toBe('breaks at charlie.phone');
  });

  it('is accepted where the maker was shown that later members read along', () => {
    expect(verdict(historyConfidentiality, deceived(toldSo))).toBe('accepted by 4268-ui-sender-indicator');
    const off = witness({ off: ['4268-ui-sender-indicator'] });
    expect(verdict(historyConfidentiality, deceived(toldSo), off)).toBe('breaks at charlie.phone');
  });

  it('takes a server at its lie when it goes back to what once was', () => {
    const steps = [
      step(t.syncs('bob.phone', { visibility: 'shared' })),
      step(t.sets('alice.phone', 'joined')),
      step(t.syncs('bob.phone', { visibility: 'joined' })),
      step(t.syncs('bob.phone', { visibility: 'shared' })),
    ];
    expect(of(...steps, written({ visibility: 'shared' }), imported)).toBe('breaks at charlie.phone');
  });

  it('lets whoever was in the room keep what they were given, whatever the flag', () => {
    const restored = step(t.holds('alice.laptop', bobsKey, t.fromBundle(bob)));
    expect(of(written({ flag: false }), restored)).toBe('holds');
  });

  it('breaks where an attacker learns a key that is not theirs to have', () => {
    expect(of(written(), step(t.learns('mallory', bobsKey, 'mallory opens a bundle')))).toBe('breaks at mallory');
  });

  it('lets members pass on what they know', () => {
    const member = step(t.logsIn('mallory.phone', t.mallory, 'PHONE'), t.invites('alice.phone', t.mallory));
    const given = step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(alice), phoneOf(t.mallory)]));
    expect(of(member, given, step(t.learns('eve', bobsKey, 'it was passed on', { sharedBy: 'mallory' })))).toBe(
      'holds',
    );
  });

  it('accepts what a thief reads with a stolen device', () => {
    const stolen = witness({ stolen: ['alice.laptop'] });
    const taken = step(t.learns('mallory', bobsKey, 'it was held', { through: ['alice.laptop'] }));
    expect(verdict(historyConfidentiality, [everybody('shared', 'bob.phone'), written(), taken], stolen)).toBe(
      'accepted by 4147-stolen-device',
    );
  });

  it('breaks where a room key is given to somebody whom only a server counts among the members', () => {
    expect(of(step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)])))).toBe('breaks at bob.phone');
  });

  it('breaks where a bundle or its pointer goes in the clear', () => {
    const data = btoa(JSON.stringify({ room_keys: [{ session_id: bobsKey }], withheld: [] })).replaceAll('=', '');
    const upload = t.request('alice.phone', { method: 'POST', path: '/_matrix/media/v3/upload', body: { data } });
    expect(of(step(upload))).toBe('breaks at alice.phone');
    const content = { room_id: den, file: { url: t.bundleAt, key: { k: 'secret' } } };
    const path = '/_matrix/client/v3/sendToDevice/m.room_key_bundle/t1';
    const body = { messages: { [charlie]: { PHONE: content } } };
    expect(of(step(t.request('alice.phone', { method: 'PUT', path, body })))).toBe('breaks at alice.phone');
  });

  it('is silent where there is no room', () => {
    const [before] = [{ ...everybody(), moments: everybody().moments.slice(0, 4) }];
    const key = step(t.makes(bobsKey), t.learns('mallory', bobsKey, 'mallory opens the backup'));
    expect(verdict(historyConfidentiality, [before, key])).toBe('holds');
  });
});

describe('forward-exclusion', () => {
  const shared = step(
    t.makes(bobsKey),
    t.gives(bobsKey, [phoneOf(alice)]),
    t.shares('alice.phone', charlie, [bobsKey]),
  );
  const visited = [step(t.invites('alice.phone', charlie), t.joins('charlie.phone')), shared];
  const of = (...steps: readonly Step[]) =>
    verdict(forwardExclusion, [everybody('shared', 'bob.phone'), ...visited, ...steps]);
  const gone = step(t.leaves('charlie.phone'));
  const told = step(t.syncs('bob.phone', { members: { [charlie]: 'leave' } }));
  const sends = step(t.sends('bob.phone', bobsKey));

  it('breaks where a device that knows of the leave sends under what a bundle gave away', () => {
    expect(of(gone, told, sends)).toBe('breaks at bob.phone');
  });

  it('holds where it does not know yet, and happens', () => {
    expect(of(gone, sends)).toBe('holds (it happens)');
  });

  it('holds where a new session is used', () => {
    expect(of(gone, told, step(t.makes('bob.phone/2'), t.sends('bob.phone', 'bob.phone/2')))).toBe('holds');
  });

  it('breaks where the leave lies in the gap of a sync', () => {
    expect(of(gone, step(t.syncs('bob.phone', { limited: true })), sends)).toBe('breaks at bob.phone');
  });

  it('breaks where somebody was put out, or banned, or declined', () => {
    expect(of(step(t.kicks('alice.phone', charlie)), told, sends)).toBe('breaks at bob.phone');
    const banned = step(t.syncs('bob.phone', { members: { [charlie]: 'ban' } }));
    expect(of(banned, sends)).toBe('breaks at bob.phone');
    const declined = [step(t.invites('alice.phone', charlie)), shared, gone, told, sends];
    expect(verdict(forwardExclusion, [everybody('shared', 'bob.phone'), ...declined])).toBe('breaks at bob.phone');
  });

  it('holds for somebody who is back', () => {
    const back = step(t.syncs('bob.phone', { members: { [charlie]: 'join' } }));
    expect(of(gone, told, back, sends)).toBe('holds (it happens)');
  });
});

describe('device-authenticity', () => {
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(deviceAuthenticity, [everybody('shared', 'bob.phone'), ...steps], cast);

  it('holds, and happens, where history is shared with a device that its user logged in', () => {
    expect(of([step(t.shares('alice.phone', charlie, [bobsKey]))])).toBe('holds (it happens)');
  });

  it('breaks where it is shared with one that a server made up, or a thief of a token logged in', () => {
    const ghost = step(t.shares('alice.phone', charlie, [bobsKey], { devices: ['GHOST'] }));
    expect(of([ghost])).toBe('breaks at alice.phone');
    const tablet = step(t.logsIn('mallory', charlie, 'GHOST'));
    expect(of([tablet, ghost])).toBe('breaks at alice.phone');
  });

  it('breaks where it is shared with one that its user has removed', () => {
    const removed = t.request('charlie.phone', { method: 'POST', path: '/_matrix/client/v3/logout' });
    expect(of([step(removed), step(t.shares('alice.phone', charlie, [bobsKey]))])).toBe('breaks at alice.phone');
  });

  it('accepts that a stolen device gets it', () => {
    const stolen = { stolen: ['charlie.phone'] };
    const shared = [step(t.shares('alice.phone', charlie, [bobsKey]))];
    expect(of(shared, witness(stolen))).toBe('accepted by 4147-stolen-device');
    expect(of(shared, witness({ ...stolen, off: ['4147-stolen-device'] }))).toBe('breaks at alice.phone');
  });

  it('breaks where a bundle is believed to be somebody’s who never shared it', () => {
    const believed = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, 'GHOST')));
    expect(of([believed])).toBe('breaks at charlie.phone');
    const unnamed = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, null)));
    expect(of([unnamed])).toBe('breaks at charlie.phone');
    expect(of([step(t.shares('alice.phone', charlie, [bobsKey])), unnamed])).toBe('holds (it happens)');
  });

  it('asks of plain room keys what MSC4153 asks, where it is implemented', () => {
    const ghost = step(t.makes(bobsKey), t.gives(bobsKey, [{ user: alice, device: 'GHOST' }]));
    expect(of([ghost])).toBe('holds');
    expect(of([ghost], witness({ implements: { MSC4153: 'draft' } }))).toBe('breaks at bob.phone');
  });
});

describe('room-scoping', () => {
  it('breaks where a bundle about one room brings a key for another', () => {
    const own = step(t.holds('charlie.phone', bobsKey, t.fromBundle()));
    expect(verdict(roomScoping, [own])).toBe('holds (it happens)');
    const astray = step(t.holds('charlie.phone', bobsKey, t.fromBundle(), { room: t.attic }));
    expect(verdict(roomScoping, [astray])).toBe('breaks at charlie.phone');
    expect(verdict(roomScoping, [step(t.holds('charlie.phone', bobsKey, firstHand))])).toBe('holds');
  });
});

describe('a key text', () => {
  it('tells its session in terms, and nothing where it is none', () => {
    expect(sessionIdIn(keyText('bob.phone/1', 4))).toBe('bob.phone/1');
    expect(sessionIdIn('a backup key')).toBe(null);
  });
});
