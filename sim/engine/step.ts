/** One step: what one choice leads to. A pure function of the world and the choice. */

import { choiceOf, type OpenChoice } from './choices.ts';
import { openChoices } from './open-choices.ts';
import type { Stage } from './stage.ts';
import { counted, perform } from './taking.ts';
import type { Step } from './types.ts';
import type { World } from './world.ts';

type Stepped = { readonly world: World; readonly step: Step };

/** Takes the choice of that id among those `offered`. Throws where it is not: the trace belongs to another version. */
export const step = (
  stage: Stage,
  world: World,
  choiceId: string,
  offered: readonly OpenChoice[] = openChoices(stage, world),
): Stepped => {
  const choice = offered.find(({ id }) => id === choiceId);
  if (choice === undefined)
    throw new Error(
      `no choice "${choiceId}" here (there are: ${offered.map(({ id }) => id).join(', ') || 'none'}): was this trace made for another version of ${stage.scenario.id}?`,
    );
  const done = perform(stage, counted(stage, world, choice), choice);
  return { world: done.world, step: { choice: choiceOf(choice), moments: done.moments } };
};
