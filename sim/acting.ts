/** What every act needs: its arguments, and whom they name. */
import { stringAt } from '../machines/json.ts';
import { deviceId, type Stage, userId } from './stage.ts';
import type { Act, PlayerId } from './types.ts';
import type { Progress, World } from './world.ts';

/** What a verb does. */
export type Perform = (stage: Stage, world: World, act: Act) => Progress;

/** An argument, empty where there is none. */
export const arg = (act: Act, name: string): string => stringAt(act.args, name) ?? '';
/** The verb's own argument. */
export const first = (act: Act): string => arg(act, act.verb);

/** The user id of a cast member, of an attacker's account, or of the user an attacker lives off. */
export const userOf = (stage: Stage, name: string): string => {
  const user = stage.scenario.cast.users.find((one) => one.name === name.split('.')[0]);
  if (user !== undefined) return userId(user.name, user.server);
  return userId(name, stage.scenario.cast.servers[0] ?? 'example.org');
};

/** Where a device gets its mail, also one that is not there yet. */
export const addressOf = (
  stage: Stage,
  world: World,
  player: PlayerId,
): { readonly user: string; readonly device: string } => {
  const me = world.devices[player]?.store.me;
  return { user: me?.user ?? userOf(stage, player), device: me?.device ?? deviceId(player.split('.')[1] ?? '') };
};
