/** What each verb of an attacker does in rooms, and with what belongs to them. */
import { BACKUP_SECRET } from '../../machines/algorithms.ts';
import { arg, first, type Perform, userOf } from '../engine/acting.ts';
import type { Act } from '../engine/types.ts';
import { after, type Progress, quiet } from '../engine/world.ts';
import { secretToPlant } from './account.ts';
import { type Plot, point, poison } from './bundles.ts';
import { sendShowing } from './envelopes.ts';
import * as files from './file-lies.ts';
import { addressOf } from './forging.ts';
import { forwardRoomKey, giveRoomKey, plantRoomKey } from './planting.ts';
import * as lies from './room-lies.ts';
import { shareFor } from './shares.ts';
import { isPoison, isPretence } from './words.ts';

const isMembership = (text: string): text is lies.Membership => ['join', 'leave', 'invite', 'ban'].includes(text);

const unchecked = (act: Act, name: string): Error =>
  new Error(`"${act.verb}" knows no ${name} "${arg(act, name)}": was the scenario checked?`);

const plotOf = (act: Act, user: string): Plot => {
  const kind = arg(act, 'with');
  if (!isPoison(kind)) throw unchecked(act, 'with');
  const as = arg(act, 'as');
  return { user, room: arg(act, 'in'), poison: kind, ...(as === '' ? {} : { as }) };
};

/** So many times, one after the other. */
const times =
  (does: (...given: Parameters<Perform>) => Progress): Perform =>
  (stage, world, act) =>
    Array.from({ length: Number(act.args.times ?? 1) }).reduce<Progress>(
      (before) => after(before, (now) => does(stage, now, act)),
      quiet(world),
    );

/** A pointer to a false bundle where a room is named, else a secret: under device keys that are not its own. */
const sendsWithKeysOf: Perform = (stage, world, act) => {
  const [whose, to, room, pretence] = [first(act), arg(act, 'to'), arg(act, 'in'), arg(act, 'lie') || 'borrowed'];
  if (!isPretence(pretence)) throw unchecked(act, 'lie');
  if (room !== '') {
    const { user } = addressOf(world, to);
    return point(stage, world, act.who, { user, room, poison: 'false owner', showing: { to, whose, pretence } });
  }
  const planted = secretToPlant(stage, world, act.who, BACKUP_SECRET, '');
  const { type, content } = shareFor(stage, to, { name: BACKUP_SECRET, secret: planted.secret });
  return after(planted.progress, (now) => sendShowing(stage, now, act.who, to, type, content, whose, pretence));
};

const forgesMembership: Perform = (stage, world, act) => {
  const is = first(act);
  if (!isMembership(is)) throw unchecked(act, act.verb);
  const [room, user, to] = [arg(act, 'in'), userOf(stage, arg(act, 'of')), arg(act, 'for')];
  return to === ''
    ? lies.forgeMembership(world, act.who, room, user, is)
    : lies.forgeMembershipFor(world, act.who, room, user, is, to);
};

const forgesHistory: Perform = (_stage, world, act) => {
  const [room, to] = [arg(act, 'in'), arg(act, 'for')];
  return to === ''
    ? lies.forgeHistory(world, act.who, room, first(act))
    : lies.forgeHistoryFor(world, act.who, room, first(act), to);
};

/** Verb → what it does. */
export const roomActs: Readonly<Record<string, Perform>> = {
  poison: times((stage, world, act) => poison(stage, world, act.who, plotOf(act, userOf(stage, first(act))))),
  point: times((stage, world, act) => point(stage, world, act.who, plotOf(act, userOf(stage, first(act))))),
  'send with keys of': sendsWithKeysOf,
  'give room key': (stage, world, act) =>
    giveRoomKey(stage, world, act.who, first(act), arg(act, 'in'), arg(act, 'under id of') || null),
  'forward room key': (stage, world, act) =>
    forwardRoomKey(stage, world, act.who, first(act), arg(act, 'to'), arg(act, 'in'), {
      keyOf: arg(act, 'key of') || null,
      namesNoRoom: arg(act, 'lie') === 'no room',
    }),
  'replay message': (_stage, world, act) => lies.replayMessage(world, act.who, first(act), arg(act, 'in')),
  'plant room key': (stage, world, act) =>
    plantRoomKey(stage, world, act.who, first(act), userOf(stage, arg(act, 'of')), arg(act, 'in')),
  'forge message': (stage, world, act) =>
    lies.forgeMessage(stage, world, act.who, arg(act, 'in'), arg(act, 'as'), first(act)),
  'forge membership': forgesMembership,
  'forge history': forgesHistory,
  'hide membership': (stage, world, act) =>
    lies.hideMembership(world, act.who, arg(act, 'in'), userOf(stage, first(act)), arg(act, 'from')),
  'expire media': (_stage, world, act) => files.expire(world, act.who),
  'replace media': (_stage, world, act) => files.replace(world, act.who),
  'bend media': (stage, world, act) => files.bend(stage, world, act.who, arg(act, 'in'), first(act)),
};
