/** What clients keep on the server for their user ("Client Config", account data). */
import { sameJson } from '../../machines/json.ts';
import { type Answered, bodyOf, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { advance, at, patchUser, put, userOf } from './state.ts';

/** Types that have endpoints of their own and may not be set as account data. */
const serverManaged = ['m.fully_read', 'm.push_rules'];

const notTheirs = (call: SignedInCall): Answered =>
  refuse(call, 403, 'M_FORBIDDEN', 'Account data belongs to its user');

/** The whole content is replaced. An empty object is how clients unset a type; it is stored and served like any other. */
const set = (call: SignedInCall): Answered => {
  if (param(call, 'userId') !== call.userId) return notTheirs(call);
  const read = bodyOf(call);
  if ('refusal' in read) return read.refusal;
  const type = param(call, 'type');
  if (serverManaged.includes(type)) return refuse(call, 405, 'M_BAD_JSON', `Cannot set ${type} through this API`);
  const before = at(userOf(call.server, call.userId).accountData, type);
  if (before !== undefined && sameJson(before.content, read.body)) return ok(call.server);
  const { server, position } = advance(call.server, call.userId);
  const accountData = put(userOf(server, call.userId).accountData, type, { content: read.body, at: position });
  return ok(patchUser(server, call.userId, { accountData }));
};

const get = (call: SignedInCall): Answered => {
  if (param(call, 'userId') !== call.userId) return notTheirs(call);
  const held = at(userOf(call.server, call.userId).accountData, param(call, 'type'));
  return held === undefined
    ? refuse(call, 404, 'M_NOT_FOUND', 'Account data not found')
    : ok(call.server, held.content);
};

export const accountDataRoutes: readonly Route[] = [
  signedIn('PUT', '/_matrix/client/v3/user/:userId/account_data/:type', set),
  signedIn('GET', '/_matrix/client/v3/user/:userId/account_data/:type', get),
];
