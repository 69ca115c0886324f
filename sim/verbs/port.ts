/** The usual stage: with all that there is to play. Whoever runs a scenario begins here. */
import { roles } from '../attackers/roles/index.ts';
import { type Stage, type StageOptions, setStage } from '../engine/stage.ts';
import type { Scenario } from '../engine/types.ts';

/** A stage on which all roles there are may be played. */
export const stageWith = (scenario: Scenario, options: Omit<StageOptions, 'roles'> = {}): Stage =>
  setStage(scenario, { ...options, roles });
