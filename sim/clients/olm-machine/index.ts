/** Driving a real `OlmMachine` against any homeserver: what tests and the `clients` command use. */
export { type CreatedBackup, createBackup, inbox, pushBackupKey, sendAnything } from './backup.ts';
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
export { type Received, syncMachine } from './sync.ts';
