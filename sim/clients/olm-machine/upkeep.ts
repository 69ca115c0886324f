/**
 * Key backups as the layer above the machine sees to them, in the order in which matrix-js-sdk 43 does (`rust-crypto/backup.ts`): the
 * machine itself neither asks for the version nor tests a secret that came against it.
 */
import { BackupDecryptionKey } from '@matrix-org/matrix-sdk-crypto-wasm';
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import type { Origin } from '../seat/client.ts';
import { createBackup, inbox, pushBackupKey } from './backup.ts';
import { type Holding, noteKeys, noteSecrets } from './holding.ts';
import { ask, carry } from './machine.ts';
import { roomIdOf } from './rooms.ts';

type Version = { readonly version: string; readonly publicKey: string; readonly info: JsonObject };

/** `GET room_keys/version`; `null`: there is none. */
const versionOf = async ({ machine }: Holding): Promise<Version | null> => {
  const { response } = await ask(machine, { method: 'GET', path: paths.backupVersions });
  const version = stringAt(response.body, 'version');
  const publicKey = stringAt(objectAt(response.body, 'auth_data'), 'public_key');
  if (response.status !== 200 || version === undefined || publicKey === undefined) return null;
  return { version, publicKey, info: isObject(response.body) ? response.body : {} };
};

const disable = async (holding: Holding): Promise<void> => {
  holding.backup = null;
  await holding.machine.olm.disableBackup();
};

/** `checkKeyBackupAndEnable`: used where its key is held, or somebody trusted has signed it. */
export const checkBackup = async (holding: Holding): Promise<Version | null> => {
  const { olm } = holding.machine;
  const described = await versionOf(holding);
  if (described === null) {
    if (holding.backup !== null) await disable(holding);
    return null;
  }
  const held = (await olm.getBackupKeys()).decryptionKey?.megolmV1PublicKey.publicKeyBase64;
  const signed = await olm.verifyBackup(described.info);
  const isTrusted = held === described.publicKey || signed.trusted();
  if (!isTrusted) {
    if (holding.backup !== null) await disable(holding);
    return described;
  }
  const { version, publicKey } = described;
  if (holding.backup?.version !== version) {
    if (holding.backup !== null) await olm.disableBackup();
    await olm.enableBackupV1(publicKey, version);
    holding.backup = { version, publicKey };
  }
  return described;
};

/** Uploads what is not backed up yet; a refusal has the version looked up again, as a failed upload does there. */
export const uploadKeys = async (holding: Holding): Promise<void> => {
  for (let round = 0; round < 20 && holding.backup !== null; round += 1) {
    const request = await holding.machine.olm.backupRoomKeys();
    if (request === undefined) return;
    const { status, body } = (await carry(holding.machine, request)).response;
    if (status === 200) continue;
    if (status === 404 || stringAt(body, 'errcode') === 'M_WRONG_ROOM_KEYS_VERSION') {
      await disable(holding);
      await checkBackup(holding);
      continue;
    }
    return;
  }
};

/** `resetKeyBackup`: what there is is deleted, all versions of it; a new one is made, and its key pushed. */
export const makeBackup = async (holding: Holding): Promise<void> => {
  const { version, publicKey } = await createBackup(holding.machine);
  holding.backup = { version, publicKey };
  await noteSecrets(holding, { how: 'made' });
  await pushBackupKey(holding.machine);
  await uploadKeys(holding);
};
export const deleteBackups = async (holding: Holding): Promise<void> => {
  for (let round = 0; round < 20; round += 1) {
    const described = await versionOf(holding);
    if (described === null) break;
    await ask(holding.machine, { method: 'DELETE', path: paths.backupVersion(described.version) });
  }
  await disable(holding);
};

/** A backup key that came: kept where it is that of the version there is now, and thrown away where it is not. */
export const checkInbox = async (holding: Holding, from: (secret: string) => Origin): Promise<void> => {
  const { olm } = holding.machine;
  const came = await inbox(holding.machine, BACKUP_SECRET);
  if (came.length === 0) return;
  for (const secret of came) if (await takeBackupKey(holding, secret, from(secret))) break;
  await olm.deleteSecretsFromInbox(BACKUP_SECRET);
};
export const takeBackupKey = async (holding: Holding, secret: string, from: Origin): Promise<boolean> => {
  const described = await checkBackup(holding);
  const key = BackupDecryptionKey.fromBase64(secret);
  if (described === null || key.megolmV1PublicKey.publicKeyBase64 !== described.publicKey) return false;
  await holding.machine.olm.saveBackupDecryptionKey(key, described.version);
  await noteSecrets(holding, from);
  await checkBackup(holding);
  await uploadKeys(holding);
  return true;
};

type Entry = { readonly room: string; readonly session: string; readonly data: Json };
const entriesIn = (rooms: Json): readonly Entry[] =>
  Object.entries(isObject(rooms) ? rooms : {}).flatMap(([room, one]) =>
    Object.entries(objectAt(one, 'sessions')).map(([session, data = null]) => ({ room, session, data })),
  );

/** `restoreKeyBackup`, of one room where it is named. */
export const restore = async (holding: Holding, room?: string): Promise<void> => {
  const { olm } = holding.machine;
  const { decryptionKey, backupVersion } = await olm.getBackupKeys();
  const described = await versionOf(holding);
  if (described === null || decryptionKey === undefined) return;
  if (decryptionKey.megolmV1PublicKey.publicKeyBase64 !== described.publicKey) return;
  const version = backupVersion ?? described.version;
  const path = room === undefined ? paths.backupKeys : paths.backupRoomKeys(room);
  const { response } = await ask(holding.machine, { method: 'GET', path, query: { version: described.version } });
  if (response.status !== 200) return;
  const rooms = room === undefined ? objectAt(response.body, 'rooms') : { [room]: response.body };
  const byRoom = new Map<string, Map<string, JsonObject>>();
  for (const { room: inRoom, session, data } of entriesIn(rooms)) {
    const sealed = objectAt(data, 'session_data');
    const opened = openEntry(decryptionKey, sealed);
    if (opened === null) continue;
    const ofRoom = byRoom.get(inRoom) ?? new Map<string, JsonObject>();
    ofRoom.set(session, { ...opened, room_id: inRoom, session_id: session });
    byRoom.set(inRoom, ofRoom);
  }
  const keys = new Map([...byRoom].map(([id, sessions]) => [roomIdOf(id), sessions] as const));
  await olm.importBackedUpRoomKeys(keys, () => undefined, version);
  await noteKeys(holding, { how: 'backup', version });
};

/** `null`: it does not open. */
const openEntry = (key: BackupDecryptionKey, sealed: JsonObject): JsonObject | null => {
  const [ephemeral = '', mac = '', ciphertext = ''] = ['ephemeral', 'mac', 'ciphertext'].map((name) =>
    stringAt(sealed, name),
  );
  try {
    const opened: unknown = JSON.parse(key.decryptV1(ephemeral, mac, ciphertext));
    return isObject(opened) ? opened : null;
  } catch {
    return null; // sealed for another key, or no entry at all
  }
};
