/** Who colludes with whom. */
import type { Cast, PlayerId } from './types.ts';

/** Those who share what they know with `name`, directly or through others: itself first, then in the order of the cast. */
export const circleOf = (cast: Cast, name: PlayerId): readonly PlayerId[] => {
  const { attackers } = cast;
  const share = (one: PlayerId, other: PlayerId): boolean =>
    attackers.some(
      (who) => (who.name === one && who.colludes.includes(other)) || (who.name === other && who.colludes.includes(one)),
    );
  let within: readonly PlayerId[] = [name];
  for (;;) {
    const more = attackers.filter(
      (one) => !within.includes(one.name) && within.some((known) => share(known, one.name)),
    );
    if (more.length === 0) break;
    within = [...within, ...more.map((one) => one.name)];
  }
  return [name, ...attackers.flatMap((one) => (one.name !== name && within.includes(one.name) ? [one.name] : []))];
};
