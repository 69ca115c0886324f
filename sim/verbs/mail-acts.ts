/** What people do who know each other by address only ("Third-party invites"). */
import { identityServer, paths } from '../../machines/paths.ts';
import { arg, first, type Perform, refused } from '../engine/acting.ts';
import { named } from '../engine/names.ts';
import { call } from '../engine/network.ts';
import { after, noting, quiet } from '../engine/world.ts';
import { deviceInHand, tells } from './room-acts.ts';

/** In the settings of their account, of which no chart knows: the client's part in it is this request. */
const bindsMail: Perform = (stage, world, act) => {
  const player = deviceInHand(stage, world, act.who);
  const me = player === null ? undefined : named(world.devices, player)?.store.me;
  if (player === null || me === undefined) return refused(quiet(world), act, `${act.who} has no device at hand`);
  const detail = { address: first(act) };
  return after(noting(quiet(world), { kind: 'acted', player, what: act.verb, detail }), (now) =>
    call(stage, now, player, me.server, {
      accessToken: me.accessToken,
      method: 'POST',
      path: paths.bindAddress,
      body: { ...identityServer, client_secret: `secret of ${me.user}`, sid: first(act) },
    }),
  );
};

/** Verb → what it does. */
export const mailActs: Readonly<Record<string, Perform>> = {
  'invite by mail': tells((_stage, act) => ({
    type: 'user.invite by mail',
    room: arg(act, 'to'),
    address: first(act),
  })),
  'bind mail': bindsMail,
};
