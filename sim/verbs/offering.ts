/** What an attacker is offered: its role says which moves it has and where, each verb what it offers there (`Form.offers`). */
import {
  isNamed,
  offeredIn,
  people,
  rooms,
  type Spot,
  type Spots,
  siblings,
  targets,
  victims,
} from '../attackers/spots.ts';
import type { Moves, Place, Verbs } from '../engine/stage.ts';
import type { Act } from '../engine/types.ts';
import type { Lexicon } from './lexicon.ts';

/** A spot as it is on the way to a narrower one. */
type Here = Spot & { readonly device?: string; readonly room?: string };

/** Each place of a kind. */
const spotsIn: { readonly [P in Place]: (spot: Here) => readonly Spots[P][] } = {
  anywhere: (spot) => [spot],
  user: (spot) => victims(spot).map((user) => ({ ...spot, user })),
  device: (spot) => targets(spot).map((device) => ({ ...spot, device })),
  sibling: ({ device, ...spot }) =>
    device === undefined ? [] : siblings({ ...spot, device }).map((sibling) => ({ ...spot, device, sibling })),
  room: (spot) => rooms(spot).map((room) => ({ ...spot, room })),
  person: ({ room, ...spot }) => (room === undefined ? [] : people(spot).map((one) => ({ ...spot, room, ...one }))),
};

/** What one verb offers in a spot; an unusual move is made only where the budget names its kind. */
const offersOf = <P extends Place>(
  { formsNamed }: Lexicon,
  place: P,
  spot: Spots[P],
  verb: string,
): readonly Act['args'][] =>
  formsNamed(verb).flatMap(({ offers, isUsualMove }) =>
    offers !== undefined && (isUsualMove || isNamed(spot, verb)) ? offeredIn(offers, place, spot) : [],
  );

const offersIn = <P extends Place>(lexicon: Lexicon, place: P, spot: Here, moves: Moves): readonly Act[] =>
  spotsIn[place](spot).flatMap((here) =>
    moves.flatMap((move) => {
      if (typeof move === 'object' && 'each' in move) return offersIn(lexicon, move.each, here, move.moves);
      const verb = typeof move === 'string' ? move : move.told;
      if (verb !== move && !isNamed(here, verb)) return [];
      return offersOf(lexicon, place, here, verb).map((args) => ({ who: spot.attacker.name, verb, args }));
    }),
  );

export const offers = (
  lexicon: Lexicon,
  ...[stage, world, attacker, moves]: Parameters<Verbs['offers']>
): readonly Act[] => {
  const server = world.servers[attacker.server];
  return server === undefined ? [] : offersIn(lexicon, 'anywhere', { stage, world, attacker, server }, moves);
};
