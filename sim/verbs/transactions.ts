/** What servers send each other: sent, held, lost, refused. */
import type { Perform } from '../engine/acting.ts';
import { delivers } from '../engine/federating.ts';
import { quiet, type Trouble, withServer } from '../engine/world.ts';
import { heldUpFor, holdingUp } from '../homeserver/federation/links.ts';
import { between, optional, otherServer } from './arguments.ts';
import { arg, first } from './telling.ts';
import { accident, verb } from './verb.ts';

export const deliverTo = verb('deliver to', {
  by: ['server'],
  text: 'Sends another server the next of what waits for it, also of what is held.',
  takes: otherServer,
  does: (stage, world, act) => delivers(stage, world, { from: act.who, to: first(act) }),
});

export const loseTransactionTo = verb('lose transaction to', {
  by: ['server'],
  text: 'The next it sends another server never arrives, and is sent no more.',
  takes: otherServer,
  more: { about: optional(between) },
  laid: (act, { how, player, to, about }) =>
    how === 'gone' && act.who === player && first(act) === to && act.args.about === about,
  does: (_stage, world, act) => {
    const about = arg(act, 'about') === '' ? {} : { about: arg(act, 'about') };
    const trouble: Trouble = { player: act.who, to: first(act), endpoint: 'send', how: 'gone', ...about };
    return quiet({ ...world, troubles: [...world.troubles, trouble] });
  },
});

const holds =
  (isHeldUp: boolean): Perform =>
  (_stage, world, act) => {
    const server = world.servers[act.who];
    return server === undefined || heldUpFor(server, first(act)) === isHeldUp
      ? quiet(world)
      : quiet(withServer(world, act.who, holdingUp(server, first(act), isHeldUp)));
  };

export const holdTransactionsTo = verb('hold transactions to', {
  by: ['server'],
  text: 'Sends another server nothing, until they are released: what waits is late.',
  takes: otherServer,
  does: holds(true),
});

export const releaseTransactionsTo = verb('release transactions to', {
  by: ['server'],
  text: 'Sends another server what it held, and what comes.',
  takes: otherServer,
  does: holds(false),
});

/** An accident strikes what waits now. */
const strikes =
  (how: Trouble['how']): Perform =>
  (stage, world, act) => {
    const trouble: Trouble = { player: act.who, to: arg(act, 'to'), endpoint: 'send', how };
    const troubled = { ...world, troubles: [trouble, ...world.troubles] };
    return delivers(stage, troubled, { from: act.who, to: arg(act, 'to') });
  };

export const loseTransaction = accident('lose a transaction', {
  name: 'lost transaction',
  text: 'What one server sends another never arrives, and is sent no more.',
  strikes: 'transaction',
  does: strikes('gone'),
});
export const refuseTransaction = accident('refuse a transaction', {
  name: 'refused transaction',
  text: 'What one server sends another is refused, and waits on.',
  strikes: 'transaction',
  does: strikes('fail'),
});
