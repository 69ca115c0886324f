/** Claiming one-time keys without writing to anybody: whoever may write to a device can use up what others need for that. */
import { objectAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { addressOf, first, type Perform } from './acting.ts';
import { call } from './network.ts';
import { after, type Progress, quiet } from './world.ts';

/** More than a device ever publishes at a time: a fallback key is given again and again. */
const most = 20;

/** `{ claim one-time keys of: DEVICE, times: N }`; without a number until the same key comes twice, or none ("keys/claim"). */
export const claimsKeys: Perform = (stage, world, act) => {
  const me = world.devices[act.who]?.store.me;
  if (me === undefined) return quiet(world);
  const { user, device } = addressOf(stage, world, first(act));
  const times = typeof act.args.times === 'number' ? act.args.times : most;
  const given: string[] = [];
  let progress: Progress = quiet(world);
  for (let nth = 0; nth < times; nth += 1) {
    const called = call(stage, progress.world, act.who, me.server, {
      accessToken: me.accessToken,
      method: 'POST',
      path: paths.keysClaim,
      body: { one_time_keys: { [user]: { [device]: 'signed_curve25519' } } },
    });
    progress = after(progress, () => called);
    const [id] = Object.keys(objectAt(objectAt(objectAt(called.answer?.body, 'one_time_keys'), user), device));
    if (id === undefined || (given.includes(id) && act.args.times === undefined)) return progress;
    given.push(id);
  }
  return progress;
};
