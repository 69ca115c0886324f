/** What the page shows of a run besides its verdicts and picture: asked for once those are painted. */
import type { Run, Scenario, Turn } from '../../../sim/engine/types.ts';
import { inQuestion } from '../../../sim/runs/telling/first-screen.ts';
import { beliefsView } from '../../views/beliefs.ts';
import { inspectorView } from '../../views/inspector.ts';
import { knowledgeViews } from '../../views/knowledge.ts';
import { sightView } from '../../views/sight.ts';
import type { Element } from '../../views/view.ts';
import { played } from '../played.ts';

export type RestAsked = { readonly scenario: Scenario; readonly turns: readonly Turn[] };
export type RestAnswered = {
  /** What stands in `.sight` where several settings are turned: what stopped an attack shows where one of them is turned back. */
  readonly sight: Element | null;
  readonly inspector: Element;
  /** What stands in the fold of what each device holds. */
  readonly beliefs: Element;
  /** Panels of the attackers, `.knowledge`. */
  readonly knowledge: readonly Element[];
};

/** The run as written, and those in which one of several settings is turned back. */
const besides = async (scenario: Scenario, turns: readonly Turn[]): Promise<readonly Run[]> => {
  const others = [[], ...turns.map((one) => turns.filter((other) => other !== one))];
  const made = await Promise.all(others.map((other) => played(scenario, other)));
  return made.flatMap((one) => (one.is === 'run' ? [inQuestion(one.run)] : []));
};

/** `null` where there is no such run. */
export const rest = async ({ scenario, turns }: RestAsked): Promise<RestAnswered | null> => {
  const made = await played(scenario, turns);
  if (made.is === 'refused') return null;
  const own = inQuestion(made.run);
  return {
    sight: turns.length < 2 ? null : sightView(own, await besides(scenario, turns)),
    inspector: inspectorView(own, null),
    beliefs: beliefsView(own),
    knowledge: knowledgeViews(own),
  };
};
