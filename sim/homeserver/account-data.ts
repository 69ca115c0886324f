/** What clients keep on the server for their user ("Client Config", account data). */
import { sameJson } from '../../machines/json.ts';
import {
  type Answered,
  forItsUser,
  ok,
  param,
  type Route,
  refuse,
  type SignedInCall,
  signedIn,
  withBody,
} from './routing.ts';
import { advance, at, patchUser, put, userOf } from './state.ts';

/** Types that have endpoints of their own and may not be set as account data. */
const serverManaged = ['m.fully_read', 'm.push_rules'];

const theirs = (handle: (call: SignedInCall) => Answered) => forItsUser('Account data belongs to its user', handle);

/** The whole content is replaced. An empty object is how clients unset a type; it is stored and served like any other. */
const set = withBody((call: SignedInCall, body) => {
  const type = param(call, 'type');
  if (serverManaged.includes(type)) return refuse(call, 405, 'M_BAD_JSON', `Cannot set ${type} through this API`);
  const before = at(userOf(call.server, call.userId).accountData, type);
  if (before !== undefined && sameJson(before.content, body)) return ok(call.server);
  const { server, position } = advance(call.server, call.userId);
  const accountData = put(userOf(server, call.userId).accountData, type, { content: body, at: position });
  return ok(patchUser(server, call.userId, { accountData }));
});

const get = (call: SignedInCall): Answered => {
  const held = at(userOf(call.server, call.userId).accountData, param(call, 'type'));
  return held === undefined
    ? refuse(call, 404, 'M_NOT_FOUND', 'Account data not found')
    : ok(call.server, held.content);
};

export const accountDataRoutes: readonly Route[] = [
  signedIn('PUT', '/_matrix/client/v3/user/:userId/account_data/:type', theirs(set)),
  signedIn('GET', '/_matrix/client/v3/user/:userId/account_data/:type', theirs(get)),
];
