/** Lies of a server about devices, their keys and whose they are. */

import { withSignature } from '../../../machines/core/own-keys.ts';
import type { JsonObject } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { KeyPair } from '../../../machines/suite.ts';
import { withGhost } from '../../attackers/account.ts';
import { about, announced, hideDevice as hidesDevice, isVeiled, laid, lifted } from '../../attackers/equivocation.ts';
import { addressOf, crossSigningKey, deviceOf, handOf, lied, serverOf } from '../../attackers/forging.ts';
import { attackerOf } from '../../attackers/knowledge.ts';
import { swappedPair } from '../../attackers/signing.ts';
import { isNamed, rooms, type Spot, siblings, victims } from '../../attackers/spots.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { deviceId } from '../../engine/names.ts';
import { ownerIn } from '../../engine/player.ts';
import type { Stage } from '../../engine/stage.ts';
import type { PlayerId } from '../../engine/types.ts';
import { after, inTurn, type Progress, quiet, type Veil, type World } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import { lyingServer } from '../actors.ts';
import { device, newDevice, oneOf, optional, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { type Form, verb } from '../verb.ts';

/** A device that no person ever logged in, run by the server's operator; listed for all, or to `only` alone. */
const addsDevice: Perform = (stage, world, act) => {
  const [user, only] = [userOf(stage, arg(act, 'to')), arg(act, 'only')];
  const added = withGhost(
    stage,
    world,
    act.who,
    { user, device: deviceId(first(act)) },
    first(act),
    `a device ${first(act)} to ${user}`,
  );
  const ghost = deviceOf(added.world, act.who);
  const others = Object.keys(added.world.devices)
    .sort()
    .filter((player) => player !== ghost && player !== only && added.world.devices[player]?.store.me.user === user);
  const shown =
    only === '' || ghost === undefined
      ? added
      : inTurn(added, others, (now, player) => hidesDevice(now, act.who, ghost, player));
  return arg(act, 'signed') === 'falsely' ? after(shown, (now) => signsFalsely(stage, now, act.who, user)) : shown;
};

/** Puts a signature on the device that it runs for a user which is filed as their self-signing key's, and is by nobody. */
const signsFalsely = (stage: Stage, world: World, name: PlayerId, user: string): Progress => {
  const { server } = serverOf(world, name);
  const me = handOf(world, name)?.me;
  const claimed = tamper.crossSigningKey(server, user, 'self_signing');
  const keys = me?.user === user ? tamper.deviceKeys(server, user, me.device) : null;
  if (me === undefined || claimed === null || keys === null) return quiet(world);
  const pair = stage.suite.signingKey(`${name}/false signature/${user}`);
  const signed = withSignature(stage.envOf(name), keys, user, `ed25519:${claimed}`, pair.secret);
  const lie = { server: tamper.setDeviceKeys(server, user, me.device, signed), before: keys, after: signed };
  return lied(world, name, `puts a false signature of ${user} on ${me.device}`, lie);
};

/** A cross-signing identity whose private keys the attacker has, and its own devices of that user signed with it. */
const forgedIdentity = (stage: Stage, world: World, name: PlayerId, user: string) => {
  const { server } = serverOf(world, name);
  const env = stage.envOf(name);
  const pair = (usage: string): KeyPair => swappedPair(stage, name, user, usage);
  const [master, selfSigning] = [pair('master'), pair('self_signing')];
  const signed = (usage: string): JsonObject =>
    withSignature(env, crossSigningKey(user, usage, pair(usage)), user, `ed25519:${master.public}`, master.secret);
  const devices = Object.values(attackerOf(world, name).runs).flatMap((player) => {
    const me = world.devices[player]?.store.me;
    const keys = me?.user === user ? tamper.deviceKeys(server, user, me.device) : null;
    return me === undefined || keys === null
      ? []
      : [[me.device, withSignature(env, keys, user, `ed25519:${selfSigning.public}`, selfSigning.secret)] as const];
  });
  const identity = {
    master: signed('master'),
    selfSigning: signed('self_signing'),
    userSigning: signed('user_signing'),
  };
  return { identity, devices };
};

/** Another identity in the place of a user's: for all, or in what one device is answered from now on. */
const swapsIdentity: Perform = (stage, world, act) => {
  const [user, victim] = [userOf(stage, first(act)), arg(act, 'for')];
  const { server } = serverOf(world, act.who);
  const { identity, devices } = forgedIdentity(stage, world, act.who, user);
  if (victim === '') {
    const swapped = devices.reduce(
      (now, [device, keys]) => tamper.setDeviceKeys(now, user, device, keys),
      tamper.setIdentity(server, user, identity),
    );
    const what = `replaces the cross-signing identity of ${user}`;
    return lied(world, act.who, what, { server: swapped, after: identity.master });
  }
  const isOwn = addressOf(world, victim).user === user;
  const veil: Veil = {
    player: victim,
    about: about.identity(user),
    method: 'POST',
    path: paths.keysQuery,
    // Who asks after others is told of others.
    asked: ['device_keys', user],
    edits: [
      { at: ['master_keys', user], put: identity.master },
      { at: ['self_signing_keys', user], put: identity.selfSigning },
      ...(isOwn ? [{ at: ['user_signing_keys', user], put: identity.userSigning }] : []),
      ...devices.map(([device, keys]) => ({ at: ['device_keys', user, device], put: keys })),
    ],
  };
  return lied(
    announced(laid(world, veil), act.who, victim, user),
    act.who,
    `shows another cross-signing identity of ${user}`,
    { to: victim, before: tamper.masterKey(server, user), after: identity.master },
  );
};

const whyNoGhost: Form['cannot'] = (stage, world, act) => {
  const at = attackerOf(world, act.who).server;
  const server = world.servers[at];
  if (server === undefined) return `there is no server ${at}`;
  const owner = userOf(stage, arg(act, 'to'));
  if (!tamper.hasUser(server, owner)) return `${owner} has no account on ${at}`;
  const id = deviceId(first(act));
  return tamper.hasDevice(server, owner, id) ? `${owner} has a device ${id} already` : null;
};

/** Whether it runs a device already. */
export const hasGhost = ({ world, attacker }: Spot): boolean => deviceOf(world, attacker.name) !== undefined;

/** Another who runs that server may have added one of that name. */
const isAdded = ({ stage, world, attacker }: Spot, to: string): boolean =>
  tamper.hasDevice(serverOf(world, attacker.name).server, userOf(stage, to), deviceId('ghost'));

export const addDevice = verb('add device', {
  by: lyingServer,
  text: 'Lists a device that no person logged in, and runs it; only one device may be shown it.',
  takes: newDevice,
  more: { to: user, only: optional(device), signed: optional(oneOf('falsely')) },
  ofServer: ['to', 'only'],
  cannot: whyNoGhost,
  isUsualMove: true,
  offers: {
    user: (spot) => (hasGhost(spot) || isAdded(spot, spot.user) ? [] : [{ 'add device': 'ghost', to: spot.user }]),
    // Under false signatures, for whoever may yet be asked into a room: once, not room by room.
    room: (spot) =>
      hasGhost(spot) || rooms(spot)[0] !== spot.room || !isNamed(spot, 'add device')
        ? []
        : victims(spot)
            .filter((to) => !isAdded(spot, to))
            .map((to) => ({ 'add device': 'ghost', to, signed: 'falsely' })),
  },
  does: addsDevice,
});

export const swapIdentity = verb('swap identity', {
  by: lyingServer,
  text: "Replaces a user's cross-signing identity by its own, for all or for one device.",
  takes: user,
  more: { for: optional(device) },
  // Another server's user may be lied about to one device: that is a matter of what the device is told.
  ofServer: ({ args }) => (args.for === undefined ? ['swap identity'] : ['for']),
  isUsualMove: true,
  offers: {
    user: ({ user }) => [{ 'swap identity': user }],
    device: (spot) => {
      const { world, device } = spot;
      const isNew =
        siblings(spot).length > 0 && !isVeiled(world, device, about.identity(addressOf(world, device).user));
      return isNew && isNamed(spot, 'swap identity') ? [{ 'swap identity': ownerIn(device), for: device }] : [];
    },
  },
  does: swapsIdentity,
});

export const hideDevice = verb('hide device', {
  by: lyingServer,
  text: 'Leaves a device out of the list that another is shown.',
  takes: device,
  more: { from: device },
  ofServer: ['from'],
  offers: {
    sibling: ({ world, device: from, sibling }) =>
      isVeiled(world, from, about.hidden(sibling)) ? [] : [{ 'hide device': sibling, from }],
  },
  does: (_stage, world, act) => hidesDevice(world, act.who, first(act), arg(act, 'from')),
});

export const showDevice = verb('show device', {
  by: lyingServer,
  text: 'Lists a device again that it hid.',
  takes: device,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  offers: {
    sibling: ({ world, device: to, sibling }) =>
      isVeiled(world, to, about.hidden(sibling)) ? [{ 'show device': sibling, to }] : [],
  },
  does: (_stage, world, act) => {
    const [shows, to] = [first(act), arg(act, 'to')];
    if (!isVeiled(world, to, about.hidden(shows))) return quiet(world);
    const { user, device } = addressOf(world, shows);
    const told = announced(lifted(world, to, about.hidden(shows)), act.who, to, user);
    const keys = tamper.deviceKeys(serverOf(world, act.who).server, user, device);
    return lied(told, act.who, `lists ${shows} again`, { to, after: keys });
  },
});

export const tellTheTruth = verb('tell the truth', {
  by: lyingServer,
  text: 'Tells a device no lie any more.',
  takes: device,
  ofServer: ['tell the truth'],
  isUsualMove: true,
  offers: {
    device: ({ world, device }) =>
      world.veils.some((veil) => veil.player === device && veil.about !== about.backupVersion)
        ? [{ 'tell the truth': device }]
        : [],
  },
  // About device lists the device is told to ask again.
  does: (_stage, world, act) => {
    const to = first(act);
    const told = world.veils.filter(({ player }) => player === to);
    if (told.length === 0) return quiet(world);
    const honest = lifted(world, to, null);
    const lists = told.some(({ path }) => path === paths.keysQuery);
    const now = lists ? announced(honest, act.who, to, addressOf(world, to).user) : honest;
    return lied(now, act.who, 'tells the truth again', { to, isTruthAgain: true });
  },
});
