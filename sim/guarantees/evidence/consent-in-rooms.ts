/** What people have to be told where rooms are concerned: that later members read along, whose identity has changed, who is new to them. */
import { isObject, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import type { RoomId } from '../../../machines/room-types.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Break } from '../../engine/breaks.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { among, filed, filedIn, noted, notedIn } from './accounts.ts';
import { toldAs } from './asked.ts';
import { asCopied, asShown, type Copied, noneCopied } from './beginning.ts';
import { roomActs, sentIn, shownAs, storedAs, visibilitiesHeard } from './requests.ts';
import { printOf } from './room-keys.ts';
import { isOpen } from './rooms.ts';

type ByDevice = Readonly<Record<PlayerId, readonly string[]>>;
type InRooms = Readonly<Record<PlayerId, Readonly<Record<RoomId, readonly UserId[]>>>>;
type ByUser = Readonly<Record<PlayerId, Readonly<Record<UserId, string>>>>;

export type RoomConsent = Copied & {
  /** Whether there is any room: before that nothing of this is worth keeping. */
  readonly hasRooms: boolean;
  /** Device → rooms open to later members, as the device was told. */
  readonly open: ByDevice;
  /** Device → rooms of which its user was told so since. */
  readonly told: ByDevice;
  /** Room keys that go out as closed to later members: what is written under them nobody has to be told of. */
  readonly closed: readonly string[];
  /** Device → user → print of the master key it has pinned, and of the one it was served last. */
  readonly pinned: ByUser;
  readonly served: ByUser;
  /** Device → room → user → print of the identity of theirs that its user was told has changed. */
  readonly alerted: Readonly<Record<PlayerId, Readonly<Record<RoomId, Readonly<Record<UserId, string>>>>>>;
  /** Device → room → users asked in by a device that had never seen their identity, and those of whom its user was told that. */
  readonly strangers: InRooms;
  readonly introduced: InRooms;
};
export const noRoomConsent: RoomConsent = {
  ...noneCopied,
  hasRooms: false,
  open: {},
  told: {},
  closed: [],
  pinned: {},
  served: {},
  alerted: {},
  strangers: {},
  introduced: {},
};

const except = (all: ByDevice, player: PlayerId, room: RoomId): ByDevice => {
  const own = all[player];
  return own?.includes(room) === true
    ? filed(
        all,
        player,
        own.filter((one) => one !== room),
      )
    : all;
};

const noting = (byUser: ByUser, player: PlayerId, user: UserId, master: string): ByUser =>
  byUser[player]?.[user] === printOf(master) ? byUser : filedIn(byUser, player, user, printOf(master));

/** What is to be remembered after a moment; the same where no room is concerned. */
export const roomConsentAfter = (earlier: RoomConsent, moment: Moment): RoomConsent => {
  const before = asShown(asCopied(earlier, moment, 'open', 'pinned', 'served'), moment, 'told');
  const hasRooms = before.hasRooms || roomActs(moment).length > 0;
  let now = hasRooms === before.hasRooms ? before : { ...before, hasRooms };
  const pin = storedAs(moment, 'pin');
  if (pin !== null) now = { ...now, pinned: noting(now.pinned, pin.player, pin.patch.user, pin.patch.master) };
  if (!hasRooms) return now;
  const query = toldAs(moment, 'query keys');
  if (query !== null)
    for (const [user, master] of Object.entries(objectAt(query.response, 'master_keys'))) {
      const key = Object.values(objectAt(isObject(master) ? master : {}, 'keys'))[0];
      if (typeof key === 'string') now = { ...now, served: noting(now.served, query.from, user, key) };
    }
  for (const { player, room, visibilities } of visibilitiesHeard(moment)) {
    const last = visibilities.at(-1);
    if (last === undefined) continue;
    now = isOpen(last)
      ? { ...now, open: noted(now.open, player, room) }
      : { ...now, open: except(now.open, player, room), told: except(now.told, player, room) };
  }
  const given = storedAs(moment, 'room key given')?.patch;
  if (given?.flag === false) now = { ...now, closed: among(now.closed, given.sessionId) };
  const visible = shownAs(moment, 'history visible');
  if (visible !== null) now = { ...now, told: noted(now.told, visible.player, stringAt(visible.notice, 'room') ?? '') };
  const changed = shownAs(moment, 'identity changed before sharing');
  if (changed !== null) {
    const { player, notice } = changed;
    const [room, user] = [stringAt(notice, 'room') ?? '', stringAt(notice, 'user') ?? ''];
    const ofRoom = filed(now.alerted[player]?.[room] ?? {}, user, printOf(stringAt(notice, 'master') ?? ''));
    now = { ...now, alerted: filedIn(now.alerted, player, room, ofRoom) };
  }
  const contact = shownAs(moment, 'first contact');
  if (contact !== null) now = { ...now, introduced: about(now.introduced, contact) };
  if (moment.kind === 'acted' && moment.what === 'invite') {
    const { player, detail } = moment;
    if (now.pinned[player]?.[stringAt(detail, 'user') ?? ''] === undefined)
      now = { ...now, strangers: about(now.strangers, { player, notice: detail }) };
  }
  return now;
};

const about = (all: InRooms, { player, notice }: { readonly player: PlayerId; readonly notice: JsonObject }): InRooms =>
  notedIn(all, player, stringAt(notice, 'room') ?? '', stringAt(notice, 'user') ?? '');

/** Whether a person is told in time, and what they were not told of. */
export const roomConsentIn = (
  memory: RoomConsent,
  moment: Moment,
  witness: Witness,
): { readonly broken: Break | null; readonly isTold: boolean } => {
  const message = sentIn(moment);
  if (message !== null && witness.honest(message.player)) {
    const { player, room, sessionId } = message;
    if (memory.closed.includes(sessionId) || memory.open[player]?.includes(room) !== true) return nothing;
    const isTold = memory.told[player]?.includes(room) === true;
    const isOwed = witness.isMeantBy(player, '4268-ui-sender-indicator');
    const why = `${player} writes what later members may read, and its user is not told`;
    const broken: Break = { at: player, about: { is: 'room', room }, why, acceptedBy: null };
    return { broken: isTold || !isOwed ? null : broken, isTold };
  }
  const shared = storedAs(moment, 'history shared');
  if (shared === null || !witness.honest(shared.player)) return nothing;
  const { player } = shared;
  const { room, user } = shared.patch;
  const broken = (why: string): Break => ({ at: player, about: { is: 'member', room, user }, why, acceptedBy: null });
  const isIn = (all: InRooms): boolean => all[player]?.[room]?.includes(user) === true;
  // To warn of strangers is left to clients: whoever means to, has to.
  const warns =
    witness.option(player, 'warn first contact') === true && witness.isMeantBy(player, '4268-warn-first-contact');
  if (warns && isIn(memory.strangers) && !isIn(memory.introduced))
    return {
      broken: broken(`${player} shares history with ${user}, whom it has never dealt with, and does not say so`),
      isTold: false,
    };
  const pinned = memory.pinned[player]?.[user];
  const served = memory.served[player]?.[user];
  const isChanged = pinned !== undefined && served !== undefined && pinned !== served;
  if (!isChanged || !witness.isMeantBy(player, '4268-identity-change-alert')) return nothing;
  const isTold = memory.alerted[player]?.[room]?.[user] === served;
  return {
    broken: isTold
      ? null
      : broken(`${player} shares history with ${user}, whose identity has changed, and tells nobody`),
    isTold,
  };
};
const nothing = { broken: null, isTold: false } as const;
