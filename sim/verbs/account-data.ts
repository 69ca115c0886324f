import type { Json } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import * as account from '../attackers/account.ts';
import * as equivocation from '../attackers/equivocation.ts';
import type { Perform } from '../engine/acting.ts';
import { addressOf } from '../engine/acting.ts';
import { deviceOf } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { after, noting, quiet } from '../engine/world.ts';
import { lyingServer } from './actors.ts';
import { accountData, content, device, optional } from './arguments.ts';
import { arg, contentIn, first, shared } from './telling.ts';
import { put, verb } from './verb.ts';

const showsAccountData: Perform = (stage, world, act) => {
  const content = contentIn(arg(act, 'content'));
  return equivocation.showAccountData(
    world,
    act.who,
    arg(act, 'to'),
    addressOf(stage, world, arg(act, 'to')).user,
    first(act),
    content,
  );
};

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

export const setAccountData = verb(
  'set account data',
  ['device', 'stolen-token', 'stolen-device'],
  'Writes account data of a type, as another client of the user would.',
  {
    takes: accountData,
    more: { content },
    asks: [put('account_data')],
    does: shared(
      (stage, world, act) =>
        account.setAccountData(stage, world, act.who, first(act), contentIn(arg(act, 'content')) ?? {}),
      sets,
    ),
  },
);

export const showAccountData = verb(
  'show account data',
  lyingServer,
  'Shows a device other account data of a type, or none.',
  {
    takes: accountData,
    more: { to: device, content: optional(content) },
    isAheadOfTime: true,
    ofServer: ['to'],
    does: showsAccountData,
  },
);
