/** Which room keys devices hold, from which message on, and what of it lies in the backup that they use. */
import { type RoomId, roomKeyName } from '../../../machines/room-types.ts';
import type { HeldBackup } from '../../../machines/store.ts';
import type { UserId } from '../../../machines/types.ts';
import type { Moment, PlayerId } from '../../engine/types.ts';
import type { Witness } from '../types.ts';
import { filed, filedIn, filedOrNot, userOf } from './accounts.ts';
import { type BackedUp, backedUpAfter, lyingIn } from './backed-up.ts';
import { copyIn } from './beginning.ts';
import { isBesideRooms, keysStored, storedAs } from './requests.ts';
import { filedUnder } from './room-keys.ts';
import { noSessions, type Sessions, sessionsAfter } from './sessions.ts';

/** Name → first known index. */
type Keys = Readonly<Record<string, number>>;

export type Holdings = Sessions & {
  /** Device → room keys of honest makers that it holds. */
  readonly holds: Readonly<Record<PlayerId, Keys>>;
  /** Room keys that some device of their user has backed up. */
  readonly backedUp: BackedUp;
  /** Device → the backup that it uses. */
  readonly uses: Readonly<Record<PlayerId, HeldBackup>>;
};
export const noHoldings: Holdings = { ...noSessions, holds: {}, backedUp: {}, uses: {} };

const withKey = (
  all: Readonly<Record<string, Keys>>,
  who: string,
  name: string,
  index: number,
): Readonly<Record<string, Keys>> =>
  (all[who]?.[name] ?? Number.POSITIVE_INFINITY) <= index ? all : filedIn(all, who, name, index);

/** A device comes up from a copy of earlier: it has what that has, and goes by the backup of that time. */
const fromCopy = <M extends Holdings>(before: M, moment: Moment): M => {
  const copy = copyIn(moment);
  if (copy === null) return before;
  const { player, holds } = copy;
  const known = Object.entries(holds.roomKeys).filter(([name]) => before.sessions[filedUnder(name)] !== undefined);
  return {
    ...before,
    holds: filed(before.holds, player, Object.fromEntries(known)),
    uses: filedOrNot(before.uses, player, holds.backup),
  };
};

/** Holdings after a moment, with the sessions they are of. Sessions that were made in no room of the story are left out. */
export const holdingsAfter = <M extends Holdings>(before: M, moment: Moment, witness: Witness): M => {
  if (moment.kind === 'restarted') return fromCopy(before, moment);
  if (isBesideRooms(moment)) return before;
  const sessions = sessionsAfter(before, moment, witness);
  let memory: M = sessions === before ? before : { ...before, ...sessions };
  const keep = (change: Partial<Holdings>): void => {
    memory = { ...memory, ...change };
  };
  for (const { player, name, held } of keysStored(moment)) {
    if (memory.sessions[held.session.sessionId] === undefined || !witness.honest(player)) continue;
    const holds = withKey(memory.holds, player, name, held.session.firstKnownIndex);
    if (holds !== memory.holds) keep({ holds });
  }
  if (moment.kind === 'request') {
    const backedUp = backedUpAfter(memory.backedUp, moment, {
      user: userOf(memory.accounts, moment.from),
      uses: memory.uses[moment.from],
      isHonest: witness.honest(moment.from),
      isMade: (name) => memory.sessions[filedUnder(name)] !== undefined,
    });
    if (backedUp !== memory.backedUp) keep({ backedUp });
  }
  const backup = storedAs(moment, 'backup');
  if (backup !== null && witness.honest(backup.player)) {
    keep({ uses: filedOrNot(memory.uses, backup.player, backup.patch.backup) });
  }
  return memory;
};

/** From which message on a device can have a session: what it holds, or else what lies in its backup; `null`: not at all. */
export const reachOf = (memory: Holdings, player: PlayerId, user: UserId, room: RoomId, id: string): number | null => {
  const name = roomKeyName(room, id);
  const indexes = [memory.holds[player]?.[name], lyingIn(memory.backedUp, user, memory.uses[player], name)].filter(
    (index) => index !== undefined,
  );
  return indexes.length === 0 ? null : Math.min(...indexes);
};

/** Sessions of a room that a device can share, and the message from which on it can: whoever shares them has it so that later members get them. */
export const shareableBy = (memory: Holdings, player: PlayerId, room: RoomId): Readonly<Record<string, number>> => {
  const user = userOf(memory.accounts, player) ?? '';
  const all = Object.entries(memory.sessions).flatMap(([id, session]) => {
    const from = session.room === room && session.isMeant ? reachOf(memory, player, user, room, id) : null;
    return from === null ? [] : [[id, from] as const];
  });
  return Object.fromEntries(all);
};
