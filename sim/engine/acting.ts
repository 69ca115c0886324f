/** What every act needs: its arguments, and whom they name. */

import { stringAt } from '../../machines/json.ts';
import { deviceId, named, userId } from './names.ts';
import { deviceNameIn, ownerIn } from './player.ts';
import { homeOf } from './rooms.ts';
import type { Stage } from './stage.ts';
import type { Act, PlayerId } from './types.ts';
import { noting, type Progress, type World } from './world.ts';

/** What a verb does. */
export type Perform = (stage: Stage, world: World, act: Act) => Progress;

/** An argument, empty where there is none. */
export const arg = (act: Act, name: string): string => stringAt(act.args, name) ?? '';
/** The verb's own argument. */
export const first = (act: Act): string => arg(act, act.verb);

/** The user id of a cast member, of an attacker's account, or of the user an attacker lives off. */
export const userOf = (stage: Stage, name: string): string => {
  const { cast } = stage.scenario;
  const user = cast.users.find((one) => one.name === ownerIn(name));
  return userId(user?.name ?? name, homeOf(cast, user?.name ?? name));
};

/** Where a device gets its mail, also one that is not there yet. */
export const addressOf = (
  stage: Stage,
  world: World,
  player: PlayerId,
): { readonly user: string; readonly device: string } => {
  const me = named(world.devices, player)?.store.me;
  return { user: me?.user ?? userOf(stage, player), device: me?.device ?? deviceId(deviceNameIn(player) ?? '') };
};

/** An act that turns out, on the way, not to be possible. */
export const refused = (soFar: Progress, { who, verb }: Pick<Act, 'who' | 'verb'>, reason: string): Progress =>
  noting(soFar, { kind: 'refused', player: who, verb, reason });
