/** Who is meant by a player's id: `alice.phone` is the device `phone` of `alice`, `mallory.tablet` one that mallory runs. */

/** `alice.phone`, `example.org`, `mallory`, `mallory.tablet` (a device that mallory runs). */
export type PlayerId = string;

/** The id of a device. `owner`: the user whose it is, or the attacker who runs it. */
export const playerId = (owner: string, device: string): PlayerId => `${owner}.${device}`;

/** The user or attacker whose device it is; a server or an attacker is its own. Names of users, attackers and devices have no dot. */
export const ownerIn = (player: PlayerId): string => player.split('.', 1)[0] ?? player;

/** The device's name in the cast; `null` where the player is no device. */
export const deviceNameIn = (player: PlayerId): string | null => {
  const dot = player.indexOf('.');
  return dot < 0 ? null : player.slice(dot + 1);
};
