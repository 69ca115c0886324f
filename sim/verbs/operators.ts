/** What operators set at their servers, and do with files. */
import { sameJson } from '../../machines/json.ts';
import { expires, isFirst } from '../attackers/files.ts';
import type { Perform } from '../engine/acting.ts';
import { named } from '../engine/names.ts';
import type { Act } from '../engine/types.ts';
import { quiet, withServer } from '../engine/world.ts';
import { expireMedia as expired } from '../homeserver/media.ts';
import type { Homeserver } from '../homeserver/types.ts';
import { lyingServer } from './actors.ts';
import { word } from './arguments.ts';
import { first, shared } from './telling.ts';
import { verb } from './verb.ts';

const changing =
  (change: (server: Homeserver, act: Act, nowMs: number) => Homeserver): Perform =>
  (_stage, world, act) => {
    const server = named(world.servers, act.who);
    const changed = server === undefined ? undefined : change(server, act, world.now);
    return quiet(changed === undefined || changed === server ? world : withServer(world, act.who, changed));
  };
const setting = (set: (act: Act) => Partial<Homeserver['config']>): Perform =>
  changing((server, act) => {
    const config = { ...server.config, ...set(act) };
    return sameJson(server.config, config) ? server : { ...server, config };
  });

export const keepDeviceLists = verb('keep device lists', {
  by: ['server'],
  text: 'Answers for users of other servers out of its own copy, until their servers tell it of a change. It asks them each time otherwise.',
  does: setting(() => ({ keepsDeviceLists: true })),
});

export const expireMedia = verb('expire media', {
  by: ['server', ...lyingServer],
  text: 'All its files are gone.',
  isUsualMove: true,
  offers: { room: (spot) => (isFirst(spot) ? [{}] : []) },
  does: shared(
    expires,
    changing((server, _act, nowMs) => expired(server, nowMs)),
  ),
});

export const limitUploads = verb('limit uploads', {
  by: ['server'],
  text: 'Takes no larger files than this, in bytes.',
  takes: { is: 'count', max: 100_000_000 },
  does: setting((act) => ({ uploadBytesMax: Number(act.args[act.verb]) })),
});

export const keepMediaAt = verb('keep media at', {
  by: ['server'],
  text: 'Has its files with another media repository, under whose name they go.',
  takes: word('a server name', 'media.example'),
  does: setting((act) => ({ mediaName: first(act) })),
});
