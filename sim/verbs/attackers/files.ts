/**
 * What the operator of a homeserver can do to the files on it. Sealed files are opaque to them, but for what they can guess: a
 * key bundle begins as every other, and the names in its first entry are those that the room's events bear too.
 */

import { MEGOLM_ALGORITHM } from '../../../machines/algorithms.ts';
import { publicKeys } from '../../attackers/bundles.ts';
import { guesses, isFirst, latestFile } from '../../attackers/files.ts';
import { lied, serverOf } from '../../attackers/forging.ts';
import { playersIn, type Spot } from '../../attackers/spots.ts';
import { base64 } from '../../crypto/real/base64.ts';
import { utf8 } from '../../crypto/real/bytes.ts';
import { quiet } from '../../engine/world.ts';
import * as tamper from '../../homeserver/tamper.ts';
import { lyingServer } from '../actors.ts';
import { device, inRoom } from '../arguments.ts';
import { whyNoRoom } from '../being-there.ts';
import { arg, first } from '../telling.ts';
import { verb } from '../verb.ts';

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
