/**
 * What the client's own crypto library does, watched from outside: on whose word it has each key, whom it gave one, which bundles it made
 * and took in. Nothing of what it does is changed; only the calls that a client makes of it are seen.
 */
import { Attachment, EncryptedAttachment, HistoryVisibility, OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../../machines/json.ts';
import { type Holding, noteKeys, noteSecrets, nothingHeld } from '../olm-machine/holding.ts';
import { broughtBy, noteLetters } from '../olm-machine/letters.ts';
import { receivedAs } from '../olm-machine/sync.ts';
import type { Origin, Recipient, Wanted, WantedAnswer } from '../seat/client.ts';

export type Watched = {
  readonly holding: Holding;
  /** Told of each request that was answered, whether by it something was given away. */
  readonly answered: (wanted: Wanted, answer: WantedAnswer) => void;
  /** On whose word secrets are that come from now on, where no letter brought them. */
  readonly says: (origin: Origin) => void;
};

type Share = { readonly room: string; readonly user: string; readonly url: string; readonly txns: ReadonlySet<string> };

const visibilityNames = new Map([
  [HistoryVisibility.Invited, 'invited'],
  [HistoryVisibility.Joined, 'joined'],
  [HistoryVisibility.Shared, 'shared'],
  [HistoryVisibility.WorldReadable, 'world_readable'],
]);

const recipientsOf = (body: Json): readonly Recipient[] =>
  Object.entries(objectAt(body, 'messages')).flatMap(([user, devices]) =>
    Object.keys(isObject(devices) ? devices : {}).map((device) => ({ user, device })),
  );

/** What is listed in a bundle that was just sealed: its sessions, and those it says are withheld. */
const listedIn = (sealed: Uint8Array, info: string) => {
  const opened = Attachment.decrypt(new EncryptedAttachment(sealed.slice(), info));
  const bundle = JSON.parse(new TextDecoder().decode(opened)) as Json;
  const listed = (part: string): readonly JsonObject[] => {
    const list = isObject(bundle) ? bundle[part] : [];
    return Array.isArray(list) ? list.filter(isObject) : [];
  };
  const id = (one: JsonObject): string => stringAt(one, 'session_id') ?? '';
  return {
    sessions: listed('room_keys').map(id),
    withheld: Object.fromEntries(listed('withheld').map((one) => [id(one), stringAt(one, 'code') ?? ''])),
  };
};

/** Calls `made` with the library's machine as soon as a client has one. */
export const whenMade = (made: (olm: OlmMachine) => void): void => {
  const init = OlmMachine.initFromStore.bind(OlmMachine);
  OlmMachine.initFromStore = async (...given) => {
    const olm = await init(...given);
    made(olm);
    return olm;
  };
};

/** Watches a machine of a device. */
export const watch = (
  olm: OlmMachine,
  me: { readonly userId: string; readonly deviceId: string; readonly accessToken: string },
): Watched => {
  const holding = nothingHeld({
    ...me,
    olm,
    send: () => {
      throw new Error('whoever watches sends nothing');
    },
    place: { nextBatch: null, sent: 0 },
  });
  let usual: Origin = { how: 'made' };
  const brought = new Map<string, Origin>();

  // --- what comes in: letters, secrets, keys -------------------------------------------------------
  const receives = olm.receiveSyncChanges.bind(olm);
  olm.receiveSyncChanges = async (...given) => {
    const processed = await receives(...given);
    const opened = await noteLetters(holding, processed.map(receivedAs));
    for (const { content } of opened) {
      const secret = stringAt(content, 'secret');
      const origin = secret === undefined ? null : broughtBy(opened, secret);
      if (secret !== undefined && origin !== null) brought.set(secret, origin);
    }
    return processed;
  };
  const saves = olm.saveBackupDecryptionKey.bind(olm);
  olm.saveBackupDecryptionKey = async (key, version) => {
    const secret = key.toBase64();
    await saves(key, version);
    await noteSecrets(holding, brought.get(secret) ?? usual);
  };
  const importsSecrets = olm.importSecretsBundle.bind(olm);
  olm.importSecretsBundle = async (bundle) => {
    await importsSecrets(bundle);
    await noteSecrets(holding, usual);
  };
  const importsIdentity = olm.importCrossSigningKeys.bind(olm);
  olm.importCrossSigningKeys = async (...keys) => {
    const status = await importsIdentity(...keys);
    await noteSecrets(holding, usual);
    return status;
  };
  const makesIdentity = olm.bootstrapCrossSigning.bind(olm);
  olm.bootstrapCrossSigning = async (isNew) => {
    const requests = await makesIdentity(isNew);
    await noteSecrets(holding, usual);
    return requests;
  };
  const restores = olm.importBackedUpRoomKeys.bind(olm);
  olm.importBackedUpRoomKeys = async (keys, progress, version) => {
    const result = await restores(keys, progress, version);
    await noteKeys(holding, { how: 'backup', version });
    return result;
  };
  const takesBundle = olm.receiveRoomKeyBundle.bind(olm);
  olm.receiveRoomKeyBundle = async (data, bytes) => {
    const [room, user, { url }] = [data.roomId.toString(), data.senderUser.toString(), data];
    const before = holding.keyOrigins.size;
    await takesBundle(data, bytes);
    const device = holding.pointers.get(`${room} ${user}`) ?? null;
    await noteKeys(holding, { how: 'bundle', user, device, room, url });
    const sessions = holding.keyOrigins.size - before;
    holding.news.imports.push({ room, user, url, sessions, withheld: 0 });
    return undefined;
  };

  // --- the backup it uses --------------------------------------------------------------------------
  const enables = olm.enableBackupV1.bind(olm);
  olm.enableBackupV1 = async (publicKey, version) => {
    await enables(publicKey, version);
    holding.backup = { version, publicKey };
  };
  const disables = olm.disableBackup.bind(olm);
  olm.disableBackup = async () => {
    await disables();
    holding.backup = null;
  };

  // --- what goes out: keys of rooms, and bundles ----------------------------------------------------
  /** Transaction → the room whose key goes out by it, and how its history was seen then. */
  const giving = new Map<string, { readonly room: string; readonly visibility: string | null }>();
  /** Room → whom its key was given, and is told of with the next message. */
  const given = new Map<string, { readonly visibility: string | null; readonly to: Recipient[] }>();
  const shares = olm.shareRoomKey.bind(olm);
  olm.shareRoomKey = async (room, users, settings) => {
    const [id, visibility] = [room.toString(), visibilityNames.get(settings.historyVisibility) ?? null];
    const requests = await shares(room, users, settings);
    for (const one of requests)
      if (one.event_type === 'm.room.encrypted') giving.set(one.txn_id, { room: id, visibility });
    await noteKeys(holding, { how: 'made' });
    return requests;
  };
  const seals = olm.encryptRoomEvent.bind(olm);
  olm.encryptRoomEvent = async (room, type, content) => {
    const id = room.toString();
    const sealed = await seals(room, type, content);
    const session = stringAt(JSON.parse(sealed) as Json, 'session_id') ?? '';
    await noteKeys(holding, { how: 'made' });
    const index = holding.sealed.get(session) ?? 0;
    holding.sealed.set(session, index + 1);
    const now = given.get(id);
    given.delete(id);
    if (now !== undefined) {
      const [key] = JSON.parse(await olm.exportRoomKeys((one) => one.sessionId === session)) as readonly Json[];
      const sharedHistory = isObject(key) && key['m.shared_history'] === true;
      holding.news.gifts.push({ room: id, sessionId: session, index, sharedHistory, ...now });
    }
    return sealed;
  };
  const bundles = new Map<string, ReturnType<typeof listedIn>>();
  const builds = olm.buildRoomKeyBundle.bind(olm);
  olm.buildRoomKeyBundle = async (room) => {
    const id = room.toString();
    const bundle = await builds(room);
    const info = bundle?.mediaEncryptionInfo;
    if (bundle !== undefined && info !== undefined) bundles.set(id, listedIn(bundle.encryptedData, info));
    return bundle;
  };
  let sharing: (Share & { readonly devices: string[] })[] = [];
  const points = olm.shareRoomKeyBundleData.bind(olm);
  olm.shareRoomKeyBundleData = async (user, room, url, info, strategy) => {
    const [userId, id] = [user.toString(), room.toString()];
    const requests = await points(user, room, url, info, strategy);
    const sealed = requests.filter((one) => one.event_type === 'm.room.encrypted').map((one) => one.txn_id);
    if (sealed.length === 0) noteShare({ room: id, user: userId, url, devices: [] });
    else sharing.push({ room: id, user: userId, url, txns: new Set(sealed), devices: [] });
    return requests;
  };
  const noteShare = ({
    room,
    user,
    url,
    devices,
  }: Omit<Share, 'txns'> & { readonly devices: readonly string[] }): void => {
    const listed = bundles.get(room) ?? { sessions: [], withheld: {} };
    holding.news.shares.push({ room, user, url, devices, ...listed });
  };

  const answered = ({ method, path, body = null }: Wanted, { status }: WantedAnswer): void => {
    if (method !== 'PUT' || !path.includes('/sendToDevice/') || status !== 200) return;
    const txn = decodeURIComponent(path.split('/').at(-1) ?? '');
    const one = giving.get(txn);
    if (one !== undefined) {
      const before = given.get(one.room) ?? { visibility: one.visibility, to: [] };
      given.set(one.room, { visibility: one.visibility, to: [...before.to, ...recipientsOf(body)] });
    }
    for (const share of sharing)
      if (share.txns.has(txn)) share.devices.push(...recipientsOf(body).map(({ device }) => device));
    const done = sharing.filter(({ txns }) => [...txns].at(-1) === txn);
    sharing = sharing.filter((share) => !done.includes(share));
    for (const share of done) noteShare(share);
  };
  return {
    holding,
    answered,
    says: (origin) => {
      usual = origin;
    },
  };
};
