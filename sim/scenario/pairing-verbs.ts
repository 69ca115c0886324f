/** Verbs of a server that lists keys which do not belong together, and moves letters, entries and messages to where they do not belong. */
import { device, inRoom, oneOf, optional, user } from './arguments.ts';
import { type Actor, type Verb, verb } from './verb.ts';

export const pairingVerbs = (server: readonly Actor[]): readonly Verb[] => [
  verb(
    'lend key of',
    server,
    'Lists the device it runs with the identity key of another, and its next one-time key.',
    device,
  ),
  verb(
    'swap keys of',
    server,
    "Lists a device with keys of the one it runs: both of them, or the identity key beside the other's signing key.",
    device,
    { lie: optional(oneOf('whole', 'half')) },
  ),
  verb('list master key of', server, 'Lists a device that it runs, and calls it as the master key of its user.', user),
  verb('hand on mail of', server, 'Gives one device what waits for another.', device, { to: device }),
  verb('swap entries of', server, "Files two room keys of a user's backup under each other's ids.", user),
  verb('replay message', server, 'Puts the latest message of a room into it again, or into another.', inRoom, {
    in: inRoom,
  }),
];
