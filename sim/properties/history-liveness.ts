import { stringAt } from '../../machines/json.ts';
import { roomKeyName } from '../../machines/room-types.ts';
import type { ClauseId } from '../../machines/types.ts';
import type { Moment, PlayerId } from '../types.ts';
import { among, deviceOf, filed, isGone, nameOf } from './accounts.ts';
import { keysStored, roomActs, shownAs } from './room-evidence.ts';
import { membershipOf } from './rooms.ts';
import { noSessions, type Sessions, sessionsAfter } from './sessions.ts';
import type { Break, Guarantee, Witness } from './types.ts';
import { gravest, isStory, type Look, throughout } from './watching.ts';

/** What somebody who was asked in is owed: these sessions, on those of their devices that were signed then. */
type Debt = { readonly by: PlayerId; readonly sessions: readonly string[]; readonly devices: readonly PlayerId[] };

type Memory = Sessions & {
  /** Device → names of the room keys it holds. */
  readonly holds: Readonly<Record<PlayerId, readonly string[]>>;
  /** Verified in the story. */
  readonly signed: readonly PlayerId[];
  /** `<room> <user>`. */
  readonly debts: Readonly<Record<string, Debt>>;
  /** `<room> <user>`, or `<room> <device>` of an invitee → the sentence by which they go without. */
  readonly excused: Readonly<Record<string, ClauseId>>;
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
  let memory: Memory = excusing({ ...before, ...sessionsAfter(before, moment, witness) }, moment);
  if (moment.kind === 'acted' && moment.what === 'verified')
    memory = { ...memory, signed: among(memory.signed, moment.player) };
  for (const { player, name, held } of keysStored(moment)) {
    if (memory.sessions[held.session.sessionId] === undefined || !witness.honest(player)) continue;
    const known = memory.holds[player] ?? [];
    const now = among(known, name);
    if (now !== known) memory = { ...memory, holds: filed(memory.holds, player, now) };
  }
  return inviting(memory, moment, witness);
};

const inviting = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request' || !witness.honest(moment.from) || !witness.implementsText(moment.from, 'MSC4268'))
    return memory;
  let now = memory;
  for (const act of roomActs(moment)) {
    if (act.act !== 'member' || act.is !== 'invite' || act.user === null) continue;
    const held = now.holds[moment.from] ?? [];
    const sessions = Object.entries(now.sessions).flatMap(([id, { room, isMeant }]) =>
      room === act.room && isMeant && held.includes(roomKeyName(room, id)) ? [id] : [],
    );
    const devices = witness
      .devicesOf(nameOf(act.user))
      .concat(now.signed.filter((player) => witness.ownerOf(player) === nameOf(act.user ?? '')))
      .filter((player) => witness.honest(player) && witness.implementsText(player, 'MSC4268'))
      .filter((player) => witness.signedAtStart(player) || now.signed.includes(player))
      .filter((player) => !hasLeft(now, player));
    if (sessions.length === 0 || devices.length === 0) continue;
    const debt: Debt = { by: moment.from, sessions, devices: among([], ...devices) };
    now = { ...now, debts: filed(now.debts, `${act.room} ${act.user}`, debt) };
  }
  return now;
};

const hasLeft = ({ accounts }: Memory, player: PlayerId): boolean => {
  const own = deviceOf(accounts, player);
  return own !== null && isGone(accounts, own.user, own.device);
};

const unpaid = (memory: Memory): readonly Break[] =>
  Object.entries(memory.debts).flatMap(([place, { by, sessions, devices }]) => {
    const [room = '', user = ''] = place.split(' ');
    if (membershipOf(memory, room, user) !== 'join') return [];
    return devices.flatMap((device) => {
      if (hasLeft(memory, device)) return [];
      const lacks = sessions.filter((id) => memory.holds[device]?.includes(roomKeyName(room, id)) !== true);
      if (lacks.length === 0) return [];
      const acceptedBy =
        memory.excused[place] ?? memory.excused[`${room} ${device}`] ?? memory.excused[`window ${device}`] ?? null;
      return [
        {
          at: device,
          why: `${device} is left without ${lacks.length} room keys that ${by} could share when it invited ${user}`,
          acceptedBy,
        },
      ];
    });
  });

const look = (before: Memory, moment: Moment, witness: Witness, inStory: boolean): Look<Memory> => {
  const memory = remembering(before, moment, witness);
  const arrives = keysStored(moment).some(({ player, held }) => held.origin.how === 'bundle' && witness.honest(player));
  return { memory, shadow: inStory && arrives };
};

export const historyLiveness: Guarantee<Memory> = {
  id: 'history-liveness',
  kind: 'finally',
  text: 'A legitimately invited user eventually obtains the shareable keys on their devices.',
  shadow: 'room keys come with a bundle',
  begin: { ...noSessions, holds: {}, signed: [], debts: {}, excused: {} },
  see: (memory, step, witness) =>
    throughout(memory, step, (before, moment) => look(before, moment, witness, isStory(step))),
  end: (memory) => gravest(unpaid(memory)),
};
