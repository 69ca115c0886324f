/** Filters are kept for clients that make them ("Filtering"); what of them counts is in `rooms/filter.ts`. */
import { type Answered, bodyOf, ok, param, type Route, refuse, type SignedInCall, signedIn } from './routing.ts';
import { patchUser, userOf } from './state.ts';

const notTheirs = (call: SignedInCall): Answered => refuse(call, 403, 'M_FORBIDDEN', 'Filters belong to their user');

const create = (call: SignedInCall): Answered => {
  if (param(call, 'userId') !== call.userId) return notTheirs(call);
  const read = bodyOf(call);
  if ('refusal' in read) return read.refusal;
  const { account } = userOf(call.server, call.userId);
  const filters = [...account.filters, read.body];
  const server = patchUser(call.server, call.userId, { account: { ...account, filters } });
  return ok(server, { filter_id: String(account.filters.length) });
};

const get = (call: SignedInCall): Answered => {
  if (param(call, 'userId') !== call.userId) return notTheirs(call);
  const { filters } = userOf(call.server, call.userId).account;
  const filter = filters.find((_, index) => String(index) === param(call, 'filterId'));
  return filter === undefined ? refuse(call, 404, 'M_NOT_FOUND', 'No such filter') : ok(call.server, filter);
};

export const filterRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/client/v3/user/:userId/filter', create),
  signedIn('GET', '/_matrix/client/v3/user/:userId/filter/:filterId', get),
];
