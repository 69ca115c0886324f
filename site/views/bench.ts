/** All that the page of a scenario needs to show another run of it. */
import type { Run } from '../../sim/engine/types.ts';
import { beliefsView } from './beliefs.ts';
import { diagramView } from './diagram.ts';
import { type InspectorFiles, inspectorView, stepAnchors } from './inspector.ts';
import { knowledgeViews } from './knowledge.ts';
import { sightView } from './sight.ts';
import type { Element } from './view.ts';

export type BenchViews = {
  /** What stands in `.sight`. */
  readonly sight: Element;
  /** What stands in `.side` before the inspector, and the inspector. */
  readonly anchors: readonly Element[];
  readonly inspector: Element;
  /** The picture with its ticks, `.stage`. */
  readonly picture: Element;
  /** What stands in the fold of what each device holds. */
  readonly beliefs: Element;
  /** Panels of the attackers, `.knowledge`. */
  readonly knowledge: readonly Element[];
};

/**
 * @param siblings the other runs of its scenario, which tell what stopped an attack; `null`: they were not made
 * @param files where the run stands as text and as JSON; `null` where it does not, as after a turned setting
 */
export const benchViews = (run: Run, siblings: readonly Run[] | null, files: InspectorFiles | null): BenchViews => ({
  sight: sightView(run, siblings),
  anchors: stepAnchors(run),
  inspector: inspectorView(run, files),
  picture: diagramView(run, { prefix: 'd' }),
  beliefs: beliefsView(run),
  knowledge: knowledgeViews(run),
});
