import { setup } from 'xstate';
import { type ChartTypes, makeChart } from '../chart.ts';
import { actionsOf, guardsOf, type Without } from '../clauses.ts';
import { identityParts } from './clauses.ts';
import type { IdentityContext, IdentityEvent } from './events.ts';

const machine = setup({
  types: {} as ChartTypes<IdentityContext, IdentityEvent>,
  guards: guardsOf<IdentityContext, IdentityEvent, keyof typeof identityParts>(identityParts),
  actions: actionsOf<IdentityContext, IdentityEvent, keyof typeof identityParts>(identityParts),
}).createMachine({
  id: 'identity',
  context: ({ input }) => ({ ...input }),
  initial: 'unpublished',
  on: {
    'user.start': { target: '.published', actions: ['uploads own keys', 'queries users'] },
    'sync.key counts': { actions: 'uploads own keys' },
    'sync.device lists': { actions: 'queries users' },
    'keys.queried': { actions: 'keeps what is listed' },
    'user.set up cross-signing': { actions: 'makes an identity' },
    'user.reset cross-signing': { actions: 'makes an identity' },
    'identity.made': { target: '.cross-signed', actions: 'publishes the identity' },
    'user.verifies': { actions: 'signs the verified device' },
    'identity.signed': { actions: 'publishes the signature' },
    'user.verifies user': { actions: 'looks them up' },
    'identity.looked up': { actions: 'signs the verified user' },
    'identity.compared': [
      { guard: 'it is whom the server shows', actions: 'pins whom its person has verified' },
      { actions: 'says that it is somebody else' },
    ],
    'told.identity verified': { actions: 'pins whom another device has verified' },
    'user.verified': { target: '.cross-signed', actions: 'pins the verified identity' },
    'told.identity': [
      { guard: 'is first seen', actions: 'pins on first use' },
      { guard: 'is of another user', actions: '1756-notify-master-change' },
      { actions: '4153-own-identity-change' },
    ],
  },
  states: { unpublished: {}, published: {}, 'cross-signed': {} },
});

/** Own keys, cross-signing, pinning and alarms. A restart keeps nothing but the store: what was shown was shown. */
export const identityChart = (without: Without) =>
  makeChart<IdentityContext, IdentityEvent>('identity', machine, identityParts, without, () => ({}));
