/**
 * The functions that every step comes down to, and where a step may be cut into smaller ones. All of them are pure, so whoever
 * takes many steps may remember what came of them (`sim/explorer/memo/memo.ts`); without that they just run.
 */
import { type Heard, hear } from '../../machines/core/device.ts';
import type { Device, Env } from '../../machines/core/env.ts';
import type { Incoming } from '../../machines/events.ts';
import type { Json } from '../../machines/json.ts';
import type { Ms } from '../../machines/types.ts';
import { respondToServer } from '../homeserver/federation/answering.ts';
import { respondAmong } from '../homeserver/federation/ask-servers.ts';
import type { ClientRequest, ClientResponse, FederationRequest } from '../homeserver/types.ts';
import { type AskedBetween, asking, without } from './between.ts';
import type { PlayerId } from './types.ts';
import { type Trouble, type World, withServer } from './world.ts';

export type Kernel = {
  /** It is the kernel of what is before the story, too: whoever hears by it has to have been there. The usual: that is played plainly. */
  readonly isThroughout?: true;
  /** A device hears an event. */
  readonly hear: (env: Env, device: Device, incoming: Incoming) => Heard;
  /**
   * A homeserver answers a request, and asks the other servers of the world what it has to ask for that. Throws when there is
   * no such server.
   */
  readonly respond: (
    world: World,
    server: PlayerId,
    request: ClientRequest,
    now: Ms,
  ) => {
    readonly world: World;
    readonly response: ClientResponse;
    readonly asked: readonly AskedBetween[];
    /** Trouble between servers that struck on the way; it is no longer in the world. */
    readonly struck: readonly Trouble[];
  };
  /** A homeserver answers a request of another one, `origin`. Throws when it is not there. */
  readonly answerServer: (
    world: World,
    origin: PlayerId,
    request: FederationRequest,
    now: Ms,
  ) => { readonly world: World; readonly response: ClientResponse };
  /**
   * A question about the world. What it goes by is handed to it, so that no key has to be thought of that might leave something
   * out: `look` counts by identity, and so does `about`, which never changes (a stage); `given` counts by value. A function made
   * anew for each question is a new question each time.
   */
  readonly view: <A extends object, G extends Plain, T extends Json>(
    about: A,
    world: World,
    look: (about: A, world: World, given: G) => T,
    given: G,
  ) => T;
  /**
   * A part of a step, told apart from others as views are. What it is given and its result are JSON. The world before it is not to be
   * looked at again.
   */
  readonly part: <A extends object, G extends Plain, R extends Plain>(
    about: A,
    world: World,
    act: (about: A, world: World, given: G) => Done<R>,
    given: G,
  ) => Done<R>;
};
/** The world after a part of a step, and what else came of it. */
export type Done<R> = { readonly world: World; readonly result: R };
/** Any plain JSON: types of moments and events are not `Json` by name. */
export type Plain = object | string | number | boolean | null;

export const plainKernel: Kernel = {
  hear,
  respond: (world, name, request, now) => {
    let between: ReturnType<typeof asking> | undefined;
    const { servers, response, asked } = respondAmong(world.servers, name, request, now, (ask) => {
      between = asking(world, name, ask);
      return between.ask;
    });
    const struck = between?.struck ?? [];
    return {
      world: { ...without(world, struck), servers },
      response,
      asked: between?.asAnswered(asked) ?? asked,
      struck,
    };
  },
  answerServer: (world, origin, request, now) => {
    const server = world.servers[request.to];
    if (server === undefined) throw new Error(`there is no server ${request.to}: was the cast checked?`);
    const answered = respondToServer(server, origin, request, now);
    return { world: withServer(world, request.to, answered.server), response: answered.response };
  },
  view: (about, world, look, given) => look(about, world, given),
  part: (about, world, act, given) => act(about, world, given),
};
