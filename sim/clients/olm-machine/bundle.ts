/** Key bundles (MSC4268) of a real machine, in the order in which a client that has it does things. */
import { CollectStrategy } from '@matrix-org/matrix-sdk-crypto-wasm';
import { stringAt } from '../../../machines/json.ts';
import { paths } from '../../../machines/paths.ts';
import {
  answered,
  ask,
  carry,
  type Exchange,
  lookUp,
  openSessions,
  type RealMachine,
  track,
  userIdOf,
} from './machine.ts';
import { invite, join, roomIdOf } from './rooms.ts';

/** An encrypted bundle as `buildRoomKeyBundle` makes it. */
export type Bundle = {
  readonly ciphertext: Uint8Array;
  /** The `EncryptedFile` without its `url`, as JSON text. */
  readonly info: string;
};

/** The bundle of all that the machine knows of a room; `null` when that is nothing. */
export const buildBundle = async (machine: RealMachine, room: string): Promise<Bundle | null> => {
  const built = await machine.olm.buildRoomKeyBundle(roomIdOf(room));
  const info = built?.mediaEncryptionInfo;
  return built === undefined || info === undefined ? null : { ciphertext: built.encryptedData, info };
};

/** Uploads a file of bytes; returns its `mxc:` URI. */
export const upload = async (machine: RealMachine, bytes: Uint8Array): Promise<string> => {
  // Raw bytes do not fit JSON: homeservers here take them as base64.
  const body = { content_type: 'application/octet-stream', data: Buffer.from(bytes).toString('base64') };
  const uri = stringAt(answered(await ask(machine, { method: 'POST', path: paths.mediaUpload, body })), 'content_uri');
  if (uri === undefined) throw new Error('the server took a file without saying where: is this a homeserver?');
  return uri;
};

/** Fetches a file; `null` when the server does not have it. */
export const download = async (machine: RealMachine, uri: string): Promise<Uint8Array | null> => {
  const [server = '', id = ''] = uri.replace('mxc://', '').split('/');
  const { response } = await ask(machine, { method: 'GET', path: paths.mediaDownload(server, id) });
  return response.status === 200 ? Buffer.from(stringAt(response.body, 'data') ?? '', 'base64') : null;
};

export type Shared = {
  /** `null`: there was nothing to share. */
  readonly uri: string | null;
  /** What told the invitee's devices of it. */
  readonly pointers: readonly Exchange[];
};

/** Shares a room's history with somebody, then asks them in: bundle, upload, pointer, invitation. */
export const inviteWithHistory = async (machine: RealMachine, room: string, user: string): Promise<Shared> => {
  await track(machine, [user]);
  answered(await lookUp(machine, [user]));
  const bundle = await buildBundle(machine, room);
  const shared = bundle === null ? { uri: null, pointers: [] } : await pointAt(machine, room, user, bundle);
  await invite(machine, room, user);
  return shared;
};

/** Uploads a bundle and tells the devices of `user` where it is: those that their own identity has signed. */
export const pointAt = async (machine: RealMachine, room: string, user: string, bundle: Bundle): Promise<Shared> => {
  const uri = await upload(machine, bundle.ciphertext);
  await openSessions(machine, [user]);
  const pointers: Exchange[] = [];
  for (const request of await machine.olm.shareRoomKeyBundleData(
    userIdOf(user),
    roomIdOf(room),
    uri,
    bundle.info,
    CollectStrategy.identityBasedStrategy(),
  )) {
    const exchange = await carry(machine, request);
    answered(exchange);
    pointers.push(exchange);
  }
  return { uri, pointers };
};

/** Enters a room to which `inviter` asked this user, and waits for their bundle from then on. */
export const joinWithHistory = async (machine: RealMachine, room: string, inviter: string): Promise<void> => {
  await join(machine, room);
  await machine.olm.storeRoomPendingKeyBundle(roomIdOf(room), userIdOf(inviter));
  await track(machine, [inviter]);
  answered(await lookUp(machine, [inviter]));
};

export type Imported = {
  readonly uri: string;
  readonly sender: string;
  /** How long taking it in took, without the download, in milliseconds. */
  readonly tookMs: number;
};

/**
 * Hands the machine the bundle that `inviter` pointed at, if a pointer came; to be called after a sync. Whether it took anything in
 * shows when events are read: what it does not trust it passes over without a word.
 *
 * @returns `null`: no such pointer, or nothing could be downloaded. Throws when the bundle is none
 */
export const importHistory = async (machine: RealMachine, room: string, inviter: string): Promise<Imported | null> => {
  const data = await machine.olm.getReceivedRoomKeyBundleData(roomIdOf(room), userIdOf(inviter));
  if (data === undefined) return null;
  const uri = data.url;
  const sender = data.senderUser.toString();
  const bytes = await download(machine, uri);
  if (bytes === null) return null;
  const begunMs = performance.now();
  await machine.olm.receiveRoomKeyBundle(data, bytes);
  const tookMs = performance.now() - begunMs;
  await machine.olm.clearRoomPendingKeyBundle(roomIdOf(room));
  return { uri, sender, tookMs };
};
