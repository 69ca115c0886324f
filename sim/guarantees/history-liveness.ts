import { type RoomId, roomKeyName } from '../../machines/room-types.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import type { Break } from '../engine/breaks.ts';
import { counted } from '../engine/names.ts';
import type { Moment, PlayerId, Step } from '../engine/types.ts';
import { among, deviceOf, filedIfAny, filedIn, hasLeft, userOf } from './evidence/accounts.ts';
import { keysCome } from './evidence/arrivals.ts';
import { excuseOf, type Late, lateIn, lettingGoWithout } from './evidence/going-without.ts';
import { shareableBy } from './evidence/holdings.ts';
import { inviteesIn, type Newcomers, newcomersAfter, noNewcomers } from './evidence/newcomers.ts';
import { shownAs } from './evidence/requests.ts';
import { changesIn, isOut, membershipOf } from './evidence/rooms.ts';
import { signedDevices } from './evidence/signed.ts';
import type { Guarantee, Witness } from './types.ts';
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

type ByDevice = Readonly<Record<DeviceId, Debt>>;

type Memory = Newcomers & {
  /** Room → user who was asked in → account that has asked and could share → what each of its devices owes them, as it last asked. */
  readonly debts: Readonly<Record<RoomId, Readonly<Record<UserId, Readonly<Record<UserId, ByDevice>>>>>>;
};

/** Whoever asked in an address knows whom it asked in once a sync says so: from then on it could share. */
const inviting = (memory: Memory, moment: Moment, witness: Witness): Memory => {
  if (moment.kind !== 'request') return memory;
  const host = userOf(memory.accounts, moment.from) ?? '';
  let now = memory;
  // That an address is theirs is told at every sync, and news once.
  for (const { room, user, byAddress } of inviteesIn(memory, moment, witness))
    if (!byAddress || now.debts[room]?.[user]?.[host] === undefined)
      now = owing(now, moment.from, room, user, witness, byAddress);
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
  const host = userOf(now.accounts, by) ?? '';
  const sessions = shareableBy(now, by, roomId);
  const devices = signedDevices(now.signed, witness.personOf(user) ?? '', witness)
    .filter((player) => witness.honest(player) && witness.implementsText(player, 'MSC4268'))
    .filter((player) => !hasLeft(now.accounts, player));
  if (Object.keys(sessions).length === 0 || devices.length === 0) return now;
  const debt: Debt = { by, byAddress, sessions, devices: among([], ...devices) };
  const before = now.debts[roomId]?.[user] ?? {};
  const owed = filedIn(before, host, deviceOf(now.accounts, by)?.device ?? '', debt);
  return { ...now, debts: filedIn(now.debts, roomId, user, owed) };
};

/** An invitation is over once its user is out: who declined, was put out or has left again is owed nothing by it. */
const over = (memory: Memory, before: Memory, moment: Moment): Memory => {
  let now = memory;
  for (const { room, user, is } of changesIn(before, moment)) {
    const { [user]: debt, ...others } = now.debts[room] ?? {};
    if (debt === undefined || !isOut(is)) continue;
    now = { ...now, debts: filedIfAny(now.debts, room, others) };
  }
  return now;
};

const unpaid = (memory: Memory, witness: Witness): readonly Break[] =>
  Object.entries(memory.debts).flatMap(([room, debts]) =>
    Object.entries(debts).flatMap(([user, owed]) =>
      membershipOf(memory, room, user) === 'join'
        ? Object.values(owed)
            .flatMap((ofDevices) => Object.values(ofDevices))
            .flatMap((debt) => unpaidTo(memory, witness, room, user, debt))
        : [],
    ),
  );

const unpaidTo = (memory: Memory, witness: Witness, room: RoomId, user: UserId, debt: Debt): readonly Break[] =>
  debt.devices.flatMap((device) => {
    const lacks = Object.entries(debt.sessions).filter(
      ([id, from]) => (memory.holds[device]?.[roomKeyName(room, id)] ?? Number.POSITIVE_INFINITY) > from,
    );
    if (hasLeft(memory.accounts, device) || lacks.length === 0) return [];
    // Who has changed to a client without bundles meanwhile can follow none.
    if (!witness.implementsText(device, 'MSC4268')) return [];
    const by = userOf(memory.accounts, debt.by) ?? '';
    return {
      at: device,
      about: { is: 'member', room, user },
      why: `${device} is left without ${counted(lacks.length, 'room key')} that ${debt.by} could share ${debt.byAddress ? 'once it knew that it had' : 'when it'} invited ${user}`,
      acceptedBy: excuseOf(memory, { room, user, by, device }),
    };
  });

const look = (
  before: Memory,
  moment: Moment,
  witness: Witness,
  step: Step,
  late: ReadonlyMap<Moment, Late>,
): Look<Memory> => {
  const known = newcomersAfter(before, moment, step, witness, late);
  const memory = inviting(over(known, before, moment), moment, witness);
  // What agrees with a first-hand session is kept as that: then only the notice tells of the bundle.
  const imported = shownAs(moment, 'bundle imported');
  const arrives =
    keysCome(step, moment, witness).some(({ player, way }) => way.how === 'bundle' && witness.honest(player)) ||
    (imported !== null && Number(imported.notice.sessions) > 0 && witness.honest(imported.player));
  return { memory, shadow: isStory(step) && arrives };
};

export const historyLiveness: Guarantee<Memory> = {
  id: 'history-liveness',
  kind: 'finally',
  accepts: lettingGoWithout,
  begin: { ...noNewcomers, debts: {} },
  concerns: ({ rooms }) => Object.keys(rooms).length > 0,
  see: (memory, step, witness) => {
    const late = lateIn(step);
    return throughout(memory, step, (before, moment) => look(before, moment, witness, step, late));
  },
  end: unpaid,
};
