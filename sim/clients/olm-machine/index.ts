/** Driving a real `OlmMachine` against any homeserver: what tests and the `clients` command use. */
export { type CreatedBackup, createBackup, inbox, pushBackupKey, sendAnything } from './backup.ts';
export {
  type Bundle,
  buildBundle,
  download,
  type Imported,
  importHistory,
  inviteWithHistory,
  joinWithHistory,
  pointAt,
  type Shared,
  upload,
} from './bundle.ts';
export { bootstrapIdentity, publishKeys, shareIdentity } from './identity.ts';
export {
  carry,
  deviceIdOf,
  type Exchange,
  logInMachine,
  lookUp,
  openSessions,
  pump,
  type RealMachine,
  type Send,
  startMachine,
  track,
  userIdOf,
} from './machine.ts';
export {
  createRoom,
  invite,
  join,
  type Reading,
  readEvent,
  type Sent,
  sendText,
  setHistory,
} from './rooms.ts';
export { type Received, type Synced, syncMachine, syncRooms } from './sync.ts';
