/** What an attacker can play, and what it lives off. A further role is one line here. */

export type Role = {
  readonly plays: string;
  /** What `of` must name; without `of` when `optional`. */
  readonly of: readonly ('user' | 'device' | 'server')[];
  readonly optional: boolean;
  /** Whether it has an account of its own, set up as honest people's are, with a device called `phone`. */
  readonly account: boolean;
  readonly text: string;
};

const role = (
  plays: string,
  of: Role['of'],
  text: string,
  { optional = false, account = false }: { readonly optional?: boolean; readonly account?: boolean } = {},
): Role => ({ plays, of, optional, account, text });

/** The role of somebody honest whose client is not what it should be. */
export const sloppy = 'sloppy-client';

export const roles: readonly Role[] = [
  role('stolen-token', ['user', 'device'], "Has a user's access token: can log in a device, cannot sign it."),
  role('stolen-device', ['device'], 'Has a cross-signed device with all its keys, also after its removal.'),
  role(
    'lying-server',
    ['server'],
    'Runs a homeserver: drops, delays, replays, injects, lies about devices, keys and backups, to all or to one device alone.',
  ),
  role('other-user', ['server', 'user'], 'Another account, well signed, with no claim to what it asks for.', {
    optional: true,
    account: true,
  }),
  role(
    'malicious-inviter',
    ['server', 'user'],
    'An account in the room, or a fresh one, that invites and poisons bundles.',
    {
      optional: true,
      account: true,
    },
  ),
  role('departed-member', ['server', 'user'], 'Keeps what it was given while in the room, and reads on.', {
    optional: true,
    account: true,
  }),
  role('typosquatter', ['server', 'user'], 'An account whose id is one letter off, invited by mistake.', {
    optional: true,
    account: true,
  }),
  role(
    'eavesdropper',
    ['server'],
    'Reads and hoards what a server is asked and answers; may hold back and let through.',
    {
      optional: true,
    },
  ),
  role(sloppy, ['user', 'device'], 'Not evil: an honest user of a client that skips the clauses under “skips”.'),
];

export const roleOf = (plays: string): Role | undefined => roles.find((one) => one.plays === plays);
