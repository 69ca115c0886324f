/**
 * Every verb of a story but attackers' own, which have a register beside this one (`attackers/index.ts`): one line each. Parser, completion,
 * schema, `hearsay verbs` and the engine read both (`forms.ts`, `port.ts`).
 */
import { setAccountData } from './account-data.ts';
import * as backup from './backup.ts';
import { claimOneTimeKeysOf } from './claiming.ts';
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
  secrets.answerRequest,
  claimOneTimeKeysOf,
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
