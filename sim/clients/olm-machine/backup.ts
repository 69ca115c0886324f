/** Key backup and secret push (MSC4385) of a real machine, and the inbox in which it keeps secrets nobody has handled yet. */
import { BackupDecryptionKey } from '@matrix-org/matrix-sdk-crypto-wasm';
import { BACKUP_SECRET } from '../../../machines/algorithms.ts';
import { type JsonObject, stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import { answered, ask, deviceIdOf, type Exchange, openSessions, pump, type RealMachine, userIdOf } from './machine.ts';

export type CreatedBackup = { readonly version: string; readonly publicKey: string; readonly secret: string };

/** Makes a backup key and a backup version signed by the machine, and keeps the key under that version. */
export const createBackup = async (machine: RealMachine): Promise<CreatedBackup> => {
  const key = BackupDecryptionKey.createRandomKey();
  // Saving consumes the key: what it says of itself has to be read first.
  const { publicKeyBase64: publicKey, algorithm } = key.megolmV1PublicKey;
  const secret = key.toBase64();
  // An object of one ASCII member is canonical JSON as it stands.
  const signatures = await machine.olm.sign(JSON.stringify({ public_key: publicKey }));
  const auth_data = { public_key: publicKey, signatures: JSON.parse(signatures.asJSON()) };
  const created = answered(
    await ask(machine, { method: 'POST', path: paths.backupVersions, body: { algorithm, auth_data } }),
  );
  const version = stringAt(created, 'version');
  if (version === undefined) throw new Error('the server made a backup without a version: is this a homeserver?');
  await machine.olm.saveBackupDecryptionKey(key, version);
  await machine.olm.enableBackupV1(publicKey, version);
  return { version, publicKey, secret };
};

/** Pushes the backup key to the user's other verified devices. Returns what was sent for it, in order. */
export const pushBackupKey = async (machine: RealMachine): Promise<readonly Exchange[]> => {
  await openSessions(machine, [machine.userId]);
  await machine.olm.pushSecretToVerifiedDevices(BACKUP_SECRET);
  return pump(machine);
};

/** Secrets that came, passed the machine's own checks, and wait to be handled by the client. */
export const inbox = async (machine: RealMachine, name: string): Promise<readonly string[]> => [
  ...(await machine.olm.getSecretsFromInbox(name)),
];

/**
 * Makes the machine say anything to another device, well encrypted, whatever its own rules would have it do: this is how
 * a real machine plays a dishonest one. Throws when it does not know the device, or the device has published no keys.
 */
export const sendAnything = async (
  machine: RealMachine,
  to: { readonly userId: string; readonly deviceId: string },
  type: string,
  content: JsonObject,
): Promise<Exchange> => {
  const device = await machine.olm.getDevice(userIdOf(to.userId), deviceIdOf(to.deviceId));
  if (device === undefined) throw new Error(`${machine.deviceId} knows no device ${to.deviceId}: has it looked it up?`);
  await openSessions(machine, [to.userId]);
  const sealed = JSON.parse(await device.encryptToDeviceEvent(type, content)) as JsonObject;
  const messages = { [to.userId]: { [to.deviceId]: sealed } };
  const txn = stringAt(sealed, 'org.matrix.msgid') ?? JSON.stringify(sealed.ciphertext);
  const exchange = await ask(machine, {
    method: 'PUT',
    path: paths.sendToDevice('m.room.encrypted', txn),
    body: { messages },
  });
  answered(exchange);
  return exchange;
};
