/** Who somebody is ("Profiles"). People here have no names beside their user id: the answer says whether there is such a user. */
import type { UserId } from '../../machines/types.ts';
import { answerTo, federationPath, inUrl, question } from './federation/asking.ts';
import { type Answered, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { at, isLocal, serverOf } from './state.ts';
import type { Homeserver } from './types.ts';

export const hasUser = (server: Homeserver, userId: UserId): boolean =>
  isLocal(server, userId) && at(server.users, userId) !== undefined;

/** GET profile: 200 `{}`; 404 `M_NOT_FOUND` for nobody; of another server what it says, 502 `M_UNKNOWN` when it is not reached. */
const get = (call: SignedInCall): Answered => {
  const userId = param(call, 'userId');
  if (hasUser(call.server, userId)) return ok(call.server);
  if (isLocal(call.server, userId) || !userId.includes(':'))
    return refuse(call, 404, 'M_NOT_FOUND', `There is no user ${userId}`);
  const to = serverOf(userId);
  const ask = question(to, 'GET', `${federationPath('v1', 'query', 'profile')}?user_id=${inUrl(userId)}`);
  const answer = answerTo(call, ask);
  return answer === null
    ? { ...refuse(call, 502, 'M_UNKNOWN', `${to} could not be reached`), asks: [ask] }
    : { server: call.server, response: answer };
};

export const profileRoutes: readonly Route[] = [signedIn('GET', '/_matrix/client/v3/profile/:userId', get)];
