/** Filters are kept for clients that make them ("Filtering"); what of them counts is in `rooms/filter.ts`. */
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
import { patchUser, userOf } from './state.ts';

const theirs = (handle: (call: SignedInCall) => Answered) => forItsUser('Filters belong to their user', handle);

const create = withBody((call: SignedInCall, body) => {
  const { account } = userOf(call.server, call.userId);
  const filters = [...account.filters, body];
  const server = patchUser(call.server, call.userId, { account: { ...account, filters } });
  return ok(server, { filter_id: String(account.filters.length) });
});

const get = (call: SignedInCall): Answered => {
  const { filters } = userOf(call.server, call.userId).account;
  const filter = filters.find((_, index) => String(index) === param(call, 'filterId'));
  return filter === undefined ? refuse(call, 404, 'M_NOT_FOUND', 'No such filter') : ok(call.server, filter);
};

export const filterRoutes: readonly Route[] = [
  signedIn('POST', '/_matrix/client/v3/user/:userId/filter', theirs(create)),
  signedIn('GET', '/_matrix/client/v3/user/:userId/filter/:filterId', theirs(get)),
];
