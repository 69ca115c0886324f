/** What people and their devices do whatever a story says: they log in, sync, verify each other, and come to rest. */
import { newDevice, syncRequest } from '../../machines/core/device.ts';
import { ownDeviceKeys } from '../../machines/core/own-keys.ts';
import { type JsonObject, stringAt } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { takesPart } from './choices.ts';
import { deliveriesOf, delivers } from './federating.ts';
import { deviceOf, driveDevice, tellDevice } from './loop.ts';
import { deviceId, userId } from './names.ts';
import { call } from './network.ts';
import { playerId } from './player.ts';
import { roundsMax } from './quiet.ts';
import type { Stage } from './stage.ts';
import type { PlayerId } from './types.ts';
import { ownerOf } from './updated.ts';
import { after, inTurn, type Progress, type World, withNewDevice, withoutDevice } from './world.ts';

/**
 * A device syncs: one request, then whatever follows from what it brought ("Filtering"). Clients that load members lazily are told of
 * no more than speak ("Lazy-loading room members"). @param timeline how much of each room it is told, where that is not all
 */
export const syncs = (stage: Stage, world: World, player: PlayerId, timeline?: JsonObject): Progress =>
  driveDevice(stage, world, player, (now) => {
    const device = deviceOf(now, player);
    const request = syncRequest(device);
    const isLazy = stage.envOf(player).input.options['lazy members'] === true;
    const room = {
      ...(timeline === undefined ? {} : { timeline }),
      ...(isLazy ? { state: { lazy_load_members: true } } : {}),
    };
    const query = { ...request.query, filter: JSON.stringify({ room }) };
    return { store: device.store, outs: [Object.keys(room).length === 0 ? request : { ...request, query }] };
  });

/** Passwords of simulated people; nobody guesses them here. */
export const passwordOf = (user: string): string => `password of ${user}`;

/** What a person logs in with, and answers a server with that asks for more than the token ("User-interactive authentication"). */
export const passwordAuth = (user: string) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user },
  password: passwordOf(user),
});

/** A person logs in a device of their own with their password. */
export const logIn = (stage: Stage, world: World, user: string, at: string, name: string): Progress => {
  const player = playerId(user, name);
  const body = { ...passwordAuth(user), device_id: deviceId(name) };
  const logged = call(stage, world, player, at, { accessToken: null, method: 'POST', path: paths.login, body });
  const accessToken = stringAt(logged.answer?.body, 'access_token');
  if (accessToken === undefined) return logged;
  // A device of that name that is still here has been removed: its store goes now.
  const cleared = world.devices[player] === undefined ? logged.world : withoutDevice(logged.world, player);
  const former = cleared.former?.[player];
  const counts = former === undefined ? {} : { former };
  const env = { ...stage.envOf(player), owner: ownerOf(player, counts) };
  const device = newDevice(env, { user: userId(user, at), device: deviceId(name), server: at, accessToken }, counts);
  return after({ world: withNewDevice(cleared, player, device), moments: logged.moments }, (now) =>
    tellDevice(stage, now, player, { type: 'user.start', users: [userId(user, at)] }),
  );
};

/** Two devices of one user verify each other out of band: each is shown the other's true keys. */
export const verifies = (
  stage: Stage,
  world: World,
  verifier: PlayerId,
  verified: PlayerId,
  secrets: boolean,
): Progress => {
  const one = deviceOf(world, verifier);
  const other = deviceOf(world, verified);
  const master = one.store.users[one.store.me.user]?.identity.pinned;
  const keys = ownDeviceKeys(stage.envOf(verified), other.store);
  const signed = tellDevice(stage, world, verifier, { type: 'user.verifies', device: other.store.me.device, keys });
  if (master == null) return signed;
  const bundle = secrets ? one.store.secrets : {};
  return after(signed, (now) => tellDevice(stage, now, verified, { type: 'user.verified', master, secrets: bundle }));
};

/** What settling came to; `endless`: who went on when as many rounds had passed as bring any cast to rest. */
type Settled = Progress & { readonly endless: readonly PlayerId[] | null };

/** Everybody syncs and servers send until nobody has news, in a fixed order. @param isOut whose device takes no part */
export const settled = (
  stage: Stage,
  begin: Progress,
  isOut: (world: World, player: PlayerId) => boolean = () => false,
): Settled => {
  let progress = begin;
  for (let round = 0; ; round += 1) {
    const { world } = progress;
    const next = Object.keys(world.devices).filter((player) => takesPart(world, player) && !isOut(world, player));
    const sent = deliveriesOf(stage, world);
    if (next.length + sent.length === 0) return { ...progress, endless: null };
    if (round === roundsMax) return { ...progress, endless: [...next, ...sent.map(({ from }) => from)] };
    progress = inTurn(progress, next, (now, player) => syncs(stage, now, player));
    progress = inTurn(progress, sent, (now, delivery) => delivers(stage, now, delivery));
  }
};
