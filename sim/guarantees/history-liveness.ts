import { stringAt } from '../../machines/json.ts';
import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { ClauseId, UserId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { among, deviceOf, filed, isGone, userOf } from './evidence/accounts.ts';
import { askedIn } from './evidence/asked.ts';
import { type Holdings, holdingsAfter, noHoldings, reachOf } from './evidence/holdings.ts';
import { downloadIn, foundByAddressIn, keysStored, pointerIn, roomActs, shownAs } from './evidence/requests.ts';
import { membershipOf } from './evidence/rooms.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { isStory, type Look, throughout } from './watching.ts';

/** What somebody who was asked in is owed: these sessions, on those of their devices that were signed then. */
type Debt = {
  readonly by: PlayerId;
  /** Asked in by address: whoever asked learnt only afterwards whom. */
  readonly byAddress: boolean;
  /** Session → from which message on. */
  readonly sessions: Readonly<Record<string, number>>;
  readonly devices: readonly PlayerId[];
};

type Memory = Holdings & {
  /** Verified in the story. */
  readonly signed: readonly PlayerId[];
  /** `<room> <user>`. */
  readonly debts: Readonly<Record<string, Debt>>;
  /** `<room> <user>`, or `<room> <device>` of an invitee → the sentence by which they go without. */
  readonly excused: Readonly<Record<string, ClauseId>>;
  /** Files that were uploaded, and which room's bundle each of them is, as pointers have it. */
  readonly uploaded: readonly string[];
  readonly pointers: Readonly<Record<string, RoomId>>;
};

/** Why an inviter says that nothing is shared, and what lets them. */
const excuses: Readonly<Record<string, ClauseId>> = {
  'identity changed': '4268-identity-pinning',
  closed: '4268-decline-when-currently-closed',
  'upload refused': '4268-bundle-exceeds-limit',
  'no devices': '4268-only-cross-signed-devices',
};
/** Why an invitee says that nothing came, where it is nobody's fault. */
const misses: Readonly<Record<string, ClauseId>> = {
  expired: '4268-media-may-expire',
  'too large': '4268-dos-large-file',
};
const windows: readonly ClauseId[] = ['4268-recent-24h', '4268-recent-client-choice', '4268-recent-accept-download'];

const excusing = (memory: Memory, moment: Moment): Memory => {
  const excused = (who: string, clause: ClauseId | undefined): Memory =>
    clause === undefined || memory.excused[who] === clause
      ? memory
      : { ...memory, excused: filed(memory.excused, who, clause) };
  const not = shownAs(moment, 'history not shared')?.notice;
  if (not !== undefined)
    return excused(`${stringAt(not, 'room')} ${stringAt(not, 'user')}`, excuses[stringAt(not, 'why') ?? '']);
  const missed = shownAs(moment, 'history unavailable');
  if (missed !== null)
    return excused(`${stringAt(missed.notice, 'room')} ${missed.player}`, misses[stringAt(missed.notice, 'why') ?? '']);
  const isLate =
    moment.kind === 'clause' && moment.says === 'refuses' && !moment.off && windows.includes(moment.clause);
  return isLate ? excused(`window ${moment.player}`, moment.clause) : memory;
};

const remembering = (before: Memory, moment: Moment, witness: Witness): Memory => {
  let memory = expiring(excusing(holdingsAfter(before, moment, witness), moment), moment);
  if (moment.kind === 'acted' && moment.what === 'verified')
    memory = { ...memory, signed: among(memory.signed, moment.player) };
  return inviting(memory, moment, witness);
};

/** A file that was there and is gone: servers may throw away what seems unused. */
const expiring = (before: Memory, moment: Moment): Memory => {
  let memory = before;
  const uploaded =
    moment.kind === 'request' && askedIn(moment)?.asks === 'upload file'
      ? stringAt(moment.response, 'content_uri')
      : undefined;
  if (uploaded !== undefined) memory = { ...memory, uploaded: among(memory.uploaded, uploaded) };
  const pointer = pointerIn(moment);
  if (pointer !== null && memory.pointers[pointer.url] === undefined)
    memory = { ...memory, pointers: filed(memory.pointers, pointer.url, pointer.room) };
  const download = downloadIn(moment);
  const room = download === null ? undefined : memory.pointers[download.url];
  return download?.status === 404 && room !== undefined && memory.uploaded.includes(download.url)
    ? { ...memory, excused: filed(memory.excused, `${room} ${download.player}`, '4268-media-may-expire') }
    : memory;
};

/** Whoever asked in an address knows whom it asked in once a sync says so: from then on it could share. */
const inviting = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request' || !witness.honest(moment.from) || !witness.implementsText(moment.from, 'MSC4268'))
    return memory;
  let now = memory;
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'invite' || act.user === null) continue;
    now = owing(now, moment.from, act.room, act.user, witness, false);
  }
  const own = userOf(now.accounts, moment.from);
  for (const { room, user, by } of foundByAddressIn(moment))
    if (by === own && now.debts[`${room} ${user}`] === undefined)
      now = owing(now, moment.from, room, user, witness, true);
  return now;
};

/** From now on `by` owes somebody whom it asked in what it could share with them. */
const owing = (
  now: Memory,
  by: PlayerId,
  roomId: RoomId,
  user: UserId,
  witness: Witness,
  byAddress: boolean,
): Memory => {
  const host = userOf(now.accounts, by);
  const sessions: Record<string, number> = {};
  for (const [id, { room, isMeant }] of Object.entries(now.sessions)) {
    const from = host === null || room !== roomId || !isMeant ? null : reachOf(now, by, host, room, id);
    if (from !== null) sessions[id] = from;
  }
  const person = witness.personOf(user) ?? '';
  const devices = witness
    .devicesOf(person)
    .concat(now.signed.filter((player) => witness.ownerOf(player) === person))
    .filter((player) => witness.honest(player) && witness.implementsText(player, 'MSC4268'))
    .filter((player) => witness.signedAtStart(player) || now.signed.includes(player))
    .filter((player) => !hasLeft(now, player));
  if (Object.keys(sessions).length === 0 || devices.length === 0) return now;
  const debt: Debt = { by, byAddress, sessions, devices: among([], ...devices) };
  return { ...now, debts: filed(now.debts, `${roomId} ${user}`, debt) };
};

const hasLeft = ({ accounts }: Memory, player: PlayerId): boolean => {
  const own = deviceOf(accounts, player);
  return own !== null && isGone(accounts, own.user, own.device);
};

const unpaid = (memory: Memory): readonly Break[] =>
  Object.entries(memory.debts).flatMap(([place, { by, byAddress, sessions, devices }]) => {
    const [room = '', user = ''] = place.split(' ');
    if (membershipOf(memory, room, user) !== 'join') return [];
    return devices.flatMap((device) => {
      if (hasLeft(memory, device)) return [];
      const lacks = Object.entries(sessions).filter(
        ([id, from]) => (memory.holds[device]?.[roomKeyName(room, id)] ?? Number.POSITIVE_INFINITY) > from,
      );
      if (lacks.length === 0) return [];
      const acceptedBy =
        memory.excused[place] ?? memory.excused[`${room} ${device}`] ?? memory.excused[`window ${device}`] ?? null;
      return [
        {
          at: device,
          about: null,
          why: `${device} is left without ${lacks.length} room keys that ${by} could share ${byAddress ? 'once it knew that it had' : 'when it'} invited ${user}`,
          acceptedBy,
        },
      ];
    });
  });

const look = (before: Memory, moment: Moment, witness: Witness, inStory: boolean): Look<Memory> => {
  const memory = remembering(before, moment, witness);
  // What agrees with a first-hand session is kept as that: then only the notice tells of the bundle.
  const imported = shownAs(moment, 'bundle imported');
  const arrives =
    keysStored(moment).some(({ player, held }) => held.origin.how === 'bundle' && witness.honest(player)) ||
    (imported !== null && Number(imported.notice.sessions) > 0 && witness.honest(imported.player));
  return { memory, shadow: inStory && arrives };
};

export const historyLiveness: Guarantee<Memory> = {
  id: 'history-liveness',
  kind: 'finally',
  accepts: [
    '4268-identity-pinning',
    '4268-decline-when-currently-closed',
    '4268-bundle-exceeds-limit',
    '4268-only-cross-signed-devices',
    '4268-media-may-expire',
    '4268-dos-large-file',
    '4268-recent-24h',
    '4268-recent-client-choice',
    '4268-recent-accept-download',
  ],
  begin: { ...noHoldings, signed: [], debts: {}, excused: {}, uploaded: [], pointers: {} },
  concerns: ({ rooms }) => Object.keys(rooms).length > 0,
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => look(before, moment, witness, isStory(step))),
  end: (memory) => unpaid(memory),
};
