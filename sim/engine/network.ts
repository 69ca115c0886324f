/** One request of one player to its homeserver and the answer: atomic, unless trouble is armed or a veil lies over it. */
import type { Json } from '../../machines/json.ts';
import type { ClientRequest, FederationAnswer } from '../homeserver/types.ts';
import { answered } from './answered.ts';
import { struckBy } from './between.ts';
import { asksFor } from './endpoints.ts';
import type { Stage } from './stage.ts';
import type { Moment, PlayerId } from './types.ts';
import type { Progress, World } from './world.ts';

export type Asked = {
  readonly accessToken: string | null;
  readonly method: ClientRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
};
/** `answer` is `null` when nothing came back: the player was offline, or the answer was lost. */
export type Called = Progress & { readonly answer: { readonly status: number; readonly body: Json } | null };

/** Asks `server` in `player`'s name. */
export const call = (stage: Stage, world: World, player: PlayerId, server: PlayerId, asked: Asked): Called => {
  if (world.offline.includes(player))
    return { world, answer: null, moments: [{ kind: 'fault', player, fault: 'offline' }] };
  const trouble = world.troubles.find((one) => one.player === player && asksFor(one.endpoint, asked.path));
  const spent = trouble === undefined ? world : { ...world, troubles: world.troubles.filter((one) => one !== trouble) };
  if (trouble?.how === 'fail') {
    const answer = { status: 503, body: { errcode: 'M_UNKNOWN', error: 'the server could not do this now' } };
    return { world: spent, answer, moments: [moment(player, server, asked, answer), struckBy(trouble)] };
  }
  const once = perform(stage, spent, server, asked);
  const done = trouble?.how === 'repeat' ? perform(stage, once.world, server, asked) : once;
  const answer = answered(world, player, asked, done.answer);
  const drawn = moment(player, server, asked, answer);
  const among = [...done.asked.map((one) => betweenServers(server, one)), ...once.struck.map(struckBy)];
  if (trouble?.how === 'lose')
    return { world: done.world, answer: null, moments: [{ ...drawn, lost: true }, ...among, struckBy(trouble)] };
  return {
    world: done.world,
    answer,
    moments: [drawn, ...among, ...(trouble === undefined ? [] : [struckBy(trouble)])],
  };
};

type Requested = Extract<Moment, { kind: 'request' }>;

/** What one server asks another, and what that one answers. */
export const betweenServers = (from: PlayerId, { asked, response }: FederationAnswer): Requested =>
  moment(from, asked.to, asked, response);

const perform = (stage: Stage, world: World, name: PlayerId, asked: Asked) => {
  const { world: next, response, asked: ofOthers, struck } = stage.kernel.respond(world, name, asked, world.now);
  return { world: next, answer: response, asked: ofOthers, struck };
};

const moment = (
  from: PlayerId,
  to: PlayerId,
  asked: Omit<Asked, 'accessToken'>,
  answer: { readonly status: number; readonly body: Json },
): Requested => ({
  kind: 'request',
  from,
  to,
  method: asked.method,
  path: asked.path,
  ...(asked.query === undefined ? {} : { query: asked.query }),
  body: asked.body ?? null,
  status: answer.status,
  response: answer.body,
});
