import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../machines/json.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { Moment, Step } from '../engine/types.ts';
import { deviceAuthenticity } from './device-authenticity.ts';
import { sessionIdIn } from './evidence/room-keys.ts';
import { forwardExclusion } from './forward-exclusion.ts';
import { withLetters } from './letters-testing.ts';
import { roomScoping } from './room-scoping.ts';
import * as t from './testing.ts';
import { keyText } from './testing.ts';

const { alice, bob, charlie, den, everybody, judged, phoneOf, step, verdict, witness } = t;
const bobsKey = 'bob.phone/1';
const firstHand: RoomKeyOrigin = { how: 'room_key', user: bob, device: 'PHONE' };

describe('forward-exclusion', () => {
  const shared = step(
    t.makes(bobsKey),
    t.gives(bobsKey, [phoneOf(alice)]),
    t.shares('alice.phone', charlie, [bobsKey]),
    t.sealsFor('alice.phone', charlie, 'PHONE', 'curve'),
  );
  const visited = [step(t.invites('alice.phone', charlie), t.joins('charlie.phone')), shared];
  const of = (...steps: readonly Step[]) =>
    verdict(forwardExclusion, [everybody('shared', 'bob.phone'), ...visited, ...steps]);
  const gone = step(t.leaves('charlie.phone'));
  const told = step(t.syncs('bob.phone', { members: { [charlie]: 'leave' } }));
  const sends = step(t.sends('bob.phone', bobsKey));
  const breaks = 'breaks at bob.phone';
  const conceded = 'accepted by spec-rotate-once-seen';

  it('breaks where a device that knows of the leave sends under what a bundle gave away', () => {
    expect(of(gone, told, sends)).toBe(breaks);
  });

  it('is conceded until the leave is seen, where the text is gone by', () => {
    expect(of(gone, sends)).toBe(conceded);
    const off = witness({ off: ['spec-rotate-once-seen'] });
    expect(verdict(forwardExclusion, [everybody('shared', 'bob.phone'), ...visited, gone, sends], off)).toBe(breaks);
  });

  it('breaks where a server that knows of the leave keeps quiet about it in a sync', () => {
    expect(of(gone, step(t.syncs('bob.phone', {})), sends)).toBe(breaks);
    const elsewhere = step(t.syncs('bob.phone', { members: { [charlie]: 'leave' } }, t.attic));
    expect(of(gone, elsewhere, sends)).toBe(breaks);
  });

  it('takes no sync for told that failed, or that never arrived', () => {
    const failed = { ...t.syncs('bob.phone', {}), status: 502 } as Moment;
    const lost = { ...t.syncs('bob.phone', {}), lost: true } as Moment;
    expect(of(gone, step(failed, lost), sends)).toBe(conceded);
  });

  it('minds whoever has told of it before somebody came back and went again', () => {
    const again = [step(t.invites('alice.phone', charlie), t.joins('charlie.phone'))];
    const seen = step(t.syncs('bob.phone', { members: { [charlie]: 'join' } }));
    expect(of(gone, told, ...again, seen, sends)).toBe('holds (it happens)');
    expect(of(gone, told, ...again, seen, gone, sends)).toBe(conceded);
  });

  it('holds where somebody is out only as a server has it', () => {
    expect(of(told, sends)).toBe('holds (it happens)');
    const banned = step(t.syncs('bob.phone', { members: { [charlie]: 'ban' } }));
    expect(of(banned, sends)).toBe('holds (it happens)');
  });

  it('breaks where somebody is out, whatever a server says of them', () => {
    const back = step(t.syncs('bob.phone', { members: { [charlie]: 'join' } }));
    expect(of(gone, told, back, sends)).toBe(breaks);
  });

  it('holds where a new session is used', () => {
    expect(of(gone, told, step(t.makes('bob.phone/2'), t.sends('bob.phone', 'bob.phone/2')))).toBe('holds');
  });

  it('breaks where the leave lies in the gap of a sync', () => {
    expect(of(gone, step(t.syncs('bob.phone', { limited: true })), sends)).toBe(breaks);
  });

  it('breaks where somebody was put out, or banned, or declined', () => {
    expect(of(step(t.kicks('alice.phone', charlie)), told, sends)).toBe(breaks);
    const declined = [step(t.invites('alice.phone', charlie)), shared, gone, told, sends];
    expect(verdict(forwardExclusion, [everybody('shared', 'bob.phone'), ...declined])).toBe(breaks);
  });

  it('counts on whoever puts somebody out to know it, and on nobody else of theirs', () => {
    expect(of(step(t.kicks('bob.phone', charlie)), sends)).toBe(breaks);
    expect(of(step(t.kicks('alice.phone', charlie)), sends)).toBe(conceded);
    expect(of(step({ ...t.kicks('bob.phone', charlie), lost: true } as Moment), sends)).toBe(conceded);
    expect(of(step({ ...t.kicks('bob.phone', charlie), status: 403 } as Moment), sends)).toBe('holds (it happens)');
  });

  it('names each who can read it', () => {
    const seen = forwardExclusion.see;
    const steps = [everybody('shared', 'bob.phone'), ...visited.map(withLetters), step(t.leaves('alice.phone')), gone];
    let memory = forwardExclusion.begin;
    for (const one of steps) memory = seen(memory, one, witness()).memory;
    expect(seen(memory, sends, witness()).breaks.map(({ about }) => about)).toEqual([
      { is: 'member', room: den, user: alice },
      { is: 'member', room: den, user: charlie },
    ]);
  });
});

describe('device-authenticity', () => {
  const of = (steps: readonly Step[], cast = witness()) =>
    verdict(deviceAuthenticity, [everybody('shared', 'bob.phone'), ...steps.map(withLetters)], cast);

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

  it('says what is wrong with a device', () => {
    const why = (steps: readonly Step[], cast = witness()) =>
      judged(deviceAuthenticity, [everybody('shared', 'bob.phone'), ...steps.map(withLetters)], cast).broken?.why ?? '';
    const shares = step(t.shares('alice.phone', charlie, [bobsKey]));
    const robbed = witness({ stolen: ['charlie.phone'] });
    const logsOut = step(t.request('charlie.phone', { method: 'POST', path: '/_matrix/client/v3/logout' }));
    const ghost = step(t.shares('alice.phone', charlie, [bobsKey], { devices: ['GHOST'] }));
    expect(why([ghost])).toBe(`alice.phone shares history with GHOST of ${charlie}, which ${charlie} never logged in`);
    expect(why([shares], robbed)).toBe(`alice.phone shares history with PHONE of ${charlie}, which a thief has`);
    expect(why([logsOut, shares])).toBe(
      `alice.phone shares history with PHONE of ${charlie}, which ${charlie} has removed`,
    );
    expect(why([logsOut, shares], robbed)).toMatch(/which a thief has, and .* has removed$/);
  });

  it('judges what honest devices give and take, and nobody else', () => {
    const robbed = witness({ stolen: ['alice.phone'] });
    const ghost = { user: charlie, device: 'GHOST' };
    expect(of([step(t.shares('alice.phone', charlie, [bobsKey], { devices: ['GHOST'] }))], robbed)).toBe('holds');
    expect(of([step(t.makes('alice.phone/1'), t.gives('alice.phone/1', [ghost]))], robbed)).toBe('holds');
    expect(of([step(t.holds('alice.phone', bobsKey, t.fromBundle(bob, 'GHOST')))], robbed)).toBe('holds');
    const content = { secret: 'a key' };
    const message = { type: 'm.any', content, encrypt: true, to: [ghost] } as const;
    expect(of([step(t.heard('alice.phone', { type: 'envelope.outgoing', message }))], robbed)).toBe('holds');
    expect(of([step(t.holds('charlie.phone', bobsKey, { how: 'backup', version: '1' }))])).toBe('holds');
  });

  it('leaves to others a bundle of somebody no honest device of whom is there', () => {
    const believed = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, null)));
    const robbed = witness({ stolen: ['alice.phone', 'alice.laptop'] });
    expect(of([believed], robbed)).toBe('holds');
    expect(of([believed], witness({ stolen: ['alice.phone'] }))).toBe('breaks at charlie.phone');
    expect(
      of([step(t.shares('alice.phone', charlie, [bobsKey])), step(t.holds('charlie.phone', bobsKey, t.fromBundle()))]),
    ).toBe('holds (it happens)');
    const elsewhere = t.fromBundle(alice, 'PHONE', den, 'mxc://a.example/other');
    expect(
      of([step(t.shares('alice.phone', charlie, [bobsKey])), step(t.holds('charlie.phone', bobsKey, elsewhere))]),
    ).toBe('breaks at charlie.phone (it happens)');
    const gone = step(t.request('alice.phone', { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of([gone, step(t.holds('charlie.phone', bobsKey, t.fromBundle()))])).toBe('breaks at charlie.phone');
  });

  it('breaks where a stolen device gets it, which no text concedes', () => {
    const shared = [step(t.shares('alice.phone', charlie, [bobsKey]))];
    expect(of(shared, witness({ stolen: ['charlie.phone'] }))).toBe('breaks at alice.phone');
  });

  it('breaks where a bundle is believed to be somebody’s who never shared it', () => {
    const believed = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, 'GHOST')));
    expect(of([believed])).toBe('breaks at charlie.phone');
    const unnamed = step(t.holds('charlie.phone', bobsKey, t.fromBundle(alice, null)));
    expect(of([unnamed])).toBe('breaks at charlie.phone');
    expect(of([step(t.shares('alice.phone', charlie, [bobsKey])), unnamed])).toBe('holds (it happens)');
  });

  it('breaks where a room key goes to a device that a server made up, whatever the device knows of MSC4153', () => {
    const ghost = step(t.makes(bobsKey), t.gives(bobsKey, [{ user: alice, device: 'GHOST' }]));
    expect(of([ghost])).toBe('breaks at bob.phone');
    expect(of([ghost], witness({ implements: { MSC4153: 'draft' } }))).toBe('breaks at bob.phone');
    expect(of([step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(alice)]))])).toBe('holds');
  });

  it('breaks where a secret goes there, by whatever name the letter goes', () => {
    const sends = (device: string, content: JsonObject) =>
      step(
        t.heard('alice.phone', {
          type: 'envelope.outgoing',
          message: { type: 'm.any', content, encrypt: true, to: [{ user: alice, device }] },
        }),
      );
    expect(of([sends('GHOST', { secret: 'a key' })])).toBe('breaks at alice.phone');
    expect(of([sends('LAPTOP', { secret: 'a key' })])).toBe('holds');
    expect(of([sends('GHOST', { secret: '' })])).toBe('holds');
    expect(of([step(t.heard('alice.phone', { type: 'keys.claimed', message: 'm1' }))])).toBe('holds');
  });

  const removed = step(t.request('charlie.phone', { method: 'POST', path: '/_matrix/client/v3/logout' }));
  const toCharlie = step(t.makes(bobsKey), t.gives(bobsKey, [phoneOf(charlie)]));

  it('breaks where a stolen device is given room keys, while it is there and once it is removed', () => {
    const cast = witness({ stolen: ['charlie.phone'] });
    expect(of([toCharlie], cast)).toBe('breaks at bob.phone');
    expect(of([removed, toCharlie], cast)).toBe('breaks at bob.phone');
    expect(of([removed, step(t.shares('alice.phone', charlie, [bobsKey]))], cast)).toBe('breaks at alice.phone');
  });

  it('lets a room key go to a device that its user has removed: it reaches nobody', () => {
    expect(of([removed, toCharlie])).toBe('holds');
  });

  const from = (device: string) => step(t.holds('charlie.phone', bobsKey, { how: 'room_key', user: bob, device }));

  it('accepts what a stolen device that was signed had sent, when it has been removed since', () => {
    const cast = witness({ stolen: ['bob.phone'] });
    const accepted = 'accepted by 4147-stolen-device';
    const gone = step(t.request('bob.phone', { method: 'POST', path: '/_matrix/client/v3/logout' }));
    expect(of([from('PHONE')], cast)).toBe('breaks at charlie.phone');
    expect(of([gone, from('PHONE')], cast)).toBe(accepted);
    expect(of([gone, from('PHONE')])).toBe('holds');
    const off = witness({ stolen: ['bob.phone'], off: ['4147-stolen-device'] });
    expect(of([gone, from('PHONE')], off)).toBe('breaks at charlie.phone');
    const spec = witness({ stolen: ['bob.phone'], implements: { MSC4268: 'merged', MSC4147: 'spec-main' } });
    expect(of([gone, from('PHONE')], spec)).toBe('breaks at charlie.phone');
    const unsigned = { ...cast, signedAtStart: (player: string) => player !== 'bob.phone' };
    expect(of([gone, from('PHONE')], unsigned)).toBe('breaks at charlie.phone');
    const signs = (isRefused: boolean) => step(t.signs('bob.phone', bob, 'PHONE', isRefused));
    expect(of([signs(false), gone, from('PHONE')], unsigned)).toBe(accepted);
    expect(of([signs(true), gone, from('PHONE')], unsigned)).toBe('breaks at charlie.phone');
  });

  it('accepts a room key of a device that nobody confirms where its user is warned of that very device', () => {
    const warned = (user: string, device: string) =>
      step(t.shown('charlie.phone', 'unconfirmed device', { user, device }));
    const accepted = 'accepted by spec-warn-unconfirmed-owner';
    expect(of([from('GHOST')])).toBe('breaks at charlie.phone');
    expect(of([warned(bob, 'GHOST'), from('GHOST')])).toBe(accepted);
    expect(of([warned(bob, 'GHOST'), warned(bob, 'OTHER'), from('GHOST')])).toBe(accepted);
    expect(of([warned(bob, 'OTHER'), from('GHOST')])).toBe('breaks at charlie.phone');
    expect(of([warned(alice, 'GHOST'), from('GHOST')])).toBe('breaks at charlie.phone');
    const off = witness({ off: ['spec-warn-unconfirmed-owner'] });
    expect(of([warned(bob, 'GHOST'), from('GHOST')], off)).toBe('breaks at charlie.phone');
    const strict = witness({ implements: { MSC4153: 'draft', MSC4268: 'merged' } });
    expect(of([warned(bob, 'GHOST'), from('GHOST')], strict)).toBe('breaks at charlie.phone');
    const bundle = step(t.holds('charlie.phone', bobsKey, t.fromBundle(bob, 'GHOST')));
    expect(of([warned(bob, 'GHOST'), bundle])).toBe('breaks at charlie.phone');
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
