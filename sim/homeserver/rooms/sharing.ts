/**
 * Whose device lists concern whom: those of everybody with whom one shares an encrypted room ("Extensions to /sync",
 * device lists).
 */
import type { UserId } from '../../../machines/types.ts';
import { at, isLocal, tellOfChange, tellOfDeparture } from '../state.ts';
import type { Homeserver, RoomEvent, RoomId, RoomState } from '../types.ts';
import { isEncrypted, membershipOf, usersWith } from './state.ts';

/** Whether two users are in an encrypted room together; `except` is not looked at. */
export const shareEncryptedRoom = (server: Homeserver, one: UserId, other: UserId, except?: RoomId): boolean =>
  Object.entries(server.rooms).some(
    ([roomId, { state }]) =>
      roomId !== except &&
      membershipOf(state, one) === 'join' &&
      membershipOf(state, other) === 'join' &&
      isEncrypted(state),
  );

/** Tells users here whom they share an encrypted room with now and did not before, and whom no more. */
export const tellOfCompany = (
  server: Homeserver,
  roomId: RoomId,
  before: RoomState,
  after: RoomState,
  event: RoomEvent,
): Homeserver => {
  if (event.type !== 'm.room.member' && event.type !== 'm.room.encryption') return server;
  const inIt = (state: RoomState): readonly UserId[] => (isEncrypted(state) ? usersWith(state, 'join') : []);
  const was = inIt(before);
  const is = inIt(after);
  const together = (users: readonly UserId[]) => (one: UserId, other: UserId) =>
    users.includes(one) && users.includes(other);
  const all = [...new Set([...was, ...is])].sort();
  const pairs = all
    .filter((one) => isLocal(server, one) && at(server.users, one) !== undefined)
    .flatMap((one) => all.filter((other) => other !== one).map((other) => [one, other] as const))
    .filter(([one, other]) => together(was)(one, other) !== together(is)(one, other))
    .filter(([one, other]) => !shareEncryptedRoom(server, one, other, roomId));
  return pairs.reduce(
    (now, [one, other]) => (together(is)(one, other) ? tellOfChange : tellOfDeparture)(now, one, other),
    server,
  );
};
