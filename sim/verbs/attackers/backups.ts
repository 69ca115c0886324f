/** What attackers read in backups, and servers lie about them. */

import * as account from '../../attackers/account.ts';
import * as equivocation from '../../attackers/equivocation.ts';
import { record } from '../../attackers/knowledge.ts';
import * as pairing from '../../attackers/pairing.ts';
import * as server from '../../attackers/server.ts';
import { type Perform, userOf } from '../../engine/acting.ts';
import { inTurn, quiet } from '../../engine/world.ts';
import { asClient, lyingServer } from '../actors.ts';
import { type Arg, device, oneOf, user } from '../arguments.ts';
import { arg, first } from '../telling.ts';
import { form, get, type Verb, verb, verbOf } from '../verb.ts';

const reads = 'Fetches the backup, opens what its keys open, and keeps the rest.';
/** A server's operator looks at what lies there, and asks for nothing. */
export const readBackup = verbOf(
  'read backup',
  form(asClient, reads, {
    asks: [get('room_keys/keys')],
    isUsualMove: true,
    does: (stage, world, { who }) => account.readBackup(stage, world, who),
  }),
  form(lyingServer, reads, {
    isUsualMove: true,
    does: (stage, world, { who }) =>
      inTurn(quiet(world), server.backupEntries(world, who), (now, sealed) => record(stage, now, who, sealed)),
  }),
);

const ofOne = (name: string, text: string, takes: Arg, does: Perform, isUsualMove = false): Verb =>
  verb(name, lyingServer, text, { takes, ofServer: [name], isUsualMove, does });

export const swapEntriesOf = ofOne(
  'swap entries of',
  "Files two room keys of a user's backup under each other's ids.",
  user,
  (stage, world, act) => pairing.swapEntries(world, act.who, userOf(stage, first(act))),
);
export const giveBackupNumberAgain = ofOne(
  'give backup number again',
  'Forgets the number of the newest backup of a user: the next bears it again.',
  user,
  (stage, world, act) => server.giveNumberAgain(world, act.who, userOf(stage, first(act))),
);
export const hideBackup = ofOne(
  'hide backup',
  'Shows a device an older backup version, or none.',
  device,
  (_stage, world, act) => equivocation.hideBackup(world, act.who, first(act)),
  true,
);
export const showBackup = ofOne(
  'show backup',
  'Shows a device the newest backup version again.',
  device,
  (_stage, world, act) => equivocation.showBackup(world, act.who, first(act)),
  true,
);
export const bringBackBackup = ofOne(
  'bring back backup',
  'Puts the backup version that a user deleted last back into their account.',
  user,
  (stage, world, act) => server.bringBackBackup(world, act.who, userOf(stage, first(act))),
);

export const showEntries = verb(
  'show entries',
  lyingServer,
  'Shows a device no entries of the backup, or only the old ones.',
  {
    takes: oneOf('none', 'old'),
    more: { to: device },
    ofServer: ['to'],
    does: (_stage, world, act) =>
      equivocation.showEntries(world, act.who, arg(act, 'to'), first(act) === 'old' ? 'old' : 'none'),
  },
);
