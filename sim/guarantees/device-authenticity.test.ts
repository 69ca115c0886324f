/** Whom devices take for somebody's. On steps made by hand; the rest stands in `who-reads.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { RoomKeyOrigin } from '../../machines/room-types.ts';
import type { StorePatch } from '../../machines/store.ts';
import type { EnvelopeFacts, Recipient } from '../../machines/types.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { deviceAuthenticity } from './device-authenticity.ts';
import { claims, keyComes, withLetters } from './letters-testing.ts';
import * as t from './testing.ts';

const { alice, bob, charlie, den, everybody, isNews, phoneOf, step, verdict, watched, witness } = t;
const bobsKey = 'bob.phone/1';
const guest = 'charlie.phone';
const before = everybody('shared', 'bob.phone');
const of = (steps: readonly Step[], cast = witness()) => verdict(deviceAuthenticity, [before, ...steps], cast);
const found = (steps: readonly Step[], cast = witness()) =>
  watched(deviceAuthenticity, [before, ...steps], cast).breaks;

const ghost = (user: string): Recipient => ({ user, device: 'GHOST' });
const logsOut = (player: PlayerId) => step(t.request(player, { method: 'POST', path: paths.logout }));
const shares = (devices: readonly string[], player: PlayerId = 'alice.phone', url = t.bundleAt) =>
  withLetters(step(t.shares(player, charlie, [bobsKey], { devices, url })));
const gives = (...to: readonly Recipient[]) => withLetters(step(t.makes(bobsKey), t.gives(bobsKey, to)));
const takes = (origin: RoomKeyOrigin, player: PlayerId = guest) => step(t.holds(player, bobsKey, origin));
/** It means to send them a secret, and no letter goes out. */
const means = (to: readonly Recipient[], secret = 'a key', player: PlayerId = 'alice.phone') =>
  step(
    t.heard(player, { type: 'envelope.outgoing', message: { type: 'm.any', content: { secret }, encrypt: true, to } }),
  );
const sends = (...given: Parameters<typeof means>) => withLetters(means(...given));

const listed = (player: PlayerId, user: string, ...devices: readonly string[]) =>
  step(t.isListed(player, user, devices));
const givenTo = (...to: readonly Recipient[]): StorePatch => ({
  patch: 'room key given',
  room: den,
  sessionId: 'alice.phone/1',
  index: 0,
  flag: true,
  visibility: 'shared',
  to,
});

describe('device-authenticity, of what is given', () => {
  it('counts each device that is not its user’s, and says what it was given', () => {
    const about = (user: string, device: string) => ({ is: 'device', user, device });
    const broken = found([shares(['PHONE', 'GHOST', 'OTHER'])]);
    expect(broken).toEqual(
      ['GHOST', 'OTHER'].map((device) => ({
        at: 'alice.phone',
        about: about(charlie, device),
        why: `alice.phone shares history with ${device} of ${charlie}, which ${charlie} never logged in`,
        acceptedBy: null,
      })),
    );
    expect(found([gives(phoneOf(alice), ghost(alice), ghost(charlie))]).map((one) => one.about)).toEqual([
      about(alice, 'GHOST'),
      about(charlie, 'GHOST'),
    ]);
    expect(found([gives(ghost(alice))])[0]?.why).toMatch(/^bob\.phone gives a room key to GHOST of @alice/);
    expect(found([sends([ghost(bob), phoneOf(bob)])]).map(({ why }) => why)).toEqual([
      `alice.phone sends a secret to GHOST of ${bob}, which ${bob} never logged in`,
    ]);
    const bare = t.request('alice.phone', {
      method: 'PUT',
      path: paths.sendToDevice('m.secret.send', 't'),
      body: { messages: { [bob]: { GHOST: { secret: 'a key' } } } },
    });
    expect(found([step(bare)]).map((one) => one.about)).toEqual([about(bob, 'GHOST')]);
  });

  it('asks nothing more of what goes to a device that was removed meanwhile, and all of what goes to others with it', () => {
    const gone = logsOut(guest);
    expect(of([gone, gives(phoneOf(charlie))])).toBe('holds');
    expect(of([gone, sends([phoneOf(charlie)])])).toBe('holds');
    expect(of([gone, shares(['PHONE'])])).toBe('breaks at alice.phone');
    expect(found([gone, gives(phoneOf(charlie), ghost(alice))]).map(({ about }) => about)).toEqual([
      { is: 'device', user: alice, device: 'GHOST' },
    ]);
    const robbed = witness({ stolen: [guest] });
    expect(found([gone, gives(phoneOf(charlie))], robbed)[0]?.why).toMatch(/which a thief has, and .* has removed$/);
  });

  it('minds what is given to a removed device by whoever has been given a list without it, whoever removed it', () => {
    const gone = logsOut(guest);
    const list = (...devices: readonly string[]) => listed('alice.phone', charlie, ...devices);
    const secret = sends([phoneOf(charlie)]);
    expect(of([gone, list(), secret])).toBe('breaks at alice.phone');
    expect(of([gone, listed('bob.phone', charlie), gives(phoneOf(charlie))])).toBe('breaks at bob.phone');
    for (const other of [list('PHONE'), listed('alice.phone', alice), listed('alice.laptop', charlie)])
      expect(of([gone, other, secret])).toBe('holds');
    expect(of([gone, step({ ...t.isListed('alice.phone', charlie, []), lost: true } as Moment), secret])).toBe('holds');
    expect(of([list(), gone, secret])).toBe('holds');
    expect(of([gone, list(), step(t.logsIn(guest, charlie, 'PHONE')), list('PHONE'), gone, secret])).toBe('holds');
    const removes = step(t.request('alice.phone', { method: 'DELETE', path: paths.device('LAPTOP') }));
    const push = (player: PlayerId) => sends([{ user: alice, device: 'LAPTOP' }], 'a key', player);
    const knows = listed('alice.phone', alice, 'PHONE');
    expect(of([removes, push('alice.phone')])).toBe('holds');
    expect(of([removes, knows, push('alice.phone')])).toBe('breaks at alice.phone');
  });

  it('minds nothing of what a device had heard that came up from a copy of before', () => {
    const acts = (what: string): Step =>
      step({ kind: 'acted', player: 'alice.phone', what, detail: { copy: 'before' } });
    const [keeps, comesBack] = [acts('copy'), acts('restore from copy')];
    const [gone, hears] = [logsOut(guest), listed('alice.phone', charlie)];
    const secret = sends([phoneOf(charlie)]);
    expect(of([keeps, gone, hears, comesBack, secret])).toBe('holds');
    expect(of([keeps, gone, hears, comesBack, hears, secret])).toBe('breaks at alice.phone');
    expect(of([gone, hears, keeps, comesBack, secret])).toBe('breaks at alice.phone');
  });

  it('takes keys for a device’s own though the server did not take them: whoever has met it has them', () => {
    const refused = { ...t.publishesKeys('bob.phone', bob, 'PHONE'), status: 500 } as Moment;
    const others = t.publishesKeys('charlie.phone', bob, 'PHONE');
    const goesOut = (player: PlayerId) => step(t.sealsFor('alice.phone', bob, 'PHONE', t.curveOf(player)));
    const secret = sends([phoneOf(bob)]);
    expect(of([step(t.publishesKeys('bob.laptop', bob, 'LAPTOP'), refused), secret, goesOut('bob.phone')])).toBe(
      'holds',
    );
    expect(of([step(refused), secret, goesOut('charlie.phone')])).toBe('breaks at alice.phone');
    expect(of([step(refused, { ...others, status: 500 } as Moment), secret, goesOut('mallory.phone')])).toBe(
      'breaks at alice.phone',
    );
  });

  it('tells a device by its keys, where what it is given goes out', () => {
    const keys = step(t.publishesKeys('bob.phone', bob, 'PHONE'), t.publishesKeys('mallory.phone', bob, 'PHONE'));
    const secret = sends([phoneOf(bob)]);
    const goesTo = (player: PlayerId, by: PlayerId = 'alice.phone', device = 'PHONE') =>
      step(t.sealsFor(by, bob, device, t.curveOf(player)));
    expect(found([keys, secret, goesTo('mallory.phone')])).toEqual([
      {
        at: 'alice.phone',
        about: { is: 'device', user: bob, device: 'PHONE' },
        why: `alice.phone seals what it gives for PHONE of ${bob}, under keys that no device of ${bob} ever had`,
        acceptedBy: null,
      },
    ]);
    for (const steps of [
      [keys, secret, goesTo('bob.phone')],
      [keys, goesTo('mallory.phone')],
      [keys, secret, goesTo('mallory.phone', 'alice.laptop')],
      [secret, goesTo('mallory.phone')],
    ])
      expect(of(steps)).toBe('holds');
    const key = step(t.stores('alice.phone', givenTo(phoneOf(bob))));
    expect(of([keys, key, goesTo('mallory.phone')])).toBe('breaks at alice.phone');
    expect(of([keys, step(t.shares('alice.phone', bob, [bobsKey])), goesTo('mallory.phone')])).toBe(
      'breaks at alice.phone (it happens)',
    );
    // What was sealed for the keys it had before is given to nobody else.
    const anew = step(t.logsIn('bob.phone', bob, 'PHONE'), t.publishesKeys('bob.phone', bob, 'PHONE'));
    expect(of([keys, secret, anew, goesTo('bob.phone')])).toBe('holds');
  });

  it('is about what goes out: for whom no session can be had is given nothing', () => {
    const letter = (by: PlayerId = 'alice.phone', device = 'GHOST') => step(t.sealsFor(by, bob, device, 'any curve'));
    const meant = means([ghost(bob)]);
    expect(of([meant])).toBe('holds');
    expect(of([meant, letter()])).toBe('holds');
    expect(of([step(t.shares('alice.phone', charlie, [bobsKey], { devices: ['GHOST'] }))])).toBe('holds');
    // It waits where nobody told the device of their one-time keys.
    const waits = step(...meant.moments, claims('alice.phone', [ghost(bob)], 503));
    expect(found([waits, letter()]).map(({ why }) => why)).toEqual([
      `alice.phone sends a secret to GHOST of ${bob}, which ${bob} never logged in`,
    ]);
    expect(of([waits, letter('alice.laptop'), letter('alice.phone', 'PHONE')])).toBe('holds');
    // A client in a seat says what it has given when its letters are out.
    expect(of([step(...letter().moments, ...meant.moments)])).toBe('breaks at alice.phone');
  });

  it('is about a device as it is when it is given something', () => {
    expect(of([shares(['PHONE']), logsOut(guest)])).toBe('holds (it happens)');
    expect(of([logsOut(guest), step(t.logsIn(guest, charlie, 'PHONE')), shares(['PHONE'])])).toBe('holds (it happens)');
    expect(of([shares(['GHOST']), step(t.logsIn('charlie.ghost', charlie, 'GHOST'))])).toBe('breaks at alice.phone');
  });

  it('happens where history goes to a device of its reader’s, and to no other', () => {
    expect(of([shares(['PHONE', 'GHOST'])])).toBe('breaks at alice.phone');
    expect(of([shares([])])).toBe('holds');
    const robbed = witness({ stolen: ['alice.phone'] });
    expect(of([shares(['GHOST'])], robbed)).toBe('holds');
    expect(of([gives(phoneOf(alice))])).toBe('holds');
    expect(of([sends([phoneOf(alice)])])).toBe('holds');
    const tablet = step(t.logsIn('charlie.tablet', charlie, 'TABLET'));
    expect(of([shares(['TABLET'])])).toBe('breaks at alice.phone');
    expect(of([tablet, shares(['TABLET', 'PHONE'])])).toBe('holds (it happens)');
  });
});

describe('device-authenticity, of what is believed', () => {
  const from = (device: string): RoomKeyOrigin => ({ how: 'room_key', user: bob, device });
  const warned = (device: string, player: PlayerId = guest, user = bob) =>
    step(t.shown(player, 'unconfirmed device', { user, device }));
  const forwarded: RoomKeyOrigin = { how: 'forwarded', user: bob, device: 'GHOST' } as RoomKeyOrigin;

  it('says whom the keys are taken from, and which letter brought them', () => {
    expect(found([takes(from('GHOST'))])).toEqual([
      {
        at: guest,
        about: { is: 'device', user: bob, device: 'GHOST' },
        why: `${guest} takes a room key from GHOST of ${bob}, which ${bob} never logged in`,
        acceptedBy: null,
        origin: { brought: 'room key', to: guest, sessionId: bobsKey },
      },
    ]);
    expect(found([takes(t.fromBundle(alice, 'GHOST'))])).toEqual([
      {
        at: guest,
        about: { is: 'device', user: alice, device: 'GHOST' },
        why: `${guest} takes room keys from a bundle of GHOST of ${alice}, which ${alice} never logged in`,
        acceptedBy: null,
        origin: { brought: 'bundle', to: guest, url: t.bundleAt },
      },
    ]);
    expect(found([takes(t.fromBundle())])).toEqual([
      {
        at: guest,
        about: { is: 'file', url: t.bundleAt },
        why: `${guest} believes a bundle to be ${alice}’s that no device of theirs has shared`,
        acceptedBy: null,
        origin: { brought: 'bundle', to: guest, url: t.bundleAt },
      },
    ]);
  });

  it('asks where each comes from that rests on somebody’s word, and of no other', () => {
    expect(of([takes(forwarded)])).toBe(`breaks at ${guest}`);
    expect(of([takes({ how: 'made' })])).toBe('holds');
    expect(of([takes({ how: 'export' })])).toBe('holds');
    expect(of([takes(from('PHONE'))])).toBe('holds');
    expect(of([takes(from('GHOST'), 'mallory.phone')])).toBe('holds');
    expect(of([takes(t.fromBundle(alice, null), 'mallory.phone')])).toBe('holds');
  });

  it('is of nobody where a key comes in the clear under a name, unless a device of theirs has sent it so', () => {
    const content = { room_id: den, session_id: bobsKey, session_key: t.keyText(bobsKey, 0) };
    const inClear = (device: string | null): Moment => ({
      kind: 'delivery',
      from: t.server,
      to: guest,
      event: { type: 'm.room_key', content },
      opened: null,
      facts: {
        claimedSender: bob,
        sender: device === null ? null : { user: bob, device, source: 'both' },
      } as EnvelopeFacts,
    });
    const comes = (device: string | null) => step(inClear(device), t.holds(guest, bobsKey, { how: 'export' }));
    expect(found([comes('PHONE')])).toMatchObject([
      {
        at: guest,
        about: { is: 'room key', room: den, sessionId: bobsKey },
        why: `${guest} takes a room key in the clear as ${bob}’s that no device of theirs has sent`,
        origin: { brought: 'room key', to: guest, sessionId: bobsKey },
      },
    ]);
    expect(of([comes(null)])).toBe(`breaks at ${guest}`);
    expect(found([comes('GHOST')])).toMatchObject([{ about: { is: 'device', user: bob, device: 'GHOST' } }]);
    const body = { messages: { [charlie]: { PHONE: content } } };
    const sent = (player: PlayerId) =>
      step(t.request(player, { method: 'PUT', path: paths.sendToDevice('m.room_key', 't'), body }));
    expect(of([sent('bob.phone'), comes('PHONE')])).toBe('holds');
    expect(of([sent('bob.phone'), comes(null)])).toBe('holds');
    expect(of([sent('alice.phone'), comes('PHONE')])).toBe(`breaks at ${guest}`);
    expect(of([comes('PHONE')], witness({ stolen: ['bob.phone'] }))).toBe(`breaks at ${guest}`);
  });

  it('goes by which letter or bundle brought them, and not by what their receiver has noted', () => {
    const fetched = (device: string, ...others: readonly string[]) =>
      step(
        [device, ...others].map((one) => pointedBy(one)),
        t.downloads(guest),
        t.holds(guest, bobsKey, { how: 'export' }),
      );
    expect(found([fetched('GHOST')])).toMatchObject([
      {
        at: guest,
        about: { is: 'device', user: alice, device: 'GHOST' },
        why: `${guest} takes room keys from a bundle of GHOST of ${alice}, which ${alice} never logged in`,
        origin: { brought: 'bundle', to: guest, url: t.bundleAt },
      },
    ]);
    expect(of([shares(['PHONE']), fetched('PHONE')])).toBe('holds (it happens)');
    expect(found([fetched('PHONE')])).toMatchObject([{ about: { is: 'file', url: t.bundleAt } }]);
    // It is not known which of the two it has followed.
    expect(of([shares(['PHONE']), fetched('PHONE', 'GHOST')])).toBe('holds (it happens)');
    const robbed = witness({ stolen: ['bob.phone'] });
    const forgets = step(keyComes(guest, bobsKey), t.holds(guest, bobsKey, { how: 'export' }));
    expect(found([forgets], robbed)).toMatchObject([
      { why: `${guest} takes a room key from PHONE of ${bob}, which a thief has` },
    ]);
    expect(of([forgets])).toBe('holds');
  });
  const pointedBy = (device: string): Moment => {
    const pointer = t.isPointed(guest, alice);
    if (pointer.kind !== 'delivery') throw new Error('a pointer is a letter');
    const sender = { user: alice, device, source: 'both' } as EnvelopeFacts['sender'];
    return { ...pointer, facts: { ...pointer.facts, sender } };
  };

  it('minds a thief for as long as their device is there', () => {
    const robbed = witness({ stolen: ['bob.phone'] });
    expect(found([takes(from('PHONE'))], robbed)[0]?.why).toMatch(/, which a thief has$/);
    const bundle = t.fromBundle(bob, 'PHONE');
    expect(of([takes(bundle)], robbed)).toBe(`breaks at ${guest}`);
    expect(of([logsOut('bob.phone'), takes(bundle)], robbed)).toBe('accepted by 4147-stolen-device');
    expect(of([logsOut('bob.phone'), takes(from('PHONE'))])).toBe('holds');
  });

  it('accepts by a warning of that device, to that very person, what that device has sent itself', () => {
    const accepted = 'accepted by spec-warn-unconfirmed-owner';
    expect(of([warned('GHOST'), takes(from('GHOST'))])).toBe(accepted);
    expect(of([warned('GHOST', 'alice.phone'), takes(from('GHOST'))])).toBe(`breaks at ${guest}`);
    expect(of([takes(from('GHOST')), warned('GHOST')])).toBe(`breaks at ${guest}`);
    expect(of([warned('GHOST'), takes(forwarded)])).toBe(`breaks at ${guest}`);
    expect(of([warned('GHOST'), takes(t.fromBundle(bob, 'GHOST'))])).toBe(`breaks at ${guest}`);
    expect(of([warned('GHOST'), warned('GHOST', guest, alice), takes(from('GHOST'))])).toBe(accepted);
    expect(of([warned('GHOST'), warned('GHOST', 'alice.phone'), takes(from('GHOST'))])).toBe(accepted);
    const other = step(t.shown(guest, 'something else', { user: bob, device: 'GHOST' }));
    expect(of([other, takes(from('GHOST'))])).toBe(`breaks at ${guest}`);
  });

  it('believes a bundle that any device of theirs has shared, and of each of their bundles', () => {
    const other = 'mxc://a.example/media2';
    const second = t.fromBundle(alice, 'LAPTOP', den, other);
    expect(of([shares(['PHONE']), shares(['PHONE'], 'alice.laptop', other), takes(t.fromBundle())])).toBe(
      'holds (it happens)',
    );
    expect(of([shares(['PHONE']), shares(['PHONE'], 'alice.laptop', other), takes(second)])).toBe('holds (it happens)');
    expect(of([shares(['PHONE']), takes(second)])).toBe(`breaks at ${guest} (it happens)`);
    expect(of([shares(['PHONE'], 'bob.phone'), takes(t.fromBundle())])).toBe(`breaks at ${guest} (it happens)`);
    expect(of([shares(['PHONE'], 'alice.tablet'), takes(t.fromBundle())])).toBe(`breaks at ${guest} (it happens)`);
  });

  it('is of nobody’s word where nobody honest has that account', () => {
    const own = step(t.logsIn('mallory.phone', t.mallory, 'PHONE'));
    expect(of([takes(t.fromBundle(t.mallory, null))])).toBe('holds');
    expect(of([own, takes(t.fromBundle(t.mallory, 'PHONE'))])).toBe('holds');
    expect(of([own, takes(t.fromBundle(t.mallory, null))])).toBe('holds');
    const token = step(t.logsIn('eve.tablet', alice, 'TABLET'));
    expect(found([token, takes(t.fromBundle(alice, 'TABLET'))])).toHaveLength(1);
    expect(found([logsOut('alice.phone'), takes(t.fromBundle())])).toHaveLength(1);
  });

  it('remembers nothing of what says nothing new', () => {
    const news = (last: Moment) => isNews(deviceAuthenticity, [before], step(last));
    expect(news(t.writes(guest, 'hello'))).toBe(false);
    expect(news(t.request(guest, { method: 'GET', path: paths.sync }))).toBe(false);
    expect(news(t.shown(guest, 'something else', {}))).toBe(false);
    expect(news(t.holds(guest, bobsKey, { how: 'export' }))).toBe(false);
  });
});
