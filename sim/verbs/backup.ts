/** Key backups: made, deleted, fetched, looked up, turned on and off. */

import * as account from '../attackers/account.ts';
import { plantBackup } from '../attackers/server.ts';
import type { Signer } from '../attackers/signing.ts';
import { userOf } from '../engine/acting.ts';
import type { Act } from '../engine/types.ts';
import { asClient, devices, lyingServer } from './actors.ts';
import { oneOf, optional, user, word } from './arguments.ts';
import { arg, tells } from './telling.ts';
import { del, form, get, post, put, verb, verbOf } from './verb.ts';

const signerOf = (act: Act): Signer | null => {
  const signer = arg(act, 'signed by');
  return signer === 'device' || signer === 'master' ? signer : null;
};

const signer = optional(oneOf('device', 'master'));

export const createBackup = verbOf(
  'create backup',
  form(['device'], 'Makes a backup key and a backup version.', {
    asks: [post('room_keys/version')],
    does: tells({ type: 'user.create backup' }),
  }),
  form(asClient, 'Makes a backup version of its own key in the account.', {
    more: { 'signed by': signer },
    asks: [post('room_keys/version')],
    isUsualMove: true,
    does: (stage, world, act) => account.createBackup(stage, world, act.who, signerOf(act)),
  }),
  form(lyingServer, 'Puts a backup version of its own key into an account.', {
    takes: optional(word('a name for it', 'mine')),
    more: { of: user, 'signed by': signer },
    ofServer: ['of'],
    isUsualMove: true,
    does: (stage, world, act) => plantBackup(stage, world, act.who, userOf(stage, arg(act, 'of')), signerOf(act)),
  }),
);

export const resetBackup = verb('reset backup', devices, 'Deletes the backup, and makes a new one with a new key.', {
  asks: [post('room_keys/version')],
  does: tells({ type: 'user.reset backup' }),
});

export const deleteBackup = verbOf(
  'delete backup',
  form(['device'], 'Deletes the backup.', {
    asks: [del('room_keys/version')],
    does: tells({ type: 'user.delete backup' }),
  }),
  form(asClient, 'Deletes the backup of the account.', {
    asks: [del('room_keys/version')],
    isUsualMove: true,
    does: (stage, world, act) => account.deleteBackup(stage, world, act.who),
  }),
);

export const restoreBackup = verb('restore backup', devices, 'Fetches the backup, and keeps the room keys it opens.', {
  asks: [get('room_keys/keys')],
  does: tells({ type: 'user.restore backup' }),
});

/** That there is none refuses nobody: it was looked up. */
export const checkBackup = verb('check backup', devices, 'Looks up which backup there is, and whether to trust it.', {
  takesServer: true,
  does: tells({ type: 'user.check backup' }),
});

export const turnBackupOn = verb(
  'turn backup on',
  ['device'],
  'Its person turns key backup on: the one there is, or a new one.',
  {
    asks: [post('room_keys/version'), put('account_data')],
    mayAskNothing: true,
    does: tells({ type: 'user.turn backup on' }),
  },
);

export const turnBackupOff = verb('turn backup off', ['device'], 'Its person turns key backup off.', {
  asks: [del('room_keys/version'), put('account_data')],
  does: tells({ type: 'user.turn backup off' }),
});
