/** Cross-signing a real machine: making an identity, and signing a further device of the same user with it. */
import { answered, ask, carry, deviceIdOf, lookUp, pump, type RealMachine, track, userIdOf } from './machine.ts';

/** Uploads the machine's keys and follows its own user's device list: what a client does when it starts. */
export const publishKeys = async (machine: RealMachine): Promise<void> => {
  await track(machine, [machine.userId]);
  await pump(machine);
};

/** Makes a cross-signing identity for the user, uploads it, and signs this device with it. The machine's keys are published if need be. */
export const bootstrapIdentity = async (machine: RealMachine): Promise<void> => {
  await publishKeys(machine);
  const { uploadKeysRequest, uploadSigningKeysRequest, uploadSignaturesRequest } =
    await machine.olm.bootstrapCrossSigning(true);
  if (uploadKeysRequest !== undefined) answered(await carry(machine, uploadKeysRequest));
  const body = JSON.parse(uploadSigningKeysRequest.body);
  answered(await ask(machine, { method: 'POST', path: '/_matrix/client/v3/keys/device_signing/upload', body }));
  answered(await carry(machine, uploadSignaturesRequest));
  answered(await lookUp(machine, [machine.userId]));
};

/**
 * Hands the identity of one machine to another of the same user, as a verification between the two does, and has the
 * second sign itself with it. Both know of it afterwards.
 */
export const shareIdentity = async (from: RealMachine, to: RealMachine): Promise<void> => {
  const keys = await from.olm.exportCrossSigningKeys();
  if (keys === undefined) throw new Error(`${from.deviceId} has no identity to share: was bootstrapIdentity called?`);
  await publishKeys(to);
  await to.olm.importCrossSigningKeys(keys.masterKey, keys.self_signing_key, keys.userSigningKey);
  answered(await lookUp(to, [to.userId]));
  const own = await to.olm.getDevice(userIdOf(to.userId), deviceIdOf(to.deviceId));
  if (own === undefined) throw new Error(`${to.deviceId} does not know itself: were its keys uploaded?`);
  answered(await carry(to, await own.verify()));
  for (const machine of [to, from]) answered(await lookUp(machine, [machine.userId]));
};
