/** Verbs: those of attackers' own come when an attacker acts, as in a third of all stories. */
import type { Verbs } from '../../sim/engine/stage.ts';
import type { Scenario } from '../../sim/engine/types.ts';
import { part } from './fetching.ts';

type Told = Pick<Scenario, 'cast' | 'story' | 'explore'>;
const actsIn = ({ story, explore }: Told) => [...story.flat(), ...(explore?.acts ?? []).map(({ act }) => act)];

/** Whether a story may have a verb of attackers' own: nobody else has one (`verbs.test.ts` holds this against the registers). */
export const mayLie = (scenario: Told): boolean =>
  actsIn(scenario).some(({ who }) => scenario.cast.attackers.some(({ name }) => name === who));

/** All verbs that the story can have as it is written, whatever of it is turned; for free play it takes all there are. */
export const verbsCalled = async (scenario: Told): Promise<Verbs> =>
  mayLie(scenario)
    ? (await part(import('../../sim/verbs/port.ts'))).verbPort
    : (await part(import('../../sim/verbs/usual.ts'))).usualPort;
