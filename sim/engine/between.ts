/** Trouble between servers: what one sends or asks another does not get there, is refused, comes twice, or its answer is lost. */
import type { Ask } from '../homeserver/federation/ask-servers.ts';
import type { ClientResponse, FederationAnswer, FederationRequest, Transaction } from '../homeserver/types.ts';
import type { Moment, PlayerId } from './types.ts';
import type { Trouble, World } from './world.ts';

export const without = (world: World, spent: readonly Trouble[]): World =>
  spent.length === 0 ? world : { ...world, troubles: world.troubles.filter((one) => !spent.includes(one)) };

/** Whether a transaction brings what `type` names: a room event of that type, or an EDU. */
const brings = ({ pdus, edus }: Transaction, type: string): boolean =>
  pdus.some((pdu) => pdu.type === type) || edus.some((edu) => edu.edu_type === type);

/** What goes wrong with a transaction on its way; `undefined` when nothing does. */
export const troubleWith = (
  world: World,
  from: PlayerId,
  to: PlayerId,
  transaction: Transaction,
): Trouble | undefined =>
  world.troubles.find(
    (one) =>
      one.player === from &&
      one.to === to &&
      one.endpoint === 'send' &&
      (one.about === undefined || brings(transaction, one.about)),
  );

/** A server that answers, and does nothing. */
export const busy: ClientResponse = {
  status: 503,
  body: { errcode: 'M_UNKNOWN', error: 'the server could not do this now' },
};

/** The endpoint of the server-server API behind its version, without what differs from request to request. */
const isAt = (endpoint: string, path: string): boolean => {
  const [, version = ''] = /^\/_matrix\/federation\/([^/]+)\//.exec(path) ?? [];
  const rest = path.slice(`/_matrix/federation/${version}/`.length);
  return rest === endpoint || rest.startsWith(`${endpoint}/`) || rest.startsWith(`${endpoint}?`);
};

/** What one server has asked another, and what that has answered; `lost`: which the first never heard. */
export type AskedBetween = FederationAnswer & { readonly lost?: true };

/**
 * How `from` asks others while there is trouble between them.
 *
 * @param ask asks another server; `null` when it is not there
 * @returns the same with its trouble, what of that has struck so far, and what was answered to those of whom `from` heard something else
 */
export const asking = (
  world: World,
  from: PlayerId,
  ask: Ask,
): {
  readonly ask: Ask;
  readonly struck: readonly Trouble[];
  readonly asAnswered: (heard: readonly FederationAnswer[]) => readonly AskedBetween[];
} => {
  const armed = world.troubles.filter((one) => one.player === from && one.to !== undefined);
  const struck: Trouble[] = [];
  const lost = new Map<FederationRequest, ClientResponse>();
  return {
    struck,
    asAnswered: (heard) =>
      heard.map((one) => {
        const response = lost.get(one.asked);
        return response === undefined ? one : { asked: one.asked, response, lost: true };
      }),
    ask: (asked) => {
      const trouble = armed.find(
        (one) => one.to === asked.to && !struck.includes(one) && isAt(one.endpoint, asked.path),
      );
      if (trouble === undefined) return ask(asked);
      struck.push(trouble);
      if (trouble.how === 'fail') return busy;
      if (trouble.how === 'gone') return null;
      const answer = ask(asked);
      if (trouble.how === 'repeat') return ask(asked);
      if (trouble.how !== 'lose') return answer;
      if (answer !== null) lost.set(asked, answer);
      return null;
    },
  };
};

/** How it is told where it strikes whatever is asked, at some request. */
const atAny: Readonly<Partial<Record<Trouble['how'], string>>> = {
  lose: 'the answer is lost',
  stop: 'stops before it hears the answer',
};

/** How it is told. */
export const struckBy = ({ player, how, endpoint, to, about }: Trouble): Moment => ({
  kind: 'fault',
  player,
  fault:
    (endpoint === '/' ? atAny[how] : undefined) ??
    `${how} ${endpoint}${to === undefined ? '' : ` to ${to}`}${about === undefined ? '' : ` with ${about}`}`,
});
