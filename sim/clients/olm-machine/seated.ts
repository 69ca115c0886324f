/**
 * The production crypto library in a seat. What it is asked to do is done in the order in which matrix-js-sdk 43 does it; what is decided
 * in that layer and not by the library (whose bundle is waited for, which backup is used, when history is shared) is decided here.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LocalTrust } from '@matrix-org/matrix-sdk-crypto-wasm';
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import type { Json, JsonObject } from '../../../machines/json.ts';
import { objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Hello, Origin, Told } from '../seat/client.ts';
import { shownKinds } from '../seat/client.ts';
import { noShows } from '../seat/reading.ts';
import type { Sends, Waiting } from '../seat/turns.ts';
import { type Holding, noteSecrets, nothingHeld, readAgain, showsOf } from './holding.ts';
import { bootstrapIdentity, publishKeys } from './identity.ts';
import { type Does, imports, roomActs, seeRooms, text } from './in-rooms.ts';
import { broughtBy, noteLetters } from './letters.ts';
import {
  ask,
  carry,
  deviceIdOf,
  lookUp,
  openSessions,
  pump,
  type RealMachine,
  startMachine,
  track,
  userIdOf,
} from './machine.ts';
import { takeSync } from './sync.ts';
import { checkBackup, checkInbox, deleteBackups, makeBackup, restore, takeBackupKey, uploadKeys } from './upkeep.ts';

const resetsIdentity: Does = async ({ machine }, act) => {
  const made = await machine.olm.bootstrapCrossSigning(true);
  if (made.uploadKeysRequest !== undefined) await carry(machine, made.uploadKeysRequest);
  const body = { ...(JSON.parse(made.uploadSigningKeysRequest.body) as JsonObject), auth: objectAt(act, 'auth') };
  await ask(machine, { method: 'POST', path: paths.deviceSigningUpload, body });
  await carry(machine, made.uploadSignaturesRequest);
  await lookUp(machine, [machine.userId]);
};

const verifies: Does = async ({ machine }, act) => {
  await lookUp(machine, [machine.userId]);
  const device = await machine.olm.getDevice(userIdOf(machine.userId), deviceIdOf(text(act, 'device')));
  if (device === undefined) throw new Error(`it knows no device ${text(act, 'device')}`);
  // A verification ends with both: this device trusts the other at once, and its identity signs it.
  await device.setLocalTrust(LocalTrust.Verified);
  await carry(machine, await device.verify());
};

/** After the comparison: the identity is trusted, what came along is taken, and what did not is asked for. */
const isVerified: Does = async (holding, act) => {
  const { machine } = holding;
  await lookUp(machine, [machine.userId]);
  const secrets = objectAt(act, 'secrets');
  const [master, selfSigning, userSigning] = ['master', 'self_signing', 'user_signing'].map((name) =>
    stringAt(secrets, `m.cross_signing.${name}`),
  );
  if (master !== undefined && selfSigning !== undefined && userSigning !== undefined) {
    await machine.olm.importCrossSigningKeys(master, selfSigning, userSigning);
    const own = await machine.olm.getDevice(userIdOf(machine.userId), deviceIdOf(machine.deviceId));
    if (own !== undefined) await carry(machine, await own.verify());
  } else {
    const identity = await machine.olm.getIdentity(userIdOf(machine.userId));
    if (identity !== undefined) await carry(machine, await identity.verify());
  }
  await noteSecrets(holding, { how: 'verification' });
  await lookUp(machine, [machine.userId]);
  const backupKey = stringAt(secrets, BACKUP_SECRET);
  if (backupKey !== undefined) await takeBackupKey(holding, backupKey, { how: 'verification' });
  else await checkBackup(holding);
  await requests(holding, act);
};

const requests: Does = async ({ machine }) => {
  await machine.olm.requestMissingSecretsIfNeeded();
  await pump(machine);
};

const verifiesUser: Does = async ({ machine }, act) => {
  const user = text(act, 'user');
  await track(machine, [user]);
  await lookUp(machine, [user]);
  const identity = await machine.olm.getIdentity(userIdOf(user));
  if (identity === undefined) throw new Error(`it knows no identity of ${user}`);
  const keys = Object.values(objectAt(JSON.parse(identity.masterKey) as Json, 'keys'));
  if (!keys.includes(text(act, 'master'))) return;
  await carry(machine, await identity.verify());
};

const pushes: Does = async ({ machine }, act) => {
  await openSessions(machine, [machine.userId]);
  await machine.olm.pushSecretToVerifiedDevices(text(act, 'name'));
  await pump(machine);
};

const looksUp: Does = async ({ machine }, act) => {
  const users = Array.isArray(act.users) ? act.users.filter((one) => typeof one === 'string') : [];
  await track(machine, users);
  await lookUp(machine, users);
  await pump(machine);
};

/** By the names of acts (`machines/events.ts`, without `user.`). */
const acts: Readonly<Record<string, Does>> = {
  'look up': looksUp,
  'set up cross-signing': async (holding) => {
    await bootstrapIdentity(holding.machine);
    await noteSecrets(holding, { how: 'made' });
  },
  'reset cross-signing': async (holding, act) => {
    await resetsIdentity(holding, act);
    await noteSecrets(holding, { how: 'made' });
  },
  'create backup': makeBackup,
  'reset backup': async (holding) => {
    await deleteBackups(holding);
    await makeBackup(holding);
  },
  'delete backup': deleteBackups,
  'restore backup': async (holding) => {
    await checkBackup(holding);
    await restore(holding);
  },
  'check backup': checkBackup,
  'request secret': requests,
  'push secret': pushes,
  verifies,
  verified: isVerified,
  'verifies user': verifiesUser,
  ...roomActs,
};

/** What the package says of itself, so that nothing measured is told of another version. */
const packageVersion = (): string => {
  // It lets nobody import its description: that stands beside what is imported.
  const main = createRequire(import.meta.url).resolve('@matrix-org/matrix-sdk-crypto-wasm');
  const { version } = JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8')) as { version: string };
  return version;
};

export const olmMachineHello: Hello = {
  name: 'matrix-sdk-crypto-wasm',
  version: packageVersion(),
  acts: Object.keys(acts),
  shows: shownKinds,
};

const syncs = async (holding: Holding, body: Json): Promise<void> => {
  const { received } = await takeSync(holding.machine, body);
  const opened = await noteLetters(holding, received);
  const came = (secret: string): Origin =>
    broughtBy(opened, secret) ?? { how: 'request', user: holding.machine.userId, device: null };
  await seeRooms(holding, body);
  await checkInbox(holding, came);
  await imports(holding);
  await readAgain(holding);
  await pump(holding.machine);
  await uploadKeys(holding);
};

/** The production crypto library, seated: `send` carries what it wants sent. */
export const seatedMachine = (send: Sends): Waiting => {
  let holding: Holding | null = null;
  const logIn = async (told: Extract<Told, { op: 'log in' }>): Promise<void> => {
    const carries: RealMachine['send'] = async ({ accessToken: _, ...request }) => {
      const published = request.path === paths.keysUpload ? objectAt(request.body ?? null, 'device_keys') : {};
      if (holding !== null && Object.keys(published).length > 0) holding.deviceKeys = published;
      return send(request);
    };
    const machine = await startMachine(carries, {
      userId: told.user,
      deviceId: told.device,
      accessToken: told.accessToken,
    });
    holding = nothingHeld(machine);
    await publishKeys(machine);
    await checkBackup(holding);
  };
  return {
    shows: async () => (holding === null ? noShows : showsOf(holding)),
    does: async (told) => {
      if (told.op === 'log in') await logIn(told);
      else if (holding === null) return 'it is not logged in';
      else if (told.op === 'sync') await syncs(holding, told.body);
      else if (told.op === 'restart') return 'in Node the library keeps nothing: it has no store to come up from';
      else {
        const does = Object.hasOwn(acts, told.act.act) ? acts[told.act.act] : undefined;
        if (does === undefined) return `it does not know ${told.act.act}`;
        await does(holding, told.act);
        await readAgain(holding);
      }
      return null;
    },
  };
};
