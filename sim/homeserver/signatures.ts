/**
 * Keys as somebody sees them: as uploaded, plus the signatures they may see ("Cross-signing", visibility of signatures).
 * A user's own signatures on their own keys are for everybody; a signature of one user on another's master key is for
 * the signer alone, as it says who has verified whom.
 */
import { type JsonObject, objectAt } from '../../machines/json.ts';
import { memo, memoBeside } from '../../machines/memo.ts';
import type { DeviceId, UserId } from '../../machines/types.ts';
import { at, keysOf } from './state.ts';
import type { CrossSigning, Homeserver, Signatures } from './types.ts';

/** The one public key in a cross-signing key object; `undefined` when there are none or several. */
export const publicKeyOf = (key: JsonObject): string | undefined => {
  const [only, ...others] = Object.values(objectAt(key, 'keys'));
  return others.length === 0 && typeof only === 'string' ? only : undefined;
};

export const signaturesBy = (crossSigning: CrossSigning, target: UserId, keyId: string): Signatures =>
  at(at(crossSigning.made, target) ?? {}, keyId) ?? {};

// Keys that have not changed are the very same object, which devices have looked at before (`machines/core/facts.ts`).
const withEach = memo<JsonObject, WeakMap<Signatures, Map<UserId, JsonObject>>>('while it lives');
const withNames = memoBeside<JsonObject, JsonObject>(16);

const withSignatures = (object: JsonObject, signer: UserId, added: Signatures): JsonObject => {
  if (Object.keys(added).length === 0) return object;
  const known = withEach(object, () => new WeakMap());
  const bySigner = known.get(added) ?? new Map<UserId, JsonObject>();
  known.set(added, bySigner);
  const signatures = objectAt(object, 'signatures');
  const shown = bySigner.get(signer) ?? {
    ...object,
    signatures: { ...signatures, [signer]: { ...objectAt(signatures, signer), ...added } },
  };
  bySigner.set(signer, shown);
  return shown;
};

const withName = (object: JsonObject, name: string): JsonObject =>
  withNames(object, name, () => ({
    ...object,
    unsigned: { ...objectAt(object, 'unsigned'), device_display_name: name },
  }));

/** A device's keys with its name and its owner's signatures; `null` when it has published none. */
export const shownDeviceKeys = (server: Homeserver, userId: UserId, deviceId: DeviceId): JsonObject | null => {
  const user = at(server.users, userId);
  const identity = user === undefined ? null : keysOf(user, deviceId).identity;
  if (user === undefined || identity === null) return null;
  const name = at(user.devices, deviceId)?.displayName ?? null;
  const named = name === null ? identity : withName(identity, name);
  return withSignatures(named, userId, signaturesBy(user.crossSigning, userId, deviceId));
};

/** A user's master key as `viewer` sees it; `null` when there is none. */
export const shownMasterKey = (server: Homeserver, userId: UserId, viewer: UserId): JsonObject | null => {
  const user = at(server.users, userId);
  const master = user?.crossSigning.master ?? null;
  const publicKey = master === null ? undefined : publicKeyOf(master);
  if (user === undefined || master === null || publicKey === undefined) return null;
  const own = withSignatures(master, userId, signaturesBy(user.crossSigning, userId, publicKey));
  const viewing = viewer === userId ? undefined : at(server.users, viewer);
  return viewing === undefined
    ? own
    : withSignatures(own, viewer, signaturesBy(viewing.crossSigning, userId, publicKey));
};
