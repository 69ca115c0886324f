/**
 * What a dishonest homeserver tells one device alone, while the others hear the truth: veils over what that device is answered.
 * The state of the server stays as it is. Whatever device lists are lied about, their users are told to look again.
 */
import { paths } from '../../machines/paths.ts';
import type { PlayerId } from '../engine/types.ts';
import { type Progress, type Veil, type World, withServer } from '../engine/world.ts';
import * as tamper from '../homeserver/tamper.ts';
import { addressOf, lied, serverOf } from './forging.ts';

/** What a lie is about: one lie about each at a time. */
export const about = {
  backupVersion: 'the backup version',
  backupEntries: 'the backup entries',
  hidden: (device: PlayerId): string => `whether there is ${device}`,
  identity: (user: string): string => `the identity of ${user}`,
  oneTimeKeys: (device: PlayerId): string => `the one-time keys of ${device}`,
  accountData: (type: string): string => `account data ${type}`,
  member: (room: string, user: string): string => `whether ${user} is in ${room}`,
  history: (room: string): string => `the history of ${room}`,
} as const;

/** A further lie about the same thing takes the place of the first. In the order of devices and of what they are about. */
export const laid = (world: World, veil: Veil): World => ({
  ...world,
  veils: [...world.veils.filter((one) => key(one) !== key(veil)), veil].sort((one, other) =>
    key(one) < key(other) ? -1 : 1,
  ),
});
const key = (veil: Veil): string => `${veil.player} ${veil.about} ${veil.path}`;
/** The lies about that are told no more; all, where it is `null`. */
export const lifted = (world: World, from: PlayerId, what: string | null): World => ({
  ...world,
  veils: world.veils.filter((one) => one.player !== from || (what !== null && one.about !== what)),
});

/** Whether a lie about that is being told to a device. */
export const isVeiled = (world: World, player: PlayerId, what: string): boolean =>
  world.veils.some((one) => one.player === player && one.about === what);

/** The devices of a victim's user are told that a device list has changed, so that they ask again. */
export const announced = (world: World, name: PlayerId, victim: PlayerId, changed: string): World => {
  const { at, server } = serverOf(world, name);
  return withServer(world, at, tamper.announce(server, addressOf(world, victim).user, changed));
};

/** From now on one device's key queries do not list another device. */
export const hideDevice = (world: World, name: PlayerId, hides: PlayerId, from: PlayerId): Progress => {
  const { user, device } = addressOf(world, hides);
  const edits = [{ at: ['device_keys', user, device] }];
  const veil: Veil = { player: from, about: about.hidden(hides), method: 'POST', path: paths.keysQuery, edits };
  const before = tamper.deviceKeys(serverOf(world, name).server, user, device);
  const what = `leaves ${hides} out of the device list`;
  return lied(announced(laid(world, veil), name, from, user), name, what, { to: from, before });
};
