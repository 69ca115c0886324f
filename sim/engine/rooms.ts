/** The rooms of a cast, by the names a file gives them. */
import { ownerIn } from './player.ts';
import type { Cast, CastAttacker, CastRoom } from './types.ts';

/** Who may read what was said (`m.room.history_visibility`). */
export const visibilities = ['shared', 'invited', 'joined', 'world_readable'] as const;

/** Who may join (`m.room.join_rules`); restricted: the members of another room. */
export const joinRules = ['invite', 'public', 'knock', 'restricted', 'knock_restricted'] as const;

type Peopled = Pick<Cast, 'servers' | 'users'> & { readonly attackers: readonly Pick<CastAttacker, 'name' | 'of'>[] };

/** The server a cast member or an attacker lives on: an attacker's own is that of whom it lives off. */
export const homeOf = (cast: Peopled, name: string): string => {
  const of = cast.attackers.find((one) => one.name === name)?.of ?? null;
  return (
    cast.users.find((one) => one.name === name)?.server ??
    cast.servers.find((server) => server === of) ??
    cast.users.find((one) => of !== null && one.name === ownerIn(of))?.server ??
    cast.servers[0] ??
    'example.org'
  );
};

/** `!den:example.org`: where whoever makes it lives. The homeserver names rooms so (`createRoom`). */
export const roomIdFor = (cast: Cast, name: string, maker: string): string => `!${name}:${homeOf(cast, maker)}`;

/** Its first member makes it. */
export const roomIdOf = (cast: Cast, { name, members }: CastRoom): string => roomIdFor(cast, name, members[0] ?? '');
