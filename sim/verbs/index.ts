/** Every verb of a story: one line each. Parser, completion, schema, `hearsay verbs` and the engine read this register (`forms.ts`, `port.ts`). */
import { setAccountData, showAccountData } from './account-data.ts';
import {
  bringBackBackup,
  giveBackupNumberAgain,
  hideBackup,
  readBackup,
  showBackup,
  showEntries,
  swapEntriesOf,
} from './attackers/backups.ts';
import { exhaustOneTimeKeys, lendKeyOf, listMasterKeyOf, swapKeysOf, swapOneTimeKey } from './attackers/device-keys.ts';
import { addDevice, hideDevice, showDevice, swapIdentity, tellTheTruth } from './attackers/devices.ts';
import { bendMedia, replaceMedia } from './attackers/files.ts';
import { claimOneTimeKeysOf, point, poison, sendEvent, sendWithKeysOf, signDevice } from './attackers/letters.ts';
import { drop, handOnMailOf, holdBack, inject, release, reorder, replay, rewriteSender } from './attackers/queues.ts';
import { forwardRoomKey, giveRoomKey, plantRoomKey } from './attackers/room-keys.ts';
import { forgeHistory, forgeMembership, forgeMessage, hideMembership, replayMessage } from './attackers/rooms.ts';
import {
  checkBackup,
  createBackup,
  deleteBackup,
  resetBackup,
  restoreBackup,
  turnBackupOff,
  turnBackupOn,
} from './backup.ts';
import { copy, restoreFromCopy } from './copy.ts';
import { logInAs, logOut, remove, resetCrossSigning } from './logging-in.ts';
import { bindMail, inviteByMail } from './mail.ts';
import { ban, confirmInvite, decline, invite, join, kick, knock, leave, takeBackInvite, unban } from './memberships.ts';
import { comeOnline, goOffline } from './offline.ts';
import { expireMedia, keepDeviceLists, keepMediaAt, limitUploads } from './operators.ts';
import { accept, confirmSharing, declineSharing, refuse } from './prompts.ts';
import { restart } from './restart.ts';
import { exportRoomKeys, forwardRoomKeys, importRoomKeys, startRoomKey } from './room-keys.ts';
import { createRoom, scrollBack, send, setHistory } from './rooms.ts';
import { answerRequest, enterSecret, pushSecret, requestSecret } from './secrets.ts';
import { loseSync, sync, syncWithGap } from './sync.ts';
import { settle, wait } from './time.ts';
import {
  deliverTo,
  holdTransactionsTo,
  loseTransaction,
  loseTransactionTo,
  refuseTransaction,
  releaseTransactionsTo,
} from './transactions.ts';
import { fail, failDownload, failRequest, loseAnswerOf, repeat, repeatRequest } from './troubles.ts';
import { startKeeping, startReading, stopKeeping, updateTo, useNames } from './updates.ts';
import type { Verb } from './verb.ts';
import { verify, verifyUser } from './verify.ts';

/** In the order in which they are listed and offered. */
export const verbs: readonly Verb[] = [
  // A device, and the person who holds it.
  sync,
  createBackup,
  resetBackup,
  deleteBackup,
  restoreBackup,
  checkBackup,
  turnBackupOn,
  turnBackupOff,
  setAccountData,
  verify,
  verifyUser,
  requestSecret,
  pushSecret,
  enterSecret,
  startRoomKey,
  accept,
  refuse,
  confirmSharing,
  declineSharing,
  restart,
  copy,
  restoreFromCopy,
  updateTo,
  startKeeping,
  stopKeeping,
  startReading,
  useNames,
  loseSync,
  repeatRequest,
  failRequest,
  failDownload,
  goOffline,
  comeOnline,
  resetCrossSigning,
  logOut,
  logInAs,
  remove,
  settle,
  wait,
  createRoom,
  send,
  invite,
  inviteByMail,
  bindMail,
  join,
  leave,
  decline,
  knock,
  kick,
  ban,
  unban,
  setHistory,
  confirmInvite,
  takeBackInvite,
  scrollBack,
  exportRoomKeys,
  importRoomKeys,
  forwardRoomKeys,
  syncWithGap,
  // Attackers.
  answerRequest,
  sendEvent,
  readBackup,
  poison,
  point,
  sendWithKeysOf,
  giveRoomKey,
  forwardRoomKey,
  claimOneTimeKeysOf,
  signDevice,
  holdBack,
  release,
  inject,
  rewriteSender,
  replay,
  reorder,
  drop,
  addDevice,
  swapIdentity,
  lendKeyOf,
  swapKeysOf,
  listMasterKeyOf,
  handOnMailOf,
  swapEntriesOf,
  replayMessage,
  hideDevice,
  showDevice,
  swapOneTimeKey,
  exhaustOneTimeKeys,
  giveBackupNumberAgain,
  hideBackup,
  showBackup,
  bringBackBackup,
  showEntries,
  showAccountData,
  forgeMessage,
  forgeMembership,
  forgeHistory,
  hideMembership,
  replaceMedia,
  bendMedia,
  tellTheTruth,
  plantRoomKey,
  // Operators, and what goes wrong at a server and between servers.
  deliverTo,
  loseTransactionTo,
  holdTransactionsTo,
  releaseTransactionsTo,
  keepDeviceLists,
  expireMedia,
  limitUploads,
  keepMediaAt,
  fail,
  loseAnswerOf,
  repeat,
  loseTransaction,
  refuseTransaction,
];
