/** Secrets that nobody asked for, written as whoever is to believe them reads them. */
import type { Json, JsonObject } from '../../machines/json.ts';
import { writtenName } from '../../machines/names.ts';
import { hasSendVariant, PUSH, SEND } from '../../machines/secret-push/messages.ts';
import type { DeviceSettings } from '../../machines/types.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import type { StrayId } from './words.ts';

const strayIds: Readonly<Record<StrayId, Json>> = { nothing: null, empty: '', number: 0, 'made up': 'guessed' };

/** The settings of a device; of everyone where it implements no variant of MSC4385 at all. */
const settingsAt = (stage: Stage, player: PlayerId): DeviceSettings => {
  const own = stage.settings.byDevice[player];
  return own === undefined || (own.implements.MSC4385 ?? 'none') === 'none' ? stage.settings.everyone : own;
};

/**
 * A share of a secret, in the variant of MSC4385 that the device it is for implements.
 *
 * @param stray what stands in `request_id`, where the event has it; left out otherwise, and in the push variant
 */
export const shareFor = (
  stage: Stage,
  to: PlayerId,
  secret: { readonly name: string; readonly secret: string },
  stray?: StrayId,
): { readonly type: string; readonly content: JsonObject } => {
  if (hasSendVariant(settingsAt(stage, to)))
    return { type: SEND, content: { ...secret, ...(stray === undefined ? {} : { request_id: strayIds[stray] }) } };
  return { type: writtenName('push', stage.settings.everyone.identifiers), content: secret };
};

/** The event type under which a device hears of a secret it did not ask for. */
export const shareType = (stage: Stage, to: PlayerId): string => (hasSendVariant(settingsAt(stage, to)) ? SEND : PUSH);

/**
 * What in `request_id` a device might take for nothing, or for an answer's, where it is set so. One of each kind: a number is
 * read as `null` is, and an empty id as any other.
 */
export const strayIdsFor = (stage: Stage, to: PlayerId): readonly StrayId[] => {
  const { off, readings, ...settings } = stage.settings.byDevice[to] ?? stage.settings.everyone;
  if (!hasSendVariant(settings)) return [];
  return [
    ...(readings.q06 === 'B' ? (['nothing'] as const) : []),
    ...(off.includes('4385-send-solicited-unchanged') ? (['made up'] as const) : []),
  ];
};
