/**
 * Worlds that nobody can tell apart are one world: each is brought into one form, in which numbers that are only compared are ranks, and
 * what can never be asked for again is gone. Who may look at what, and why nobody misses it, stands in `docs/explorer.md`.
 *
 * Traces know nothing of this. Choices are offered alike in a world and in its canonical form, or it is none (`canonical.test.ts`).
 */
import type { Device } from '../../machines/core/env.ts';
import { roleOf, type Stage } from '../engine/stage.ts';
import { type World, withServer } from '../engine/world.ts';
import { countedFromOne } from '../homeserver/federation/renumbering.ts';
import { renumbered } from '../homeserver/renumbering.ts';
import { tokenOf } from '../homeserver/streams.ts';

/** A user of a server. `isRead`: letters that their devices have had can be asked for by nobody, and looked at by nobody at the server. */
export type Account = { readonly server: string; readonly user: string; readonly isRead: boolean };
/** What one server has for another. */
export type Line = { readonly from: string; readonly to: string };

/** All that is brought into form by itself, from the first world on: there are no other accounts later. */
export const partsOf = (
  stage: Stage,
  { servers, attackers }: World,
): { readonly accounts: readonly Account[]; readonly lines: readonly Line[] } => {
  const names = Object.keys(servers);
  const all = Object.values(attackers).map((one) => ({ one, role: roleOf(stage, one) }));
  /** Whoever sits at a server has what lies there in hand; whoever has no account of their own may be a device of somebody else. */
  const isLookedAt = (server: string): boolean =>
    all.some(
      ({ one, role }) =>
        (role.sits !== 'outside' && one.server === server) || (role.account === 'none' && !role.isSloppy),
    );
  return {
    accounts: Object.values(servers).flatMap(({ name, users }) =>
      Object.keys(users).map((user) => ({ server: name, user, isRead: !isLookedAt(name) })),
    ),
    lines: names.flatMap((from) => names.flatMap((to) => (from === to ? [] : [{ from, to }]))),
  };
};

/** The world with what one user's devices are told renumbered: streams, inboxes, and the tokens that devices and copies of them hold. */
export const accountInForm = (world: World, { server: name, user, isRead }: Account): World => {
  const server = world.servers[name];
  if (server === undefined) return world;
  const isOf = ({ store: { me } }: Device): boolean => me.server === name && me.user === user;
  const devices = Object.entries(world.devices).filter(([, device]) => isOf(device));
  const copies = Object.entries(world.copies ?? {}).filter(([, device]) => isOf(device));
  const held = [...devices, ...copies].map(([, { store }]) => ({ device: store.me.device, token: store.nextBatch }));
  const done = renumbered(server, user, held, isRead);
  if (done === null) return world;
  const withToken = ([player, device]: readonly [string, Device], nth: number) => {
    const place = done.tokens[nth] ?? null;
    const nextBatch = place === null ? null : tokenOf(place);
    const same = nextBatch === device.store.nextBatch;
    return [player, same ? device : { ...device, store: { ...device.store, nextBatch } }] as const;
  };
  return {
    ...(done.server === server ? world : withServer(world, name, done.server)),
    devices: { ...world.devices, ...Object.fromEntries(devices.map(withToken)) },
    ...(copies.length === 0
      ? {}
      : {
          copies: {
            ...world.copies,
            ...Object.fromEntries(copies.map((one, nth) => withToken(one, devices.length + nth))),
          },
        }),
  };
};

/** The world with the transactions between two servers counted from one on. */
export const lineInForm = (world: World, { from, to }: Line): World => {
  const [sender, receiver] = [world.servers[from], world.servers[to]];
  if (sender === undefined || receiver === undefined) return world;
  const done = countedFromOne(sender, receiver);
  const sent = done.sender === sender ? world : withServer(world, from, done.sender);
  return done.receiver === receiver ? sent : withServer(sent, to, done.receiver);
};

/** The canonical form of a world. */
export const inForm = (stage: Stage, world: World): World => {
  const { accounts, lines } = partsOf(stage, world);
  return lines.reduce(lineInForm, accounts.reduce(accountInForm, world));
};
