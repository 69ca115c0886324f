/** What the operator of a homeserver can tell of the files on it, and that all of them can be gone. */
import { stringAt } from '../../machines/json.ts';
import type { Perform } from '../engine/acting.ts';
import { expireMedia } from '../homeserver/media.ts';
import * as rooms from '../homeserver/rooms/tamper.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { lied, serverOf } from './forging.ts';
import type { InRoom } from './spots.ts';

/** All files of the server are gone. */
export const expires: Perform = (_stage, world, { who }) =>
  lied(world, who, 'lets all files be gone', { server: expireMedia(serverOf(world, who).server, world.now) });

/** The file that an operator lays hands on: the latest that is still given out. */
export const latestFile = (server: Homeserver, nowMs: number): string | undefined =>
  tamper.fileIds(server).findLast((id) => tamper.isServed(server, id, nowMs));

/** The rooms of a server with the sender of the first sealed event in each: of that session a bundle speaks first. */
export const guesses = (server: Homeserver): readonly { readonly room: string; readonly senderKey: string }[] =>
  rooms.roomIds(server).flatMap((room) => {
    const first = rooms.timeline(server, room).find(({ type }) => type === 'm.room.encrypted');
    const senderKey = stringAt(first?.content, 'sender_key');
    return senderKey === undefined ? [] : [{ room, senderKey }];
  });

/**
 * Whether files matter, as they do as long as somebody may still ask for one, and this is where they are laid hands on: in the room that
 * was spoken in first.
 */
export const isFirst = ({ world, server, room }: InRoom): boolean =>
  latestFile(server, world.now) !== undefined && guesses(server)[0]?.room === room;
