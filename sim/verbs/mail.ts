/** What people do who know each other by address only ("Third-party invites"). */
import { identityServer, paths } from '../../machines/paths.ts';
import { deviceOf } from '../engine/loop.ts';
import { call } from '../engine/network.ts';
import { after, noting, quiet } from '../engine/world.ts';
import { people } from './actors.ts';
import { inRoom, word } from './arguments.ts';
import { arg, first, tells, withHand } from './telling.ts';
import { post, verb } from './verb.ts';

const mail = word('an e-mail address', 'bob@example.com');

export const inviteByMail = verb('invite by mail', {
  by: people,
  text: 'Asks into a room whoever an e-mail address turns out to belong to.',
  takes: mail,
  more: { to: inRoom },
  asks: [post('invite')],
  does: tells((_stage, act) => ({ type: 'user.invite by mail', room: arg(act, 'to'), address: first(act) })),
});

/** In the settings of their account, of which no chart knows: the client's part in it is this request. */
export const bindMail = verb('bind mail', {
  by: people,
  text: 'Has an e-mail address bound to their account: whoever asked it in on that homeserver has asked in them.',
  takes: mail,
  asks: [post('account/3pid/bind')],
  does: withHand((stage, world, act, player) => {
    const { user, server, accessToken } = deviceOf(world, player).store.me;
    const detail = { address: first(act) };
    return after(noting(quiet(world), { kind: 'acted', player, what: act.verb, detail }), (now) =>
      call(stage, now, player, server, {
        accessToken,
        method: 'POST',
        path: paths.bindAddress,
        body: { ...identityServer, client_secret: `secret of ${user}`, sid: first(act) },
      }),
    );
  }),
});
