/** Device lists: what a key query shows, and which of it is believed ("Device keys" and "POST /keys/query" of the client-server API). */
import type { Rules } from '../clauses.ts';
import type { QueriedDevice, QueriedUser } from '../events.ts';
import { type IdentityParts, type On, words } from './events.ts';

const { causes, core } = words;

/** The list as it is known from now on. A device that comes with other keys than it had keeps those that it had. */
const believed = ({ devices, ...user }: QueriedUser, rules: Rules): QueriedUser => ({
  ...user,
  devices: devices
    .filter(
      (device) => rules.may('spec-device-self-signature', device) && rules.may('spec-device-id-no-master', device),
    )
    .map((device) =>
      rules.may('spec-device-keys-stay', device) ? device : { ...device, keys: device.known ?? device.keys },
    ),
});

export const deviceParts = {
  'uploads own keys': causes(() => core({ ask: 'upload keys' })),
  'queries users': causes((_, { users }: On<'user.start' | 'sync.device lists'>) =>
    users.length === 0 ? null : core({ ask: 'query users', users }),
  ),
  'keeps what is listed': causes((_, { users }: On<'keys.queried'>, rules) =>
    core({ ask: 'keep users', users: users.map((user) => believed(user, rules)) }),
  ),
  /** "Device keys": they are signed by the device itself. */
  'spec-device-self-signature': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_, device) => (device as QueriedDevice).selfSigned,
  },
  /** "Cross-signing": a device whose id is a cross-signing public key is none, or a signature of either would count for the other. */
  'spec-device-id-no-master': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_, device) => !(device as QueriedDevice).isNamedAsMaster,
  },
  /** "Device keys": the keys of a device do not change; an update that says so is not taken. */
  'spec-device-keys-stay': {
    kind: 'guard',
    isOfOthers: true,
    permitsItem: (_, device) => (device as QueriedDevice).known === null,
  },
} satisfies IdentityParts;
