/** What a device is after it was updated in the middle of a story, or came up from a copy: told by its store, so that it is no other world. */
import { type Device, lifeOf } from '../../machines/core/env.ts';
import type { Store } from '../../machines/store.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import type { Verbs } from './stage.ts';
import type { Act, PlayerId, Scenario, Step } from './types.ts';

/** The settings after one update. */
export const change =
  (verbs: Verbs) =>
  (settings: DeviceSettings, act: Act): DeviceSettings =>
    verbs.updating(act)?.(settings) ?? settings;

/** The updates a scenario has, in the order of the file. A device remembers by their places here which of them it has had. */
export const updatesIn = (verbs: Verbs, { story, explore }: Scenario): readonly Act[] =>
  [...story.flat(), ...(explore?.acts ?? []).map(({ act }) => act)].filter((act) => verbs.updating(act) !== null);

/** What a device's store says of its updates: `update 0` is the place of the first. */
export const hadBy = ({ store }: Device): readonly number[] => {
  const places: number[] = [];
  for (let nth = 0; store.counts[`update ${nth}`] !== undefined; nth += 1)
    places.push(store.counts[`update ${nth}`] ?? 0);
  return places;
};

/** Its settings after the updates it has had. */
export const updated = (
  verbs: Verbs,
  settings: DeviceSettings,
  updates: readonly Act[],
  device: Device,
): DeviceSettings => updatedBy(verbs, settings, updates, hadBy(device));

/** Settings after updates of these places among all that there are. */
export const updatedBy = (
  verbs: Verbs,
  settings: DeviceSettings,
  updates: readonly Act[],
  places: readonly number[],
): DeviceSettings => places.flatMap((place) => updates[place] ?? []).reduce(change(verbs), settings);

/** Device → places of the updates it has had so far, in that order; who has had none is left out. */
export type Releases = Readonly<Record<PlayerId, readonly number[]>>;
export const firstReleases: Releases = {};

/** What everybody runs after a step, told from what can be seen of it; the same object where nobody was updated. */
export const releasesAfter = (before: Releases, step: Step): Releases => {
  let now = before;
  for (const moment of step.moments)
    if (moment.kind === 'restarted' && moment.update !== undefined)
      now = { ...now, [moment.player]: [...(now[moment.player] ?? []), moment.update] };
  return now;
};

/** Whether a device is not what it was at the beginning of the story, so that it runs otherwise or draws other chances. */
export const isChanged = ({ store: { counts } }: Device): boolean =>
  counts['update 0'] !== undefined || counts.restored !== undefined || counts.former !== undefined;

/** First part of the labels of its chance: another one for each device of its name, and after each time it came up from a copy. */
export const ownerOf = (player: PlayerId, counts: Store['counts']): string => [player, ...lifeOf(counts)].join('/');
