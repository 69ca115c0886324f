/**
 * The functions that every step comes down to, and where a step may be cut into smaller ones. All of them are pure, so whoever
 * takes many steps may remember what came of them (`sim/explorer/recall.ts`); without that they just run.
 */
import { type Heard, hear } from '../machines/core/device.ts';
import type { Device, Env } from '../machines/core/env.ts';
import type { Incoming } from '../machines/events.ts';
import type { Json } from '../machines/json.ts';
import type { Ms } from '../machines/types.ts';
import { asking, without } from './between.ts';
import { respondAmong } from './homeserver/federation/among.ts';
import { respondToServer } from './homeserver/federation/answering.ts';
import type { ClientRequest, ClientResponse, FederationAnswer, FederationRequest } from './homeserver/types.ts';
import type { PlayerId } from './types.ts';
import { type Trouble, type World, withServer } from './world.ts';

export type Kernel = {
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
    readonly asked: readonly FederationAnswer[];
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
  /** A question about the world. `key` names the question with all that it depends on besides the world. */
  readonly view: <T extends Json>(world: World, key: string, look: (world: World) => T) => T;
  /**
   * A part of a step. `key` names what is done, `given` is all it depends on besides the world; both and the result are JSON.
   * The world before it is not to be looked at again.
   */
  readonly part: <G extends Plain, R extends Plain>(
    world: World,
    key: string,
    given: G,
    act: (world: World, given: G) => { readonly world: World; readonly result: R },
  ) => { readonly world: World; readonly result: R };
};
/** Any plain JSON: types of moments and events are not `Json` by name. */
type Plain = object | string | number | boolean | null;

export const plainKernel: Kernel = {
  hear,
  respond: (world, name, request, now) => {
    let struck: readonly Trouble[] = [];
    const { servers, response, asked } = respondAmong(world.servers, name, request, now, (ask) => {
      const between = asking(world, name, ask);
      struck = between.struck;
      return between.ask;
    });
    return { world: { ...without(world, struck), servers }, response, asked, struck };
  },
  answerServer: (world, origin, request, now) => {
    const server = world.servers[request.to];
    if (server === undefined) throw new Error(`there is no server ${request.to}: was the cast checked?`);
    const answered = respondToServer(server, origin, request, now);
    return { world: withServer(world, request.to, answered.server), response: answered.response };
  },
  view: (world, _key, look) => look(world),
  part: (world, _key, given, act) => act(world, given),
};
