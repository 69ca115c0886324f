/** Every verb of a story: one line each. Parser, completion, schema, `hearsay verbs` and the engine read this register (`forms.ts`, `port.ts`). */
import { setAccountData, showAccountData } from './account-data.ts';
import * as attackerBackups from './attackers/backups.ts';
import * as attackerDeviceKeys from './attackers/device-keys.ts';
import * as attackerDevices from './attackers/devices.ts';
import { bendMedia, replaceMedia } from './attackers/files.ts';
import * as attackerLetters from './attackers/letters.ts';
import * as attackerQueues from './attackers/queues.ts';
import * as attackerRoomKeys from './attackers/room-keys.ts';
import * as attackerRooms from './attackers/rooms.ts';
import * as backup from './backup.ts';
import { copy, restoreFromCopy } from './copy.ts';
import * as loggingIn from './logging-in.ts';
import { bindMail, inviteByMail } from './mail.ts';
import * as memberships from './memberships.ts';
import { comeOnline, goOffline } from './offline.ts';
import * as operators from './operators.ts';
import * as prompts from './prompts.ts';
import { restart } from './restart.ts';
import * as roomKeys from './room-keys.ts';
import * as rooms from './rooms.ts';
import * as secrets from './secrets.ts';
import * as sync from './sync.ts';
import { settle, wait } from './time.ts';
import * as transactions from './transactions.ts';
import * as troubles from './troubles.ts';
import * as updates from './updates.ts';
import type { Verb } from './verb.ts';
import { verify, verifyUser } from './verify.ts';

/** In the order in which they are listed and offered. */
export const verbs: readonly Verb[] = [
  // A device, and the person who holds it.
  sync.sync,
  backup.createBackup,
  backup.resetBackup,
  backup.deleteBackup,
  backup.restoreBackup,
  backup.checkBackup,
  backup.turnBackupOn,
  backup.turnBackupOff,
  setAccountData,
  verify,
  verifyUser,
  secrets.requestSecret,
  secrets.pushSecret,
  secrets.enterSecret,
  roomKeys.startRoomKey,
  prompts.accept,
  prompts.refuse,
  prompts.confirmSharing,
  prompts.declineSharing,
  restart,
  copy,
  restoreFromCopy,
  updates.updateTo,
  updates.startKeeping,
  updates.stopKeeping,
  updates.startReading,
  updates.useNames,
  sync.loseSync,
  troubles.repeatRequest,
  troubles.failRequest,
  troubles.failDownload,
  troubles.loseAnswerTo,
  troubles.stopAfter,
  goOffline,
  comeOnline,
  loggingIn.resetCrossSigning,
  loggingIn.logOut,
  loggingIn.logInAs,
  loggingIn.remove,
  settle,
  wait,
  rooms.createRoom,
  rooms.send,
  memberships.invite,
  inviteByMail,
  bindMail,
  memberships.join,
  memberships.leave,
  memberships.decline,
  memberships.knock,
  memberships.kick,
  memberships.ban,
  memberships.unban,
  rooms.setHistory,
  memberships.confirmInvite,
  memberships.takeBackInvite,
  rooms.scrollBack,
  roomKeys.exportRoomKeys,
  roomKeys.importRoomKeys,
  roomKeys.forwardRoomKeys,
  sync.syncWithGap,
  // Attackers.
  secrets.answerRequest,
  attackerLetters.sendEvent,
  attackerBackups.readBackup,
  attackerLetters.poison,
  attackerLetters.point,
  attackerLetters.sendWithKeysOf,
  attackerRoomKeys.giveRoomKey,
  attackerRoomKeys.forwardRoomKey,
  attackerLetters.claimOneTimeKeysOf,
  attackerLetters.signDevice,
  attackerQueues.holdBack,
  attackerQueues.release,
  attackerQueues.inject,
  attackerQueues.rewriteSender,
  attackerQueues.replay,
  attackerQueues.reorder,
  attackerQueues.drop,
  attackerDevices.addDevice,
  attackerDevices.swapIdentity,
  attackerDeviceKeys.lendKeyOf,
  attackerDeviceKeys.swapKeysOf,
  attackerDeviceKeys.listMasterKeyOf,
  attackerQueues.handOnMailOf,
  attackerBackups.swapEntriesOf,
  attackerRooms.replayMessage,
  attackerDevices.hideDevice,
  attackerDevices.showDevice,
  attackerDeviceKeys.swapOneTimeKey,
  attackerDeviceKeys.exhaustOneTimeKeys,
  attackerBackups.giveBackupNumberAgain,
  attackerBackups.hideBackup,
  attackerBackups.showBackup,
  attackerBackups.bringBackBackup,
  attackerBackups.showEntries,
  showAccountData,
  attackerRooms.forgeMessage,
  attackerRooms.forgeMembership,
  attackerRooms.forgeHistory,
  attackerRooms.hideMembership,
  replaceMedia,
  bendMedia,
  attackerDevices.tellTheTruth,
  attackerRoomKeys.plantRoomKey,
  // Operators, and what goes wrong at a server and between servers.
  transactions.deliverTo,
  transactions.loseTransactionTo,
  transactions.holdTransactionsTo,
  transactions.releaseTransactionsTo,
  operators.keepDeviceLists,
  operators.expireMedia,
  operators.limitUploads,
  operators.keepMediaAt,
  troubles.fail,
  troubles.loseAnswerOf,
  troubles.repeat,
  transactions.loseTransaction,
  transactions.refuseTransaction,
];
