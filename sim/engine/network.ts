/** One request of one player to its homeserver and the answer: atomic, unless trouble is armed or a veil lies over it. */
import { type Json, sameJson } from '../../machines/json.ts';
import type { ClientRequest } from '../homeserver/types.ts';
import { answered } from './answered.ts';
import { type AskedBetween, struckBy } from './between.ts';
import { asksFor } from './endpoints.ts';
import type { Stage } from './stage.ts';
import type { Moment, PlayerId } from './types.ts';
import type { Progress, Trouble, World } from './world.ts';

export type Asked = {
  readonly accessToken: string | null;
  readonly method: ClientRequest['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
};
/**
 * `answer` is `null` when nothing came back: the player was offline, or the answer was lost. `hasStopped`: the player stopped before it
 * heard of it.
 */
export type Called = Progress & {
  readonly answer: { readonly status: number; readonly body: Json } | null;
  readonly hasStopped?: true;
};

/** What strikes this request, and the troubles that are left then: those that wait for a later one wait for one less. */
const strikes = (
  troubles: World['troubles'],
  player: PlayerId,
  path: string,
): { readonly trouble: Trouble | undefined; readonly left: World['troubles'] } => {
  const meant = troubles.filter((one) => one.player === player && asksFor(one.endpoint, path));
  if (meant.length === 0) return { trouble: undefined, left: troubles };
  const trouble = meant.find(({ past = 0 }) => past === 0);
  const left = troubles.filter((one) => one !== trouble);
  return {
    trouble,
    left: left.map((one) => {
      const { past = 0, ...rest } = one;
      return past === 0 || !meant.includes(one) ? one : { ...rest, ...(past === 1 ? {} : { past: past - 1 }) };
    }),
  };
};

/** Asks `server` in `player`'s name. */
export const call = (stage: Stage, world: World, player: PlayerId, server: PlayerId, asked: Asked): Called => {
  if (world.offline.includes(player))
    return { world, answer: null, moments: [{ kind: 'fault', player, fault: 'offline' }] };
  const { trouble, left } = strikes(world.troubles, player, asked.path);
  const spent = left === world.troubles ? world : { ...world, troubles: left };
  if (trouble?.how === 'fail') {
    const answer = { status: 503, body: { errcode: 'M_UNKNOWN', error: 'the server could not do this now' } };
    return { world: spent, answer, moments: [moment(player, server, asked, answer), struckBy(trouble)] };
  }
  const once = perform(stage, spent, server, asked);
  const again = trouble?.how === 'repeat' ? perform(stage, once.world, server, asked) : null;
  const done = again ?? once;
  const answer = answered(world, player, asked, done.answer);
  const drawn = moment(player, server, asked, answer);
  const among = amongServers(server, done);
  const first = again === null ? [] : unheard(moment(player, server, asked, once.answer), drawn);
  const before = again === null ? [] : [...first, ...amongServers(server, once)];
  if (trouble?.how === 'lose' || trouble?.how === 'stop')
    return {
      world: done.world,
      answer: null,
      moments: [{ ...drawn, lost: true }, ...among, struckBy(trouble)],
      ...(trouble.how === 'stop' ? { hasStopped: true } : {}),
    };
  return {
    world: done.world,
    answer,
    moments: [...before, drawn, ...among, ...(trouble === undefined ? [] : [struckBy(trouble)])],
  };
};

/**
 * What a request that is received twice did the first time, where the second time it came to something else: a version that is deleted is
 * not there the second time. Where it came to the same it was done once, for all that anybody can see.
 */
const unheard = (first: Requested, second: Requested): readonly Requested[] =>
  first.status === second.status && sameJson(first.response, second.response) ? [] : [{ ...first, lost: true }];

type Requested = Extract<Moment, { kind: 'request' }>;

/** What one server asks another, and what that one answers. */
export const betweenServers = (from: PlayerId, { asked, response, lost }: AskedBetween): Requested => ({
  ...moment(from, asked.to, asked, response),
  ...(lost === undefined ? {} : { lost }),
});

const amongServers = (server: PlayerId, { asked, struck }: ReturnType<typeof perform>): readonly Moment[] => [
  ...asked.map((one) => betweenServers(server, one)),
  ...struck.map(struckBy),
];

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
