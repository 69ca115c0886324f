/** What a real client asks before it starts: versions, capabilities, push rules. */
import { forAll, ok, type Route, signedIn } from './routing.ts';

const versions = ['v1.1', 'v1.2', 'v1.3', 'v1.4', 'v1.5', 'v1.6', 'v1.7', 'v1.8', 'v1.9', 'v1.10', 'v1.11'];
const capabilities = { 'm.change_password': { enabled: false }, 'm.get_login_token': { enabled: true } };
const noPushRules = { override: [], content: [], room: [], sender: [], underride: [] };

export const serverInfoRoutes: readonly Route[] = [
  forAll('GET', '/_matrix/client/versions', ({ server }) => ok(server, { versions, unstable_features: {} })),
  signedIn('GET', '/_matrix/client/v3/capabilities', ({ server }) => ok(server, { capabilities })),
  signedIn('GET', '/_matrix/client/v3/pushrules/', ({ server }) => ok(server, { global: noPushRules })),
  signedIn('GET', '/_matrix/client/v3/pushrules/global/', ({ server }) => ok(server, noPushRules)),
];
