/** Alarms: which is due next, and what comes of it. */
import { wakeDevice } from './loop.ts';
import { named } from './names.ts';
import type { Stage } from './stage.ts';
import type { Ms, PlayerId } from './types.ts';
import { type Progress, quiet, type World } from './world.ts';

/** An alarm that no other comes before, by its place among the world's. */
type Due = { readonly player: PlayerId; readonly dueMs: Ms; readonly nth: number };

/** The alarms that are due first: several, where they are due at the same time. */
export const alarmsDue = ({ alarms }: World): readonly Due[] => {
  const first = Math.min(...alarms.map(({ dueMs }) => dueMs));
  return alarms.flatMap(({ player, dueMs }, nth) => (dueMs === first ? [{ player, dueMs, nth }] : []));
};

/** Time passes until the alarm of that place is due, and its device hears what it asked to hear then. No clock is turned back. */
export const wakes = (stage: Stage, world: World, nth: number): Progress => {
  const alarm = world.alarms[nth];
  if (alarm === undefined) throw new Error(`there is no alarm ${nth}: was it chosen in another world?`);
  const woken: World = {
    ...world,
    now: Math.max(world.now, alarm.dueMs),
    alarms: world.alarms.toSpliced(nth, 1),
  };
  return named(woken.devices, alarm.player) === undefined
    ? quiet(woken)
    : wakeDevice(stage, woken, alarm.player, alarm.incoming);
};
