/** What each verb of a story does. One entry a verb; the loop knows none of them. */

import { restart } from '../../machines/core/device.ts';
import type { BareAct } from '../../machines/events.ts';
import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { attackersActs } from '../attackers/acts.ts';
import { pocketed } from '../attackers/forging.ts';
import { addressOf, arg, first, type Perform, refused } from '../engine/acting.ts';
import { claimsKeys } from '../engine/claiming.ts';
import { tellDevice } from '../engine/loop.ts';
import { named } from '../engine/names.ts';
import { call } from '../engine/network.ts';
import { deviceOf, logIn, passwordAuth, settled, syncs, verifies } from '../engine/people.ts';
import { ownerIn, playerId } from '../engine/player.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import { after, isRogue, noting, quiet, type Trouble, withDevice } from '../engine/world.ts';
import { copyActs } from './copies.ts';
import { linkActs, troubleOf } from './link-acts.ts';
import { mailActs } from './mail-acts.ts';
import { deviceInHand, roomActs } from './room-acts.ts';
import { updateActs } from './updates.ts';

const tells =
  (event: (act: Act) => BareAct): Perform =>
  (stage, world, act) =>
    tellDevice(stage, world, act.who, event(act));

/** Two people compare master keys out of band, each on a device of theirs: what it shows is what that device holds for its user's own. */
const verifiesUser: Perform = (stage, world, act) => {
  const others = deviceInHand(stage, world, first(act));
  if (others === null) return refused(quiet(world), act, `${first(act)} has no device at hand`);
  const mine = deviceOf(world, act.who).store;
  const theirs = deviceOf(world, others).store;
  if (mine.me.user === theirs.me.user) return refused(quiet(world), act, 'nobody verifies themselves');
  const shown = [mine, theirs].map(({ me, users }) => users[me.user]?.identity.pinned ?? null);
  const [myMaster = null, theirMaster = null] = shown;
  if (myMaster === null || theirMaster === null)
    return refused(quiet(world), act, `${myMaster === null ? act.who : others} has no identity to show`);
  const seeing = (user: string, master: string): BareAct => ({ type: 'user.verifies user', user, master });
  return after(tellDevice(stage, world, act.who, seeing(theirs.me.user, theirMaster)), (now) =>
    tellDevice(stage, now, others, seeing(mine.me.user, myMaster)),
  );
};

const logsIn: Perform = (stage, world, act) => {
  const cast = stage.scenario.cast.users.find(({ name }) => name === act.who);
  if (cast === undefined) throw new Error(`${act.who} is no user of the cast`);
  return logIn(stage, world, cast.name, cast.server, first(act));
};

const logsOut: Perform = (stage, world, act) => {
  const { me } = deviceOf(world, act.who).store;
  const done = call(stage, world, act.who, me.server, {
    accessToken: me.accessToken,
    method: 'POST',
    path: paths.logout,
    body: {},
  });
  const { [act.who]: _gone, ...devices } = done.world.devices;
  const alarms = done.world.alarms.filter(({ player }) => player !== act.who);
  return { world: { ...done.world, devices, alarms }, moments: done.moments };
};

/** A person makes a new cross-signing identity, re-authenticating with their password. */
const resetsCrossSigning: Perform = (stage, world, act) =>
  tellDevice(stage, world, act.who, {
    type: 'user.reset cross-signing',
    auth: passwordAuth(ownerIn(act.who)),
  });

/** A person removes a device of theirs, re-authenticating with their password. */
const removes: Perform = (stage, world, act) => {
  const by = Object.keys(world.devices).find(
    (player) =>
      player.startsWith(`${act.who}.`) &&
      player !== first(act) &&
      !world.loggedOut.includes(player) &&
      !world.offline.includes(player),
  );
  if (by === undefined) return refused(quiet(world), act, `${act.who} has no other device at hand`);
  const { me } = deviceOf(world, by).store;
  const { device } = addressOf(stage, world, first(act));
  const auth = passwordAuth(act.who);
  const done = call(stage, world, by, me.server, {
    accessToken: me.accessToken,
    method: 'DELETE',
    path: paths.device(device),
    body: { auth },
  });
  return { world: done.world, moments: done.moments };
};

/** Another client of the user, of which nothing else is told, writes account data in this device's name. */
const setsAccountData: Perform = (stage, world, act) => {
  const { me } = deviceOf(world, act.who).store;
  const detail = { type: first(act), content: arg(act, 'content') };
  const acted = noting(quiet(world), { kind: 'acted', player: act.who, what: act.verb, detail });
  return after(acted, (now) =>
    call(stage, now, act.who, me.server, {
      accessToken: me.accessToken,
      method: 'PUT',
      path: paths.accountData(me.user, first(act)),
      body: JSON.parse(arg(act, 'content')) as Json,
    }),
  );
};

const restarts: Perform = (stage, world, act) => {
  const device = deviceOf(world, act.who);
  const again = noting(quiet(withDevice(world, act.who, restart(stage.envFor(act.who, device), device))), {
    kind: 'restarted',
    player: act.who,
  });
  return after(again, (now) => tellDevice(stage, now, act.who, { type: 'user.start', users: [device.store.me.user] }));
};

const goesOffline: Perform = (_stage, world, act) =>
  noting(quiet({ ...world, offline: [...world.offline.filter((one) => one !== act.who), act.who] }), {
    kind: 'fault',
    player: act.who,
    fault: 'goes offline',
  });
const comesOnline: Perform = (_stage, world, act) =>
  noting(quiet({ ...world, offline: world.offline.filter((one) => one !== act.who) }), {
    kind: 'fault',
    player: act.who,
    fault: 'comes online',
  });

const arms =
  (how: 'fail' | 'lose' | 'repeat'): Perform =>
  (_stage, world, act) =>
    quiet({ ...world, troubles: [...world.troubles, troubleOf(world, how, act)] });

/** Trouble with what this device asks next of an endpoint, or of the homeserver as a whole. */
const troubles =
  (how: Trouble['how'], endpoint = '/'): Perform =>
  (_stage, world, act) =>
    quiet({ ...world, troubles: [...world.troubles, { player: act.who, endpoint, how }] });

const losesSync: Perform = (stage, world, act) =>
  syncs(
    stage,
    { ...world, troubles: [...world.troubles, { player: act.who, endpoint: '/sync', how: 'lose' }] },
    act.who,
  );

/** A verb that others share with attackers: whoever is an attacker does as attackers do. */
const shared =
  (others: Perform, attackers: Perform): Perform =>
  (stage, world, act) =>
    (named(world.attackers, act.who) === undefined ? others : attackers)(stage, world, act);

/** A story's driver has synced everybody before this line. Where a story leads up to free play no driver does, and it happens here. */
const settles: Perform = (stage, world, act) => {
  if (!stage.free || stage.scenario.explore?.storyFirst !== true) return quiet(world);
  const { endless, ...progress } = settled(stage, quiet(world), isRogue);
  return endless === null
    ? progress
    : refused(progress, act, `this does not come to rest: ${endless.join(' and ')} go on`);
};

/** What a device does, a person who has but one in their pocket does with that. */
const inHand =
  (perform: Perform): Perform =>
  (stage, world, act) =>
    perform(stage, world, { ...act, who: pocketed(world, act.who) ?? act.who });

/** What devices, their people and honest servers do. */
const own: Readonly<Record<string, Perform>> = {
  settle: settles,
  sync: (stage, world, act) => syncs(stage, world, act.who),
  'create backup': tells(() => ({ type: 'user.create backup' })),
  'reset backup': tells(() => ({ type: 'user.reset backup' })),
  'delete backup': tells(() => ({ type: 'user.delete backup' })),
  'turn backup on': tells(() => ({ type: 'user.turn backup on' })),
  'turn backup off': tells(() => ({ type: 'user.turn backup off' })),
  'set account data': setsAccountData,
  'restore backup': tells(() => ({ type: 'user.restore backup' })),
  'check backup': tells(() => ({ type: 'user.check backup' })),
  verify: (stage, world, act) => verifies(stage, world, act.who, playerOf(act), false),
  'verify user': verifiesUser,
  'request secret': tells((act) => ({ type: 'user.request secret', name: first(act) })),
  'push secret': tells((act) => ({ type: 'user.push secret', name: first(act) })),
  'enter secret': tells((act) => ({ type: 'user.enters secret', name: first(act), secret: arg(act, 'value') })),
  'reset cross-signing': resetsCrossSigning,
  'start room key': tells((act) => ({ type: 'user.start room key', room: first(act) })),
  accept: tells(() => ({ type: 'user.accepts' })),
  refuse: tells(() => ({ type: 'user.refuses' })),
  'confirm sharing': tells(() => ({ type: 'user.confirms sharing' })),
  'decline sharing': tells(() => ({ type: 'user.declines sharing' })),
  restart: restarts,
  'go offline': goesOffline,
  'come online': comesOnline,
  'log out': logsOut,
  'log in as': logsIn,
  remove: removes,
  fail: arms('fail'),
  'lose answer of': arms('lose'),
  repeat: arms('repeat'),
  'lose a sync': losesSync,
  'repeat a request': troubles('repeat'),
  'fail a request': troubles('fail'),
  'fail a download': troubles('fail', '/media/download/'),
  ...roomActs,
  ...mailActs,
  'claim one-time keys of': claimsKeys,
  ...linkActs,
  ...copyActs,
  ...updateActs,
};

/** Verb → what it does. The verbs' arguments and who may act them are the scenario format's (`sim/scenario/verbs.ts`). */
export const acts: Readonly<Record<string, Perform>> = {
  ...attackersActs,
  ...Object.fromEntries(
    Object.entries(own).map(([verb, perform]) => {
      const theirs = named(attackersActs, verb);
      return [verb, theirs === undefined ? inHand(perform) : shared(perform, theirs)];
    }),
  ),
};

/** `verify: tablet` on `alice.laptop` means `alice.tablet`. */
const playerOf = (act: Act): PlayerId =>
  first(act).includes('.') ? first(act) : playerId(ownerIn(act.who), first(act));
