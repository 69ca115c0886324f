/** All that devices are made of, in the order in which their charts hear. A further proposal is one folder and one line here. */
import { backupPreference } from './backup-preference/registration.ts';
import { envelope } from './envelope/registration.ts';
import { identity } from './identity/registration.ts';
import { inbox } from './inbox/registration.ts';
import { keyBackup } from './key-backup/registration.ts';
import { keyBundle } from './key-bundle/registration.ts';
import { keyExport } from './key-export/registration.ts';
import type { Registration } from './registration.ts';
import { roomKeys } from './room-keys/registration.ts';
import { rooms } from './rooms/registration.ts';
import { secretPush } from './secret-push/registration.ts';
import { secretRequest } from './secret-request/registration.ts';

export const register: readonly Registration[] = [
  envelope,
  identity,
  inbox,
  rooms,
  roomKeys,
  keyExport,
  // Before the backup itself, so that this holds back while the user's wish is being asked for.
  backupPreference,
  keyBackup,
  keyBundle,
  secretRequest,
  secretPush,
];
