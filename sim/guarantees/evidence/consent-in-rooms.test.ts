/** What people are told where rooms are concerned, moment by moment; and whether it was in time. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { ClauseId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import * as t from '../testing.ts';
import { attic, bob, charlie, den, request, witness } from '../testing.ts';
import { noRoomConsent, type RoomConsent, roomConsentAfter, roomConsentIn } from './consent-in-rooms.ts';
import { printOf } from './room-keys.ts';

const [phone, laptop] = ['alice.phone', 'alice.laptop'];
const key = 'alice.phone/1';
const isThere = [t.creates(phone, den, 'shared')];
const told = (...moments: readonly Moment[]): RoomConsent =>
  [...isThere, ...moments].reduce((memory, moment) => roomConsentAfter(memory, moment), noRoomConsent);
const said = (moments: readonly Moment[], last: Moment, who = witness()) => roomConsentIn(told(...moments), last, who);
const isOpenTo = (player: PlayerId, room = den) => t.syncs(player, { visibility: 'shared' }, room);
const isClosedTo = (player: PlayerId, room = den) => t.syncs(player, { visibility: 'joined' }, room);
const shows = (about: string, more: Record<string, string> = {}) => t.shown(phone, about, more);
const pins = (user: string, master: string) => t.stores(phone, { patch: 'pin', user, master });
const isServed = (user: string, master: Json, path: string = paths.keysQuery): Moment =>
  request(phone, { method: 'POST', path }, { master_keys: { [user]: { keys: { 'ed25519:m': master } } } });
const isInvited = (user: string, what = 'invite', room = den): Moment => ({
  kind: 'acted',
  player: phone,
  what,
  detail: { room, user },
});

describe('what is remembered', () => {
  it('is nothing but pins before there is a room', () => {
    const early = [isServed(charlie, 'one'), isOpenTo(phone), isInvited(charlie), pins(charlie, 'one')];
    const before = early.reduce((memory, moment) => roomConsentAfter(memory, moment), noRoomConsent);
    expect(before).toEqual({ ...noRoomConsent, pinned: { [phone]: { [charlie]: printOf('one') } } });
    expect(before.hasRooms).toBe(false);
    expect(told().hasRooms).toBe(true);
  });

  it('is by device and user which identities it pinned and was served', () => {
    expect(told(pins(charlie, 'one'), pins(bob, 'two'), pins(charlie, 'three')).pinned).toEqual({
      [phone]: { [charlie]: printOf('three'), [bob]: printOf('two') },
    });
    expect(told(isServed(charlie, 'one'), isServed(bob, 'two')).served).toEqual({
      [phone]: { [charlie]: printOf('one'), [bob]: printOf('two') },
    });
    expect(told(isServed(charlie, 5)).served).toEqual({});
    expect(told(isServed(charlie, 'one', paths.keysUpload)).served).toEqual({});
  });

  it('is by device which rooms are open, as it was told last', () => {
    expect(told(isOpenTo(phone), isOpenTo(phone, attic)).open).toEqual({ [phone]: [attic, den] });
    expect(told(isOpenTo(phone), isOpenTo(phone, attic), isClosedTo(phone)).open).toEqual({ [phone]: [attic] });
    expect(told(isOpenTo(phone), t.syncs(phone, {})).open).toEqual({ [phone]: [den] });
    expect(told(isOpenTo(phone), isClosedTo(laptop)).open).toEqual({ [phone]: [den] });
  });

  it('is by device of which rooms its person was told, until they close', () => {
    const visible = [shows('history visible'), shows('history visible', { room: attic })];
    expect(told(...visible).told).toEqual({ [phone]: [attic, den] });
    expect(told(...visible, isClosedTo(phone)).told).toEqual({ [phone]: [attic] });
  });

  it('is which room keys go out closed', () => {
    const gives = (flag: boolean) => t.gives(key, [], { flag });
    expect(told(gives(false), gives(false)).closed).toEqual([key]);
    expect(told(gives(true)).closed).toEqual([]);
  });

  it('is who was asked in before they were ever dealt with', () => {
    expect(told(isInvited(charlie), isInvited(bob)).strangers).toEqual({ [phone]: { [den]: [bob, charlie] } });
    expect(told(pins(charlie, 'one'), isInvited(charlie)).strangers).toEqual({});
    expect(told(isInvited(charlie, 'kick'), shows('invite', { user: charlie })).strangers).toEqual({});
  });

  it('is untouched by what tells nothing new', () => {
    const before = told(pins(charlie, 'one'), isServed(charlie, 'one'), isOpenTo(phone));
    for (const moment of [t.syncs(phone, {}), t.writes(phone, 'hello'), t.gives(key, []), isServed(charlie, 5)])
      expect(roomConsentAfter(before, moment)).toBe(before);
    const { pinned, served } = before;
    expect(roomConsentAfter(before, pins(charlie, 'one')).pinned).toBe(pinned);
    expect(roomConsentAfter(before, isServed(charlie, 'one')).served).toBe(served);
  });
});

describe('who writes where later members read along', () => {
  const sends = t.sends(phone, key);
  const indicator: ClauseId = '4268-ui-sender-indicator';

  it('has to be told before', () => {
    expect(said([isOpenTo(phone)], sends)).toMatchObject({
      broken: { at: phone, about: { is: 'room', room: den }, acceptedBy: null },
      isTold: false,
    });
    expect(said([isOpenTo(phone), shows('history visible')], sends)).toEqual({ broken: null, isTold: true });
    expect(said([isOpenTo(phone), shows('history visible', { room: attic })], sends).broken).not.toBe(null);
  });

  it('has to be told of what they opened themselves, whether a sync has told of it or not', () => {
    expect(said([isClosedTo(phone), t.sets(phone, 'shared')], sends).broken).not.toBe(null);
    expect(said([isClosedTo(phone), t.sets(laptop, 'shared')], sends).broken).toBe(null);
    expect(said([isOpenTo(phone), t.sets(phone, 'joined')], sends).broken).toBe(null);
    const lost = { ...t.sets(phone, 'shared'), lost: true } as Moment;
    expect(said([isClosedTo(phone), lost], sends).broken).toBe(null);
  });

  it('need not where the room or the key is closed, or another device is told', () => {
    const none = { broken: null, isTold: false };
    expect(said([isClosedTo(phone)], sends)).toEqual(none);
    expect(said([isClosedTo(phone), isOpenTo(phone, attic)], sends)).toEqual(none);
    expect(said([isClosedTo(phone), isOpenTo(laptop)], sends)).toEqual(none);
    expect(said([isOpenTo(phone), t.gives(key, [], { flag: false })], sends)).toEqual(none);
    expect(said([isOpenTo(phone)], sends, witness({ stolen: [phone] }))).toEqual(none);
    const silent = { ...witness(), isMeantBy: (_: PlayerId, clause: ClauseId) => clause !== indicator };
    expect(said([isOpenTo(phone)], sends, silent)).toEqual(none);
  });
});

describe('who shares history', () => {
  const shares = t.shares(phone, charlie, []);
  const changed = [pins(charlie, 'one'), isServed(charlie, 'two')];
  const none = { broken: null, isTold: false };
  const alert = shows('identity changed before sharing', { user: charlie, master: 'two' });

  it('has to be told before that the identity of whom it goes to has changed', () => {
    expect(said(changed, shares)).toMatchObject({
      broken: { at: phone, about: { is: 'member', room: den, user: charlie }, acceptedBy: null },
      isTold: false,
    });
    expect(said([...changed, alert], shares)).toEqual({ broken: null, isTold: true });
    expect(
      said([...changed, shows('identity changed before sharing', { user: bob, master: 'two' })], shares).broken,
    ).not.toBe(null);
    expect(said([...changed, { ...alert, player: laptop } as Moment], shares).broken).not.toBe(null);
    const before = shows('identity changed before sharing', { user: charlie, master: 'three' });
    expect(said([...changed, before], shares).broken).not.toBe(null);
    const elsewhere = shows('identity changed before sharing', { user: charlie, room: attic, master: 'two' });
    expect(said([...changed, elsewhere], shares).broken).not.toBe(null);
  });

  it('need not where nothing has changed, as far as the device can know', () => {
    expect(said([], shares)).toEqual(none);
    expect(said([pins(charlie, 'one')], shares)).toEqual(none);
    expect(said([pins(bob, 'one'), isServed(charlie, 'two')], shares)).toEqual(none);
    expect(said([isServed(charlie, 'two')], shares)).toEqual(none);
    expect(said([pins(charlie, 'one'), isServed(charlie, 'one')], shares)).toEqual(none);
    expect(said(changed, shares, witness({ stolen: [phone] }))).toEqual(none);
    expect(said(changed, shares, { ...witness(), isMeantBy: () => false })).toEqual(none);
    expect(said(changed, t.writes(phone, 'hello'))).toEqual(none);
  });

  it('has to say of a stranger that they are one, where the client means to', () => {
    const warning = witness({ options: { 'warn first contact': true } });
    expect(said([isInvited(charlie)], shares)).toEqual(none);
    expect(said([isInvited(charlie)], shares, warning)).toMatchObject({
      broken: { at: phone, about: { is: 'member', room: den, user: charlie } },
      isTold: false,
    });
    expect(said([isInvited(charlie), shows('first contact', { user: charlie })], shares, warning)).toEqual(none);
    expect(said([isInvited(charlie, 'invite', attic)], shares, warning)).toEqual(none);
    expect(said([isInvited(bob)], shares, warning)).toEqual(none);
    expect(said([isInvited(charlie)], shares, { ...warning, isMeantBy: () => false })).toEqual(none);
  });
});
