/** All verbs there are, as the engine is given them. */
import { roles } from '../attackers/roles/index.ts';
import { type StageOptions, setStage } from '../engine/set-stage.ts';
import type { Stage } from '../engine/stage.ts';
import type { Scenario } from '../engine/types.ts';
import { wholeLexicon } from './forms.ts';
import { portOf } from './port-of.ts';

export const verbPort = portOf(wholeLexicon);

/** The usual stage: all roles there are may be played, and all verbs acted. */
export const stageWith = (scenario: Scenario, options: Omit<StageOptions, 'verbs' | 'roles'> = {}): Stage =>
  setStage(scenario, { ...options, verbs: verbPort, roles });
