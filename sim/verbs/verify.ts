import type { BareAct } from '../../machines/events.ts';
import { first, type Perform, refused } from '../engine/acting.ts';
import { deviceOf, tellDevice } from '../engine/loop.ts';
import { verifies } from '../engine/people.ts';
import { ownerIn, playerId } from '../engine/player.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import { after, quiet } from '../engine/world.ts';
import { ownDevice, user } from './arguments.ts';
import { whyAbsent, whyAway, whyRemoved } from './being-there.ts';
import { deviceInHand } from './telling.ts';
import { post, verb } from './verb.ts';

/** `verify: tablet` on `alice.laptop` means `alice.tablet`. */
const otherOf = (act: Act): PlayerId =>
  first(act).includes('.') ? first(act) : playerId(ownerIn(act.who), first(act));

export const verify = verb('verify', {
  by: ['device'],
  text: 'Verifies another own device and signs it; both take part.',
  takes: ownDevice,
  asks: [post('keys/signatures/upload')],
  cannot: (stage, world, act) =>
    whyAbsent(world, otherOf(act)) ?? whyRemoved(world, otherOf(act)) ?? whyAway(stage, world, otherOf(act)),
  does: (stage, world, act) => verifies(stage, world, act.who, otherOf(act), false),
});

/** Two people compare master keys out of band, each on a device of theirs: what it shows is what that device holds for its user's own. */
const verifiesUser: Perform = (stage, world, act) => {
  const others = deviceInHand(stage, world, first(act));
  if (others === null) return refused(quiet(world), act, `${first(act)} has no device at hand`);
  const removed = whyRemoved(world, others);
  if (removed !== null) return refused(quiet(world), act, removed);
  const mine = deviceOf(world, act.who).store;
  const theirs = deviceOf(world, others).store;
  if (mine.me.user === theirs.me.user) return refused(quiet(world), act, 'nobody verifies themselves');
  const shown = [mine, theirs].map(({ me, users }) => users[me.user]?.identity.pinned ?? null);
  const [myMaster, theirMaster] = shown;
  if (myMaster == null || theirMaster == null)
    return refused(quiet(world), act, `${myMaster === null ? act.who : others} has no identity to show`);
  const seeing = (user: string, master: string): BareAct => ({ type: 'user.verifies user', user, master });
  return after(tellDevice(stage, world, act.who, seeing(theirs.me.user, theirMaster)), (now) =>
    tellDevice(stage, now, others, seeing(mine.me.user, myMaster)),
  );
};

export const verifyUser = verb('verify user', {
  by: ['device'],
  text: 'Compares identities with somebody else, and signs theirs; both take part.',
  takes: user,
  asks: [post('keys/signatures/upload')],
  cannot: (stage, world, act) => whyAway(stage, world, first(act)),
  does: verifiesUser,
});
