/** Key backups: made, deleted, fetched, looked up, turned on and off. */

import { BACKUP_ALGORITHM } from '../../machines/algorithms.ts';
import type { JsonObject } from '../../machines/json.ts';
import { paths } from '../../machines/paths.ts';
import { makeBackupKey, withBackupVersion } from '../attackers/account.ts';
import { signingKeyOf } from '../attackers/building.ts';
import { asks, handOf, lied, serverOf } from '../attackers/forging.ts';
import { canSign, type Signer, signedAuthData } from '../attackers/signing.ts';
import { isNamed, type Spot } from '../attackers/spots.ts';
import { userOf } from '../engine/acting.ts';
import type { Stage } from '../engine/stage.ts';
import type { Act, Moment } from '../engine/types.ts';
import { after, type Progress, quiet, type World } from '../engine/world.ts';
import { addBackupVersion, currentBackupKey } from '../homeserver/tamper.ts';
import { asClient, devices, lyingServer } from './actors.ts';
import { oneOf, optional, user, word } from './arguments.ts';
import { arg, tells } from './telling.ts';
import { del, get, orGone, post, put, verb } from './verb.ts';

const signerOf = (act: Act): Signer | null => {
  const signer = arg(act, 'signed by');
  return signer === 'device' || signer === 'master' ? signer : null;
};

/** A backup version of its own; signed too, where it has a key that counts and its budget names the move. */
const creations = (spot: Spot, user: string, args: Act['args']): readonly Act['args'][] => {
  const { stage, world, attacker } = spot;
  const signers = [
    ...(canSign(spot, user) ? ['device'] : []),
    ...(signingKeyOf(stage, world, attacker.name, user, 'master') === null ? [] : ['master']),
  ];
  const signed = isNamed(spot, 'create backup') ? signers : [];
  return [args, ...signed.map((signer) => ({ ...args, 'signed by': signer }))];
};

type BackupVersion = { readonly algorithm: string; readonly auth_data: JsonObject };

/** Makes a backup key and a backup version of it, signed by nobody who counts unless it has such keys and uses them. */
const made = (
  stage: Stage,
  world: World,
  act: Act,
  user: string,
  then: (world: World, version: BackupVersion) => Progress,
): Progress => {
  const { progress, pair } = makeBackupKey(stage, world, act.who);
  return after(progress, (now) => {
    const auth_data = signedAuthData(stage, now, act.who, user, pair.public, signerOf(act));
    return then(now, { algorithm: BACKUP_ALGORITHM, auth_data });
  });
};

/** Also where no server is asked: what its person chose is kept, or the client uses another backup than before. */
const keepsChoice = (moment: Moment): boolean =>
  moment.kind === 'stored' && (moment.patch.patch === 'backup' || moment.patch.patch === 'backup preference');

const signer = optional(oneOf('device', 'master'));

export const createBackup = verb(
  'create backup',
  {
    by: ['device'],
    text: 'Makes a backup key and a backup version.',
    asks: [post('room_keys/version')],
    comesTo: keepsChoice,
    does: tells({ type: 'user.create backup' }),
  },
  {
    by: asClient,
    text: 'Makes a backup version of its own key in the account.',
    more: { 'signed by': signer },
    asks: [post('room_keys/version')],
    isUsualMove: true,
    offers: {
      anywhere: (spot) => {
        const me = handOf(spot.world, spot.attacker.name)?.me;
        return me === undefined ? [] : creations(spot, me.user, {});
      },
    },
    does: (stage, world, act) => {
      const hand = handOf(world, act.who);
      if (hand === undefined) return quiet(world);
      const { player, me } = hand;
      return made(stage, world, act, me.user, (now, body) =>
        asks(stage, now, player, 'POST', paths.backupVersions, { body }),
      );
    },
  },
  {
    by: lyingServer,
    text: 'Puts a backup version of its own key into an account.',
    takes: optional(word('a name for it', 'mine')),
    more: { of: user, 'signed by': signer },
    ofServer: ['of'],
    isUsualMove: true,
    offers: {
      user: (spot) => creations(spot, userOf(spot.stage, spot.user), { 'create backup': 'mine', of: spot.user }),
    },
    does: (stage, world, act) => {
      const user = userOf(stage, arg(act, 'of'));
      return made(stage, world, act, user, (now, version) => {
        const server = addBackupVersion(serverOf(now, act.who).server, user, version);
        const what = `puts a backup version of its own into the account of ${user}`;
        return lied(now, act.who, what, { server, after: version });
      });
    },
  },
);

export const resetBackup = verb('reset backup', {
  by: devices,
  text: 'Makes a new backup with a new key on top of the one there is, which takes no more room keys.',
  asks: [post('room_keys/version')],
  comesTo: keepsChoice,
  does: tells({ type: 'user.reset backup' }),
});

export const deleteBackup = verb(
  'delete backup',
  {
    by: ['device'],
    text: 'Deletes the backup.',
    asks: [del('room_keys/version')],
    comesTo: keepsChoice,
    does: tells({ type: 'user.delete backup' }),
  },
  {
    by: asClient,
    text: 'Deletes the backup of the account.',
    asks: [del('room_keys/version')],
    isUsualMove: true,
    offers: {
      anywhere: ({ world, attacker, server }) => {
        const me = handOf(world, attacker.name)?.me;
        return me === undefined || currentBackupKey(server, me.user) === null ? [] : [{}];
      },
    },
    does: (stage, world, { who }) =>
      withBackupVersion(stage, world, who, (now, player, version) =>
        asks(stage, now, player, 'DELETE', paths.backupVersion(version)),
      ),
  },
);

export const restoreBackup = verb('restore backup', {
  by: devices,
  text: 'Fetches the backup, and keeps the room keys it opens.',
  asks: [get('room_keys/keys')],
  comesTo: keepsChoice,
  does: tells({ type: 'user.restore backup' }),
});

/** That there is none refuses nobody: it was looked up. */
export const checkBackup = verb('check backup', {
  by: devices,
  text: 'Looks up which backup there is, and whether to trust it.',
  takesServer: true,
  does: tells({ type: 'user.check backup' }),
});

export const turnBackupOn = verb('turn backup on', {
  by: ['device'],
  text: 'Its person turns key backup on: the one there is, or a new one.',
  asks: [post('room_keys/version'), put('account_data')],
  mayAskNothing: true,
  does: tells({ type: 'user.turn backup on' }),
});

export const turnBackupOff = verb('turn backup off', {
  by: ['device'],
  text: 'Its person turns key backup off.',
  asks: [orGone(del('room_keys/version')), put('account_data')],
  comesTo: keepsChoice,
  does: tells({ type: 'user.turn backup off' }),
});
