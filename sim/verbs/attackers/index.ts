/** The verbs that are attackers' own: one line each, in the order in which they are listed and offered. */
import type { Verb } from '../verb.ts';
import { showAccountData } from './account-data.ts';
import * as backups from './backups.ts';
import * as deviceKeys from './device-keys.ts';
import * as devices from './devices.ts';
import { bendMedia, replaceMedia } from './files.ts';
import * as letters from './letters.ts';
import * as queues from './queues.ts';
import * as roomKeys from './room-keys.ts';
import * as rooms from './rooms.ts';

export const attackerVerbs: readonly Verb[] = [
  letters.sendEvent,
  backups.readBackup,
  letters.poison,
  letters.point,
  letters.sendWithKeysOf,
  roomKeys.giveRoomKey,
  roomKeys.forwardRoomKey,
  letters.signDevice,
  queues.holdBack,
  queues.release,
  queues.inject,
  queues.rewriteSender,
  queues.replay,
  queues.reorder,
  queues.drop,
  devices.addDevice,
  devices.swapIdentity,
  deviceKeys.lendKeyOf,
  deviceKeys.swapKeysOf,
  deviceKeys.listMasterKeyOf,
  queues.handOnMailOf,
  backups.swapEntriesOf,
  rooms.replayMessage,
  devices.hideDevice,
  devices.showDevice,
  deviceKeys.swapOneTimeKey,
  deviceKeys.exhaustOneTimeKeys,
  backups.giveBackupNumberAgain,
  backups.hideBackup,
  backups.showBackup,
  backups.bringBackBackup,
  backups.showEntries,
  showAccountData,
  rooms.forgeMessage,
  rooms.forgeMembership,
  rooms.forgeHistory,
  rooms.hideMembership,
  replaceMedia,
  bendMedia,
  devices.tellTheTruth,
  roomKeys.plantRoomKey,
];
