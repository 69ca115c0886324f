/** Who is left before messages that are theirs to read, and what excuses it. On steps made by hand; the rest stands in `rooms-and-readers.test.ts`. */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { roomAccess } from './room-access.ts';
import * as t from './testing.ts';

const { alice, bob, breakOf, charlie, den, everybody, isNews, request, step, verdict, watched, witness } = t;
const [host, guest] = ['alice.phone', 'charlie.phone'];
const key = 'alice.phone/1';
const lost = `breaks at ${guest}`;
const before = everybody('shared', 'bob.phone');
const of = (steps: readonly Step[], cast = t.ofAllTexts(), history = 'shared') =>
  verdict(roomAccess, [everybody(history, 'bob.phone'), ...steps], cast);

const sends = (event: string, session = key, room = den): Moment =>
  request(
    host,
    { method: 'PUT', path: paths.roomSend(room, 'm.room.encrypted', 't1'), body: { session_id: session } },
    { event_id: event },
  );
const says = (event = '$1', flag = true): Step =>
  step(t.makes(key, { flag }), t.gives(key, [t.phoneOf(alice)], { flag }), sends(event));
const comes = step(t.invites(host, charlie), t.joins(guest));
const unread = (reason = 'no key', player: PlayerId = guest, event = '$1') =>
  step(t.shown(player, 'unreadable message', { event, sender: alice, session: key, reason, withheldBy: null }));
const reads = (player: PlayerId = guest, event = '$1') =>
  step(t.shown(player, 'message', { event, sender: alice, message: 'hello' }));
const isSent = (player: PlayerId, ...events: readonly string[]): Step => {
  const sealed = events.map((event_id) => ({ type: 'm.room.encrypted', event_id, content: { session_id: key } }));
  const response = { rooms: { join: { [den]: { timeline: { events: sealed } } } } };
  return step(request(player, { method: 'GET', path: paths.sync }, response));
};
const unsigned = (player: PlayerId) => ({ ...witness(), signedAtStart: (one: PlayerId) => one !== player });

describe('room-access', () => {
  it('says who cannot read what, and what they were told', () => {
    const broken = (last: Step) => breakOf(roomAccess, [before, says(), comes, last]);
    const why = `${guest} cannot read what ${host} said, which the room lets ${charlie} read, and is told`;
    expect(broken(isSent(guest, '$1'))).toEqual({
      at: guest,
      about: { is: 'event', room: den, event: '$1' },
      why: `${why} nothing`,
      acceptedBy: null,
    });
    expect(broken(unread())?.why).toBe(`${why} “no key”, which does not say why`);
    expect(broken(unread('m.unauthorised'))?.why).toBe(`${why} “m.unauthorised”, which is not why`);
  });

  it('is promised to those who are members at the end', () => {
    const leaves = step(t.leaves(guest));
    expect(of([says(), comes, unread(), leaves])).toBe('holds');
    expect(of([says(), comes, unread(), leaves, comes])).toBe(lost);
  });

  it('counts each message and each device', () => {
    const { breaks } = watched(roomAccess, [
      before,
      says(),
      says('$2'),
      isSent('bob.phone', '$1', '$2'),
      isSent(host, '$1'),
    ]);
    expect(breaks.map(({ at, about }) => [at, about?.is === 'event' && about.event])).toEqual([
      [host, '$1'],
      ['bob.phone', '$1'],
      ['bob.phone', '$2'],
    ]);
  });

  it('has something to judge once there is a room', () => {
    const concerns = (...steps: readonly Step[]) =>
      roomAccess.concerns?.(watched(roomAccess, steps).memory as typeof roomAccess.begin);
    expect(concerns()).toBe(false);
    expect(concerns(step(t.logsIn(host, alice, 'PHONE')))).toBe(false);
    expect(concerns(before)).toBe(true);
  });

  it('goes by the last that became of a message, which a sync that brings it again is not', () => {
    expect(of([says(), comes, reads(), isSent(guest, '$1')])).toBe('holds (it happens)');
    expect(of([says(), comes, reads(), unread()])).toBe(`${lost} (it happens)`);
    expect(of([says(), comes, isSent(guest, '$1'), unread(), reads()])).toBe('holds (it happens)');
    const truly = unread('m.history_not_shared');
    expect(of([says('$1', false), comes, truly, isSent(guest, '$1')])).toBe('holds');
    expect(of([says(), comes, reads(), isSent(guest, '$1', '$2')])).toBe('holds (it happens)');
    expect(of([says(), says('$2'), comes, reads(), isSent(guest, '$1', '$2')])).toBe(`${lost} (it happens)`);
  });

  it('is told from what comes to honest devices, of messages that honest devices have sent', () => {
    const robbed = witness({ stolen: [guest] });
    for (const last of [isSent(guest, '$1'), unread(), reads()])
      expect(isNews(roomAccess, [before, says(), comes], last, robbed)).toBe(false);
    for (const last of [isSent(guest, '$9'), unread('no key', guest, '$9'), reads(guest, '$9')]) {
      expect(isNews(roomAccess, [before, says(), comes], last)).toBe(false);
      expect(isNews(roomAccess, [before, says(), comes, unread()], last)).toBe(false);
    }
    expect(of([says(), comes, unread()], witness({ stolen: [host] }))).toBe('holds');
  });

  it('remembers nothing of what says nothing new', () => {
    const news = (last: Step) => isNews(roomAccess, [before, says(), comes, unread()], last);
    expect(news(unread())).toBe(false);
    expect(news(isSent(guest, '$1'))).toBe(false);
    expect(news(step(t.heard(guest, { type: 'keys.claimed', message: 'm1' })))).toBe(false);
    expect(news(step(t.shown(guest, 'something else', { event: '$1' })))).toBe(false);
    expect(news(unread('another'))).toBe(true);
    expect(news(reads())).toBe(true);
  });

  it('asks nothing of a device that nobody logged in', () => {
    expect(of([says(), comes, unread('no key', 'charlie.tablet')])).toBe('holds');
  });

  it('happens in the story alone, to honest devices that read what was said before they came', () => {
    const early = (player: PlayerId, ...moments: readonly Moment[]) => [
      { ...before, moments: [...before.moments, ...says().moments, ...moments, ...reads(player).moments] },
    ];
    expect(verdict(roomAccess, early(guest, ...comes.moments))).toBe('holds');
    expect(of([says(), comes, reads()], witness({ stolen: [guest] }))).toBe('holds');
    expect(of([says(), comes, reads(guest, '$9')])).toBe('holds');
    expect(of([says(), reads('bob.phone')])).toBe('holds');
    expect(of([says(), reads()])).toBe('holds');
    expect(of([says(), comes, reads('charlie.tablet')])).toBe('holds');
  });
});

describe('room-access, of what people are told', () => {
  it('believes that history is not shared of a session that is not flagged, to those who came later', () => {
    const closed = [says('$1', false), comes];
    for (const reason of ['m.history_not_shared', 'io.element.msc4268.history_not_shared', 'm.unauthorised']) {
      expect(of([...closed, unread(reason)])).toBe('holds');
      expect(of([says(), comes, unread(reason)])).toBe(lost);
      expect(of([says('$1', false), unread(reason, 'bob.phone')])).toBe('breaks at bob.phone');
    }
    const strange = step(sends('$1', 'alice.phone/9'));
    expect(of([strange, comes, unread('m.history_not_shared')])).toBe(lost);
  });

  it('believes that a device is not verified of one that was not, and nothing else that it does not know', () => {
    const verified = step(t.signs(guest, charlie, 'PHONE'));
    expect(of([says(), comes, verified, unread('m.unverified')], unsigned(guest))).toBe('holds');
    expect(of([says(), comes, unread('m.unverified')])).toBe(lost);
    expect(of([says(), comes, unread('unsigned device')], unsigned(host))).toBe('holds');
    expect(of([says(), comes, step(t.signs(host, alice, 'PHONE')), unread('unsigned device')], unsigned(host))).toBe(
      lost,
    );
    expect(of([says('$1', false), comes, verified, unread('no key')], unsigned(guest))).toBe(lost);
    expect(of([says(), comes, unread('not genuine')], unsigned(host))).toBe(lost);
  });

  it('asks whether a device is signed as its user’s identity is now', () => {
    const resets = step(
      request(guest, {
        method: 'POST',
        path: paths.deviceSigningUpload,
        body: { master_key: { keys: { 'ed25519:new': 'new' } } },
      }),
    );
    expect(of([says(), comes, unread(), resets])).toBe('holds');
    expect(of([says(), comes, unread(), resets, step(t.signs(guest, charlie, 'PHONE'))])).toBe(lost);
  });
});

describe('room-access, of what excuses it', () => {
  const conceded = 'accepted by 4268-decline-when-currently-closed';
  const declines = (player: PlayerId) =>
    step(
      { kind: 'acted', player, what: 'invite', detail: { room: den, user: charlie } },
      t.shown(player, 'history not shared', { user: charlie, why: 'closed' }),
      t.invites(player, charlie),
    );
  const closes = step(t.sets(host, 'joined'));
  const joins = step(t.joins(guest));

  it('is all who asked them in: each could have brought it', () => {
    expect(of([says(), closes, declines(host), joins, unread()])).toBe(conceded);
    const firstHand = { how: 'room_key', user: alice, device: 'PHONE' } as const;
    const both = [says(), step(t.holds('bob.phone', key, firstHand)), closes];
    const byBob = step(t.invites('bob.phone', charlie));
    expect(of([...both, declines(host), declines('bob.phone'), joins, unread()])).toBe(conceded);
    expect(of([...both, declines(host), byBob, joins, unread()])).toBe(lost);
    expect(of([...both, byBob, declines(host), joins, unread()])).toBe(lost);
    // Who has not the key, or a client without bundles, could bring nothing and takes no excuse away; and neither has one to give.
    expect(of([says(), closes, declines(host), byBob, joins, unread()])).toBe(conceded);
    expect(of([says(), closes, byBob, declines(host), joins, unread()])).toBe(conceded);
    expect(of([says(), closes, declines('bob.phone'), joins, unread()])).toBe(lost);
    const without = { ...t.ofAllTexts(), implementsText: (player: PlayerId) => player !== 'bob.phone' };
    expect(of([...both, byBob, declines(host), joins, unread()], without)).toBe(conceded);
  });

  it('excuses nobody who was in when it was said, or asked in', () => {
    const after = [says('$0'), closes, declines(host)];
    expect(of([...after, joins, says('$2'), unread('no key', guest, '$2')])).toBe(lost);
    const asked = [step(t.sets(host, 'invited')), declines(host), says('$2')];
    expect(of([...asked, joins, unread('no key', guest, '$2')])).toBe(lost);
    expect(of([says(), ...asked, joins, unread('no key', guest, '$1')])).toBe(conceded);
  });

  const clause = 'accepted by 4268-only-cross-signed-devices';
  const shares = (devices: readonly string[], user = charlie, player: PlayerId = host) =>
    step(t.shares(player, user, [key], { devices }));
  const verified = step(t.signs(guest, charlie, 'PHONE'));

  it('excuses the device of its reader that a bundle left out while it was unsigned, and no other', () => {
    const rest = [comes, verified, unread()];
    expect(of([says(), shares([]), ...rest], unsigned(guest))).toBe(clause);
    expect(of([says(), shares(['OTHER']), ...rest], unsigned(guest))).toBe(clause);
    expect(of([says(), shares([], bob), ...rest], unsigned(guest))).toBe(lost);
    expect(of([says(), verified, shares([]), comes, unread()], unsigned(guest))).toBe(lost);
    expect(of([says(), shares([], charlie, 'bob.phone'), ...rest], unsigned(guest))).toBe(lost);
    expect(of([says(), shares([], charlie, 'alice.tablet'), ...rest], unsigned(guest))).toBe(lost);
    const robbed = { ...witness({ stolen: [host] }), signedAtStart: unsigned(guest).signedAtStart };
    const got = t.holds(host, 'bob.phone/1', { how: 'room_key', user: bob, device: 'PHONE' });
    const byBob = step(t.makes('bob.phone/1'), t.gives('bob.phone/1', [t.phoneOf(alice)]), got, {
      ...sends('$1', 'bob.phone/1'),
      from: 'bob.phone',
    } as Moment);
    expect(of([byBob, shares([]), ...rest], unsigned(guest))).toBe(clause);
    expect(of([byBob, shares([]), ...rest], robbed)).toBe(lost);
  });

  it('does not excuse a device that was not there when the bundle went', () => {
    const leaves = step(request(guest, { method: 'POST', path: paths.logout }));
    const back = step(t.logsIn(guest, charlie, 'PHONE'));
    const rest = [comes, verified, unread()];
    expect(of([says(), leaves, shares([]), back, ...rest], unsigned(guest))).toBe(lost);
    expect(of([says(), leaves, back, shares([]), ...rest], unsigned(guest))).toBe(clause);
  });

  it('asks whether they were signed in the story', () => {
    const laptop = step(t.logsIn('charlie.laptop', charlie, 'LAPTOP'));
    const signsLaptop = step(t.signs(guest, charlie, 'LAPTOP'));
    const unreadThere = unread('no key', 'charlie.laptop');
    expect(of([says(), laptop, shares(['PHONE']), comes, signsLaptop, unreadThere])).toBe(clause);
    expect(of([says(), laptop, signsLaptop, shares(['PHONE']), comes, unreadThere])).toBe('breaks at charlie.laptop');
  });
});
