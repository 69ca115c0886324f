/**
 * What the operator of a homeserver can do to the files on it. Sealed files are opaque to them, but for what they can guess: a
 * key bundle begins as every other, and the names in its first entry are those that the room's events bear too.
 */

import { MEGOLM_ALGORITHM } from '../../machines/algorithms.ts';
import { stringAt } from '../../machines/json.ts';
import { base64 } from '../crypto/real/base64.ts';
import { utf8 } from '../crypto/real/bytes.ts';
import type { Stage } from '../engine/stage.ts';
import type { PlayerId } from '../engine/types.ts';
import { noting, type Progress, quiet, type World, withServer } from '../engine/world.ts';
import { expireMedia } from '../homeserver/media.ts';
import * as rooms from '../homeserver/rooms/tamper.ts';
import * as tamper from '../homeserver/tamper.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { publicKeys } from './bundles.ts';
import { forged, serverOf } from './forging.ts';

/** All files of the server are gone. */
export const expire = (world: World, name: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  return noting(
    quiet(withServer(world, at, expireMedia(server, world.now))),
    forged(name, at, null, 'lets all files be gone', null, null),
  );
};

/** The file that an operator lays hands on: the latest that is still given out. */
export const latestFile = (server: Homeserver, nowMs: number): string | undefined =>
  tamper.fileIds(server).findLast((id) => tamper.isServed(server, id, nowMs));

/** What stands in the place of a file that was replaced. */
export const otherFile = base64(utf8('something else'));

/** Puts something else in the place of the latest file. */
export const replace = (world: World, name: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const id = latestFile(server, world.now);
  const before = id === undefined ? null : tamper.fileData(server, id);
  return id === undefined || before === otherFile
    ? quiet(world)
    : noting(
        quiet(withServer(world, at, tamper.setFile(server, id, otherFile))),
        forged(name, at, null, `puts another file in the place of ${id}`, before, otherFile),
      );
};

/** What an operator takes a bundle to begin with: up to the key of the device that made its first session. */
const beginning = (room: string): string =>
  `{"room_keys":[{"algorithm":"${MEGOLM_ALGORITHM}","room_id":"${room}","sender_key":"`;

/** The rooms of a server with the sender of the first sealed event in each: of that session a bundle speaks first. */
export const guesses = (server: Homeserver): readonly { readonly room: string; readonly senderKey: string }[] =>
  rooms.roomIds(server).flatMap((room) => {
    const first = rooms.timeline(server, room).find(({ type }) => type === 'm.room.encrypted');
    const senderKey = stringAt(first?.content, 'sender_key');
    return senderKey === undefined ? [] : [{ room, senderKey }];
  });

/**
 * Bends the latest file, which is taken for a bundle of `room`, without its key: its first session is then said to be made by
 * `owner`'s device. A wrong guess makes nonsense of it.
 */
export const bend = (stage: Stage, world: World, name: PlayerId, room: string, owner: PlayerId): Progress => {
  const { at, server } = serverOf(world, name);
  const id = latestFile(server, world.now);
  const before = id === undefined ? null : tamper.fileData(server, id);
  const guess = guesses(server).find((one) => one.room === room);
  if (id === undefined || before === null || guess === undefined) return quiet(world);
  const to = publicKeys(world, owner).curve25519;
  const bent = stage.suite.attachmentBend(before, beginning(room).length, guess.senderKey, to);
  return bent === null || bent === before
    ? quiet(world)
    : noting(
        quiet(withServer(world, at, tamper.setFile(server, id, bent))),
        forged(name, at, null, `bends ${id}, so that its first session is one of ${owner}`, before, bent),
      );
};
