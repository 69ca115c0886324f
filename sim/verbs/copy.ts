/** A device that goes back to what it was: a copy of all that a client keeps, and coming up from it later. */
import type { Device } from '../../machines/core/env.ts';
import { comesUp, deviceOf } from '../engine/loop.ts';
import type { CopyHolds } from '../engine/types.ts';
import { noting, quiet, withoutAlarms } from '../engine/world.ts';
import { devices } from './actors.ts';
import { copy as nameOfCopy } from './arguments.ts';
import { first } from './telling.ts';
import { verb } from './verb.ts';

const nameOf = (player: string, copy: string): string => `${player} ${copy}`;

export const copy = verb('copy', {
  by: devices,
  text: 'Its person keeps a copy of all that the client stores, under a name.',
  takes: nameOfCopy,
  isAlwaysDone: true,
  does: (_stage, world, act) => {
    const device = deviceOf(world, act.who);
    const kept = quiet({ ...world, copies: { ...world.copies, [nameOf(act.who, first(act))]: device } });
    return noting(kept, { kind: 'acted', player: act.who, what: 'copy', detail: { copy: first(act) } });
  },
});

/**
 * The client comes up from the copy: old ratchets, old pins, the old sync token, and one-time keys that others may have used since.
 * Chance is not rewound: what it draws and counts from now on is new, which is why counters go on from the greater.
 */
const olderSelf = (now: Device, then: Device): Device => {
  const names = new Set([...Object.keys(now.store.counts), ...Object.keys(then.store.counts)]);
  const greater = (name: string): number => Math.max(now.store.counts[name] ?? 0, then.store.counts[name] ?? 0);
  const counts = Object.fromEntries([...names].map((name) => [name, greater(name)]));
  return { ...then, store: { ...then.store, counts: { ...counts, restored: (now.store.counts.restored ?? 0) + 1 } } };
};

const holdsOf = ({ store }: Device): CopyHolds => ({
  secrets: Object.fromEntries(Object.entries(store.secrets).map(([name, { secret }]) => [name, secret])),
  roomKeys: Object.fromEntries(
    Object.entries(store.roomKeys).map(([name, { session }]) => [name, session.firstKnownIndex]),
  ),
  backup: store.backup,
});

export const restoreFromCopy = verb('restore from copy', {
  by: devices,
  text: 'The client comes up from a copy of earlier: with old ratchets, pins and sync token.',
  takes: nameOfCopy,
  does: (stage, world, act) => {
    const now = deviceOf(world, act.who);
    const then = world.copies?.[nameOf(act.who, first(act))];
    if (then === undefined) return quiet(world);
    const older = olderSelf(now, then);
    const detail = { copy: first(act) };
    return comesUp(
      stage,
      withoutAlarms(world, act.who),
      act.who,
      older,
      { kind: 'acted', player: act.who, what: 'restore from copy', detail },
      { kind: 'restarted', player: act.who, holds: holdsOf(older) },
    );
  },
});
