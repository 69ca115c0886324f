/** Lies of a server about devices, their keys and whose they are. */

import * as equivocation from '../../attackers/equivocation.ts';
import { attackerOf } from '../../attackers/knowledge.ts';
import * as pairing from '../../attackers/pairing.ts';
import * as server from '../../attackers/server.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { deviceId } from '../../engine/names.ts';
import { after } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import { lyingServer } from '../actors.ts';
import { device, newDevice, oneOf, optional, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { type Form, verb } from '../verb.ts';

const addsDevice: Perform = (stage, world, act) => {
  const user = userOf(stage, arg(act, 'to'));
  const only = arg(act, 'only');
  const added =
    only === ''
      ? server.addDevice(stage, world, act.who, user, first(act))
      : equivocation.addDeviceFor(stage, world, act.who, user, first(act), only);
  return arg(act, 'signed') === 'falsely'
    ? after(added, (now) => server.signFalsely(stage, now, act.who, user))
    : added;
};

const swapsIdentity: Perform = (stage, world, act) => {
  const user = userOf(stage, first(act));
  const victim = arg(act, 'for');
  return victim === ''
    ? server.swapIdentity(stage, world, act.who, user)
    : equivocation.swapIdentityFor(stage, world, act.who, user, victim);
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

export const addDevice = verb(
  'add device',
  lyingServer,
  'Lists a device that no person logged in, and runs it; only one device may be shown it.',
  {
    takes: newDevice,
    more: { to: user, only: optional(device), signed: optional(oneOf('falsely')) },
    ofServer: ['to', 'only'],
    cannot: whyNoGhost,
    isUsualMove: true,
    does: addsDevice,
  },
);

export const swapIdentity = verb(
  'swap identity',
  lyingServer,
  "Replaces a user's cross-signing identity by its own, for all or for one device.",
  {
    takes: user,
    more: { for: optional(device) },
    // Another server's user may be lied about to one device: that is a matter of what the device is told.
    ofServer: ({ args }) => (args.for === undefined ? ['swap identity'] : ['for']),
    isUsualMove: true,
    does: swapsIdentity,
  },
);

export const lendKeyOf = verb(
  'lend key of',
  lyingServer,
  'Lists the device it runs with the identity key of another, and its next one-time key.',
  {
    takes: device,
    ofServer: ['lend key of'],
    does: (stage, world, act) => pairing.lendKey(stage, world, act.who, first(act)),
  },
);

export const swapKeysOf = verb(
  'swap keys of',
  lyingServer,
  "Lists a device with keys of the one it runs: both of them, or the identity key beside the other's signing key.",
  {
    takes: device,
    more: { lie: optional(oneOf('whole', 'half')) },
    does: (stage, world, act) =>
      pairing.swapKeys(stage, world, act.who, first(act), arg(act, 'lie') === 'half' ? 'half' : 'whole'),
  },
);

export const listMasterKeyOf = verb(
  'list master key of',
  lyingServer,
  'Lists a device that it runs, and calls it as the master key of its user.',
  {
    takes: user,
    does: (stage, world, act) => pairing.listMasterKey(stage, world, act.who, userOf(stage, first(act))),
  },
);

export const hideDevice = verb('hide device', lyingServer, 'Leaves a device out of the list that another is shown.', {
  takes: device,
  more: { from: device },
  ofServer: ['from'],
  does: (_stage, world, act) => equivocation.hideDevice(world, act.who, first(act), arg(act, 'from')),
});

export const showDevice = verb('show device', lyingServer, 'Lists a device again that it hid.', {
  takes: device,
  more: { to: device },
  ofServer: ['to'],
  isUsualMove: true,
  does: (_stage, world, act) => equivocation.showDevice(world, act.who, first(act), arg(act, 'to')),
});

export const swapOneTimeKey = verb(
  'swap one-time key',
  lyingServer,
  "Gives one device a wrong one-time key of another: its own device's, or a copy of the one that the next to ask is given.",
  {
    takes: device,
    more: { for: device, by: optional(oneOf('own', 'copy')) },
    ofServer: ['for'],
    does: (_stage, world, act) =>
      equivocation.swapOneTimeKey(
        world,
        act.who,
        first(act),
        arg(act, 'for'),
        arg(act, 'by') === 'copy' ? 'copy' : 'own',
      ),
  },
);

export const exhaustOneTimeKeys = verb(
  'exhaust one-time keys',
  lyingServer,
  'Throws away the one-time keys of a device, and its fallback key where it says so.',
  {
    takes: device,
    more: { fallback: optional(oneOf('kept', 'gone')) },
    ofServer: ['exhaust one-time keys'],
    does: (stage, world, act) =>
      server.exhaustOneTimeKeys(stage, world, act.who, first(act), arg(act, 'fallback') !== 'gone'),
  },
);

export const tellTheTruth = verb('tell the truth', lyingServer, 'Tells a device no lie any more.', {
  takes: device,
  ofServer: ['tell the truth'],
  isUsualMove: true,
  does: (_stage, world, act) => equivocation.tellTheTruth(world, act.who, first(act)),
});
