/** What a homeserver shows of account data that nobody has written. */
import { paths } from '../../../machines/paths.ts';
import { about, isVeiled, laid } from '../../attackers/equivocation.ts';
import { lied, serverOf } from '../../attackers/forging.ts';
import { addressOf, type Perform } from '../../engine/acting.ts';
import type { Veil } from '../../engine/world.ts';
import { accountData as accountDataAt, accountDataTypes } from '../../homeserver/tamper.ts';
import { lyingServer } from '../actors.ts';
import { accountData, content, device, optional } from '../arguments.ts';
import { arg, contentIn, first } from '../telling.ts';
import { verb } from '../verb.ts';

/** From now on a device is shown that content, or that there is none: also one that is not logged in yet. */
const showsAccountData: Perform = (stage, world, act) => {
  const [type, to, shown] = [first(act), arg(act, 'to'), contentIn(arg(act, 'content'))];
  const { user } = addressOf(stage, world, to);
  const lie = { player: to, about: about.accountData(type), method: 'GET' };
  const at = ['account_data', 'events', type];
  const answer =
    shown === null
      ? { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'Account data not found' } }
      : { status: 200, body: shown };
  const asked: Veil = { ...lie, path: paths.accountData(user, type), ...answer };
  const edit = shown === null ? { at } : { at: [...at, 'content'], put: shown };
  const told = laid(laid(world, asked), { ...lie, path: paths.sync, edits: [edit] });
  const before = accountDataAt(serverOf(world, act.who).server, user, type);
  const what = `shows other account data of type ${type}`;
  return lied(told, act.who, what, { to, before, after: shown, accountData: type });
};

export const showAccountData = verb('show account data', {
  by: lyingServer,
  text: 'Shows a device other account data of a type, or none.',
  takes: accountData,
  more: { to: device, content: optional(content) },
  isAheadOfTime: true,
  ofServer: ['to'],
  offers: {
    device: ({ stage, world, server, device: to }) =>
      accountDataTypes(server, addressOf(stage, world, to).user).flatMap((type) =>
        isVeiled(world, to, about.accountData(type)) ? [] : [{ 'show account data': type, to }],
      ),
  },
  does: showsAccountData,
});
