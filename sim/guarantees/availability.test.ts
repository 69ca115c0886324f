/** What others can make a client spend: downloads, and new room keys for nothing. On steps made by hand. */
import { describe, expect, it } from 'vitest';
import type { HeardEvent } from '../../machines/events.ts';
import type { Moment, Step } from '../engine/types.ts';
import { availability } from './availability.ts';
import { keyComes } from './letters-testing.ts';
import * as t from './testing.ts';

const { alice, attic, bob, breakOf, charlie, den, everybody, isNews, remembered, step, verdict, witness } = t;
const guest = 'charlie.phone';
const lost = `breaks at ${guest}`;
const before = everybody('shared', 'bob.phone');
const of = (steps: readonly Step[], cast = witness()) => verdict(availability, [before, ...steps], cast);
const hour = 3_600_000;

const asked = step(t.invites('alice.phone', charlie));
const comes = step(t.joins(guest));
const pointed = step(t.isPointed(guest, alice));
const fetched = step(t.downloads(guest));
const isIn = [asked, comes, pointed];

describe('availability, of downloads', () => {
  it('says what was downloaded, and why that was too much', () => {
    const why = (...steps: readonly Step[]) => breakOf(availability, [before, ...steps])?.why;
    expect(why(asked, pointed, fetched)).toBe(
      `${guest} downloads what ${alice} points to, whose invitation to ${den} it has not accepted`,
    );
    expect(why(...isIn, fetched, fetched, fetched, fetched)).toBe(`${guest} downloads the same bundle 4 times`);
    expect(breakOf(availability, [before, asked, pointed, fetched])?.about).toEqual({ is: 'file', url: t.bundleAt });
  });

  it('is about bundles that somebody points to, and about honest devices', () => {
    expect(of([asked, comes, fetched])).toBe('holds');
    expect(of([asked, pointed, fetched], witness({ stolen: [guest] }))).toBe('holds');
  });

  it('breaks where the inviter’s invitation was never accepted though its reader is in the room', () => {
    const byMallory = step(t.isPointed(guest, t.mallory));
    expect(of([asked, comes, byMallory, fetched])).toBe(lost);
    expect(of([step(t.joins(guest)), pointed, fetched])).toBe(lost);
    const again = step(t.isPointed(guest, alice, attic));
    expect(of([asked, comes, again, fetched])).toBe(lost);
  });

  it('counts each try, be it with or without success, and no pointer that only comes again', () => {
    const failed = step(t.downloads(guest, 404));
    expect(of([...isIn, failed, failed, failed])).toBe('holds');
    expect(of([...isIn, failed, failed, failed, failed])).toBe(lost);
    expect(of([...isIn, fetched, fetched, pointed, fetched, fetched])).toBe(`${lost} (it happens)`);
  });

  it('happens where the first try brings it', () => {
    const failed = step(t.downloads(guest, 404));
    expect(of([...isIn, failed])).toBe('holds');
    expect(of([...isIn, failed, fetched])).toBe('holds');
    expect(of([asked, pointed, fetched])).toBe(lost);
  });

  it('counts each file by itself', () => {
    const other = 'mxc://a.example/media2';
    const pointer = {
      ...t.isPointed(guest, alice),
      opened: { type: 'm.room_key_bundle', content: { room_id: den, file: { url: other } } },
    };
    expect(of([...isIn, fetched, fetched, step(pointer as Moment), fetched, fetched])).toBe(`${lost} (it happens)`);
  });

  it('goes by whichever pointer to a file may be followed, whoever points there before or after', () => {
    expect(of([...isIn, step(t.isPointed(guest, t.mallory)), fetched])).toBe('holds (it happens)');
    expect(of([step(t.isPointed(guest, t.mallory)), ...isIn, fetched])).toBe('holds (it happens)');
    expect(of([step(t.isPointed(guest, t.mallory)), ...isIn, fetched, fetched, fetched, fetched])).toBe(
      `${lost} (it happens)`,
    );
    expect(of([asked, comes, step(t.isPointed(guest, t.mallory), t.isPointed(guest, alice, attic)), fetched])).toBe(
      lost,
    );
  });
});

describe('availability, of a download’s time', () => {
  const hears = (type: HeardEvent['type'], atMs: number | undefined, section?: string, room = den): Moment =>
    t.heard(guest, { type, room, ...(section && { section }), ...(atMs !== undefined && { atMs }) } as HeardEvent);
  const joined = (atMs: number | undefined = hour) => step(hears('told.joined', atMs));
  const fetchesAt = (...hears: readonly Moment[]) => step(...hears, t.downloads(guest));
  const hoursOn = (hours: number, section = 'join') => hears('sync.room', (1 + hours) * hour, section);

  it('is a day from when its user came in, to the millisecond', () => {
    expect(of([...isIn, joined(), fetchesAt(hoursOn(24))])).toBe('holds (it happens)');
    const late = hears('sync.room', 25 * hour + 1, 'join');
    expect(of([...isIn, joined(), fetchesAt(late)])).toBe(lost);
    expect(breakOf(availability, [before, ...isIn, joined(), fetchesAt(late)])?.why).toBe(
      `${guest} downloads a bundle long after its user came in`,
    );
  });

  it('is as long as its client has chosen, where it has', () => {
    const within = (hours: number, cast = witness({ options: { 'bundle window': 2 } })) =>
      of([...isIn, joined(), fetchesAt(hoursOn(hours))], cast);
    expect(within(2)).toBe('holds (it happens)');
    expect(within(3)).toBe(lost);
    expect(within(3, witness())).toBe('holds (it happens)');
  });

  it('begins once: at the first that is heard of being in, by an answer or by a sync', () => {
    const syncs = step(hears('sync.room', hour, 'join'));
    expect(of([...isIn, syncs, fetchesAt(hoursOn(25))])).toBe(lost);
    expect(of([...isIn, joined(), step(hoursOn(20)), fetchesAt(hoursOn(25))])).toBe(lost);
    expect(of([...isIn, joined(), step(hears('told.joined', 20 * hour)), fetchesAt(hoursOn(25))])).toBe(lost);
  });

  it('begins anew for whoever was out in between, and does not for what is heard of other rooms', () => {
    const out = step(hoursOn(10, 'leave'));
    const back = step(hoursOn(20));
    expect(of([...isIn, joined(), out, back, fetchesAt(hoursOn(25))])).toBe('holds (it happens)');
    const elsewhere = step(hears('sync.room', 10 * hour, 'leave', attic));
    expect(of([...isIn, joined(), elsewhere, back, fetchesAt(hoursOn(25))])).toBe(lost);
    const joinsElsewhere = step(hears('told.joined', hour, undefined, attic));
    expect(of([...isIn, joinsElsewhere, fetchesAt(hoursOn(25))])).toBe('holds (it happens)');
  });

  it('begins anew for whoever went out and came back between two syncs', () => {
    const back = (user: string, room = den) => step(t.syncs(guest, { members: { [user]: 'leave' } }, room));
    expect(of([...isIn, joined(), back(charlie), fetchesAt(hoursOn(25))])).toBe('holds (it happens)');
    expect(of([...isIn, joined(), back(charlie), step(hoursOn(2)), fetchesAt(hoursOn(27))])).toBe(lost);
    for (const none of [back(bob), back(charlie, attic)])
      expect(of([...isIn, joined(), none, fetchesAt(hoursOn(25))])).toBe(lost);
  });

  it('goes by what the device itself has heard, and by the last of it', () => {
    const other = t.heard('bob.phone', { type: 'sync.room', room: den, section: 'join', atMs: 90 * hour });
    expect(of([...isIn, joined(), fetchesAt(other, hoursOn(1))])).toBe('holds (it happens)');
    expect(of([...isIn, joined(), fetchesAt(hoursOn(1), hoursOn(25))])).toBe(lost);
    expect(of([...isIn, joined(), fetched])).toBe('holds (it happens)');
    expect(of([...isIn, fetchesAt(hoursOn(25))])).toBe('holds (it happens)');
  });

  it('learns nothing of when its user came in from what says no time, no room, or something else', () => {
    const memory = (one: Step) => remembered(availability, [before, one]);
    const nothing = remembered(availability, [before]);
    const untimed = step(hears('told.joined', undefined));
    expect(memory(untimed)).toEqual(nothing);
    expect(memory(step(t.heard(guest, { type: 'told.joined', atMs: hour } as HeardEvent)))).toEqual(nothing);
    expect(memory(step(hears('sync.done' as HeardEvent['type'], hour, 'join')))).toEqual(nothing);
    expect(memory(step(hoursOn(1, 'invite')))).toEqual(nothing);
    for (const one of [untimed, step(hoursOn(1, 'leave'))]) expect(isNews(availability, [before], one)).toBe(false);
    expect(isNews(availability, [before, joined()], step(hoursOn(1)))).toBe(false);
  });
});

describe('availability, of sizes', () => {
  const max = witness({ options: { 'bundle size': 100 } });
  const takes = t.holds(guest, 'bob.phone/1', t.fromBundle());
  const brings = (letters: number) => t.downloads(guest, 200, 'A'.repeat(letters));

  it('breaks where keys are taken from more than was meant, by a byte', () => {
    expect(of([...isIn, step(brings(134), takes)], max)).toBe('holds (it happens)');
    const large = [...isIn, step(brings(136), takes)];
    const forgets = t.holds(guest, 'bob.phone/1', { how: 'export' });
    expect(of([...isIn, step(brings(136), forgets)], max)).toBe(`${lost} (it happens)`);
    expect(of(large, max)).toBe(`${lost} (it happens)`);
    expect(breakOf(availability, [before, ...large], max)).toMatchObject({
      about: { is: 'file', url: t.bundleAt },
      why: `${guest} takes a bundle of 102 bytes, more than it meant to`,
    });
  });

  it('goes by what came last, and not by a try that brought nothing', () => {
    expect(of([...isIn, step(brings(400)), step(t.downloads(guest, 404)), step(takes)], max)).toBe(
      `${lost} (it happens)`,
    );
    expect(of([...isIn, step(brings(400)), step(brings(40)), step(takes)], max)).toBe('holds (it happens)');
  });

  it('asks nothing of whoever downloaded it and takes nothing, of a thief, or of what came by another way', () => {
    expect(of([...isIn, step(brings(400))], max)).toBe('holds (it happens)');
    const comes = keyComes(guest, 'bob.phone/1');
    const firstHand = t.holds(guest, 'bob.phone/1', { how: 'room_key', user: bob, device: 'PHONE' });
    expect(of([...isIn, step(brings(400), comes, firstHand)], max)).toBe('holds (it happens)');
    const robbed = witness({ options: { 'bundle size': 100 }, stolen: [guest] });
    expect(of([...isIn, step(brings(400), takes)], robbed)).toBe('holds');
    expect(of([step(takes)], max)).toBe('holds');
    const other = t.holds(guest, 'bob.phone/1', t.fromBundle(alice, 'PHONE', den, 'mxc://a.example/other'));
    expect(of([...isIn, step(brings(400)), step(other)], max)).toBe('holds (it happens)');
  });
});

describe('availability, of new room keys', () => {
  const [host, one, two, three] = ['bob.phone', 'bob.phone/1', 'bob.phone/2', 'bob.phone/3'];
  const breaks = `breaks at ${host}`;
  const told = (visibility: string, room = den) => step(t.syncs(host, { visibility }, room));
  const gives = (session: string) => step(t.gives(session, []));
  const sends = (session: string) => step(t.sends(host, session));
  const first = [told('shared'), gives(one)];

  it('breaks where visibility only goes from one open to another, or comes back before anything is said', () => {
    const within = [...first, told('world_readable'), gives(two)];
    expect(of(within)).toBe(breaks);
    expect(breakOf(availability, [before, ...within])).toMatchObject({
      about: { is: 'room', room: den },
      why: `${host} gives out a new room key though nothing has changed for those who come later`,
    });
    expect(of([told('joined'), gives(one), told('invited'), gives(two)])).toBe(breaks);
    expect(of([...first, told('joined'), told('shared'), gives(two)])).toBe(breaks);
  });

  it('holds where those who come later can read what they could not, or no longer can', () => {
    expect(of([...first, told('joined'), gives(two)])).toBe('holds');
    expect(of([told('joined'), gives(one), told('shared'), gives(two)])).toBe('holds');
    expect(of([...first, told('joined'), sends(one), told('shared'), gives(two)])).toBe('holds');
  });

  it('goes by what its user has set themselves, before any sync says so', () => {
    const sets = (visibility: string, by = host) => step(t.sets(by, visibility));
    const opened = [told('joined'), sets('shared'), gives(one), sends(one), told('shared')];
    expect(of([...opened, sets('joined'), gives(two)])).toBe('holds');
    expect(of([...opened, sets('world_readable'), gives(two)])).toBe(breaks);
    expect(of([...first, sets('joined'), sets('shared'), gives(two)])).toBe(breaks);
    expect(of([...first, sets('world_readable', 'alice.phone'), gives(two)])).toBe('holds');
  });

  it('holds where nobody spoke of visibility, or it is said for the first time', () => {
    expect(of([...first, gives(two)])).toBe('holds');
    expect(of([gives(one), told('shared'), sends(one), gives(two)])).toBe('holds');
    expect(of([gives(one), sends(one), told('shared'), told('shared'), gives(two)])).toBe('holds');
    expect(of([gives(one), told('shared', attic), sends(one), gives(two)])).toBe('holds');
    expect(of([gives(one), told('shared'), told('shared'), gives(two)])).toBe('holds');
  });

  it('begins anew with each new session, and not where the same is given to more', () => {
    expect(of([...first, told('joined'), gives(two), gives(three)])).toBe('holds');
    expect(of([...first, told('world_readable'), gives(one)])).toBe('holds');
    expect(of([...first, told('world_readable'), gives(one), gives(two)])).toBe(breaks);
    expect(of([...first, told('joined'), gives(two), told('joined'), gives(three)])).toBe(breaks);
  });

  it('holds where somebody is out, or the sync has a gap in which they may be', () => {
    const hears = (news: Parameters<typeof t.syncs>[1], room = den) => step(t.syncs(host, news, room));
    const of1 = (news: Step) => of([...first, told('world_readable'), news, gives(two)]);
    expect(of1(hears({ members: { [charlie]: 'leave' } }))).toBe('holds');
    expect(of1(hears({ members: { [charlie]: 'ban' } }))).toBe('holds');
    expect(of1(hears({ members: { [charlie]: 'join', [alice]: 'leave' } }))).toBe('holds');
    expect(of1(hears({ limited: true }))).toBe('holds');
    expect(of1(hears({ members: { [charlie]: 'join' } }))).toBe(breaks);
    expect(of1(hears({ members: { [charlie]: 'leave' } }, attic))).toBe(breaks);
    expect(of1(step(t.syncs('alice.phone', { members: { [charlie]: 'leave' } })))).toBe(breaks);
    expect(of([...first, hears({ limited: true }), told('world_readable'), gives(two)])).toBe('holds');
    expect(of([...first, hears({ limited: true }), sends(one), told('world_readable'), gives(two)])).toBe('holds');
    expect(of([told('shared'), hears({ limited: true }), gives(one), told('world_readable'), gives(two)])).toBe(breaks);
  });

  const finds = (facts: object, player = host, room = den) =>
    step(t.heard(player, { type: 'room-keys.outbound', room, ...facts }));
  const within = [...first, told('world_readable')];

  it('holds where the session has been used as long or as often as the room lets one be', () => {
    expect(of([...within, finds({ isSpent: true, hasDeparted: false }), gives(two)])).toBe('holds');
  });

  it('holds where a device that has the session is gone, or its user is no longer to read', () => {
    expect(of([...within, finds({ isSpent: false, hasDeparted: true }), gives(two)])).toBe('holds');
    expect(of([told('invited'), gives(one), told('joined'), finds({ hasDeparted: true }), gives(two)])).toBe('holds');
  });

  it('breaks where the device finds no reason in its session, or in another, whatever it says is why', () => {
    const spent = { isSpent: true, hasDeparted: true };
    const none = { isSpent: false, hasDeparted: false, why: 'it has been used long enough' };
    expect(of([...within, finds(none), gives(two)])).toBe(breaks);
    expect(of([...within, finds(spent, host, attic), gives(two)])).toBe(breaks);
    expect(of([...within, finds(spent, 'alice.phone'), gives(two)])).toBe(breaks);
    expect(of([finds(spent), ...within, gives(two)])).toBe(breaks);
    expect(of([...within, finds(spent), gives(two), told('shared'), gives(three)])).toBe(breaks);
  });

  it('is about each room by itself, and honest devices', () => {
    expect(of([...first, told('world_readable', attic), gives(two)])).toBe('holds');
    expect(of([...first, told('world_readable'), gives(two)], witness({ stolen: [host] }))).toBe('holds');
    const others = step(t.syncs('alice.phone', { visibility: 'world_readable' }));
    expect(of([...first, others, gives(two)])).toBe('holds');
  });

  it('remembers nothing of what says nothing new', () => {
    const news = (steps: readonly Step[], last: Step) => isNews(availability, [before, ...steps], last);
    expect(news([], step(t.writes(host, 'hello')))).toBe(false);
    expect(news([told('shared')], told('world_readable'))).toBe(false);
    const gap = step(t.syncs(host, { limited: true }));
    expect(news([], gap)).toBe(false);
    expect(news([...first, gap], gap)).toBe(false);
    expect(news([...first, gap], sends(one))).toBe(false);
    expect(news(first, sends(one))).toBe(false);
    expect(news(first, finds({ isSpent: false, hasDeparted: false }))).toBe(false);
    expect(news([], finds({ isSpent: true, hasDeparted: true }))).toBe(false);
    expect(news([], sends(one))).toBe(false);
    expect(news(first, gives(one))).toBe(false);
  });
});
