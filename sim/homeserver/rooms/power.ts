/** Power levels ("m.room.power_levels"): who may do what in a room. */
import { type JsonObject, objectAt } from '../../../machines/json.ts';
import type { UserId } from '../../../machines/types.ts';
import type { RoomEvent, RoomState } from '../types.ts';
import { stateEvent } from './state.ts';

const defaults = { ban: 50, kick: 50, redact: 50, invite: 0, state_default: 50, events_default: 0, users_default: 0 };
export type Action = keyof typeof defaults;

const numberAt = (object: JsonObject, key: string): number | undefined => {
  const found = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof found === 'number' ? found : undefined;
};
const levelsOf = (state: RoomState): JsonObject => stateEvent(state, 'm.room.power_levels')?.content ?? {};

/** The level that an action takes. */
export const levelFor = (state: RoomState, action: Action): number =>
  numberAt(levelsOf(state), action) ?? defaults[action];

/** A user's level. While no levels are set, whoever made the room has 100. */
export const levelOf = (state: RoomState, userId: UserId): number =>
  stateEvent(state, 'm.room.power_levels') === undefined
    ? stateEvent(state, 'm.room.create')?.sender === userId
      ? 100
      : 0
    : (numberAt(objectAt(levelsOf(state), 'users'), userId) ?? levelFor(state, 'users_default'));

/** The level that it takes to send an event of this type. */
export const levelToSend = (state: RoomState, event: { readonly type: string; readonly state_key?: string }): number =>
  numberAt(objectAt(levelsOf(state), 'events'), event.type) ??
  levelFor(state, event.state_key === undefined ? 'events_default' : 'state_default');

/** Nobody gives or takes a level above their own, nor touches the level of another who is their equal. */
export const mayChangeLevels = (state: RoomState, event: RoomEvent): boolean => {
  const mine = levelOf(state, event.sender);
  const before = levelsOf(state);
  const changes = (one: JsonObject, other: JsonObject): readonly string[] =>
    [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
      (key) => numberAt(one, key) !== numberAt(other, key),
    );
  const within = (one: JsonObject, other: JsonObject) => (key: string) =>
    (numberAt(one, key) ?? 0) <= mine && (numberAt(other, key) ?? 0) <= mine;
  const users = [objectAt(before, 'users'), objectAt(event.content, 'users')] as const;
  const events = [objectAt(before, 'events'), objectAt(event.content, 'events')] as const;
  return (
    changes(before, event.content).every(within(before, event.content)) &&
    changes(...events).every(within(...events)) &&
    changes(...users).every(
      (user) => within(...users)(user) && (user === event.sender || (numberAt(users[0], user) ?? 0) < mine),
    )
  );
};
