/** Room keys: begun, written to a file and read from one, forwarded. */
import type { Json } from '../../machines/json.ts';
import { tellDevice } from '../engine/loop.ts';
import { deviceId } from '../engine/names.ts';
import { deviceNameIn } from '../engine/player.ts';
import { after } from '../engine/world.ts';
import { devices, people } from './actors.ts';
import { device, ownDevice, room } from './arguments.ts';
import { whyAbsent } from './being-there.ts';
import { first, tells, withHand } from './telling.ts';
import { letter, verb } from './verb.ts';

export const startRoomKey = verb('start room key', {
  by: devices,
  text: 'Begins a room key, which goes to the backup.',
  takes: room,
  does: tells((_stage, act) => ({ type: 'user.start room key', room: first(act) })),
});

export const exportRoomKeys = verb('export room keys', {
  by: people,
  text: 'Writes the room keys it has to a file.',
  does: tells({ type: 'user.export room keys' }),
});

/** A file of room keys goes from one device to another by hand: what the one exports, the other imports. */
export const importRoomKeys = verb('import room keys', {
  by: people,
  text: 'Reads a file of room keys that another device exports.',
  takes: device,
  cannot: (_stage, world, act) => whyAbsent(world, first(act)),
  does: withHand((stage, world, act, player) => {
    const exported = tellDevice(stage, world, first(act), { type: 'user.export room keys' });
    const keys = exported.moments.flatMap((moment): readonly Json[] =>
      moment.kind === 'shown' && moment.notice.about === 'room keys exported' && Array.isArray(moment.notice.keys)
        ? moment.notice.keys
        : [],
    );
    return after(exported, (now) => tellDevice(stage, now, player, { type: 'user.import room keys', keys }));
  }),
});

export const forwardRoomKeys = verb('forward room keys', {
  by: people,
  text: 'Forwards the room keys it has to another own device.',
  takes: ownDevice,
  asks: [letter],
  does: tells((_stage, act) => ({
    type: 'user.forward room keys',
    device: deviceId(deviceNameIn(first(act)) ?? first(act)),
  })),
});
