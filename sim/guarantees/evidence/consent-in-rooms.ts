/** What people have to be told where rooms are concerned: that later members read along, whose identity has changed, who is new to them. */
import { isObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../types.ts';
import type { Break, Witness } from '../types.ts';
import { among, filed } from './accounts.ts';
import { doneIn } from './asked.ts';
import { roomActs, sentIn, shownAs, storedAs, syncedIn } from './requests.ts';
import { printOf } from './room-keys.ts';
import { isOpen } from './rooms.ts';

type ByUser = Readonly<Record<PlayerId, Readonly<Record<UserId, string>>>>;

export type RoomConsent = {
  /** Whether there is any room: before that nothing of this is worth keeping. */
  readonly hasRooms: boolean;
  /** `<device> <room>`: open to later members, as the device was told. */
  readonly open: readonly string[];
  /** `<device> <room>`: its user was told so since. */
  readonly told: readonly string[];
  /** Room keys that go out as closed to later members: what is written under them nobody has to be told of. */
  readonly closed: readonly string[];
  /** Device → user → print of the master key it has pinned, and of the one it was served last. */
  readonly pinned: ByUser;
  readonly served: ByUser;
  /** `<device> <room> <user>`: its user was told that their identity changed. */
  readonly alerted: readonly string[];
  /** `<device> <room> <user>`: asked in by a device that had never seen their identity, and its user was told that. */
  readonly strangers: readonly string[];
  readonly introduced: readonly string[];
};
export const noRoomConsent: RoomConsent = {
  hasRooms: false,
  open: [],
  told: [],
  closed: [],
  pinned: {},
  served: {},
  alerted: [],
  strangers: [],
  introduced: [],
};

const except = (list: readonly string[], one: string): readonly string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : list;

const noting = (byUser: ByUser, player: PlayerId, user: UserId, master: string): ByUser =>
  byUser[player]?.[user] === printOf(master)
    ? byUser
    : filed(byUser, player, filed(byUser[player] ?? {}, user, printOf(master)));

/** What is to be remembered after a moment; the same where no room is concerned. */
export const roomConsentAfter = (before: RoomConsent, moment: Moment): RoomConsent => {
  const hasRooms = before.hasRooms || roomActs(moment).length > 0;
  let now = hasRooms === before.hasRooms ? before : { ...before, hasRooms };
  const pin = storedAs(moment, 'pin');
  if (pin !== null) now = { ...now, pinned: noting(now.pinned, pin.player, pin.patch.user, pin.patch.master) };
  if (!hasRooms) return now;
  if (moment.kind === 'request' && doneIn(moment)?.asks === 'query keys')
    for (const [user, master] of Object.entries(objectAt(moment.response, 'master_keys'))) {
      const key = Object.values(objectAt(isObject(master) ? master : {}, 'keys'))[0];
      if (typeof key === 'string') now = { ...now, served: noting(now.served, moment.from, user, key) };
    }
  for (const { room, visibilities } of syncedIn(moment)) {
    const last = visibilities.at(-1);
    if (last === undefined || moment.kind !== 'request') continue;
    const place = `${moment.from} ${room}`;
    now = isOpen(last)
      ? { ...now, open: among(now.open, place) }
      : { ...now, open: except(now.open, place), told: except(now.told, place) };
  }
  const given = storedAs(moment, 'room key given')?.patch;
  if (given?.flag === false) now = { ...now, closed: among(now.closed, given.sessionId) };
  const visible = shownAs(moment, 'history visible');
  if (visible !== null)
    now = { ...now, told: among(now.told, `${visible.player} ${stringAt(visible.notice, 'room')}`) };
  const changed = shownAs(moment, 'identity changed before sharing');
  if (changed !== null) {
    const { player, notice } = changed;
    now = { ...now, alerted: among(now.alerted, alertOf(player, stringAt(notice, 'room'), stringAt(notice, 'user'))) };
  }
  const contact = shownAs(moment, 'first contact');
  if (contact !== null) {
    const { player, notice } = contact;
    const about = alertOf(player, stringAt(notice, 'room'), stringAt(notice, 'user'));
    now = { ...now, introduced: among(now.introduced, about) };
  }
  if (moment.kind === 'acted' && moment.what === 'invite') {
    const user = stringAt(moment.detail, 'user') ?? '';
    if (now.pinned[moment.player]?.[user] === undefined)
      now = { ...now, strangers: among(now.strangers, alertOf(moment.player, stringAt(moment.detail, 'room'), user)) };
  }
  return now;
};

const alertOf = (player: PlayerId, room: RoomId | undefined, user: UserId | undefined): string =>
  `${player} ${room} ${user}`;

/** Whether a person is told in time, and what they were not told of. */
export const roomConsentIn = (
  memory: RoomConsent,
  moment: Moment,
  witness: Witness,
): { readonly broken: Break | null; readonly isTold: boolean } => {
  const message = sentIn(moment);
  if (message !== null && witness.honest(message.player)) {
    const place = `${message.player} ${message.room}`;
    const isClosed = memory.closed.includes(message.sessionId);
    if (isClosed || !memory.open.includes(place)) return { broken: null, isTold: false };
    const isTold = memory.told.includes(place);
    const isOwed = witness.isMeantBy(message.player, '4268-ui-sender-indicator');
    const why = `${message.player} writes what later members may read, and its user is not told`;
    return { broken: isTold || !isOwed ? null : { at: message.player, about: null, why, acceptedBy: null }, isTold };
  }
  const shared = storedAs(moment, 'history shared');
  if (shared === null || !witness.honest(shared.player)) return { broken: null, isTold: false };
  const { player, patch } = shared;
  const about = alertOf(player, patch.room, patch.user);
  // To warn of strangers is left to clients: whoever means to, has to.
  const warns = witness.option(player, 'warn first contact') === true;
  if (warns && witness.isMeantBy(player, '4268-warn-first-contact') && memory.strangers.includes(about)) {
    const why = `${player} shares history with ${patch.user}, whom it has never dealt with, and does not say so`;
    if (!memory.introduced.includes(about))
      return { broken: { at: player, about: null, why, acceptedBy: null }, isTold: false };
  }
  const pinned = memory.pinned[player]?.[patch.user];
  const served = memory.served[player]?.[patch.user];
  const isChanged = pinned !== undefined && served !== undefined && pinned !== served;
  if (!isChanged || !witness.isMeantBy(player, '4268-identity-change-alert')) return { broken: null, isTold: false };
  const isTold = memory.alerted.includes(about);
  const why = `${player} shares history with ${patch.user}, whose identity has changed, and tells nobody`;
  return { broken: isTold ? null : { at: player, about: null, why, acceptedBy: null }, isTold };
};
