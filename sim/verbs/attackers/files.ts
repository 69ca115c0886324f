/**
 * What the operator of a homeserver can do to the files on it. Sealed files are opaque to them, but for what they can guess: a
 * key bundle begins as every other, and the names in its first entry are those that the room's events bear too.
 */

import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { stringAt } from '../../../machines/json.ts';
import { publicKeys } from '../../attackers/bundles.ts';
import { lied, serverOf } from '../../attackers/forging.ts';
import { type InRoom, playersIn, type Spot } from '../../attackers/spots.ts';
import { base64 } from '../../crypto/real/base64.ts';
import { utf8 } from '../../crypto/real/bytes.ts';
import type { Perform } from '../../engine/acting.ts';
import { quiet } from '../../engine/world.ts';
import { expireMedia } from '../../homeserver/media.ts';
import * as rooms from '../../homeserver/rooms/tamper.ts';
import * as tamper from '../../homeserver/tamper.ts';
import type { Homeserver } from '../../homeserver/types.ts';
import { lyingServer } from '../actors.ts';
import { device, inRoom } from '../arguments.ts';
import { whyNoRoom } from '../being-there.ts';
import { arg, first } from '../telling.ts';
import { verb } from '../verb.ts';

/** All files of the server are gone. */
export const expires: Perform = (_stage, world, { who }) =>
  lied(world, who, 'lets all files be gone', { server: expireMedia(serverOf(world, who).server, world.now) });

/** The file that an operator lays hands on: the latest that is still given out. */
const latestFile = (server: Homeserver, nowMs: number): string | undefined =>
  tamper.fileIds(server).findLast((id) => tamper.isServed(server, id, nowMs));

/** What stands in the place of a file that was replaced. */
const otherFile = base64(utf8('something else'));

/** Whether that has been done to the latest. */
const isReplaced = ({ world, server }: Spot): boolean => {
  const id = latestFile(server, world.now);
  return id !== undefined && tamper.fileData(server, id) === otherFile;
};

/** What an operator takes a bundle to begin with: up to the key of the device that made its first session. */
const beginning = (room: string): string =>
  `{"room_keys":[{"algorithm":"${MEGOLM_ALGORITHM}","room_id":"${room}","sender_key":"`;

/** The rooms of a server with the sender of the first sealed event in each: of that session a bundle speaks first. */
const guesses = (server: Homeserver): readonly { readonly room: string; readonly senderKey: string }[] =>
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

export const replaceMedia = verb('replace media', {
  by: lyingServer,
  text: 'Puts another file in the place of the latest.',
  isUsualMove: true,
  offers: { room: (spot) => (isFirst(spot) && !isReplaced(spot) ? [{}] : []) },
  does: (_stage, world, { who }) => {
    const { server } = serverOf(world, who);
    const id = latestFile(server, world.now);
    const before = id === undefined ? null : tamper.fileData(server, id);
    return id === undefined || before === otherFile
      ? quiet(world)
      : lied(world, who, `puts another file in the place of ${id}`, {
          server: tamper.setFile(server, id, otherFile),
          before,
          after: otherFile,
        });
  },
});

export const bendMedia = verb('bend media', {
  by: lyingServer,
  text: 'Bends the latest file, unopened: a key bundle then says that its first key is of that device.',
  takes: device,
  more: { in: inRoom },
  cannot: whyNoRoom,
  offers: {
    room: (spot) => {
      const { world, server, room } = spot;
      const guess = guesses(server).find((one) => one.room === room);
      if (guess === undefined || latestFile(server, world.now) === undefined) return [];
      const other = playersIn(world).find((player) => publicKeys(world, player).curve25519 !== guess.senderKey);
      return other === undefined ? [] : [{ 'bend media': other, in: room }];
    },
  },
  // The file is taken for a bundle of that room. A wrong guess makes nonsense of it.
  does: (stage, world, act) => {
    const [owner, room] = [first(act), arg(act, 'in')];
    const { server } = serverOf(world, act.who);
    const id = latestFile(server, world.now);
    const before = id === undefined ? null : tamper.fileData(server, id);
    const guess = guesses(server).find((one) => one.room === room);
    if (id === undefined || before === null || guess === undefined) return quiet(world);
    const to = publicKeys(world, owner).curve25519;
    const bent = stage.suite.attachmentBend(before, beginning(room).length, guess.senderKey, to);
    const what = `bends ${id}, so that its first session is one of ${owner}`;
    return bent === null || bent === before
      ? quiet(world)
      : lied(world, act.who, what, { server: tamper.setFile(server, id, bent), before, after: bent });
  },
});
