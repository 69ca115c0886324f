/** Devices that come and go, and a new identity: what a person does with their password. */
import { paths } from '../../machines/paths.ts';
import { logInWithToken } from '../attackers/account.ts';
import { deviceOf } from '../attackers/forging.ts';
import { addressOf, first, type Perform, refused } from '../engine/acting.ts';
import { deviceOf as personsDeviceOf, tellDevice } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { logIn, passwordAuth } from '../engine/people.ts';
import { ownerIn } from '../engine/player.ts';
import { quiet, withoutDevice } from '../engine/world.ts';
import { devices, tokenOnly } from './actors.ts';
import { newDevice, ownDevice } from './arguments.ts';
import { del, post, verb } from './verb.ts';

const asksToLogIn = {
  takes: newDevice,
  asks: [post('login/get_token'), post('login')],
  takesServer: false,
  takesDevice: false,
};

export const logInAs = verb(
  'log in as',
  {
    by: ['person'],
    text: 'Logs in a new device with their password.',
    ...asksToLogIn,
    does: (stage, world, act) => {
      const cast = stage.scenario.cast.users.find(({ name }) => name === act.who);
      if (cast === undefined) throw new Error(`${act.who} is no user of the cast`);
      return logIn(stage, world, cast.name, cast.server, first(act));
    },
  },
  {
    by: tokenOnly,
    text: 'Logs in a device with the stolen token.',
    ...asksToLogIn,
    isUsualMove: true,
    offers: {
      anywhere: ({ world, attacker }) =>
        deviceOf(world, attacker.name) === undefined ? [{ 'log in as': 'tablet' }] : [],
    },
    does: (stage, world, act) => logInWithToken(stage, world, act.who, first(act)),
  },
);

export const logOut = verb('log out', {
  by: devices,
  text: 'Logs out; the device is gone.',
  asks: [post('logout')],
  does: (stage, world, { who }) => {
    const { server, accessToken } = personsDeviceOf(world, who).store.me;
    const done = call(stage, world, who, server, { accessToken, method: 'POST', path: paths.logout, body: {} });
    return { world: withoutDevice(done.world, who), moments: done.moments };
  },
});

const removes: Perform = (stage, world, act) => {
  const by = Object.keys(world.devices).find(
    (player) =>
      player.startsWith(`${act.who}.`) &&
      player !== first(act) &&
      !world.loggedOut.includes(player) &&
      !world.offline.includes(player),
  );
  if (by === undefined) return refused(quiet(world), act, `${act.who} has no other device at hand`);
  const { server, accessToken } = personsDeviceOf(world, by).store.me;
  const { world: after, moments } = call(stage, world, by, server, {
    accessToken,
    method: 'DELETE',
    path: paths.device(addressOf(stage, world, first(act)).device),
    body: { auth: passwordAuth(act.who) },
  });
  return { world: after, moments };
};

export const remove = verb('remove', {
  by: ['person'],
  text: 'Removes a device of theirs, re-authenticating.',
  takes: ownDevice,
  asks: [del('devices')],
  takesServer: false,
  does: removes,
});

export const resetCrossSigning = verb('reset cross-signing', {
  by: ['device'],
  text: 'Its person makes a new identity, with their password, that signs this device alone.',
  asks: [post('keys/device_signing/upload')],
  does: (stage, world, { who }) =>
    tellDevice(stage, world, who, { type: 'user.reset cross-signing', auth: passwordAuth(ownerIn(who)) }),
});
