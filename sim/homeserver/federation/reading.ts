/** What comes from other servers is anything at all, until it has been read. */
import { isObject, type Json, stringAt } from '../../../machines/json.ts';
import type { RoomEvent } from '../types.ts';

/** A room event as another server sent it, with nothing beside what an event has; `null` for what is none. */
export const readEvent = (value: Json | undefined): RoomEvent | null => {
  if (!isObject(value)) return null;
  const event_id = stringAt(value, 'event_id');
  const room_id = stringAt(value, 'room_id');
  const type = stringAt(value, 'type');
  const sender = stringAt(value, 'sender');
  const state_key = stringAt(value, 'state_key');
  const { content, origin_server_ts, depth } = value;
  if (event_id === undefined || room_id === undefined || type === undefined || sender === undefined) return null;
  if (!isObject(content) || typeof origin_server_ts !== 'number' || typeof depth !== 'number') return null;
  const event = { event_id, room_id, type, sender, content, origin_server_ts, depth };
  return state_key === undefined ? event : { ...event, state_key };
};
