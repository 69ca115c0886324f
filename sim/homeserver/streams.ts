/** Sync tokens, and what a position in a user's stream has behind it. */
import type { DeviceId, UserId } from '../../machines/types.ts';
import { inboxOf, streamOf } from './state.ts';
import type { Homeserver, Place, Position } from './types.ts';

/** `s7_2`: up to 7 in the user's stream and 2 in the device's inbox. */
export const tokenOf = ({ stream, inbox }: Place): string => `s${stream}_${inbox}`;

/** Where a device is that has read everything there is. */
export const placeNow = (server: Homeserver, userId: UserId, deviceId: DeviceId): Place => ({
  stream: streamOf(server, userId).position,
  inbox: inboxOf(server, userId, deviceId).position,
});

const shape = /^s(0|[1-9][0-9]*)(?:_(0|[1-9][0-9]*))?$/;

/** The place a sync token names, whoever was given it; `null` for a text that is none. */
export const placeIn = (token: string): Place | null => {
  const [, stream = '', inbox = '0'] = shape.exec(token) ?? [];
  return stream === '' ? null : { stream: Number(stream), inbox: Number(inbox) };
};

/** The place a sync token stands for; `null` for one that this device was never given. */
export const placeOf = (server: Homeserver, userId: UserId, deviceId: DeviceId, token: string): Place | null => {
  const place = placeIn(token);
  const now = placeNow(server, userId, deviceId);
  return place !== null && place.stream <= now.stream && place.inbox <= now.inbox ? place : null;
};

/** The stream's part of a token, which is all that device list changes need; `null` for one never given to this user. */
export const streamPositionOf = (server: Homeserver, userId: UserId, token: string): Position | null => {
  const [, stream = ''] = shape.exec(token) ?? [];
  return stream !== '' && Number(stream) <= streamOf(server, userId).position ? Number(stream) : null;
};

/** Whose device lists changed after `since`, in the order in which this user first heard of them. */
export const changedSince = (server: Homeserver, userId: UserId, since: Position): readonly UserId[] =>
  Object.entries(streamOf(server, userId).deviceLists).flatMap(([changed, position]) =>
    position > since ? [changed] : [],
  );

/** With whom this user has shared no encrypted room any more since then. */
export const departedSince = (server: Homeserver, userId: UserId, since: Position): readonly UserId[] =>
  Object.entries(streamOf(server, userId).departed).flatMap(([gone, position]) => (position > since ? [gone] : []));
