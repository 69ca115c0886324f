/** What the person of a client may do, as a client is told it (`docs/clients.md`): no act of another name is ever asked for. */
import type { BareAct } from '../../../machines/events.ts';

type OfPerson<T extends string> = T extends `user.${infer Name}` ? Name : never;
/** Opening a client comes down to looking people up; `restart`: it keeps something to come up from. */
type ActName = Exclude<OfPerson<BareAct['type']>, 'start'> | 'look up' | 'restart';

const names: Readonly<Record<ActName, true>> = {
  accepts: true,
  ban: true,
  'check backup': true,
  'confirms invite': true,
  'confirms sharing': true,
  'create backup': true,
  'create room': true,
  decline: true,
  'declines invite': true,
  'declines sharing': true,
  'delete backup': true,
  'enters secret': true,
  'export room keys': true,
  'forward room keys': true,
  'import room keys': true,
  invite: true,
  'invite by mail': true,
  join: true,
  kick: true,
  knock: true,
  leave: true,
  'look up': true,
  'push secret': true,
  refuses: true,
  'request secret': true,
  'reset backup': true,
  'reset cross-signing': true,
  restart: true,
  'restore backup': true,
  'scroll back': true,
  send: true,
  'set history': true,
  'set up cross-signing': true,
  'start room key': true,
  'turn backup off': true,
  'turn backup on': true,
  unban: true,
  verified: true,
  verifies: true,
  'verifies user': true,
};
export const actNames: readonly string[] = Object.keys(names);
