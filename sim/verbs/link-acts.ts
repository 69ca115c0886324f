/** What goes wrong between servers: transactions and questions that are lost, refused, late, or come twice. */
import { arg, first, type Perform } from '../engine/acting.ts';
import { delivers } from '../engine/federating.ts';
import type { Act, PlayerId } from '../engine/types.ts';
import { quiet, type Trouble, type World, withServer } from '../engine/world.ts';
import { heldUpFor, holdingUp } from '../homeserver/federation/links.ts';

const about = (act: Act): Pick<Trouble, 'about'> => (arg(act, 'about') === '' ? {} : { about: arg(act, 'about') });

const sending = (how: Trouble['how'], act: Act): Trouble => ({
  player: act.who,
  to: first(act),
  endpoint: 'send',
  how,
  ...about(act),
});

const arms =
  (how: Trouble['how']): Perform =>
  (_stage, world, act) =>
    quiet({ ...world, troubles: [...world.troubles, sending(how, act)] });

/** The same as an accident of free play, which strikes what waits now. */
const strikes =
  (how: Trouble['how']): Perform =>
  (stage, world, act) =>
    delivers(
      stage,
      { ...world, troubles: [{ player: act.who, to: arg(act, 'to'), endpoint: 'send', how }, ...world.troubles] },
      { from: act.who, to: arg(act, 'to') },
    );

const holds =
  (isHeldUp: boolean): Perform =>
  (_stage, world, act) => {
    const server = world.servers[act.who];
    return server === undefined || heldUpFor(server, first(act)) === isHeldUp
      ? quiet(world)
      : quiet(withServer(world, act.who, holdingUp(server, first(act), isHeldUp)));
  };

const keepsDeviceLists: Perform = (_stage, world, act) => {
  const server = world.servers[act.who];
  if (server === undefined) return quiet(world);
  const settings = { ...server.settings, keepsDeviceLists: true as const };
  return quiet(withServer(world, act.who, { ...server, settings }));
};

/** Trouble with a request: of a device with its server, or of a server with the one that acts. */
export const troubleOf = (world: World, how: 'fail' | 'lose' | 'repeat', act: Act): Trouble => {
  const player: PlayerId = arg(act, 'for');
  const endpoint = first(act);
  return { player, endpoint, how, ...(world.servers[player] === undefined ? {} : { to: act.who }) };
};

/** Verb → what it does. */
export const linkActs: Readonly<Record<string, Perform>> = {
  'lose transaction to': arms('gone'),
  'hold transactions to': holds(true),
  'release transactions to': holds(false),
  'keep device lists': keepsDeviceLists,
  'lose a transaction': strikes('gone'),
  'refuse a transaction': strikes('fail'),
};
