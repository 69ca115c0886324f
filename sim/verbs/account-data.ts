import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { asks, handOf } from '../attackers/forging.ts';
import type { Perform } from '../engine/acting.ts';
import { deviceOf } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { after, noting, quiet } from '../engine/world.ts';
import { withToken } from './actors.ts';
import { accountData, content } from './arguments.ts';
import { arg, contentIn, first, shared } from './telling.ts';
import { put, verb } from './verb.ts';

/** Another client of the user, of which nothing else is told, writes account data in this device's name. */
const sets: Perform = (stage, world, act) => {
  const { me } = deviceOf(world, act.who).store;
  const detail = { type: first(act), content: arg(act, 'content') };
  const acted = noting(quiet(world), { kind: 'acted', player: act.who, what: act.verb, detail });
  return after(acted, (now) =>
    call(stage, now, act.who, me.server, {
      accessToken: me.accessToken,
      method: 'PUT',
      path: paths.accountData(me.user, first(act)),
      body: JSON.parse(arg(act, 'content')) as Json,
    }),
  );
};

export const setAccountData = verb('set account data', {
  by: ['device', ...withToken],
  text: 'Writes account data of a type, as another client of the user would.',
  takes: accountData,
  more: { content },
  asks: [put('account_data')],
  does: shared((stage, world, act) => {
    const hand = handOf(world, act.who);
    if (hand === undefined) return quiet(world);
    const body = contentIn(arg(act, 'content')) ?? {};
    return asks(stage, world, hand.player, 'PUT', paths.accountData(hand.me.user, first(act)), { body });
  }, sets),
});
