/** Servers send each other what waits in their queues. When they do is a choice, as when a device syncs is. */

import { delivered, destinationsOf, heldUpAt, nextTransaction, wireForm } from '../homeserver/federation/links.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { busy, struckBy, troubleWith, without } from './between.ts';
import { betweenServers } from './network.ts';
import type { Stage } from './stage.ts';
import type { PlayerId } from './types.ts';
import { type Progress, quiet, type World, withServer } from './world.ts';

/** From whom to whom something waits. */
export type Delivery = { readonly from: PlayerId; readonly to: PlayerId };

/** All that waits for another server of the world, by the names of both. One server alone sends nothing, and is not looked at. */
export const deliveriesOf = (stage: Stage, world: World): readonly Delivery[] =>
  amongServers(stage, world, destinationsOf);

/** What waits as well and cannot be sent, because the line between them is down. */
export const heldUpOf = (stage: Stage, world: World): readonly Delivery[] => amongServers(stage, world, heldUpAt);

const amongServers = (
  stage: Stage,
  world: World,
  waitingAt: (server: Homeserver) => readonly PlayerId[],
): readonly Delivery[] =>
  stage.scenario.cast.servers.length < 2
    ? []
    : Object.keys(world.servers)
        .sort()
        .flatMap((from) => {
          const server = world.servers[from];
          const waiting = server === undefined ? [] : waitingAt(server);
          return waiting.flatMap((to) => (world.servers[to] === undefined ? [] : [{ from, to }]));
        });

/**
 * `from` hands the next transaction over to `to` ("Transactions"); nothing when none waits. What is not confirmed waits on, and is
 * sent again under the same id.
 */
export const delivers = (stage: Stage, begin: World, { from, to }: Delivery): Progress => {
  const server = begin.servers[from];
  const next = server === undefined ? null : nextTransaction(server, to);
  if (server === undefined || next === null || begin.servers[to] === undefined) return quiet(begin);
  const trouble = troubleWith(begin, from, to, next);
  const world = trouble === undefined ? begin : without(begin, [trouble]);
  const told = trouble === undefined ? [] : [struckBy(trouble)];
  if (trouble?.how === 'gone') return { world: withServer(world, from, delivered(server, to, next.id)), moments: told };
  const asked = {
    to,
    method: 'PUT',
    path: `/_matrix/federation/v1/send/${encodeURIComponent(next.id)}`,
    body: wireForm(from, next, world.now),
  } as const;
  if (trouble?.how === 'fail') return { world, moments: [betweenServers(from, { asked, response: busy }), ...told] };
  const once = stage.kernel.answerServer(world, from, asked, world.now);
  const done = trouble?.how === 'repeat' ? stage.kernel.answerServer(once.world, from, asked, world.now) : once;
  const moment = betweenServers(from, { asked, response: done.response });
  if (trouble?.how === 'lose') return { world: done.world, moments: [{ ...moment, lost: true }, ...told] };
  const sender = done.world.servers[from];
  if (sender === undefined) throw new Error(`${from} is gone: did another server's answer take it away?`);
  const after =
    done.response.status === 200 ? withServer(done.world, from, delivered(sender, to, next.id)) : done.world;
  return { world: after, moments: [moment, ...told] };
};
