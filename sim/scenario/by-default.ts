/** What devices are where a file says nothing of their settings. */

import type { Proposal } from '../../machines/registration.ts';
import { ledgerProposals } from '../../machines/standing.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import type { Scenario } from '../engine/types.ts';

const byDefault = (proposals: readonly Proposal[]): Readonly<Record<string, string>> =>
  Object.fromEntries(proposals.flatMap(({ id, byDefault: text }) => (text === undefined ? [] : [[id, text]])));

/** What devices implement when a file says nothing. What is not named here is not implemented. */
export const implementedByDefault: Readonly<Record<string, string>> = byDefault(
  ledgerProposals.filter(({ isAboutRooms }) => isAboutRooms !== true),
);

/** The same where there are rooms: what is about rooms says nothing anywhere else. */
export const implementedInRooms: Readonly<Record<string, string>> = byDefault(ledgerProposals);

/** What a file that says nothing of settings means; `hasRooms`: whether there are rooms in it, of the cast or made in the story. */
export const defaultSettings = (hasRooms: boolean): DeviceSettings => ({
  implements: hasRooms ? implementedInRooms : implementedByDefault,
  identifiers: 'stable',
  off: [],
  readings: {},
  options: {},
});

/** Whether there are rooms, of the cast or made on the way: what devices implement by default goes by that. */
export const hasRooms = ({ cast, story, explore }: Scenario): boolean =>
  (cast.rooms ?? []).length > 0 ||
  [...story.flat(), ...(explore?.acts ?? []).map(({ act }) => act)].some(({ verb }) => verb === 'create room');
