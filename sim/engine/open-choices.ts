/** Everything that may happen next, in a fixed order: choices by themselves, then each of them interrupted. */

import { choiceGroups, choiceOf, honestPlayers, type Interrupted, isDealt, type OpenChoice, word } from './choices.ts';
import type { Accident, Stage } from './stage.ts';
import { perform } from './taking.ts';
import type { Choice, Moment, PlayerId } from './types.ts';
import type { World } from './world.ts';

/** What strikes within a step: what it does to a request there, and how that is said of the device, before the number of the request. */
const within: Readonly<
  Partial<Record<Accident['strikes'], { readonly how: Interrupted['how']; readonly said: string }>>
> = {
  answer: { how: 'lose', said: 'hears no answer to its request' },
  'between requests': { how: 'stop', said: 'stops after its request' },
};
const strikesWithin = ({ strikes }: Accident): boolean => within[strikes] !== undefined;

/** The faults that may strike within a step now: those that strike between its requests, as far as their budgets go. */
export const interruptionsIn = (stage: Stage, world: World): readonly Accident[] =>
  stage.verbs.accidents
    .filter(strikesWithin)
    .filter(({ name }) => (world.faults[name] ?? 0) > 0 && isDealt(stage, world, name));

/** Whether such a fault can ever strike. */
export const mayInterrupt = ({ scenario, verbs }: Stage): boolean =>
  verbs.accidents
    .filter(strikesWithin)
    .some(({ name }) => name in scenario.faults || name in (scenario.explore?.faults ?? {}));

const requestsBy = (moments: readonly Moment[]): ReadonlyMap<PlayerId, number> =>
  moments.reduce(
    (found, moment) => (moment.kind === 'request' ? found.set(moment.from, (found.get(moment.from) ?? 0) + 1) : found),
    new Map<PlayerId, number>(),
  );

/**
 * A choice interrupted, in each way there is: after each request that a device makes in it. What strikes an act of everyone together is
 * what strikes the syncs that it consists of, which are choices of their own.
 *
 * @param moments what came of the choice by itself
 */
export const interruptedWays = (
  faults: readonly Accident[],
  honest: readonly PlayerId[],
  of: OpenChoice,
  moments: readonly Moment[],
): readonly OpenChoice[] => {
  if (of.who === 'everyone' || of.do === 'deliver') return [];
  const counts = requestsBy(moments);
  return faults.flatMap(({ name, verb, strikes }) => {
    const struck = within[strikes];
    return struck === undefined
      ? []
      : honest.flatMap((player) =>
          Array.from({ length: counts.get(player) ?? 0 }, (_, before): OpenChoice => {
            const request = before + 1;
            return {
              id: `${word(name)}:${word(player)}:${request}:${of.id}`,
              who: of.who,
              sentence: `${of.sentence}; ${player} ${struck.said} ${request}`,
              kind: 'fault',
              ...(of.nth === undefined ? {} : { nth: of.nth }),
              do: 'interrupted',
              of,
              fault: name,
              verb,
              how: struck.how,
              player,
              request,
            };
          }),
        );
  });
};

const interrupted = (stage: Stage, world: World, open: readonly OpenChoice[]): readonly OpenChoice[] => {
  const faults = interruptionsIn(stage, world);
  if (faults.length === 0) return [];
  const honest = honestPlayers(world);
  return open.flatMap((of) => interruptedWays(faults, honest, of, perform(stage, world, of).moments));
};

/** Everything that may happen next: people act, devices sync, servers send, attackers move, faults strike, time passes. */
export const openChoices = (stage: Stage, world: World): readonly OpenChoice[] => {
  const open = choiceGroups.flatMap((group) => group(stage, world));
  return [...open, ...interrupted(stage, world, open)];
};

export const choices = (stage: Stage, world: World): readonly Choice[] => openChoices(stage, world).map(choiceOf);
