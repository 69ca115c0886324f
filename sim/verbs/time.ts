/** What everyone does together: time goes by. */
import { first, refused } from '../engine/acting.ts';
import { durationMs } from '../engine/duration.ts';
import { settled } from '../engine/people.ts';
import { alarmsDue, wakes } from '../engine/waking.ts';
import { after, isRogue, type Progress, quiet } from '../engine/world.ts';
import { verb } from './verb.ts';

/** A story's driver has synced everybody before this line. Where a story leads up to free play no driver does, and it happens here. */
export const settle = verb('settle', {
  by: ['everyone'],
  text: 'All sync and servers send until nobody has news.',
  isAlwaysDone: true,
  does: (stage, world, act) => {
    if (!stage.free || stage.scenario.explore?.storyFirst !== true) return quiet(world);
    const { endless, ...progress } = settled(stage, quiet(world), isRogue);
    return endless === null
      ? progress
      : refused(progress, act, `this does not come to rest: ${endless.join(' and ')} go on`);
  },
});

/** More often than this nobody is woken within one line. */
const wakesMax = 10_000;

/** What falls due on the way is heard in order, each at its time. */
export const wait = verb('wait', {
  by: ['everyone'],
  text: 'Time passes; what falls due on the way happens.',
  takes: { is: 'duration' },
  isAlwaysDone: true,
  does: (stage, world, act) => {
    const until = world.now + (durationMs(first(act)) ?? 0);
    let progress: Progress = quiet(world);
    for (let woken = 1; ; woken += 1) {
      const [due] = alarmsDue(progress.world);
      if (due === undefined || due.dueMs > until) return { ...progress, world: { ...progress.world, now: until } };
      if (woken > wakesMax)
        throw new Error(
          `${due.player} is woken ${wakesMax} times in one wait: does a chart ask to be woken after 0 ms?`,
        );
      progress = after(progress, (now) => wakes(stage, now, due.nth));
    }
  },
});
