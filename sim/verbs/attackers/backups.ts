/** What attackers read in backups, and servers lie about them. */
import { asClient, lyingServer } from '../actors.ts';
import { type Arg, device, oneOf, user } from '../arguments.ts';
import { attackers } from '../telling.ts';
import { form, get, type Verb, verb, verbOf } from '../verb.ts';

const reads = 'Fetches the backup, opens what its keys open, and keeps the rest.';
const reading = { isUsualMove: true, does: attackers('read backup') };
/** A server's operator looks at what lies there, and asks for nothing. */
export const readBackup = verbOf(
  'read backup',
  form(asClient, reads, { ...reading, asks: [get('room_keys/keys')] }),
  form(lyingServer, reads, reading),
);

const ofOne = (name: string, text: string, takes: Arg, isUsualMove = false): Verb =>
  verb(name, lyingServer, text, { takes, ofServer: [name], isUsualMove, does: attackers(name) });

export const swapEntriesOf = ofOne(
  'swap entries of',
  "Files two room keys of a user's backup under each other's ids.",
  user,
);
export const giveBackupNumberAgain = ofOne(
  'give backup number again',
  'Forgets the number of the newest backup of a user: the next bears it again.',
  user,
);
export const hideBackup = ofOne('hide backup', 'Shows a device an older backup version, or none.', device, true);
export const showBackup = ofOne('show backup', 'Shows a device the newest backup version again.', device, true);
export const bringBackBackup = ofOne(
  'bring back backup',
  'Puts the backup version that a user deleted last back into their account.',
  user,
);

export const showEntries = verb(
  'show entries',
  lyingServer,
  'Shows a device no entries of the backup, or only the old ones.',
  {
    takes: oneOf('none', 'old'),
    more: { to: device },
    ofServer: ['to'],
    does: attackers('show entries'),
  },
);
